"""PNG: written quickly, and 16-bit samples read whole, where Pillow reduces colour to 8 bits.

The format is that of the PNG specification, third edition (https://www.w3.org/TR/png-3/): rows
are filtered into differences to a prediction, then deflated.

Deflating is by `deflate`, in a fraction of zlib's time, except where a longer search makes a
picture smaller.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from isal import isal_zlib
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import deflate, packed

Compression = Literal["fast", "balanced", "smallest"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS_OF_TYPE = {0: 1, 2: 3, 4: 2, 6: 4}  # PNG's colour types; 3 is the palette
_TYPE_OF_CHANNELS = {channels: kind for kind, channels in _CHANNELS_OF_TYPE.items()}
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)
_EVERY_FILTER = (_NONE, _SUB, _UP, _AVERAGE, _PAETH)
_FLAT = 16  # a picture that deflates to less than a sixteenth is flat
_CHUNK = 2**30  # bytes of an IDAT chunk; a chunk must stay below 2**31

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _drop_fourth_byte(words: NDArray[np.uint32], out: NDArray[np.uint8]) -> None:
    """Packed RGB, shape (height, width), to three bytes a pixel, (height, 3 * width)."""
    for i in range(words.shape[0]):
        row, out_row = words[i], out[i]
        for j in range(len(row)):
            out_row[3 * j] = np.uint8(row[j])
            out_row[3 * j + 1] = np.uint8(row[j] >> 8)
            out_row[3 * j + 2] = np.uint8(row[j] >> 16)


@_jit
def _distance(a: np.uint8, b: np.uint8) -> np.uint8:
    return np.uint8(max(a, b) - min(a, b))


@_jit
def _paeth(left: np.uint8, up: np.uint8, upper_left: np.uint8) -> np.uint8:
    """Of the three, the nearest to left + up - upper_left; the first of those as near.

    Every step fits into 8 bits, so that a vector holds as many pixels as it can. The sum is
    |left - upper_left| from `up`, and |up - upper_left| from `left`. From `upper_left` it is the
    difference of these two where `upper_left` lies between the others. Elsewhere it is their
    sum, and never the least of the three, so any upper limit will do.
    """
    from_left = _distance(up, upper_left)
    from_up = _distance(left, upper_left)
    is_between = (up >= upper_left) != (left >= upper_left)
    from_upper_left = _distance(from_left, from_up) if is_between else np.uint8(255)
    nearest = up if from_up <= from_upper_left else upper_left
    return left if from_left <= from_up and from_left <= from_upper_left else nearest


@_jit
def _predict(kind: int, left: np.uint8, up: np.uint8, upper_left: np.uint8) -> np.uint8:
    if kind == _SUB:
        return left
    if kind == _UP:
        return up
    if kind == _AVERAGE:
        return np.uint8((np.int16(left) + np.int16(up)) >> 1)
    if kind == _PAETH:
        return _paeth(left, up, upper_left)
    return np.uint8(0)


@_jit
def _differences(
    kind: int,
    row: NDArray[np.uint8],
    left: NDArray[np.uint8],
    up: NDArray[np.uint8],
    upper_left: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """The bytes of `row` less their predictions from the neighbours of each."""
    for j in range(len(out)):
        out[j] = np.uint8(row[j] - _predict(kind, left[j], up[j], upper_left[j]))


@_jit
def _filter_row(
    kind: int,
    row: NDArray[np.uint8],
    above: NDArray[np.uint8],
    zeros: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """The first pixel has `zeros` to its left, as many as it has bytes."""
    step = len(zeros)
    _differences(kind, row[:step], zeros, above[:step], zeros, out[:step])
    _differences(kind, row[step:], row[:-step], above[step:], above[:-step], out[step:])


@_jit
def _filter_as(
    kind: int,
    row: NDArray[np.uint8],
    above: NDArray[np.uint8],
    zeros: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """`_filter_row`, with loops of its own for every kind, so that each works on vectors."""
    if kind == _NONE:
        _filter_row(_NONE, row, above, zeros, out)
    elif kind == _SUB:
        _filter_row(_SUB, row, above, zeros, out)
    elif kind == _UP:
        _filter_row(_UP, row, above, zeros, out)
    elif kind == _AVERAGE:
        _filter_row(_AVERAGE, row, above, zeros, out)
    else:
        _filter_row(_PAETH, row, above, zeros, out)


@_jit
def _sum_of_sizes(differences: NDArray[np.uint8]) -> int:
    """Each taken as a signed byte: the smaller the sum, the better the row is likely to deflate."""
    total = 0
    for difference in differences:
        total += abs(int(np.int8(difference)))
    return total


@_jit
def _filter_rows(
    rows: NDArray[np.uint8],
    blank: NDArray[np.uint8],
    step: int,
    kinds: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """Every row, by the best of `kinds` for it, after a byte that names the kind.

    `blank` is a row of 0, read-only as `rows` are: arrays of one type need one version of all that
    is called here.
    """
    above = blank
    zeros = blank[:step]
    trial = np.empty(rows.shape[1], np.uint8)
    for i in range(rows.shape[0]):
        out[i, 0] = kinds[0]
        _filter_as(kinds[0], rows[i], above, zeros, out[i, 1:])
        if len(kinds) > 1:
            smallest = _sum_of_sizes(out[i, 1:])
            for kind in kinds[1:]:
                _filter_as(kind, rows[i], above, zeros, trial)
                size = _sum_of_sizes(trial)
                if size < smallest:
                    smallest = size
                    out[i, 0] = kind
                    for j in range(len(trial)):
                        out[i, 1 + j] = trial[j]
        above = rows[i]


@_jit
def _unfilter_rows(filtered: NDArray[np.uint8], step: int) -> int:
    """Turns differences back into bytes, in place; the first row of an unknown kind, or -1."""
    height, length = filtered.shape
    for i in range(height):
        kind = filtered[i, 0]
        if kind > _PAETH:
            return i
        for j in range(1, length):
            left = np.uint8(filtered[i, j - step] if j > step else 0)
            up = np.uint8(filtered[i - 1, j] if i > 0 else 0)
            upper_left = np.uint8(filtered[i - 1, j - step] if i > 0 and j > step else 0)
            prediction = _predict(kind, left, up, upper_left)
            filtered[i, j] = np.uint8(filtered[i, j] + prediction)
    return -1


def encode_png(
    image: NDArray[Any],
    *,
    compression: Compression = "balanced",
    icc_profile: bytes | None = None,
) -> bytes:
    """A PNG file of `image`.

    Args:
        image: uint8 or uint16 of shape (height, width, channels): 1 grey, 2 grey and alpha,
            3 RGB, 4 RGB and alpha. Any strides will do.
        compression: The pixels are the same. "balanced" is as quick as "fast" on photos, and takes
            its time on flat pictures, such as masks, to make them smaller; "smallest" takes many
            times as long on all of them.
        icc_profile: The colour profile to embed.

    Raises:
        ValueError: `image` has another dtype or shape, or no pixels.
    """
    if image.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"PNG holds uint8 or uint16, not {image.dtype}")
    if image.ndim != 3 or image.shape[2] not in _TYPE_OF_CHANNELS or not image.size:
        raise ValueError(f"PNG holds images (height, width, 1 to 4), not {image.shape}")
    height, width, channels = image.shape
    depth = 8 * image.dtype.itemsize
    header = struct.pack(">IIBBBBB", width, height, depth, _TYPE_OF_CHANNELS[channels], 0, 0, 0)
    parts = [_SIGNATURE, *_chunk(b"IHDR", header)]
    if icc_profile is not None:
        parts.extend(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc_profile)))
    deflated = _deflate(image, compression)
    for start in range(0, len(deflated), _CHUNK):
        parts.extend(_chunk(b"IDAT", deflated[start : start + _CHUNK]))
    parts.extend(_chunk(b"IEND", b""))
    return b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> tuple[bytes, bytes, bytes]:
    """What a chunk consists of: the body in the middle is the largest part, and not copied."""
    checksum = isal_zlib.crc32(body, isal_zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind, body, struct.pack(">I", checksum)


def _deflate(image: NDArray[Any], compression: Compression) -> bytes:
    """The filtered and deflated rows.

    The Paeth filter alone comes within a hundredth of the best filter a row on photos, at half of
    its time. Flat pictures are smallest with no filter, and repeat themselves, so zlib's search
    is worth its time there.
    """
    if compression == "smallest":
        return _smallest(image)
    deflated = deflate.compress(_filtered(image, (_PAETH,)))
    if compression == "balanced" and len(deflated) * _FLAT < image.nbytes:
        deflated = min(deflated, zlib.compress(_filtered(image, (_NONE,)).data, 6), key=len)
    return deflated


def _smallest(image: NDArray[Any]) -> bytes:
    """The smallest of several ways: which it is differs from photo to photo.

    It is never larger than "balanced". The three searches by zlib take nearly all of the time.
    """
    best_filters = _filtered(image, _EVERY_FILTER)
    return min(
        _deflate(image, "balanced"),
        deflate.compress(best_filters),
        _zlib(best_filters, zlib.Z_FILTERED),
        _zlib(_filtered(image, (_SUB, _UP)), zlib.Z_DEFAULT_STRATEGY),
        _zlib(_filtered(image, (_NONE,)), zlib.Z_DEFAULT_STRATEGY),
        key=len,
    )


def _zlib(rows: NDArray[np.uint8], strategy: int) -> bytes:
    stream = zlib.compressobj(9, strategy=strategy)
    return stream.compress(rows.data) + stream.flush()


def _filtered(image: NDArray[Any], kinds: tuple[int, ...]) -> NDArray[np.uint8]:
    """The rows as they are deflated, one after the other: each its filter's kind and its bytes."""
    height, width, channels = image.shape
    step = channels * image.dtype.itemsize
    out = np.empty((height, 1 + width * step), np.uint8)
    blank = np.zeros(width * step, np.uint8)
    blank.flags.writeable = False
    _filter_rows(_bytes_of_rows(image), blank, step, np.array(kinds, np.uint8), out)
    return out.reshape(-1)


def _bytes_of_rows(image: NDArray[Any]) -> NDArray[np.uint8]:
    """The samples, shape (height, bytes of a row), 16-bit ones high byte first; C-contiguous."""
    height, width, channels = image.shape
    if image.dtype == np.uint8 and channels == 3 and packed.is_packed(image):
        words = packed.as_words(image).view()
        words.flags.writeable = False
        rows = np.empty((height, 3 * width), np.uint8)
        _drop_fourth_byte(words, rows)
    else:
        samples = np.ascontiguousarray(image, ">u2" if image.itemsize == 2 else np.uint8)
        rows = samples.view(np.uint8).reshape(height, -1)
    rows = rows.view()
    rows.flags.writeable = False  # numba compiles one version, for read-only arrays
    return rows


def decode_png16(data: bytes) -> NDArray[np.uint16]:
    """The samples of a 16-bit PNG, shape (height, width, channels) as in `encode_png`.

    Chunks other than IHDR, IDAT and IEND are passed over; a colour declared as transparent
    (tRNS) stays a colour. Memory is taken for the size that the header declares, and no more
    than that: the caller decides beforehand whether it is too large.

    Raises:
        ValueError: `data` is no 16-bit PNG, is interlaced, or is corrupt.
    """
    if not data.startswith(_SIGNATURE):
        raise ValueError("not a PNG file")
    header = b""
    body = []
    for kind, content in _chunks(data):
        if not header and kind != b"IHDR":
            raise ValueError("corrupt PNG: it does not begin with its header")
        if kind == b"IHDR":
            header = bytes(content)
        elif kind == b"IDAT":
            body.append(content)
    height, width, channels = _shape_in_header(header)
    step = 2 * channels
    rows = _inflate(b"".join(body), height * (1 + width * step))
    filtered = np.frombuffer(rows, np.uint8).reshape(height, 1 + width * step)
    wrong_row = _unfilter_rows(filtered, step)
    if wrong_row >= 0:
        raise ValueError(f"corrupt PNG: row {wrong_row} has an unknown filter")
    samples = np.ascontiguousarray(filtered[:, 1:]).view(">u2")
    return samples.astype(np.uint16).reshape(height, width, channels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and content of the chunks before IEND, those that are decoded checked."""
    view = memoryview(data)
    position = len(_SIGNATURE)
    while True:
        if position + 12 > len(data):
            raise ValueError("corrupt PNG: it is cut short")
        (length,) = struct.unpack_from(">I", data, position)
        kind = bytes(view[position + 4 : position + 8])
        end = position + 8 + length
        if kind == b"IEND":
            return
        if end + 4 > len(data):
            raise ValueError("corrupt PNG: it is cut short")
        if kind in {b"IHDR", b"IDAT"}:
            (checksum,) = struct.unpack_from(">I", data, end)
            if zlib.crc32(view[position + 4 : end]) != checksum:
                raise ValueError(f"corrupt PNG: checksum of {kind.decode()} does not match")
        yield kind, view[position + 8 : end]
        position = end + 4


def _shape_in_header(header: bytes) -> tuple[int, int, int]:
    """Height, width and channels that an IHDR chunk declares."""
    if len(header) != 13:
        raise ValueError("corrupt PNG: its header is not 13 bytes long")
    width, height, depth, kind, compression, filtering, interlace = struct.unpack(
        ">IIBBBBB", header
    )
    if depth != 16 or kind not in _CHANNELS_OF_TYPE:
        raise ValueError(f"not a 16-bit PNG: depth {depth}, colour type {kind}")
    if not (0 < width < 2**31 and 0 < height < 2**31) or compression or filtering:
        raise ValueError("corrupt PNG: its header declares what PNG does not have")
    if interlace:
        raise ValueError("interlaced 16-bit PNG cannot be read; save it without interlacing")
    return height, width, _CHANNELS_OF_TYPE[kind]


def _inflate(body: bytes, size: int) -> bytearray:
    """Exactly `size` bytes, never more, from a complete zlib stream."""
    stream = zlib.decompressobj()
    try:
        rows = bytearray(stream.decompress(body, size + 1))
    except zlib.error as error:
        raise ValueError(f"corrupt PNG: {error}") from error
    if len(rows) != size or not stream.eof:
        raise ValueError("corrupt PNG: it holds more or fewer pixels than its header declares")
    return rows
