"""Every transform's step in words."""

import pytest

from augcli.report.gallery import example_recipe
from augcli.report.phrases import PHRASES, TWO_WAYS
from augcli.report.showcase import examples_of
from augcli.report.words import WORDS, recipe_in_words
from augcli.transforms.base import Params, Size
from augcli.transforms.registry import BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_has_words(name: str) -> None:
    """What is drawn of any transform is said in words, without a name of a parameter."""
    for example in examples_of(name):
        words = recipe_in_words(example_recipe(example, "a.png", Size(48, 64), 0))
        assert words
        assert "_" not in words
        assert "seed" not in words


def test_each_in_one_table() -> None:
    """No transform has words in two tables, and each name is one of a transform."""
    tables = [set(PHRASES), set(TWO_WAYS), set(WORDS)]
    assert sum(map(len, tables)) == len(set.union(*tables))
    assert set.union(*tables) <= set(BUILT_IN)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"op": "gaussian_blur", "sigma": 1.2}, "blurred 1.2 px"),
        ({"op": "gaussian_noise", "std": 5.0, "seed": 7}, "noise of 5 levels"),
        ({"op": "brightness", "factor": 0.7}, "darker 0.7x"),
        ({"op": "brightness", "factor": 1.3}, "brighter 1.3x"),
        ({"op": "brightness", "factor": 1.0}, "unchanged"),
        ({"op": "exposure", "stops": -0.5}, "0.5 stops less light"),
        ({"op": "hue", "degrees": -20.0}, "hue turned back 20°"),
        ({"op": "rot90", "times": 1}, "turned 90° anticlockwise"),
        ({"op": "rot90", "times": 0}, "unchanged"),
        ({"op": "d4", "element": "transverse"}, "mirrored at the other diagonal"),
        ({"op": "autocontrast", "cutoff": 0.0}, "contrast stretched"),
        ({"op": "autocontrast", "cutoff": 2.0}, "contrast stretched, 2% cut off"),
        ({"op": "channel_dropout", "dropped": "rb", "fill": 0}, "red and blue set to 0"),
        (
            {"op": "rgb_shift", "red": 4.0, "green": 0.0, "blue": -2.5},
            "red raised by 4, blue lowered by 2.5",
        ),
        (
            {"op": "pad", "top": 2, "bottom": 3, "left": 0, "right": 0, "fill_mode": "reflect"},
            "padded by 2 top, 3 bottom (reflect)",
        ),
        (
            {"op": "color_jitter", "order": "hb", "brightness": 1.1, "hue": -4.0},
            "hue -4°, brightness 1.1x",
        ),
    ],
)
def test_words(step: Params, words: str) -> None:
    """A step is told as a person would say it."""
    assert recipe_in_words([step]) == words


AFFINE: Params = {
    "op": "affine",
    "rotate": 0.0,
    "scale_x": 1.0,
    "scale_y": 1.0,
    "translate_x": 0.0,
    "translate_y": 0.0,
    "shear_x": 0.0,
    "shear_y": 0.0,
}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "unchanged"),
        ({"rotate": 15.0}, "rotated 15° anticlockwise"),
        ({"rotate": -15.0}, "rotated 15° clockwise"),
        ({"scale_x": 0.8, "scale_y": 0.8}, "zoomed out 1.25x"),
        ({"scale_x": 1.2, "scale_y": 1.0}, "1.2x as wide"),
        ({"translate_x": 32.0, "translate_y": -4.0}, "shifted 32 px right, 4 px up"),
        ({"shear_x": 5.0}, "sheared 5° in x"),
    ],
)
def test_affine(params: Params, words: str) -> None:
    """`affine` says where content goes, other than `ranges`, whose matrix leads back."""
    assert recipe_in_words([AFFINE | params]) == words
