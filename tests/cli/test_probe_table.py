"""What a probe found, as a terminal shows it."""

from dataclasses import replace

import click
from probed import as_it_was, effect, flips, probe_result, suspect

from augcli.cli.probe_table import probe_text
from augcli.probe.results import ProbeResult


def lines(result: ProbeResult) -> list[str]:
    """The lines of the text, without colours."""
    return click.unstyle(probe_text(result)).splitlines()


def test_the_answer_comes_first() -> None:
    """The verdict is the first line, in bold where there are colours."""
    assert lines(probe_result())[0] == "This config helps: +3.1 points (+0.8 to +5.4)."
    assert probe_text(probe_result()).startswith("\x1b[1mThis config helps")


def test_the_table() -> None:
    """A row for the config and for each range, the worst first, in columns."""
    text = lines(probe_result())
    start = next(number for number, line in enumerate(text) if "verdict" in line)
    assert text[start : start + 4] == [
        "                          alone, in points  verdict  without it  affinity  diversity",
        "the whole config       +3.1 (+0.8 to +5.4)  helps                   -10.0       1.50",
        "horizontal_flip: true  -3.8 (-6.8 to -0.8)  hurts          +1.0     -10.0       1.50",
        "rotation_range: 10     +6.9 (+4.6 to +9.2)  helps                   -10.0       1.50",
    ]


def test_long_settings_are_shortened() -> None:
    """They do not push the numbers out of sight."""
    setting = "gaussian_noise: {std: [0.01, 0.2], per_channel: true}"
    alone = replace(flips().alone, effect=effect(1.0, 3.0, arm="a", setting=setting))
    ranges = (replace(flips(), alone=alone),)
    text = lines(replace(probe_result(), ranges=ranges, suggestion=None))
    assert any(line.startswith("gaussian_noise: {std: [0.01, 0....  ") for line in text)


def test_what_follows() -> None:
    """What to do, the suspects, the findings, how it was measured, what was left out."""
    text = "\n".join(lines(probe_result()))
    order = [
        "What to do:\n  Leave out horizontal_flip: true: alone -3.8 points (-6.8 to -0.8); the ",
        "The suggested config does better",
        "1 copy is read as another class, such as six/a.png (six) as nine;",
        "In the data and the copies:\n  source: 2 pairs look alike; keep one of each",
        "50 of 1,200 images",
        "A small model is asked.",
        "1 source is left out, such as six/broken.png: the file is empty",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_what_is_not_there() -> None:
    """Without anything to tell, a part is left out."""
    bare = replace(probe_result(), suggestion=None, suspects=(), audit=None, left_out=(), notes=())
    assert lines(bare)[-1].startswith("50 of 1,200 images")
    assert "What to" not in "".join(lines(bare))
    kept = "\n".join(lines(replace(probe_result(), suggestion=as_it_was())))
    assert "What to do:\n  Keep the config: no other width does clearly better\n\n" in kept


def test_names_cannot_steer_the_terminal() -> None:
    """Control characters in a name are spelled out."""
    hostile = suspect(label="\x1b[2J", source="six/\x1b[2J.png")
    assert "\x1b[2J" not in probe_text(replace(probe_result(), suspects=(hostile,)))
