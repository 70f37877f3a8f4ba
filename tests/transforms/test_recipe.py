"""Recipes: drawn step by step, kept as JSON, applied in order."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from augcli.transforms.base import Sample, Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Recipe, Step, apply_recipe, draw_recipe

SIZE = Size(40, 60)
RANGES = Ranges(
    rotation_range=15.0,
    width_shift_range=0.1,
    height_shift_range=[1, 2],
    brightness_range=[0.8, 1.2],
    horizontal_flip=True,
)


def draw(steps: list[Step], seed: int) -> Recipe:
    return draw_recipe(steps, np.random.default_rng(seed), SIZE)


@pytest.mark.parametrize(("p", "expected"), [(0.0, 0), (1.0, 500)])
def test_p_of_0_is_never_and_of_1_always(p: float, expected: int) -> None:
    """The ends are certainties, not rare events."""
    steps = [Step(transform=RANGES, p=p)]
    assert sum(len(draw(steps, seed)) for seed in range(500)) == expected


def test_p_is_the_share_of_the_copies() -> None:
    """0.3 happens to 30% of them, give or take four standard deviations."""
    steps = [Step(transform=RANGES, p=0.3)]
    happened = sum(len(draw(steps, seed)) for seed in range(2000))
    assert abs(happened - 600) < 4 * np.sqrt(2000 * 0.3 * 0.7)


def test_a_step_happens_always_unless_told_otherwise() -> None:
    """`p` is 1 when left out."""
    assert Step(transform=RANGES).p == 1


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), "0.5"])
def test_p_is_a_probability(p: object) -> None:
    """Anything else is refused."""
    with pytest.raises(ValidationError):
        Step.model_validate({"transform": RANGES, "p": p})


def test_a_step_that_does_not_happen_changes_no_other() -> None:
    """Another `p` of one step leaves the parameters of the steps after it as they were."""
    for seed in range(20):
        both = draw([Step(transform=RANGES), Step(transform=RANGES)], seed)
        second = draw([Step(transform=RANGES, p=0.0), Step(transform=RANGES)], seed)
        assert second == both[1:]


def test_a_recipe_is_flat_and_survives_json() -> None:
    """Steps are objects of scalars, named by "op", and JSON gives back the very numbers."""
    for seed in range(100):
        recipe = draw([Step(transform=RANGES), Step(transform=RANGES, p=0.5)], seed)
        assert all(step["op"] == "ranges" for step in recipe)
        assert all(
            isinstance(value, float | int | str) for step in recipe for value in step.values()
        )
        assert json.loads(json.dumps(recipe, allow_nan=False)) == recipe


def test_a_recipe_read_from_json_gives_the_same_pixels() -> None:
    """A record is all that it takes to build a copy again."""
    pixels = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), np.uint8)
    sample = Sample(pixels, (0, 255))
    recipe = draw([Step(transform=RANGES)], seed=7)
    again = json.loads(json.dumps(recipe))
    assert np.array_equal(apply_recipe(sample, recipe).image, apply_recipe(sample, again).image)


def test_steps_are_applied_in_order() -> None:
    """A shift then a flip is not a flip then a shift."""
    sample = Sample(np.array([[[1], [2], [3]]], np.uint8), (0, 255))
    nothing = {"op": "ranges", **Ranges().draw(np.random.default_rng(0), sample.size)}
    shift, flip = {**nothing, "ty": 1.0}, {**nothing, "flip_horizontal": True}
    assert apply_recipe(sample, [shift, flip]).image.ravel().tolist() == [3, 3, 2]
    assert apply_recipe(sample, [flip, shift]).image.ravel().tolist() == [2, 1, 1]


def test_an_empty_recipe_changes_nothing() -> None:
    """A copy that no step happened to is the source."""
    sample = Sample(np.zeros((1, 1, 1), np.uint8), (0, 255))
    assert apply_recipe(sample, []) is sample
