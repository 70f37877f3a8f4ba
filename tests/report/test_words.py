"""Recipes in words; the directions are checked against where a painted mark goes."""

import numpy as np
import pytest

from augcli.report.words import factor, number, recipe_in_words, tenths
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import apply_recipe

SIDE = 41
CENTER = SIDE // 2
UNCHANGED = Ranges(fill_mode="constant").draw(np.random.default_rng(0), Size(SIDE, SIDE))


def step(**params: float | bool) -> Params:
    """A step of `ranges` in which only these parameters have an effect."""
    return {"op": "ranges", **UNCHANGED, **params}


def moved(row: int, column: int, **params: float | bool) -> tuple[float, float]:
    """How many pixels (down, right) a mark at (row, column) is moved."""
    image = np.zeros((SIDE, SIDE, 1), np.uint8)
    image[row - 1 : row + 2, column - 1 : column + 2] = 255
    result = apply_recipe(Sample(image, (0, 255)), [step(**params)]).image[..., 0].astype(float)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    total = result.sum()
    return float((rows * result).sum() / total) - row, (columns * result).sum() / total - column


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "unchanged"),
        ({"theta": 9.31}, "rotated 9.3° clockwise"),
        ({"theta": -90.0}, "rotated 90° anticlockwise"),
        ({"ty": -12.0, "tx": 4.04}, "shifted 12 px right, 4 px up"),
        ({"ty": 0.5, "tx": -100.26}, "shifted 0.5 px left, 100 px down"),
        ({"tx": 0.04, "theta": -0.04}, "unchanged"),
        ({"shear": 5.0}, "sheared 5° (right side down)"),
        ({"shear": -5.0}, "sheared 5° (right side up)"),
        ({"zx": 0.925926, "zy": 0.925926}, "zoomed in 1.08x"),
        ({"zx": 1.25, "zy": 1.25}, "zoomed out 1.25x"),
        ({"zx": 1.001, "zy": 1.001}, "unchanged"),
        ({"zx": 0.8, "zy": 1.25}, "1.25x as tall and 0.8x as wide"),
        ({"zx": 1.0, "zy": 0.5}, "2x as wide"),
        ({"zx": 1.001, "zy": 0.999}, "unchanged"),
        ({"channel_shift_intensity": 7.25}, "levels raised by 7.25"),
        ({"channel_shift_intensity": -0.02}, "levels lowered by 0.02"),
        ({"flip_horizontal": True}, "mirrored"),
        ({"flip_vertical": True}, "upside down"),
        ({"brightness": 1.12}, "brighter 1.12x"),
        ({"brightness": 0.8}, "darker 0.8x"),
    ],
)
def test_each_parameter(params: dict[str, float | bool], words: str) -> None:
    """Every parameter of `ranges` has its words, and none when it does nothing to speak of."""
    assert recipe_in_words([step(**params)]) == words


def test_all_at_once() -> None:
    """The words stand in the order in which things happen."""
    recipe = [step(theta=9.3, ty=-12.0, tx=4.0, zx=0.925, zy=0.925, flip_horizontal=True,
                   brightness=1.12)]  # fmt: skip
    assert recipe_in_words(recipe) == (
        "rotated 9.3° clockwise, shifted 12 px right, 4 px up, zoomed in 1.08x, mirrored, "
        "brighter 1.12x"
    )


def test_no_steps() -> None:
    """A recipe without steps changes nothing."""
    assert recipe_in_words([]) == "unchanged"


def test_other_transforms() -> None:
    """A transform of another package is told by its name and parameters."""
    recipe: list[Params] = [
        {"op": "noise", "std": 2.50001, "seed": 7, "mode": "gray", "mask": None},
        {"op": "wave"},
    ]
    assert recipe_in_words(recipe) == "noise (std 2.5, seed 7, mode gray), wave"


def test_where_a_shifted_mark_goes() -> None:
    """`ty` of -5 is "right", and `tx` of -5 is "down"."""
    assert moved(CENTER, CENTER, ty=-5.0) == pytest.approx((0, 5), abs=0.01)
    assert recipe_in_words([step(ty=-5.0)]) == "shifted 5 px right"
    assert moved(CENTER, CENTER, tx=-5.0) == pytest.approx((5, 0), abs=0.01)
    assert recipe_in_words([step(tx=-5.0)]) == "shifted 5 px down"


def test_where_a_rotated_mark_goes() -> None:
    """A theta above 0 is "clockwise": what is at the top goes to the right."""
    _, right = moved(5, CENTER, theta=10.0)
    assert right > 2
    assert "10° clockwise" in recipe_in_words([step(theta=10.0)])


def test_where_a_sheared_mark_goes() -> None:
    """A shear above 0 is "right side down"."""
    down, _ = moved(CENTER, SIDE - 8, shear=20.0)
    assert down > 3
    assert "right side down" in recipe_in_words([step(shear=20.0)])


def test_where_a_zoomed_mark_goes() -> None:
    """A zx of a half is "2x as tall": a mark above the centre goes twice as far up."""
    assert moved(CENTER - 6, CENTER, zx=0.5) == pytest.approx((-6, 0), abs=0.3)
    assert recipe_in_words([step(zx=0.5)]) == "2x as tall"


def test_a_shift_comes_before_a_flip() -> None:
    """Shifted right and then mirrored, a mark is on the left, as the order of the words says."""
    params: dict[str, float | bool] = {"ty": -5.0, "flip_horizontal": True}
    assert moved(CENTER, CENTER, **params) == pytest.approx((0, -5), abs=0.01)
    assert recipe_in_words([step(**params)]) == "shifted 5 px right, mirrored"


def test_numbers() -> None:
    """Numbers are short, and never in scientific notation where they need not be."""
    assert [number(v) for v in (0.0, -0.0, 3.14159, -120.4, 1e6, 0.00012)] == [
        *("0", "0", "3.14", "-120", "1000000", "0.00012")
    ]
    assert [factor(v) for v in (1.004, 0.966, 0.0123)] == ["1", "0.97", "0.0123"]
    assert [tenths(v) for v in (-9.34, 0.04, 12.0)] == ["9.3", "0", "12"]
