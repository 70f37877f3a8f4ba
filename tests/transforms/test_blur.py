"""Blurs: tiny pictures, SciPy's results, and what holds of all of them."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import ndimage
from toning import in_levels, sample_of, toned, toned_gray

from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.blur import (
    BoxBlur,
    Defocus,
    GaussianBlur,
    MedianBlur,
    MotionBlur,
    ZoomBlur,
    disc,
    gaussian,
    line,
)

PHOTO = ndimage.gaussian_filter(
    np.random.default_rng(0).normal(128, 900, (40, 50, 4)), (4, 4, 0), mode="wrap"
).clip(0, 255)

BLURS: list[tuple[type[Transform], Params, Params]] = [  # what they are, and what is nothing
    (GaussianBlur, {"sigma": 1.3}, {"sigma": 0.1}),
    (BoxBlur, {"kernel_size": 5}, {"kernel_size": 1}),
    (MedianBlur, {"kernel_size": 5}, {"kernel_size": 1}),
    (MotionBlur, {"length": 7.5, "angle": 25.0}, {"length": 1.0, "angle": 25.0}),
    (Defocus, {"radius": 2.4, "alias_blur": 0.4}, {"radius": 0.9, "alias_blur": 0.1}),
    (
        ZoomBlur,
        {"max_factor": 1.2, "step_factor": 0.03},
        {"max_factor": 1.009, "step_factor": 0.01},
    ),
]
every_blur = pytest.mark.parametrize(("blur", "params", "neutral"), BLURS)


def test_gaussian_blur_is_a_bell() -> None:
    """A white pixel becomes 255 times the weights: 0.1065, 0.7870, 0.1065 for half a pixel."""
    assert toned_gray(GaussianBlur, [0, 0, 0, 255, 0, 0, 0], sigma=0.5) == [0, 0, 27, 201, 27, 0, 0]


@pytest.mark.parametrize("sigma", [0.13, 0.5, 1.0, 3.3, 12.0])
def test_gaussian_weights_are_scipys(sigma: float) -> None:
    """The same bell, cut at the same distance."""
    line_of_one = np.zeros(201)
    line_of_one[100] = 1
    expected = np.trim_zeros(ndimage.gaussian_filter1d(line_of_one, sigma))
    assert gaussian(sigma) == pytest.approx(expected, abs=1e-8)


def test_box_blur_is_the_mean() -> None:
    """Of three; beyond the edge the next but one comes again."""
    assert toned_gray(BoxBlur, [30, 60, 90, 0], kernel_size=3) == [50, 60, 50, 60]


def test_median_blur_is_the_middle_value() -> None:
    """A speck goes, a step stays."""
    levels = [0, 0, 255, 0, 0, 90, 90, 90]
    assert toned_gray(MedianBlur, levels, kernel_size=3) == [0, 0, 0, 0, 0, 90, 90, 90]


def test_motion_blur_smears_along_its_line() -> None:
    """Level, a point becomes a row; upright, a column; at 45 degrees it rises to the right."""
    point = np.zeros((5, 5, 1), np.uint8)
    point[2, 2] = 90

    def smeared(angle: float) -> Any:
        return np.array(toned(MotionBlur, point, length=3.0, angle=angle))[..., 0]

    row = [[0] * 5, [0] * 5, [0, 30, 30, 30, 0], [0] * 5, [0] * 5]
    assert smeared(0.0).tolist() == row
    assert smeared(90.0).T.tolist() == row
    rising = smeared(45.0)
    assert rising[1, 3] == rising[3, 1] > 10
    assert rising[1, 1] == rising[3, 3] == 0


@pytest.mark.parametrize("angle", [0.0, 17.0, 45.0, 60.0, 90.0, -30.0])
def test_lines_are_as_long_as_said(angle: float) -> None:
    """A level line's spread is that of `length` pixels in a row; any angle's is near it."""
    kernel = line(15.0, angle)
    y, x = np.indices(kernel.shape) - kernel.shape[0] // 2
    spread = np.sqrt((kernel * (x * x + y * y)).sum())
    assert spread == pytest.approx(np.sqrt((15**2 - 1) / 12), rel=0.06)
    assert kernel.sum() == pytest.approx(1)
    assert np.array_equal(kernel, kernel[::-1, ::-1])


def test_a_length_between_is_between() -> None:
    """Of 2 pixels' length, half of the outer ones is on the line."""
    assert line(2.0, 0.0)[1].tolist() == pytest.approx([0.25, 0.5, 0.25])


def test_defocus_is_a_disc() -> None:
    """Radius 1 is a cross of five; the smoothing reaches beyond it."""
    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    assert disc(1.0, 0.1) == pytest.approx(cross)
    smooth = disc(1.0, 0.5)
    assert smooth.shape == (7, 7)
    assert smooth.sum() == pytest.approx(1)
    padded = np.pad(cross, 2)
    assert smooth == pytest.approx(ndimage.gaussian_filter(padded, 0.5, mode="constant"), abs=1e-8)


def test_zoom_blur_is_the_mean_of_magnified_images() -> None:
    """The image and itself twice as large: what was between 80 and 160 comes in at a quarter."""
    levels = [0, 80, 160, 240]
    expected = [(0 + 60) / 2, (80 + 100) / 2, (160 + 140) / 2, (240 + 180) / 2]
    assert toned_gray(ZoomBlur, levels, max_factor=2.0, step_factor=1.0) == expected


def test_zoom_blur_leaves_the_middle() -> None:
    """What is in the centre stays there."""
    picture = np.zeros((31, 31, 1), np.uint8)
    picture[15, 15] = 255
    blurred = np.array(toned(ZoomBlur, picture, max_factor=1.1, step_factor=0.02))
    assert blurred[15, 15] == 255
    assert blurred[0].max() == 0


@every_blur
def test_nothing_is_nothing(blur: type[Transform], params: Params, neutral: Params) -> None:
    """The very same image, of every depth."""
    for dtype in ("uint8", "uint16", "float32"):
        sample = sample_of(PHOTO, dtype)
        assert blur.apply(sample, neutral).image is sample.image


@every_blur
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_alpha_stays_and_channels_are_alike(
    blur: type[Transform], params: Params, neutral: Params, channels: int
) -> None:
    """Each channel is what it is as a grey image, but for what a warp rounds; alpha is untouched.

    So is the source.
    """
    sample = sample_of(PHOTO[..., :channels])
    before = sample.image.copy()
    result = blur.apply(sample, params).image
    assert packed.is_packed(result.astype(np.uint8, copy=False))
    assert np.array_equal(sample.image, before)
    for channel in range(sample.color_channels):
        gray = blur.apply(sample_of(PHOTO[..., channel : channel + 1]), params).image
        difference = np.abs(result[..., channel].astype(int) - gray[..., 0])
        assert difference.max() <= (blur is ZoomBlur)
    assert np.array_equal(
        result[..., sample.color_channels :], before[..., sample.color_channels :]
    )


@every_blur
@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_depths_agree(blur: type[Transform], params: Params, neutral: Params, dtype: str) -> None:
    """16 bits and floats are blurred as 8 bits are, but for what 8 bits round."""
    expected = blur.apply(sample_of(PHOTO), params).image.astype(float)
    sample = sample_of(PHOTO, dtype)
    result = blur.apply(sample, params).image
    assert result.dtype == dtype
    assert np.abs(in_levels(result) - expected).max() <= 1
    assert np.array_equal(result[..., 3], sample.image[..., 3])


@every_blur
def test_any_numbers_can_be_blurred(blur: type[Transform], params: Params, neutral: Params) -> None:
    """Signed integers and floats far beyond 0..1, which have no black and white."""
    plane = np.linspace(-1e6, 1e6, 30 * 30).reshape(30, 30, 1)
    info = np.iinfo(np.int32)
    whole = Sample(plane.astype(np.int32), (int(info.min), int(info.max)))
    floats = Sample(plane.astype(np.float32), None)
    result = blur.apply(whole, params).image
    assert result.dtype == np.int32
    assert np.allclose(result, blur.apply(floats, params).image, atol=1)


@every_blur
@pytest.mark.parametrize("size", [(1, 1, 3), (1, 9, 4), (3, 2, 1)])
def test_tiny_images(
    blur: type[Transform], params: Params, neutral: Params, size: tuple[int, int, int]
) -> None:
    """Kernels may be larger than the image; a flat one stays flat."""
    for dtype in ("uint8", "uint16"):
        sample = sample_of(np.full(size, 77), dtype)
        assert np.array_equal(blur.apply(sample, params).image, sample.image)


DRAWS: list[tuple[Transform, dict[str, tuple[float, float]]]] = [
    (GaussianBlur(sigma=[0.5, 2.0]), {"sigma": (0.5, 2)}),
    (BoxBlur(kernel_size=[3, 7]), {"kernel_size": (3, 7)}),
    (MedianBlur(kernel_size=[1, 5]), {"kernel_size": (1, 5)}),
    (MotionBlur(length=[3.0, 9.0], angle=[-20.0, 40.0]), {"length": (3, 9), "angle": (-20, 40)}),
    (Defocus(radius=[1.0, 4.0]), {"radius": (1, 4), "alias_blur": (0.1, 0.5)}),
    (ZoomBlur(max_factor=[1.0, 1.2]), {"max_factor": (1, 1.2), "step_factor": (0.01, 0.02)}),
]


@pytest.mark.parametrize(("blur", "bounds"), DRAWS)
def test_draws_keep_to_their_bounds(
    blur: Transform, bounds: dict[str, tuple[float, float]]
) -> None:
    """A thousand draws, which fill the ranges; the same count of numbers is taken by each."""
    rng = np.random.default_rng(0)
    drawn = [blur.draw(rng, Size(10, 10)) for _ in range(1000)]
    assert drawn[0].keys() == bounds.keys()
    for name, (low, high) in bounds.items():
        values = np.array([params[name] for params in drawn], float)
        assert low <= values.min() < low + 0.05 * (high - low) + 1e-9
        assert high >= values.max() > high - 0.05 * (high - low) - 1e-9


def test_odd_sizes_are_drawn_alike() -> None:
    """3, 5 and 7, each in a third of the copies."""
    rng = np.random.default_rng(0)
    sizes = [BoxBlur(kernel_size=[3, 7]).draw(rng, Size(9, 9))["kernel_size"] for _ in range(3000)]
    values, counts = np.unique(sizes, return_counts=True)
    assert values.tolist() == [3, 5, 7]
    assert counts.min() > 900


@pytest.mark.parametrize("blur", [BoxBlur, MedianBlur])
def test_even_sizes_are_refused(blur: type[Transform]) -> None:
    """With a word on why."""
    with pytest.raises(ValidationError, match="odd numbers"):
        blur.model_validate({"kernel_size": 4})
