"""What the tests of tones and colours share."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Scalar, Transform

LEVELS = {"uint8": (0, 255), "uint16": (0, 65535), "float32": None}
DEPTHS = tuple(LEVELS)


def sample_of(pixels: Any, dtype: str = "uint8") -> Sample:
    """A sample of 8-bit levels (height, width, channels), in any depth."""
    levels = np.array(pixels, np.uint8)
    if dtype == "uint16":
        return Sample(levels.astype(np.uint16) * np.uint16(257), LEVELS[dtype])
    if dtype == "float32":
        return Sample((levels / 255).astype(np.float32), None)
    image = packed.empty(*levels.shape)
    image[...] = levels
    return Sample(image, LEVELS[dtype])


def in_levels(image: NDArray[Any]) -> NDArray[np.float64]:
    """An image of any depth in 8-bit levels, unrounded."""
    scale = {"uint8": 1.0, "uint16": 1 / 257, "float32": 255.0}[str(image.dtype)]
    return image * scale


def toned(transform: type[Transform], pixels: Any, **params: Scalar) -> Any:
    """What a transform makes of 8-bit levels (height, width, channels), as lists."""
    return transform.apply(sample_of(pixels), dict(params)).image.tolist()


def toned_gray(transform: type[Transform], levels: list[int], **params: Scalar) -> Any:
    """What a transform makes of a row of grey levels."""
    row = toned(transform, [[[level] for level in levels]], **params)
    return [value for [value] in row[0]]


def check_that_depths_agree(
    transform: type[Transform], params: Params, picture: Callable[[str], Sample], within: float
) -> None:
    """16 bits and floats become what 8 bits become, within so many levels; and that is packed."""
    expected = transform.apply(picture("uint8"), params).image
    assert packed.is_packed(expected)
    assert not np.array_equal(expected, picture("uint8").image)
    for dtype in DEPTHS:
        sample = picture(dtype)
        result = transform.apply(sample, params).image
        assert result.dtype == sample.image.dtype
        assert result.shape == sample.image.shape
        assert np.abs(in_levels(result) - expected).max() <= within
