"""Masks and objects, drawn over a picture."""

import numpy as np
import pytest
from PIL import Image

from augcli.annotations.masks import Ids, Mask, MaskForm
from augcli.annotations.placed import PlacedObject
from augcli.annotations.rle_masks import rle_of
from augcli.report.overlay import Marks, overlaid
from augcli.transforms.base import Size

SIZE = Size(20, 30)
GREY = MaskForm("PNG", "L")


def drawn(mask: Mask | None = None, *objects: PlacedObject, mode: str = "RGB") -> np.ndarray:
    """What is drawn over a black picture of half the size."""
    picture = Image.new(mode, (SIZE.width // 2, SIZE.height // 2))
    return np.array(overlaid(picture, Marks(SIZE, mask, objects)))


def halves(left: int, right: int) -> Ids:
    """A mask of two ids side by side."""
    ids = np.full((*SIZE, 1), left, np.uint8)
    ids[:, SIZE.width // 2 :] = right
    return ids


def test_nothing_to_draw() -> None:
    """Without mask and objects, and where the id is 0, a picture stays as it is."""
    assert not drawn().any()
    assert not drawn(Mask(halves(0, 0), GREY)).any()


def test_a_mask_is_a_tint_with_an_outline() -> None:
    """Every id has a colour of its own, full where another begins; id 0 has none."""
    pixels = drawn(Mask(halves(1, 2), GREY))
    assert len({tuple(pixel) for pixel in pixels[5, [3, 8, 11]]}) == 3
    assert pixels[5, 8].max() > pixels[5, 11].max()
    assert not drawn(Mask(halves(0, 2), GREY))[:, :7].any()


def test_colours_of_a_mask_s_own() -> None:
    """A palette gives its colours, and a mask that is colours gives these."""
    form = MaskForm("PNG", "P", bytes([0, 0, 0, 200, 0, 0]))
    assert drawn(Mask(halves(1, 1), form))[5, 5].tolist() == [90, 0, 0]
    colors = np.broadcast_to(np.array([0, 200, 0], np.uint8), (*SIZE, 3))
    assert drawn(Mask(colors, MaskForm("PNG", "RGB")))[5, 5].tolist() == [0, 90, 0]
    deep = colors.astype(np.uint16) * 256
    assert drawn(Mask(deep, MaskForm("PNG", "RGB;16")))[5, 5].tolist() == [0, 90, 0]


def test_a_box_is_drawn_where_it_is() -> None:
    """Its sides are at half of its coordinates, in a picture of half the size."""
    pixels = drawn(None, {"index": 0, "label": "a", "visible": 1.0, "box": [8.0, 4.0, 20.0, 16.0]})
    rows, columns = np.nonzero(pixels.any(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 8, 4, 10)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_all_that_an_object_may_have(mode: str) -> None:
    """Polygons, pixels and keypoints leave their marks; a keypoint that is not there none."""
    mask = np.zeros(SIZE, np.uint8)
    mask[16:, 26:] = 1
    pixels = drawn(
        None,
        {
            "index": 0,
            "label": "a",
            "visible": 1.0,
            "polygons": [[0.0, 0.0, 8.0, 0.0, 8.0, 8.0]],
            "keypoints": [20.0, 4.0, 2, 0.0, 12.0, 0],
        },
        {"index": 1, "label": "b", "visible": 1.0, "rle": rle_of(mask)},
        mode=mode,
    )
    marked = pixels.any(axis=2)
    assert marked[0, 2]
    assert marked[2, 10]
    assert marked[9, 14]
    assert not marked[6, :3].any()


def test_a_large_picture_has_names() -> None:
    """A class's name stands on a plate in the corner of its box."""
    size = Size(300, 400)
    placed: PlacedObject = {
        "index": 0,
        "label": "kangaroo",
        "visible": 1.0,
        "box": [100.0, 100.0, 300.0, 200.0],
    }
    pixels = np.array(overlaid(Image.new("RGB", (400, 300)), Marks(size, None, (placed,))))
    plate = pixels[102:110, 103:130].reshape(-1, 3)
    assert len(np.unique(plate, axis=0)) > 1
    assert (plate.max(axis=1) > 0).mean() > 0.5
