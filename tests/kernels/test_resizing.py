"""Bilinear resizes against Pillow's, which has the same filter."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from support import ForAnyCpu

from augcli.kernels import packed
from augcli.kernels.resizing import resize_bilinear

Array = NDArray[Any]
sides = st.integers(1, 40)
shares = st.floats(0, 1) | st.sampled_from([0.0, 0.25, 1.0])


def noise(height: int, width: int, channels: int) -> Array:
    rng = np.random.default_rng(0)
    return rng.integers(0, 255, (height, width, channels), np.uint8, endpoint=True)


def by_pillow(image: Array, height: int, width: int, box: tuple[float, ...]) -> Array:
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    resized = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR, box))
    return resized.reshape(height, width, image.shape[2])


@settings(max_examples=150)
@given(
    size=st.tuples(sides, sides),
    result=st.tuples(sides, sides),
    channels=st.sampled_from([1, 3]),
    rows=st.tuples(shares, shares),
    columns=st.tuples(shares, shares),
)
def test_any_resize_is_within_one_level_of_pillow(
    size: tuple[int, int],
    result: tuple[int, int],
    channels: int,
    rows: tuple[float, float],
    columns: tuple[float, float],
) -> None:
    """Reduced or magnified, of any part, at whole pixels or between them."""
    height, width = size
    top, bottom = sorted(share * (height - 1) for share in rows)
    left, right = sorted(share * (width - 1) for share in columns)
    box = (left, top, right + 1, bottom + 1)
    image = noise(height, width, channels)

    resized = resize_bilinear(image, *result, box)

    assert packed.is_packed(resized)
    difference = resized - by_pillow(image, *result, box).astype(np.int64)
    assert np.abs(difference).max() <= 1


def test_literal_resizes() -> None:
    """Half as large: a quarter of each outer, all of the inner pixels; twice: quarters between."""
    line = np.array([[[0], [0], [80], [80]]], np.uint8)
    pair = np.array([[[0], [80]]], np.uint8)

    assert resize_bilinear(line, 1, 2, (0, 0, 4, 1))[0, :, 0].tolist() == [11, 69]
    assert resize_bilinear(pair, 1, 4, (0, 0, 2, 1))[0, :, 0].tolist() == [0, 20, 60, 80]


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_flat_areas_stay_flat(level: int) -> None:
    """The weights of every pixel sum to 1, whatever the factor."""
    image = np.full((37, 41, 3), level, np.uint8)

    for height, width in ((5, 7), (36, 40), (100, 90)):
        assert (resize_bilinear(image, height, width, (0.3, 0.7, 40.9, 36.2)) == level).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_same_size_is_a_copy(channels: int) -> None:
    """Nothing to resize: the identical pixels, those of a part as well."""
    image = noise(9, 11, channels)

    assert np.array_equal(resize_bilinear(image, 9, 11, (0, 0, 11, 9)), image)
    assert np.array_equal(resize_bilinear(image, 4, 5, (2, 3, 7, 7)), image[3:7, 2:7])


@pytest.mark.parametrize(
    ("image", "size", "box", "message"),
    [
        (noise(4, 4, 4), (2, 2), (0, 0, 4, 4), "1 or 3 channels"),
        (noise(4, 4, 3).astype(np.uint16), (2, 2), (0, 0, 4, 4), "expected uint8"),
        (noise(4, 4, 3), (0, 2), (0, 0, 4, 4), "cannot resize to 0 x 2"),
        (noise(4, 4, 3), (2, 2), (0, 0, 5, 4), "expected a part"),
        (noise(4, 4, 3), (2, 2), (2, 0, 2, 4), "expected a part"),
        (noise(4, 4, 3), (2, 2), (0, float("nan"), 2, 4), "expected a part"),
    ],
)
def test_wrong_arguments_are_refused(image: Array, size: Any, box: Any, message: str) -> None:
    """What cannot be resized is a ValueError that says why."""
    with pytest.raises(ValueError, match=message):
        resize_bilinear(image, *size, box)


def digest_of_resizes() -> str:
    """A hash over reduced and magnified images."""
    digest = hashlib.sha256()
    for channels in (1, 3):
        image = noise(50, 60, channels)
        for height, width in ((20, 17), (49, 61), (77, 300)):
            digest.update(resize_bilinear(image, height, width, (0.3, 1, 59.1, 50)).tobytes())
    return digest.hexdigest()


def test_every_cpu_gives_the_same_bytes(for_any_cpu: ForAnyCpu) -> None:
    """Code compiled for a generic CPU, without AVX or FMA, gives what this CPU's gives."""
    assert for_any_cpu(digest_of_resizes) == digest_of_resizes()
