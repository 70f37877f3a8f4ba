"""The first look at a source and its output."""

from pathlib import Path

import pytest
from support import draw, files

from augcli.config.schema import Config
from augcli.datasets.open import open_dataset
from augcli.errors import UsageError
from augcli.images.files import is_temporary
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.plan import Plan
from augcli.pipeline.survey import Survey, survey

TEMPORARY = ".augcli-tmp-0123456789abcdef"


def look(tmp_path: Path, *, clean: bool = True) -> Survey:
    """The survey of `in` and `out`, of whose files nothing is known."""
    source, output = str(tmp_path / "in"), str(tmp_path / "out")
    data = open_dataset(Config(source=source))
    plan = Plan(Config(copies=2), data)
    with Ledger(output, digest="", earlier_digest="") as ledger:
        return survey(plan, data.reader, output, ledger, digest="", clean=clean)


def test_counts(tmp_path: Path) -> None:
    """Sources are counted over all folders, and their copies with them."""
    for name in ("a.png", "b/c.png", "b/d/e.png"):
        draw(tmp_path / "in" / name)
    assert look(tmp_path) == Survey(3, 6, 0, ())
    assert not (tmp_path / "out").exists()


def test_temporary_files(tmp_path: Path) -> None:
    """Those of a killed run go when asked for; others that begin like them stay."""
    assert is_temporary(TEMPORARY)
    draw(tmp_path / "in" / "b" / "c.png")
    for folder in ("out", "out/b"):
        for name in (TEMPORARY, ".augcli-tmp-mine"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).touch()
    before = files(tmp_path / "out")
    look(tmp_path, clean=False)
    assert files(tmp_path / "out") == before
    look(tmp_path)
    assert set(files(tmp_path / "out")) == {".augcli-tmp-mine", "b/.augcli-tmp-mine"}


def test_files_in_the_way(tmp_path: Path) -> None:
    """Files that augcli did not write are named, the first three of them, and counted."""
    for number in range(4):
        draw(tmp_path / "in" / f"{number}.png")
        draw(tmp_path / "out" / f"{number}_1.png")
    (tmp_path / "out" / "manifest.jsonl").mkdir()
    with pytest.raises(UsageError, match=r"0_1\.png, 1_1\.png, 2_1\.png and 2 more"):
        look(tmp_path)


def test_an_empty_subset(tmp_path: Path) -> None:
    """A subset without an image is bad usage, too, and is told from a source without any."""
    draw(tmp_path / "in" / "a.png")
    config = Config(source=str(tmp_path / "in"), validation_split=0.01, subset="validation")
    data = open_dataset(config)
    plan = Plan(config, data)
    output = str(tmp_path / "out")
    with (
        Ledger(output, digest="", earlier_digest="") as ledger,
        pytest.raises(UsageError, match="no image is for validation, of 1"),
    ):
        survey(plan, data.reader, output, ledger, digest="", clean=False)


def test_no_images(tmp_path: Path) -> None:
    """A source without a single image is bad usage."""
    (tmp_path / "in" / "empty").mkdir(parents=True)
    with pytest.raises(UsageError, match="no images in"):
        look(tmp_path)
