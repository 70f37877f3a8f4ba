"""The scene of the gallery, and the signs in it."""

import numpy as np

from augcli.report.drawing.light import NOON
from augcli.report.drawing.scenes import draw, village


def test_village_is_whole_and_colourful() -> None:
    """The scene fills its picture with light and dark, and with red, green, blue and yellow."""
    image = draw(village, NOON, (160, 120), variant=0, seed="test")
    assert image.mode == "RGB"
    pixels = np.asarray(image).reshape(-1, 3).astype(int)
    red, green, blue = pixels.T
    assert pixels.sum(axis=1).min() < 150
    assert pixels.sum(axis=1).max() > 650
    for share in (red > green + 60, green > blue + 40, blue > red + 60, (red > 200) & (blue < 110)):
        assert np.count_nonzero(share) > 10


def test_signs_stand_out() -> None:
    """The face is yellow with black in it, the board green with white in it."""
    picture = np.asarray(draw(village, NOON, (320, 240), variant=0, seed="test")).astype(int)
    face = picture[155:194, 227:266]
    assert np.count_nonzero((face[..., 0] > 180) & (face[..., 2] < 120)) > 300
    assert np.count_nonzero(face.sum(axis=2) < 120) > 20
    board = picture[162:188, 146:214]
    assert np.count_nonzero(board[..., 1] > board[..., 0] + 40) > 300
    assert np.count_nonzero(board.min(axis=2) > 200) > 50
