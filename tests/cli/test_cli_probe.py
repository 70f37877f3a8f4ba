"""`augcli probe`, as it is typed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import Done, augcli, draw, files

from augcli.config.loader import load_config

OPTIONS = ("--set", "vertical_flip=true", "-n", 1, "-j", 0, "--budget", 1)


@pytest.fixture(scope="module")
def lamps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures with light from above and from below: 30 of each, which no flip leaves as it is."""
    source = tmp_path_factory.mktemp("probe") / "lamps"
    rng = np.random.default_rng(0)
    for name, lit in (("above", slice(0, 4)), ("below", slice(8, 12))):
        (source / name).mkdir(parents=True)
        for number in range(30):
            pixels = rng.integers(0, 80, (12, 12, 3), np.uint8)
            pixels[lit] += 120
            Image.fromarray(pixels).save(source / name / f"{number}.png")
    return source


@pytest.fixture(scope="module")
def done(lamps: Path) -> Done:
    """A probe that writes all there is to write, in the folder of the source's parent."""
    out = ("-o", "new/report.html", "--suggest", "better.yaml")
    return augcli("probe", lamps.name, *OPTIONS, *out, cwd=lamps.parent)


def test_the_answer(done: Done) -> None:
    """A flip that breaks the labels is found to hurt; the exit code is 0 all the same."""
    assert done.stdout.startswith("This config hurts: -")
    assert "\x1b" not in done.stdout
    assert "Leave out vertical_flip: true" in done.stdout
    assert done.stderr.splitlines() == [
        "report: new/report.html",
        "suggested config: better.yaml",
    ]


def test_what_is_written(done: Done, lamps: Path) -> None:
    """A page with the same answer, and a config that loads and has no flips left."""
    page = (lamps.parent / "new" / "report.html").read_text(encoding="utf-8")
    assert done.stdout.splitlines()[0] in page
    assert "data:image/png;base64," in page
    assert load_config(str(lamps.parent / "better.yaml")).transforms == []
    assert len(files(lamps)) == 60


def test_json(done: Done, lamps: Path) -> None:
    """--json prints everything; the same seed finds the same, and without the audit, less."""
    run = ("probe", lamps, *OPTIONS, "--json")
    found = json.loads(augcli(*run, "--no-audit").stdout)
    assert found["whole"]["effect"]["verdict"] == "hurts"
    assert found["audit"] is None
    again = json.loads(augcli(*run).stdout)
    assert again.pop("audit")["per_arm"][0]["arm"] == ""
    del found["audit"]
    assert again == found


def test_the_files_of_others_stay(done: Done, lamps: Path) -> None:
    """A config that a person wrote is not replaced, and the probe does not even start."""
    (lamps.parent / "own.yaml").write_text("copies: 2\n", encoding="utf-8")
    (lamps.parent / "own.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    for option, name in (("--suggest", "own.yaml"), ("-o", "own.html")):
        refused = augcli("probe", lamps, *OPTIONS, option, lamps.parent / name, code=2)
        assert "is no earlier" in refused.stderr
    augcli("probe", lamps, *OPTIONS, "-o", lamps / "report.html", code=2)
    assert len(files(lamps)) == 60


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"": 50}, "a sub-folder for each class"),
        ({"cat": 50}, "two classes or more"),
        ({"cat": 50, "dog": 4}, "at least 5 images"),
        ({"cat": 20, "dog": 19}, "40 labelled images or more, not 39"),
    ],
)
def test_too_little_to_tell(tmp_path: Path, counts: dict[str, int], message: str) -> None:
    """Without labels, classes or images enough it is a usage error that says what is needed."""
    for name, count in counts.items():
        for number in range(count):
            draw(tmp_path / "few" / name / f"{number}.png", seed=number)
    assert message in augcli("probe", tmp_path / "few", *OPTIONS, code=2).stderr


def test_nothing_to_probe(lamps: Path) -> None:
    """A config that changes nothing is a usage error, and so is one that is missing."""
    assert "nothing to probe" in augcli("probe", lamps, "--set", "copies=2", "-j", 0, code=2).stderr
    augcli("probe", "-j", 0, "--set", "vertical_flip=true", code=2)


def test_groups(done: Done, lamps: Path) -> None:
    """--group-by is searched in every path; a path without a match, or no pattern, is refused."""
    grouped = augcli("probe", lamps, *OPTIONS, "--no-audit", "--group-by", r"/(\d+)\.png")
    assert grouped.stdout.startswith("This config hurts: -")
    assert grouped.stdout != done.stdout
    refused = augcli("probe", lamps, *OPTIONS, "--group-by", "video", code=2)
    assert "'video' is not found in" in refused.stderr
    refused = augcli("probe", lamps, *OPTIONS, "--group-by", "(", code=2)
    assert "expected a regular expression" in refused.stderr
