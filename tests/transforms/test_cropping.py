"""Crops, pads and resizes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from augcli.errors import SourceError
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.cropping import CenterCrop, Crop, Pad, RandomResizedCrop, Resize

Array = NDArray[Any]
SIZE = Size(30, 40)
SMALL = np.array([[[1], [2], [3]], [[4], [5], [6]]], np.uint8)
DTYPES = [np.uint8, np.uint16, np.int32, np.float32]


def noise(dtype: Any = np.uint8, channels: int = 3) -> Array:
    rng = np.random.default_rng(0)
    if np.dtype(dtype).kind == "f":
        return rng.random((*SIZE, channels)).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, (*SIZE, channels), dtype, endpoint=True)


def applied(transform: Any, params: Params, image: Array) -> Any:
    levels = None if image.dtype.kind == "f" else (0, int(np.iinfo(image.dtype).max))
    return transform.apply(Sample(image, levels), params).image


def drawn(transform: Any, seed: int = 0, size: Size = SIZE) -> Any:
    return transform.draw(np.random.default_rng(seed), size)


sizes = st.builds(Size, st.integers(1, 50), st.integers(1, 50))
lengths = st.integers(1, 60) | st.floats(0.01, 1.0)
seeds = st.integers(0, 2**32)


def test_a_literal_crop() -> None:
    """Two columns and one row of six numbers."""
    params: Params = {"top": 1, "left": 1, "height": 1, "width": 2}

    assert applied(Crop, params, SMALL)[..., 0].tolist() == [[5, 6]]


@given(height=lengths, width=lengths, size=sizes, seed=seeds)
def test_crops_lie_in_the_image_or_fail(height: float, width: float, size: Size, seed: int) -> None:
    """Any crop of any image has the size that was asked for, or the image is a failed source."""
    image = np.zeros((*size, 1), np.uint8)
    for transform in (Crop(height=height, width=width), CenterCrop(height=height, width=width)):
        params = drawn(transform, seed, size)
        crop = Size(params["height"], params["width"])
        assert crop == transform.size_after(params, size)
        if crop.height > size.height or crop.width > size.width:
            with pytest.raises(SourceError, match="put a `pad` or a `resize` before it"):
                applied(transform, params, image)
        else:
            assert params["top"] + crop.height <= size.height
            assert params["left"] + crop.width <= size.width
            assert applied(transform, params, image).shape[:2] == crop


def test_every_place_is_as_likely() -> None:
    """A crop with three places to be has each in about a third of the copies."""
    places = [drawn(Crop(height=28, width=40), seed)["top"] for seed in range(900)]

    assert all(240 < places.count(top) < 360 for top in range(3))


@pytest.mark.parametrize(
    ("length", "expected"), [(1, 1), (1.0, 30), (0.5, 15), (0.55, 17), (0.001, 1), (30, 30)]
)
def test_lengths_are_pixels_or_with_a_point_fractions(length: float, expected: int) -> None:
    """1 is one pixel, 1.0 all of them; fractions are rounded half up, and at least a pixel."""
    assert drawn(Crop(height=length))["height"] == expected


@pytest.mark.parametrize("length", [0, -3, 1.5, 224.0, 0.0, True, "10", [5]])
def test_lengths_that_cannot_be(length: Any) -> None:
    """No pixel, more than everything, and what is no number are refused."""
    with pytest.raises(ValidationError, match="whole number of pixels"):
        Crop(height=length)


def test_the_middle_is_the_middle() -> None:
    """As much is cut above as below; of an odd rest, one more below and to the right."""
    assert drawn(CenterCrop(height=10, width=20)) == {
        "top": 10,
        "left": 10,
        "height": 10,
        "width": 20,
    }
    assert drawn(CenterCrop(height=29, width=37))["left"] == 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_crops_and_pads_copy_pixels(dtype: Any, channels: int) -> None:
    """What is cut out or padded are the identical pixels, alpha and all, of any dtype."""
    image = noise(dtype, channels)
    crop: Params = {"top": 3, "left": 5, "height": 7, "width": 11}
    padded = applied(Pad, drawn(Pad(pixels=2, cval=1.0)), image)

    assert np.array_equal(applied(Crop, crop, image), image[3:10, 5:16])
    expected = np.pad(image, ((2, 2), (2, 2), (0, 0)), constant_values=1)
    assert np.array_equal(padded, expected)
    assert padded.dtype == dtype


@pytest.mark.parametrize(
    ("mode", "as_numpy"),
    [("nearest", "edge"), ("reflect", "symmetric"), ("wrap", "wrap"), ("constant", "constant")],
)
def test_pads_are_numpys(mode: Any, as_numpy: Any) -> None:
    """Each fill mode is one of `numpy.pad`."""
    params = drawn(Pad(min_height=10, min_width=4, fill_mode=mode), size=Size(2, 3))

    assert params == {
        "top": 4,
        "bottom": 4,
        "left": 0,
        "right": 1,
        "fill_mode": mode,
        "cval": 0.0,
    }
    expected = np.pad(SMALL, ((4, 4), (0, 1), (0, 0)), mode=as_numpy)
    assert np.array_equal(applied(Pad, params, SMALL), expected)


@given(
    size=sizes, pixels=st.integers(0, 9), least=st.tuples(st.integers(1, 60), st.integers(1, 60))
)
def test_pads_reach_their_size_and_cut_nothing(
    size: Size, pixels: int, least: tuple[int, int]
) -> None:
    """The result is the larger of the minimum and the image with its border, and no larger."""
    pad = Pad(pixels=pixels, min_height=least[0], min_width=least[1])
    params = drawn(pad, size=size)

    after = Pad.size_after(params, size)

    assert after == (
        max(size.height + 2 * pixels, least[0]),
        max(size.width + 2 * pixels, least[1]),
    )
    assert 0 <= params["bottom"] - params["top"] <= 1
    assert 0 <= params["right"] - params["left"] <= 1
    assert applied(Pad, params, np.zeros((*size, 3), np.uint8)).shape == (*after, 3)


def test_a_pad_of_nothing_is_refused() -> None:
    """One of the three settings has to be there."""
    with pytest.raises(ValidationError, match="expected pixels, min_height or min_width"):
        Pad()


@given(size=sizes, seed=seeds)
def test_random_parts_are_of_the_area_and_shape_asked_for(size: Size, seed: int) -> None:
    """The part lies in the image, and has its area and ratio, within the rounding to pixels."""
    transform = RandomResizedCrop(size=[8, 9], scale=[0.2, 0.5], ratio=[0.5, 2.0])
    params = drawn(transform, seed, size)
    height, width = params["crop_height"], params["crop_width"]

    assert 0 <= params["top"] <= size.height - height
    assert 0 <= params["left"] <= size.width - width
    assert (height - 0.51) * 0.5 <= width + 0.51
    assert (width - 0.51) * 0.5 <= height + 0.51
    if 0.5 <= size.width / size.height <= 2:  # then a tenth try that does not fit is next to none
        assert (height - 0.51) * (width - 0.51) <= 0.5 * size.height * size.width
    assert transform.size_after(params, size) == (8, 9)


def test_what_never_fits_is_the_largest_middle() -> None:
    """Ten shapes too wide for a tall image: the widest that is allowed, at full width."""
    params = drawn(RandomResizedCrop(scale=1.0, ratio=[2.0, 4.0]), size=Size(100, 10))

    assert (params["crop_height"], params["crop_width"]) == (5, 10)


def test_the_parts_are_drawn_as_published() -> None:
    """Area is uniform, and the logarithm of the ratio: wide is as likely as tall."""
    transform = RandomResizedCrop(scale=[0.1, 0.3])
    params = [drawn(transform, seed, Size(500, 500)) for seed in range(1000)]
    areas = np.array([p["crop_height"] * p["crop_width"] for p in params]) / 250_000
    wide = np.mean([p["crop_width"] > p["crop_height"] for p in params])

    assert abs(areas.mean() - 0.2) < 0.01
    assert abs(np.mean(areas < 0.15) - 0.25) < 0.06
    assert abs(wide - 0.5) < 0.06


def test_without_a_size_the_image_keeps_its_own() -> None:
    """The part is resized to the image's height and width."""
    params = drawn(RandomResizedCrop())

    assert applied(RandomResizedCrop, params, noise()).shape == (30, 40, 3)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos", "box"])
def test_resized_parts_are_pillows(interpolation: Any) -> None:
    """A part is resized as Pillow does it with a box: reducing, it averages over all pixels."""
    image = noise()
    params: Params = {
        "top": 2,
        "left": 3,
        "crop_height": 25,
        "crop_width": 30,
        "height": 8,
        "width": 7,
        "interpolation": interpolation,
    }
    method = Image.Resampling[interpolation.upper()]
    expected = np.asarray(Image.fromarray(image).resize((7, 8), method, (3, 2, 33, 27)))

    difference = np.abs(applied(RandomResizedCrop, params, image) - expected.astype(np.int64))
    assert difference.max() <= (1 if interpolation == "bilinear" else 0)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"height": 10, "width": 11}, (10, 11)),
        ({"height": 15}, (15, 20)),
        ({"width": 20}, (15, 20)),
        ({"longest_side": 80}, (60, 80)),
        ({"shortest_side": 60}, (60, 80)),
        ({"longest_side": 1}, (1, 1)),
    ],
)
def test_resizes_to_a_size_or_in_proportion(
    settings: dict[str, Any], expected: tuple[int, int]
) -> None:
    """Of an image of 30 x 40, height and width."""
    params = drawn(Resize(**settings))

    assert Resize.size_after(params, SIZE) == expected
    assert applied(Resize, params, noise()).shape == (*expected, 3)


@pytest.mark.parametrize(
    "settings",
    [{}, {"height": 3, "longest_side": 4}, {"longest_side": 3, "shortest_side": 4}],
)
def test_a_resize_says_its_size_in_one_way(settings: dict[str, Any]) -> None:
    """None, or two that may contradict one another, are refused."""
    with pytest.raises(ValidationError, match="expected height and width, or longest_side"):
        Resize(**settings)


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_changes_nothing_gives_the_very_same_array(dtype: Any) -> None:
    """A crop of everything, a pad of what is large enough, a resize to the same size."""
    image = noise(dtype)

    for transform in (
        Crop(height=1.0, width=1.0),
        CenterCrop(height=30, width=40),
        Pad(min_height=7),
        Resize(longest_side=40),
        RandomResizedCrop(scale=1.0, ratio=40 / 30),
    ):
        assert applied(transform, drawn(transform), image) is image


@pytest.mark.parametrize(
    "transform", [Resize(height=11, width=50), RandomResizedCrop(size=[20, 9])]
)
def test_depths_agree(transform: Any) -> None:
    """16-bit and float images are resized as the 8-bit ones are, within a level."""
    image, params = noise(), drawn(transform, 3)

    bytes_ = applied(transform, params, image).astype(np.float64)
    words = applied(transform, params, image.astype(np.uint16) * 257)
    floats = applied(transform, params, np.float32(image) / np.float32(255))

    assert np.abs(words / 257 - bytes_).max() <= 1
    assert np.abs(floats * 255 - bytes_).max() <= 1
