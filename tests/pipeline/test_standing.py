"""What stands of an earlier run, part by part."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from support import draw

from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.pipeline.jobs import Target
from augcli.pipeline.ledger import Entry
from augcli.pipeline.plan import PlannedItem
from augcli.pipeline.standing import what_stands

PLANNED = PlannedItem(
    Item("a.png", "label", None), "", (Target("a_0.png", 0), Target("a_1.png", 1))
)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    """What a ledger knows of two copies, which stand in `out`; their source is in `in`."""
    source = digest(draw(tmp_path / "in" / "a.png"))
    copies = [draw(tmp_path / "out" / f"a_{number}.png", seed=number) for number in (0, 1)]
    return [
        Entry("a.png", number, source, digest(copy), "settings", "label", None)
        for number, copy in enumerate(copies)
    ]


def look(
    tmp_path: Path, entries: list[Entry | None], planned: PlannedItem = PLANNED
) -> tuple[str, ...]:
    """What stands, by these entries."""
    reader, output = FileReader(str(tmp_path / "in")), str(tmp_path / "out")
    return what_stands(
        planned, entries, further={}, reader=reader, output=output, digest="settings"
    )


def test_all_stands(tmp_path: Path, entries: list[Entry]) -> None:
    """Same source, same settings, same bytes."""
    assert look(tmp_path, entries) == ("a_0.png", "a_1.png")


def test_nothing_is_known(tmp_path: Path) -> None:
    """What is not known does not stand."""
    assert look(tmp_path, [None, None]) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"source": "b.png"},
        {"copy": 7},
        {"source_sha256": "0" * 64},
        {"sha256": "0" * 64},
        {"sha256": ""},
        {"digest": "other"},
        {"label": None},
        {"split": "training"},
        {"sample_weight": 2.0},
    ],
)
def test_one_thing_differs(tmp_path: Path, entries: list[Entry], change: dict[str, object]) -> None:
    """Any difference undoes that copy alone."""
    known = [entries[0], entries[1]._replace(**change)]
    assert look(tmp_path, known) == ("a_0.png",)


def test_a_source_that_is_gone(tmp_path: Path, entries: list[Entry]) -> None:
    """Nothing of it stands."""
    (tmp_path / "in" / "a.png").unlink()
    assert look(tmp_path, entries) == ()


def test_copies_that_are_no_files(tmp_path: Path, entries: list[Entry]) -> None:
    """A folder in the place of a copy, and a link to one with the right bytes, do not stand."""
    first, second = tmp_path / "out" / "a_0.png", tmp_path / "out" / "a_1.png"
    first.unlink()
    first.mkdir()
    second.symlink_to(second.rename(tmp_path / "elsewhere.png"))
    assert look(tmp_path, entries) == ()


def test_a_changed_label(tmp_path: Path, entries: list[Entry]) -> None:
    """The record of a copy says its label, so that one that has changed is made again."""
    item = replace(PLANNED.item, label="other")
    assert look(tmp_path, entries, replace(PLANNED, item=item)) == ()
