"""Copies are those that a run would write, reduced."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augcli.config.schema import Config
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.images.decode import decode
from augcli.pipeline.rendering import render
from augcli.probe.copying import Copied, Copying, Pose, Reading, make_copies, measure, portray
from augcli.probe.pictures import small

ITEM = Item("a/one.png", "a", None)
CONFIG = Config.model_validate(
    {"seed": 3, "transforms": {"rotation_range": 40, "horizontal_flip": True}}
)


@pytest.fixture(name="reading")
def _reading(tmp_path: Path) -> Reading:
    (tmp_path / "a").mkdir()
    pixels = np.random.default_rng(0).integers(256, size=(50, 70, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a/one.png")
    return Reading(CONFIG, FileReader(str(tmp_path)))


def test_copies_are_those_of_a_run(reading: Reading) -> None:
    """Each copy is the file that `expand` would write of it, made small."""
    [copied] = make_copies(Copying(reading, (CONFIG,), 3), [ITEM])
    assert isinstance(copied, Copied)
    picture = reading.reader.load(ITEM, CONFIG).picture
    for number in range(3):
        written = decode(render(CONFIG, ITEM, picture, number).data, CONFIG).pixels
        assert np.array_equal(copied.copies[0, number], small(written, (0, 255)))


def test_arms_share_what_they_draw(reading: Reading) -> None:
    """An arm without rotation flips the very copies that the whole config flips."""
    flips = Config.model_validate({"seed": 3, "transforms": {"horizontal_flip": True}})
    whole, alone = (portray(reading, Pose(config, ITEM, 1)).recipe[0] for config in (CONFIG, flips))
    assert whole["flip_horizontal"] == alone["flip_horizontal"]
    assert whole["theta"] != 0 == alone["theta"]


def test_a_source_that_cannot_be_read_says_why(reading: Reading) -> None:
    """In place of its copies is what is wrong with it; its neighbours are copied."""
    broken, whole = make_copies(Copying(reading, (CONFIG,), 1), [Item("no.png", "a", None), ITEM])
    assert isinstance(broken, str)
    assert isinstance(whole, Copied)
    assert measure(reading, Item("no.png", "a", None)) is None


def test_large_images_are_reduced_by_a_whole_factor(reading: Reading, tmp_path: Path) -> None:
    """Of an image of 2.25 megapixels every third is read; of a small one, every pixel."""
    Image.new("L", (1500, 1500)).save(tmp_path / "large.png")
    size = measure(reading, Item("large.png", "a", None))
    assert size is not None
    assert (size.stored, size.read) == (1500 * 1500, 500 * 500)
    assert reading.load(ITEM).size == (50, 70)
    items = [Item("large.png", "a", None), ITEM]
    copied = make_copies(Copying(reading, (CONFIG,), 1), items)
    assert [isinstance(one, Copied) and one.is_reduced for one in copied] == [True, False]
