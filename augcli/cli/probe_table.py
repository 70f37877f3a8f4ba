"""What a probe found, as a terminal shows it."""

import click

from augcli.inspection.known import shown
from augcli.probe import changes
from augcli.probe.results import Effect, ProbeResult, RangeResult
from augcli.report import probe_words as words

_LONGEST_SETTING = 34
_HEAD = ("", "alone, in points", "verdict", "without it", "affinity", "diversity")
_COLORS = {"helps": "green", "hurts": "red", "no evidence": None}
_LEGEND = (
    "alone: compared with no augmentation, with a 95 % interval",
    "without it: the config without this range, compared with the config",
)

Row = tuple[str, str, str, str, str, str]


def probe_text(result: ProbeResult) -> str:
    """The answer first, then the table, then what to do and what else there is to know.

    Colours are ANSI's; whoever prints the text drops them where they are not wanted.
    """
    parts = [
        click.style(words.headline(result), bold=True),
        words.context(result),
        "\n".join(words.summary(result)),
        _table(result),
        _advice(result),
        _suspects(result),
        _audit(result),
        words.settings_in_words(result),
        "\n".join(result.notes),
        _left_out(result),
    ]
    return "\n\n".join(filter(None, parts))


def _table(result: ProbeResult) -> str:
    ranges = sorted(result.ranges, key=lambda one: one.alone.effect.change)
    effects = [result.whole.effect, *(one.alone.effect for one in ranges)]
    rows: list[Row] = [_HEAD, _whole(result), *map(_row, ranges)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], *map(_colored, lines[1:], effects), *_LEGEND])


def _whole(result: ProbeResult) -> Row:
    whole = result.whole
    return (
        "the whole config",
        f"{changes.points(whole.effect.change)} ({changes.interval(whole.effect)})",
        words.verdict_in_brief(whole.effect),
        "",
        changes.points(whole.affinity),
        f"{whole.diversity:.2f}",
    )


def _row(of_range: RangeResult) -> Row:
    effect = of_range.alone.effect
    without = of_range.without
    return (
        _shortened(effect.setting),
        f"{changes.points(effect.change)} ({changes.interval(effect)})",
        words.verdict_in_brief(effect),
        changes.points(without.change) if without else "",
        changes.points(of_range.alone.affinity),
        f"{of_range.alone.diversity:.2f}",
    )


def _shortened(setting: str) -> str:
    return setting if len(setting) <= _LONGEST_SETTING else f"{setting[: _LONGEST_SETTING - 3]}..."


def _line(row: Row, widths: list[int]) -> str:
    """A row of the table: words to the left, numbers to the right."""
    cells = [
        cell.ljust(width) if place in {0, 2} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _colored(line: str, effect: Effect) -> str:
    color = _COLORS[effect.verdict]
    return click.style(line, fg=color) if color else line


def _advice(result: ProbeResult) -> str:
    steps = list(words.advice(result))
    if not steps:
        return ""
    lines = [f"What to {'do' if words.is_certain(result) else 'try'}:"]
    lines += [f"  {step}" for step in steps]
    if result.suggestion is not None and result.suggestion.changes_anything:
        lines.append(words.suggestion_in_words(result.suggestion))
    return "\n".join(lines)


def _suspects(result: ProbeResult) -> str:
    if not result.suspects:
        return ""
    first = result.suspects[0]
    number = len(result.suspects)
    are = "copy is" if number == 1 else "copies are"
    return (
        f"{number} {are} read as another class, such as {shown(first.source)} "
        f"({shown(first.label)}) as {shown(first.read_as)}; a report (-o report.html) shows them."
    )


def _audit(result: ProbeResult) -> str:
    if result.audit is None or not result.audit.findings:
        return ""
    return "\n".join(
        ["In the data and the copies:", *(f"  {finding}" for finding in result.audit.findings)]
    )


def _left_out(result: ProbeResult) -> str:
    if not result.left_out:
        return ""
    first = result.left_out[0]
    number = len(result.left_out)
    are = "source is" if number == 1 else "sources are"
    return f"{number} {are} left out, such as {shown(first.source)}: {first.message}"
