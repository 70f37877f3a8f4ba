"""Parameters are drawn from the distributions that the reference draws from."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import stats

from augcli.transforms.base import Size
from augcli.transforms.ranges import Ranges

SIZE = Size(height=40, width=200)
COPIES = 1000


def drawn(name: str, **settings: Any) -> list[float]:
    ranges = Ranges(**settings)
    return [ranges.draw(np.random.default_rng(seed), SIZE)[name] for seed in range(COPIES)]


def drawn_by_reference(keras: ModuleType, name: str, **settings: Any) -> list[float]:
    generator = keras.ImageDataGenerator(**settings)
    return [float(generator.get_random_transform((*SIZE, 3), seed)[name]) for seed in range(COPIES)]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("theta", {"rotation_range": 15.0}),
        ("tx", {"height_shift_range": 0.1}),
        ("tx", {"height_shift_range": 7.5}),
        ("ty", {"width_shift_range": 0.1}),
        ("ty", {"width_shift_range": 1.0}),
        ("shear", {"shear_range": 20.0}),
        ("zx", {"zoom_range": 0.3}),
        ("zy", {"zoom_range": [0.5, 2.0]}),
        ("channel_shift_intensity", {"channel_shift_range": 30.0}),
        ("brightness", {"brightness_range": [0.4, 1.3]}),
    ],
)
def test_ranges_are_drawn_from_as_the_reference_does(
    keras: ModuleType, name: str, settings: dict[str, Any]
) -> None:
    """No Kolmogorov-Smirnov test tells 1,000 draws of the two apart."""
    ours, theirs = drawn(name, **settings), drawn_by_reference(keras, name, **settings)
    assert stats.ks_2samp(ours, theirs).pvalue > 0.01


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("tx", {"height_shift_range": 4}),
        ("ty", {"width_shift_range": 2}),
        ("ty", {"width_shift_range": [3, 7.5, 12]}),
        ("ty", {"width_shift_range": [0.1, 0.25]}),
        ("ty", {"width_shift_range": [-0.5, -0.25]}),
        ("ty", {"width_shift_range": [0.5, 1.0]}),
        ("tx", {"height_shift_range": [2, 2, -5]}),
        ("flip_horizontal", {"horizontal_flip": True}),
        ("flip_vertical", {"vertical_flip": True}),
    ],
)
def test_choices_are_the_reference_s(
    keras: ModuleType, name: str, settings: dict[str, Any]
) -> None:
    """The same values come up, and a chi-squared test does not tell their shares apart."""
    ours, theirs = drawn(name, **settings), drawn_by_reference(keras, name, **settings)
    values = sorted(set(theirs))
    assert sorted(set(ours)) == values
    counts = [[sample.count(value) for value in values] for sample in (ours, theirs)]
    assert stats.chi2_contingency(counts).pvalue > 0.01


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"width_shift_range": 0, "height_shift_range": 0.0},
        {"width_shift_range": 1, "height_shift_range": 1},
        {"zoom_range": [1.0, 1.0]},
    ],
)
def test_settings_that_move_nothing_move_nothing_in_both(
    keras: ModuleType, settings: dict[str, Any]
) -> None:
    """Off is off, and so is the trap of an int of 1."""
    for name, nothing in {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}.items():
        assert set(drawn(name, **settings)) == {nothing}
        assert set(drawn_by_reference(keras, name, **settings)) == {nothing}


def test_parameters_have_the_reference_s_names(keras: ModuleType) -> None:
    """What the reference draws, a recipe holds, by the same names."""
    theirs = keras.ImageDataGenerator().get_random_transform((*SIZE, 3))
    ours = Ranges().draw(np.random.default_rng(0), SIZE)
    assert theirs.keys() <= ours.keys()


def test_defaults_are_the_reference_s(keras: ModuleType) -> None:
    """A setting that is left out means the same in both, but for `dtype`: pixels keep their own."""
    reference = keras.ImageDataGenerator()
    ranges = Ranges()
    for name in Ranges.model_fields.keys() - {"zoom_keep_aspect", "center", "dtype", "zoom_range"}:
        assert getattr(ranges, name) == getattr(reference, name), name
    assert reference.zoom_range == [1 - ranges.zoom_range, 1 + ranges.zoom_range]
