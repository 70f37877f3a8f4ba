"""Tiles of a source and of what recipes make of it."""

import numpy as np
import pytest

from augcli.annotations.masks import Mask, MaskForm
from augcli.config.schema import Config
from augcli.datasets.targets import LoadedTargets
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.report.tiles import copy_tiles, original_tile, unreadable_tile
from augcli.transforms.base import Params, Size, TargetRules
from augcli.transforms.ranges import Ranges

DEEP = Picture(np.array([[[100], [200], [300]]], np.uint16), None, ())


def step(ranges: Ranges, **params: float) -> Params:
    """A step of `ranges` in which only these parameters have an effect."""
    return {"op": "ranges", **ranges.draw(np.random.default_rng(0), Size(1, 3)), **params}


def test_the_original() -> None:
    """It says its size, what was noted when it was read, and how deep pixels are shown."""
    tile = original_tile(Picture(DEEP.pixels, None, ("first frame of 3",)))
    assert (tile.title, tile.is_original) == ("original", True)
    assert tile.text == "3 x 1, first frame of 3, uint16, shown from 100 to 300"


def test_a_source_that_cannot_be_read() -> None:
    """Its tile is empty, and says why."""
    tile = unreadable_tile(SourceError("read", "the file is gone"))
    assert (tile.picture, tile.text) == (None, "the file is gone")


def test_copies_share_the_black_and_white_of_the_source() -> None:
    """A copy of 16 bits that is twice as bright looks it."""
    [same, brighter] = copy_tiles(
        Config(), DEEP, [("a", [step(Ranges())]), ("b", [step(Ranges(), brightness=2.0)])], None
    )
    assert (same.title, same.text) == ("a", "unchanged")
    assert np.asarray(same.picture)[0, :, 0].tolist() == [0, 128, 255]
    assert np.asarray(brighter.picture)[0, :, 0].tolist() == [128, 255, 255]


def test_new_numbers_have_their_own_black_and_white() -> None:
    """Standardised copies, which may lie around 0, are shown from their lowest to their highest."""
    ranges = Ranges(samplewise_center=True)
    config = Config.model_validate({"save_format": "npy", "transforms": ranges.model_dump()})
    [tile] = copy_tiles(config, DEEP, [("a", [step(ranges)])], None)
    assert np.asarray(tile.picture)[0, :, 0].tolist() == [0, 128, 255]


def test_the_losses_of_the_format_are_seen() -> None:
    """A copy is shown as its file holds it: a coarse JPEG looks coarse."""
    noise = np.random.default_rng(0).integers(0, 256, (16, 16, 1), np.uint8)
    config = Config.model_validate({"save_format": "jpeg", "save_options": {"quality": 1}})
    [tile] = copy_tiles(config, Picture(noise, None, ()), [("a", [])], None)
    assert (np.asarray(tile.picture)[..., :1] != noise).any()


def test_what_is_done_before() -> None:
    """It is done to all tiles, and their captions do not tell of it."""
    before: list[Params] = [{"op": "crop", "top": 0, "left": 1, "height": 1, "width": 2}]
    recipes = [("a", []), ("b", [{"op": "horizontal_flip"}])]
    same, mirrored = copy_tiles(Config(), DEEP, recipes, None, before=before)
    assert [tile.text for tile in (same, mirrored)] == ["unchanged", "mirrored"]
    assert np.asarray(same.picture)[0, :, 0].tolist() == [128, 255]
    assert np.asarray(mirrored.picture)[0, :, 0].tolist() == [255, 128]


@pytest.mark.parametrize("save_format", ["jpeg", "bmp"])
def test_a_copy_that_cannot_be_written(save_format: str) -> None:
    """Its tile is empty, and says what would help."""
    config = Config.model_validate({"save_format": save_format})
    [tile] = copy_tiles(config, DEEP, [("a", [])], None)
    assert tile.picture is None
    assert "set depth: 8" in tile.text


def test_masks_are_shown() -> None:
    """The tiles of a source and of its copies show the mask, as it comes out."""
    grey = Picture(np.full((8, 12, 3), 100, np.uint8), None, ())
    ids = np.zeros((8, 12, 1), np.uint8)
    ids[:, :6] = 1
    mask = Mask(ids, MaskForm("PNG", "L"))
    targets = LoadedTargets(mask, "m", None, TargetRules())
    mirror: Params = {"op": "horizontal_flip"}
    [copy] = copy_tiles(Config(), grey, [("a", [mirror])], None, targets)
    original = np.asarray(original_tile(grey, targets).picture)
    assert (original[4, 2] != 100).any()
    assert (original[4, 9] == 100).all()
    assert (np.asarray(copy.picture)[4, 2] == 100).all()
    assert (np.asarray(copy.picture)[4, 9] != 100).any()
