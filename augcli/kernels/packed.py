"""8-bit images as one integer a pixel.

An 8-bit image is an array (height, width, channels) of uint8, channels 1 to 4. Its pixels are
`packed` when each takes one aligned word: 1 byte for one channel, 2 for two, 4 for three and
four. So that three channels fit, they live in a (height, width, 4) buffer, whose fourth byte,
X, means nothing; the image is the view `buffer[..., :3]`. That is Pillow's RGBX.

Words are read in the machine's order and taken apart as little-endian ones, the first channel
in the lowest byte. Every platform that numba supports today is little-endian.
"""

import sys

import numpy as np
from numpy.typing import NDArray

if sys.byteorder != "little":  # pragma: no cover
    raise ImportError("augcli.kernels reads packed pixels as little-endian words")

_WORDS: dict[int, type[np.unsignedinteger]] = {
    1: np.uint8,
    2: np.uint16,
    3: np.uint32,
    4: np.uint32,
}


def check_image(image: NDArray[np.uint8]) -> None:
    """Raises ValueError unless `image` is uint8 of shape (height, width, 1 to 4)."""
    if image.dtype != np.uint8 or image.ndim != 3 or not 1 <= image.shape[2] <= 4:
        raise ValueError(
            "expected uint8 pixels of shape (height, width, 1 to 4), "
            f"got {image.dtype} of shape {image.shape}"
        )


def empty(height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """An image (height, width, channels) of uint8 in the packed layout, its pixels undefined."""
    buffer = np.empty((height, width, 4 if channels == 3 else channels), np.uint8)
    return buffer[..., :channels]


def is_packed(image: NDArray[np.uint8]) -> bool:
    """Whether `as_words` can give a view of `image`, with no copy."""
    check_image(image)
    if _words_of_whole_buffer(image) is not None:
        return True
    _, width, channels = image.shape
    size = np.dtype(_WORDS[channels]).itemsize
    if image.ctypes.data % size:
        return False
    layout = zip(image.shape, image.strides, (size * width, size, 1), strict=True)
    # NumPy leaves the strides of axes of length 1 open: those decide nothing.
    if any(length > 1 and stride != expected for length, stride, expected in layout):
        return False
    return channels != 3 or _owns_last_byte(image)


def _owns_last_byte(image: NDArray[np.uint8]) -> bool:
    """Whether X of the last pixel lies in memory that belongs to the image's base."""
    base = image.base
    if not isinstance(base, np.ndarray):
        return False
    end_of_words = image.ctypes.data + 4 * image.shape[0] * image.shape[1]
    return bool(end_of_words <= np.lib.array_utils.byte_bounds(base)[1])


def as_words(image: NDArray[np.uint8]) -> NDArray[np.unsignedinteger]:
    """One integer a pixel, shape (height, width), C-contiguous.

    The dtype is uint8 for one channel, uint16 for two, uint32 for three and four. It is a view
    of `image` where `is_packed` holds, and a packed copy where not.
    """
    words = _words_of_whole_buffer(image)
    if words is not None:
        return words
    if not is_packed(image):
        copy = empty(*image.shape)
        copy[...] = image
        image = copy
    height, width, channels = image.shape
    word = np.dtype(_WORDS[channels])
    pixels = np.lib.stride_tricks.as_strided(
        image,
        (height, width * word.itemsize),
        (width * word.itemsize, 1),
        writeable=image.flags.writeable,
    )
    return pixels.view(word)


def _words_of_whole_buffer(image: NDArray[np.uint8]) -> NDArray[np.unsignedinteger] | None:
    """The words of an RGB image that is a whole buffer of `empty`; None of any other.

    Most images are, and this takes a tenth of the time of the general way.
    """
    buffer = image.base
    if not isinstance(buffer, np.ndarray) or image.ndim != 3 or buffer.dtype != np.uint8:
        return None
    height, width, channels = image.shape
    is_view_of_whole = (
        channels == 3
        and buffer.shape == (height, width, 4)
        and buffer.flags.c_contiguous
        and buffer.flags.writeable == image.flags.writeable
        and image.strides == buffer.strides
        and image.__array_interface__["data"][0] == buffer.__array_interface__["data"][0]
    )
    if not is_view_of_whole or image.__array_interface__["data"][0] % 4:
        return None
    return buffer.view(np.uint32).reshape(height, width)


def output_words(out: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.unsignedinteger]:
    """The words of a caller's buffer, to be written to.

    Raises:
        ValueError: `out` is not a writable packed image of `shape`.
    """
    if out.shape != shape or not out.flags.writeable or not is_packed(out):
        raise ValueError(f"out: expected a writable packed image of shape {shape}")
    return as_words(out)
