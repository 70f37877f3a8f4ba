"""Sharpening: tiny pictures, Pillow's results, and what holds of all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter
from scipy import ndimage
from toning import in_levels, sample_of, toned, toned_gray

from augcli.errors import SourceError
from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.sharpening import Emboss, Sharpen, Sharpness, UnsharpMask

PHOTO = ndimage.gaussian_filter(
    np.random.default_rng(0).normal(128, 500, (40, 50, 4)), (2, 2, 0), mode="wrap"
).clip(0, 255)

FILTERS: list[tuple[type[Transform], Params, Params]] = [  # what they are, and what is nothing
    (Sharpen, {"alpha": 0.3, "lightness": 1.1}, {"alpha": 0.0, "lightness": 1.1}),
    (Sharpness, {"factor": 1.8}, {"factor": 1.0}),
    (
        UnsharpMask,
        {"radius": 1.4, "percent": 80.0, "threshold": 0},
        {"radius": 1.4, "percent": 0.0, "threshold": 0},
    ),
    (Emboss, {"alpha": 0.4, "strength": 0.6}, {"alpha": 0.0, "strength": 0.6}),
]
every_filter = pytest.mark.parametrize(("kind", "params", "neutral"), FILTERS)


def test_sharpen_adds_what_neighbours_have_not() -> None:
    """In a row, whose mirror images are above and below: v + 3 alpha (2 v - left - right)."""
    levels = [100, 100, 110, 110, 100]
    assert toned_gray(Sharpen, levels, alpha=0.5, lightness=1.0) == [100, 85, 125, 125, 70]


def test_lightness_lightens_flat_areas() -> None:
    """By alpha * (lightness - 1): 100 * (1 + 0.5 * 0.2)."""
    assert toned_gray(Sharpen, [100, 100], alpha=0.5, lightness=1.2) == [110, 110]
    assert toned_gray(Sharpen, [100, 100], alpha=0.5, lightness=0.8) == [90, 90]


def test_emboss_lights_from_the_upper_left() -> None:
    """A bright square gains at its left and loses at its right; flat areas stay."""
    levels = [100, 100, 120, 120, 120, 100, 100]
    assert toned_gray(Emboss, levels, alpha=0.5, strength=0.0) == [
        100,
        110,
        130,
        120,
        110,
        90,
        100,
    ]


def test_sharpness_of_a_point() -> None:
    """Smooth, 130 becomes 5/13 of it, 50; twice as sharp it gains what it lost."""
    point = np.zeros((3, 3, 1), np.uint8)
    point[1, 1] = 130
    assert toned(Sharpness, point, factor=0.0)[1][1] == [50]
    assert toned(Sharpness, point, factor=2.0)[1][1] == [210]


def test_unsharp_mask_leaves_small_differences() -> None:
    """A step of 2 levels stays under a threshold of 3, one of 100 grows on both sides."""
    mask = {"radius": 1.0, "percent": 100.0, "threshold": 3}
    assert toned_gray(UnsharpMask, [50, 50, 52, 52], **mask) == [50, 50, 52, 52]
    left, right = toned_gray(UnsharpMask, [50] * 5 + [150] * 5, **mask)[4:6]
    assert left < 40
    assert right > 160


@given(
    pixels=hnp.arrays(np.uint8, (7, 8, 3), elements=st.integers(0, 255)), factor=st.floats(0, 10)
)
def test_sharpness_is_pillows(pixels: NDArray[np.uint8], factor: float) -> None:
    """Pillow's level, or the one above, as Pillow cuts fractions off; borders too."""
    pillows = ImageEnhance.Sharpness(Image.fromarray(pixels)).enhance(factor)
    ours = Sharpness.apply(sample_of(pixels), {"factor": factor}).image.astype(int)
    difference = ours - np.asarray(pillows)
    assert difference.min() >= 0
    assert difference.max() <= 1


def test_unsharp_mask_is_near_pillows() -> None:
    """Pillow's blur is another approximation of the same bell: a level apart on average."""
    pixels = PHOTO[..., :3].astype(np.uint8)
    pillows = Image.fromarray(pixels).filter(ImageFilter.UnsharpMask(1.5, 100, 2))
    params: Params = {"radius": 1.5, "percent": 100.0, "threshold": 2}
    ours = UnsharpMask.apply(sample_of(pixels), params).image
    inner = (slice(8, -8), slice(8, -8))
    difference = np.abs(ours.astype(int) - np.asarray(pillows))[inner]
    assert difference.mean() < 1


@every_filter
def test_nothing_is_nothing(kind: type[Transform], params: Params, neutral: Params) -> None:
    """The very same image, of every depth."""
    for dtype in ("uint8", "uint16", "float32"):
        sample = sample_of(PHOTO, dtype)
        assert kind.apply(sample, neutral).image is sample.image


@every_filter
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_alpha_stays_and_channels_are_alike(
    kind: type[Transform], params: Params, neutral: Params, channels: int
) -> None:
    """Each channel is what it is as a grey image; alpha is untouched, and so is the source."""
    sample = sample_of(PHOTO[..., :channels])
    before = sample.image.copy()
    result = kind.apply(sample, params).image
    assert packed.is_packed(result.astype(np.uint8, copy=False))
    assert np.array_equal(sample.image, before)
    for channel in range(sample.color_channels):
        gray = kind.apply(sample_of(PHOTO[..., channel : channel + 1]), params).image
        assert np.array_equal(result[..., channel], gray[..., 0])
    assert np.array_equal(
        result[..., sample.color_channels :], before[..., sample.color_channels :]
    )


@every_filter
@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_depths_agree(kind: type[Transform], params: Params, neutral: Params, dtype: str) -> None:
    """16 bits and floats are sharpened as 8 bits are, but for what 8 bits round."""
    pixels = PHOTO.astype(np.uint8)
    expected = kind.apply(sample_of(pixels), params).image.astype(float)
    sample = sample_of(pixels, dtype)
    result = kind.apply(sample, params).image
    assert result.dtype == dtype
    assert np.abs(in_levels(result) - expected).max() <= 1
    assert np.array_equal(result[..., 3], sample.image[..., 3])


@every_filter
@pytest.mark.parametrize("size", [(1, 1, 3), (1, 9, 4), (3, 2, 1)])
def test_tiny_images(
    kind: type[Transform], params: Params, neutral: Params, size: tuple[int, int, int]
) -> None:
    """Kernels may be larger than the image; what is flat stays flat, or as flat as it was."""
    for dtype in ("uint8", "uint16"):
        result = kind.apply(sample_of(np.full(size, 77), dtype), params).image
        assert result.shape == size
        assert len(np.unique(result[..., 0])) == 1


@every_filter
def test_unknown_black_and_white_are_refused(
    kind: type[Transform], params: Params, neutral: Params
) -> None:
    """Floats beyond 0..1 say what would help."""
    with pytest.raises(SourceError, match="scale them to 0 to 1"):
        kind.apply(Sample(np.full((3, 3, 1), 7, np.float32), None), params)


DRAWS: list[tuple[Transform, dict[str, tuple[float, float]]]] = [
    (Sharpen(lightness=[0.5, 1.0]), {"alpha": (0.1, 0.3), "lightness": (0.5, 1)}),
    (Sharpness(factor=[0.1, 1.9]), {"factor": (0.1, 1.9)}),
    (UnsharpMask(), {"radius": (1, 2), "percent": (50, 150), "threshold": (0, 3)}),
    (Emboss(), {"alpha": (0.2, 0.5), "strength": (0.2, 0.7)}),
]


@pytest.mark.parametrize(("kind", "bounds"), DRAWS)
def test_draws_keep_to_their_bounds(
    kind: Transform, bounds: dict[str, tuple[float, float]]
) -> None:
    """A thousand draws, which fill the ranges."""
    rng = np.random.default_rng(0)
    drawn = [kind.draw(rng, Size(10, 10)) for _ in range(1000)]
    assert drawn[0].keys() == bounds.keys()
    for name, (low, high) in bounds.items():
        values = np.array([params[name] for params in drawn], float)
        assert low <= values.min() < low + 0.05 * (high - low)
        assert high >= values.max() > high - 0.05 * (high - low)
