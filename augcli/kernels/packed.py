"""8-bit images as one integer a pixel.

An 8-bit image is an array (height, width, channels) of uint8, channels 1 to 4. Its pixels are
`packed` when each takes one aligned word: 1 byte for one channel, 2 for two, 4 for three and
four. So that three channels fit, they live in a (height, width, 4) buffer, whose fourth byte,
X, means nothing; the image is the view `buffer[..., :3]`. That is Pillow's RGBX. The memory of
a new RGB image is an array of its words.

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
    if channels != 3:
        return np.empty((height, width, channels), np.uint8)
    words = np.empty((height, width), np.uint32)
    return words.view(np.uint8).reshape(height, width, 4)[..., :3]


def is_packed(image: NDArray[np.uint8]) -> bool:
    """Whether `as_words` can give a view of `image`, with no copy."""
    return _view_of_words(image) is not None


def _has_layout(image: NDArray[np.uint8]) -> bool:
    """Whether the pixels are aligned words one after the other, of memory that is the image's."""
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
    words = _view_of_words(image)
    if words is not None:
        return words
    copy = empty(*image.shape)
    copy[...] = image
    return as_words(copy)


def _view_of_words(image: NDArray[np.uint8]) -> NDArray[np.unsignedinteger] | None:
    """The words of a packed image, sharing its memory; None of any other."""
    words = _words_of_new_image(image)
    if words is not None:
        return words
    check_image(image)
    if not _has_layout(image):
        return None
    height, width, channels = image.shape
    word = np.dtype(_WORDS[channels])
    pixels = np.lib.stride_tricks.as_strided(
        image,
        (height, width * word.itemsize),
        (width * word.itemsize, 1),
        writeable=image.flags.writeable,
    )
    return pixels.view(word)


def _words_of_new_image(image: NDArray[np.uint8]) -> NDArray[np.unsignedinteger] | None:
    """The words of an RGB image of `empty`, whose base is their array; None of any other.

    Most images are, and this takes a tenth of the time of the general way.
    """
    words = image.base
    if not isinstance(words, np.ndarray) or words.dtype != np.uint32 or image.dtype != np.uint8:
        return None
    is_whole = (
        image.shape == (*words.shape, 3)
        and image.strides == (*words.strides, 1)
        and words.flags.c_contiguous
        and words.flags.writeable == image.flags.writeable
        and words.flags.aligned
        # The only other view of this shape begins at the second byte.
        and image.__array_interface__["data"][0] % 4 == 0
    )
    return words.view() if is_whole else None


def output_words(out: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.unsignedinteger]:
    """The words of a caller's buffer, to be written to.

    Raises:
        ValueError: `out` is not a writable packed image of `shape`.
    """
    words = _view_of_words(out) if out.shape == shape and out.flags.writeable else None
    if words is None:
        raise ValueError(f"out: expected a writable packed image of shape {shape}")
    return words
