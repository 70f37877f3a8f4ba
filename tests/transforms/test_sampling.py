"""Images and masks read by maps: exact where pixels are copied, SciPy's where they are mixed."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from augcli.images.orientation import Box
from augcli.kernels import packed
from augcli.transforms.base import Sample, Size, TargetRules
from augcli.transforms.maps import FieldMap, Fill, PlaneMap, Projective, Resized
from augcli.transforms.sampling import sampled_ids, sampled_image, sampled_mask

Array = NDArray[Any]
MODES = ["nearest", "reflect", "constant", "wrap"]
DTYPES = [np.uint8, np.uint16, np.int32, np.float32]
IDENTITY = np.eye(3)
AFFINE = np.array([[0.913, 0.217, -1.379], [-0.131, 1.107, 2.231], [0, 0, 1]])
TILTED = np.array([[0.913, 0.217, -1.379], [-0.131, 1.107, 2.231], [4e-3, -2e-3, 1]])


def image_of(dtype: Any, channels: int, height: int = 12, width: int = 15) -> Array:
    """Random pixels over the whole range of the dtype; floats from 0 to 1."""
    rng = np.random.default_rng(0)
    if np.dtype(dtype).kind == "f":
        return rng.random((height, width, channels)).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, (height, width, channels), dtype, endpoint=True)


def sample_of(image: Array, mask: Array | None = None, mask_fill: int | None = None) -> Sample:
    levels = None
    if image.dtype.kind != "f":
        levels = (int(np.iinfo(image.dtype).min), int(np.iinfo(image.dtype).max))
    return Sample(image, levels, mask, rules=TargetRules(mask_fill))


def field_map(matrix: Array, size: Size) -> FieldMap:
    """A field that says what a matrix says."""
    i, j = np.mgrid[: size.height, : size.width]
    y, x, depth = np.tensordot(matrix, np.stack([i, j, np.ones_like(i)]), 1)
    return FieldMap(np.float32(y / depth), np.float32(x / depth))


def by_scipy(image: Array, matrix: Array, size: Size, fill: Fill) -> Array:
    """The oracle: float64, not rounded."""
    i, j = np.mgrid[: size.height, : size.width]
    y, x, depth = np.tensordot(matrix, np.stack([i, j, np.ones_like(i)]), 1)
    planes = [
        ndimage.map_coordinates(
            image[..., channel].astype(np.float64),
            [y / depth, x / depth],
            order=fill.order,
            mode="grid-wrap" if fill.fill_mode == "wrap" else fill.fill_mode,
            cval=fill.cval,
        )
        for channel in range(image.shape[2])
    ]
    return np.stack(planes, axis=-1)


@pytest.mark.parametrize("matrix", [AFFINE, TILTED], ids=["affine", "tilted"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_mode_and_order_is_scipys(matrix: Array, dtype: Any, channels: int) -> None:
    """Any dtype, mode and order is SciPy's result, rounded half up, within one level."""
    image, size = image_of(dtype, channels), Size(10, 17)
    sample = sample_of(image)
    for mode, order in product(MODES, (1, 2, 3)):
        fill = Fill(mode, 0.5, order)  # type: ignore[arg-type]  # of the four

        result = sampled_image(sample, Projective(matrix, size), fill)

        expected = by_scipy(image, matrix, size, fill)
        assert result.dtype == dtype
        if sample.levels is None:
            np.testing.assert_allclose(result, np.clip(expected, 0, 1), atol=1e-6)
        else:
            expected = np.floor(np.clip(expected, *sample.levels) + 0.5)
            assert np.abs(result.astype(np.float64) - expected).max() <= 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", [0, 1, 3])
def test_a_field_is_as_the_matrix_it_says(dtype: Any, order: int) -> None:
    """A field of a perspective's coordinates gives nearly what the perspective does."""
    image, size = image_of(dtype, 3), Size(10, 17)
    sample, fill = sample_of(image), Fill("reflect", 0.0, order)

    by_field = sampled_image(sample, field_map(TILTED, size), fill).astype(np.float64)
    by_matrix = sampled_image(sample, Projective(TILTED, size), fill).astype(np.float64)

    most = 1e-4 if sample.levels is None else max(1.0, sample.levels[1] * 1e-4)
    assert np.abs(by_field - by_matrix).max() <= (most if order else 0)


WHOLE = {
    "horizontal flip": ([[1, 0, 0], [0, -1, 3], [0, 0, 1]], (3, 4), lambda a: a[:, ::-1]),
    "vertical flip": ([[-1, 0, 2], [0, 1, 0], [0, 0, 1]], (3, 4), lambda a: a[::-1]),
    "quarter turn": ([[0, 1, 0], [-1, 0, 3], [0, 0, 1]], (4, 3), np.rot90),
    "crop": ([[1, 0, 1], [0, 1, 2], [0, 0, 1]], (2, 2), lambda a: a[1:, 2:]),
    "every second": ([[2, 0, 0], [0, 2, 1], [0, 0, 1]], (2, 2), lambda a: a[::2, 1::2]),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("dtype", [*DTYPES, np.float64])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("order", [0, 1, 5])
def test_moves_by_whole_pixels_are_copies(name: str, dtype: Any, channels: int, order: int) -> None:
    """Where a map leads from pixel to pixel, nothing is computed, whatever the order."""
    matrix, size, expected = WHOLE[name]
    image = image_of(dtype, channels, 3, 4)

    result = sampled_image(
        sample_of(image), Projective(np.array(matrix, np.float64), Size(*size)), Fill(order=order)
    )

    assert result.dtype == dtype
    assert np.array_equal(result, expected(image))


def test_no_move_gives_the_very_same_array() -> None:
    """The identity copies nothing."""
    image, mask = image_of(np.uint8, 3), image_of(np.int32, 1)
    sample, same = sample_of(image, mask), Projective(IDENTITY, Size(12, 15))

    assert sampled_image(sample, same, Fill()) is image
    assert sampled_mask(sample, same, Fill()) is mask


@given(
    top=st.integers(-9, 9),
    left=st.integers(-9, 9),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    signs=st.tuples(st.sampled_from([1, -1]), st.sampled_from([1, -1])),
    swaps=st.booleans(),
    mode=st.sampled_from(MODES),
)
def test_any_whole_move_in_any_mode_is_scipys(  # noqa: PLR0917  hypothesis' arguments
    top: int,
    left: int,
    height: int,
    width: int,
    signs: tuple[int, int],
    swaps: bool,
    mode: Any,
) -> None:
    """Wherever a crop, pad, flip or turn lies, in part or wholly outside, it is SciPy's result."""
    rows, columns = (signs[0], 0), (0, signs[1])
    if swaps:
        rows, columns = rows[::-1], columns[::-1]
    matrix = np.array([(*rows, top), (*columns, left), (0, 0, 1)], np.float64)
    size, fill = Size(height, width), Fill(mode, 7.0, 0)
    for dtype, channels in ((np.uint8, 3), (np.uint8, 1), (np.uint16, 2)):
        image = image_of(dtype, channels, 4, 5)

        result = sampled_image(sample_of(image), Projective(matrix, size), fill)

        assert np.array_equal(result, by_scipy(image, matrix, size, fill))


def maps() -> dict[str, PlaneMap]:
    size = Size(10, 17)
    return {
        "copied": Projective(np.array([[1.0, 0, 1], [0, 1, 2], [0, 0, 1]]), Size(9, 9)),
        "affine": Projective(AFFINE, size),
        "tilted": Projective(TILTED, size),
        "field": field_map(TILTED, size),
        "resized": Resized(Box(1, 2, 10, 12), Size(6, 5)),
    }


@pytest.mark.parametrize("name", maps())
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_8_bit_images_stay_packed(name: str, channels: int) -> None:
    """Whatever moves them, 8-bit pixels come back as words, and the input is left as it was."""
    image = image_of(np.uint8, channels)
    before = image.copy()

    result = sampled_image(sample_of(image), maps()[name], Fill())

    assert packed.is_packed(result)
    assert result.shape == (*maps()[name].size, channels)
    assert np.array_equal(image, before)


@pytest.mark.parametrize("name", maps())
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_ids_are_never_mixed(name: str, dtype: Any, channels: int) -> None:
    """A moved mask of any integer dtype has ids that it had, and no others."""
    mask = image_of(dtype, channels)
    sample = sample_of(image_of(np.uint8, 3), mask)

    result = sampled_mask(sample, maps()[name], Fill("nearest", 3.0, 3))

    assert result.dtype == dtype
    assert result.shape == (*maps()[name].size, channels)
    assert set(result.flat) <= set(mask.flat)


@pytest.mark.parametrize(
    ("fill", "mask_fill", "expected"),
    [
        (Fill("nearest"), None, [5, 5, 6]),
        (Fill("constant", 114.0), None, [0, 5, 6]),
        (Fill("nearest"), 255, [255, 5, 6]),
        (Fill("constant", 114.0), -1, [-1, 5, 6]),
    ],
)
def test_what_masks_have_outside(fill: Fill, mask_fill: int | None, expected: list[int]) -> None:
    """Masks go on as the image does, a constant level is no id but 0, and `mask_fill` is first."""
    mask = np.array([[[5], [6], [7]]])
    sample = sample_of(np.zeros((1, 3, 1), np.uint8), mask, mask_fill)
    shifted = Projective(np.array([[1.0, 0, 0], [0, 1, -1], [0, 0, 1]]), Size(1, 3))

    assert sampled_mask(sample, shifted, fill)[0, :, 0].tolist() == expected


def test_a_sample_without_a_mask_has_none_to_move() -> None:
    """Asking for the mask of a sample that has none is a mistake of the caller."""
    sample = sample_of(image_of(np.uint8, 1))

    with pytest.raises(ValueError, match="with a mask"):
        sampled_mask(sample, Projective(IDENTITY, sample.size), Fill())


def test_resized_averages_images_and_picks_ids() -> None:
    """Half as large, a pixel is the mean of those it covers, and an id the one at its middle."""
    image = np.array([[[0], [100]], [[20], [40]]], np.uint8)
    half = Resized(Box(0, 0, 2, 2), Size(1, 1), "box")

    assert sampled_image(sample_of(image), half, Fill()).tolist() == [[[40]]]
    assert sampled_ids(image.astype(np.int32), half, Fill()).tolist() == [[[40]]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_part_that_is_not_resized_is_cut_out(dtype: Any) -> None:
    """A part as large as the output is copied, pixel by pixel; a third as large, it is not."""
    image = image_of(dtype, 3)
    cut = Resized(Box(2, 1, 7, 4), Size(3, 5), "lanczos")
    third = Resized(Box(0, 0, 15, 12), Size(4, 5), "bilinear")

    assert np.array_equal(sampled_image(sample_of(image), cut, Fill()), image[1:4, 2:7])
    reduced = sampled_image(sample_of(image), third, Fill())
    assert not np.array_equal(reduced, image[1::3, 1::3])


@pytest.mark.parametrize(
    "plane_map", [Projective(AFFINE, Size(9, 9)), field_map(TILTED, Size(9, 9))]
)
def test_splines_of_8_bits_are_packed(plane_map: PlaneMap) -> None:
    """SciPy's results are words as the kernels' are."""
    result = sampled_image(sample_of(image_of(np.uint8, 3)), plane_map, Fill("reflect", 0.0, 3))

    assert packed.is_packed(result)


def test_floats_from_0_to_1_stay_so() -> None:
    """Neither splines nor filters make floats that tonal transforms refuse; a level may."""
    step = sample_of(np.repeat([0, 1], 4).reshape(1, 8, 1).astype(np.float32))
    half = Projective(np.array([[1, 0, 0], [0, 0.5, 0.25], [0, 0, 1]]), Size(1, 14))
    outside = Projective(np.array([[1, 0, 0], [0, 1, 20.5], [0, 0, 1]]), Size(1, 1))

    splined = sampled_image(step, half, Fill("nearest", 0.0, 3))
    filtered = sampled_image(step, Resized(Box(0, 0, 8, 1), Size(1, 14), "bicubic"), Fill())
    filled = sampled_image(step, outside, Fill("constant", 255.0, 3))

    assert (splined.min(), splined.max()) == (0, 1)
    assert (filtered.min(), filtered.max()) == (0, 1)
    assert filled.item() == 255


def test_floats_overshoot_and_integers_do_not() -> None:
    """A cubic spline goes beyond the levels at an edge: floats show it, integers are cut."""
    step = np.repeat([0, 255], 4).reshape(1, 8, 1)
    half = Projective(np.array([[1, 0, 0], [0, 0.5, 0.25], [0, 0, 1]]), Size(1, 14))
    fill = Fill("nearest", 0.0, 3)

    floats = sampled_image(sample_of(np.float32(step)), half, fill)
    levels = sampled_image(sample_of(np.uint8(step)), half, fill)
    narrow = sampled_image(Sample(step.astype(np.uint16), (0, 255)), half, fill)

    assert floats.min() < -1
    assert floats.max() > 256
    assert (levels.min(), levels.max()) == (0, 255)
    assert narrow.max() == 255
