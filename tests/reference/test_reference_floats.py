"""The float results of `ranges` equal the reference's, bit for bit."""

import itertools
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.fields import FillMode
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.geometry import keras_affine
from augcli.transforms.ranges import Ranges

Reference = Callable[..., NDArray[Any]]
SIZES = [Size(24, 24), Size(17, 30), Size(31, 8), Size(1, 12), Size(1, 1)]
FILL_MODES = get_args(FillMode)
NOTHING = {"tx": 0.0, "ty": 0.0, "shear": 0.0, "theta": 0.0, "zx": 1.0, "zy": 1.0}


def random_cases(count: int, seed: int, **chosen: Any) -> Iterator[tuple[Size, int, Params]]:
    """Sizes, channels and parameters: every fill mode and order, each range on in two of three."""
    rng = np.random.default_rng(seed)
    kinds = itertools.cycle(itertools.product(SIZES, FILL_MODES, range(6)))
    settings = {
        "rotation_range": 180.0,
        "width_shift_range": 0.4,
        "height_shift_range": 0.4,
        "shear_range": 40.0,
        "zoom_range": 0.5,
        "channel_shift_range": 60.0,
        "brightness_range": [0.3, 2.0],
        "horizontal_flip": True,
        "vertical_flip": True,
    }
    for size, fill_mode, order in itertools.islice(kinds, count):
        on = {name: value for name, value in settings.items() if rng.random() < 2 / 3}
        ranges = Ranges(
            **on,
            **chosen,
            fill_mode=fill_mode,
            cval=rng.choice([0.0, 77.7]).item(),
            interpolation_order=order,
        )
        yield size, int(rng.choice([1, 3])), ranges.draw(rng, size)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("center", ["keras", "exact"], indirect=True)
def test_float_results_equal_the_reference(
    apply_reference: Reference, center: str, dtype: str
) -> None:
    """200 random parameter sets: colour and grey, all fill modes and orders.

    `center: keras` is held against the reference as it is.
    """
    rng = np.random.default_rng(1)
    for size, channels, params in random_cases(200, seed=2, center=center, dtype=dtype):
        pixels = rng.integers(0, 256, (*size, channels), np.uint8)
        result = Ranges.apply(Sample(pixels, (0, 255)), params).image
        expected = apply_reference(pixels.astype(dtype), params)
        assert result.dtype == expected.dtype
        assert np.array_equal(result, expected), params


def test_float_sources_equal_the_reference(apply_reference: Reference) -> None:
    """A source of floats needs no `dtype` to go the same way; its brightness is not clipped."""
    rng = np.random.default_rng(3)
    for size, channels, params in random_cases(60, seed=4):
        params["brightness"] = 1.0
        pixels = rng.normal(size=(*size, channels)).astype(np.float32)
        result = Ranges.apply(Sample(pixels, None), params).image
        assert np.array_equal(result, apply_reference(pixels, params)), params


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_integer_results_are_the_reference_s_rounded(
    apply_reference: Reference, dtype: type[np.integer]
) -> None:
    """Beside the 8-bit path (order 0 and 1), integers are the float32 result rounded half up."""
    rng = np.random.default_rng(5)
    highest = int(np.iinfo(dtype).max)
    for size, channels, params in random_cases(200, seed=6):
        if dtype == np.uint8 and params["interpolation_order"] <= 1:
            continue
        params["brightness"] = 1.0
        pixels = rng.integers(0, highest + 1, (*size, channels), dtype)
        result = Ranges.apply(Sample(pixels, (0, highest)), params).image
        expected = apply_reference(pixels.astype(np.float32), params)
        rounded = np.floor(np.clip(expected.astype(np.float64), 0, highest) + 0.5)
        assert result.dtype == dtype
        assert np.array_equal(result, rounded), params


@pytest.mark.parametrize("center", ["keras", "exact"], indirect=True)
def test_maps_equal_the_reference_s_to_the_last_bit(
    keras: ModuleType, center: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Matrix and offset that SciPy is called with, for parameters on and off in every way."""
    maps = []

    def affine_transform(
        channel: NDArray[Any], matrix: NDArray[Any], offset: NDArray[Any], **_: object
    ) -> NDArray[Any]:
        maps.append((matrix, offset))
        return channel

    monkeypatch.setattr(
        keras.affine_transformations.ndimage,
        "interpolation",
        SimpleNamespace(affine_transform=affine_transform),
    )
    drawn = {"theta": 33.3, "tx": 1.7, "ty": -2.9, "shear": 12.1, "zx": 0.83, "zy": 1.31}
    for size, names in itertools.product(SIZES, powerset(drawn)):
        params = {**NOTHING, **{name: drawn[name] for name in names}}
        maps.clear()
        keras.apply_affine_transform(np.zeros((*size, 1)), **params)
        affine = keras_affine(size, **params, center=center, like_reference=True)
        if not names:
            assert maps == []
            assert affine.is_identity
            continue
        matrix, offset = maps[0]
        assert np.array_equal(affine.matrix, matrix), (size, names)
        assert np.array_equal(affine.offset, offset), (size, names)


def powerset(names: dict[str, float]) -> Iterator[tuple[str, ...]]:
    return itertools.chain.from_iterable(
        itertools.combinations(names, count) for count in range(len(names) + 1)
    )
