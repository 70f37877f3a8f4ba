"""Files that hold more bits a channel than Pillow gives out.

Pillow reads grey of 16 bits as it is, but reduces colour to 8 bits without a word. These
functions see it in the file's header, so that it never happens unasked.
"""

import re
from collections.abc import Callable

from PIL import ImageFile

_BITS_PER_SAMPLE = 258  # TIFF 6.0, section 8
_EIGHT_BIT_MODES = frozenset(
    {"L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB"}
)


def _png(data: bytes, _: ImageFile.ImageFile) -> int:
    return data[24]  # IHDR, the first chunk: PNG, section 11.2.2


def _tiff(_: bytes, image: ImageFile.ImageFile) -> int:
    tags = getattr(image, "tag_v2", {})
    return int(max(tags.get(_BITS_PER_SAMPLE, (1,))))


def _ppm(_: bytes, image: ImageFile.ImageFile) -> int:
    arguments = image.tile[0].args
    maxval = arguments[1] if isinstance(arguments, tuple) else 255
    return int(maxval).bit_length()


def _sgi(data: bytes, _: ImageFile.ImageFile) -> int:
    return 8 * data[3]


def _jpeg2000(data: bytes, _: ImageFile.ImageFile) -> int:
    """From the SIZ segment: ITU-T T.800, A.5.1."""
    start = data.find(b"\xff\x4f\xff\x51")
    components = int.from_bytes(data[start + 40 : start + 42])
    depths = data[start + 42 : start + 42 + 3 * components : 3]
    return max((depth & 0x7F) + 1 for depth in depths)


def _avif(data: bytes, _: ImageFile.ImageFile) -> int:
    """From the AV1 configuration boxes: AV1-ISOBMFF, section 2.3.3."""
    flags = re.findall(rb"av1C\x81.(.)", data[:65536], re.DOTALL)
    return max((_av1_bits(flag[0]) for flag in flags), default=8)


def _av1_bits(flag: int) -> int:
    high_bit_depth, twelve_bit = flag & 0x40, flag & 0x20
    if not high_bit_depth:
        return 8
    return 12 if twelve_bit else 10


_BITS: dict[str, Callable[[bytes, ImageFile.ImageFile], int]] = {
    "PNG": _png,
    "TIFF": _tiff,
    "PPM": _ppm,
    "SGI": _sgi,
    "JPEG2000": _jpeg2000,
    "AVIF": _avif,
}


def lost_bits(data: bytes, image: ImageFile.ImageFile) -> int:
    """Bits a channel of a file that Pillow would give out as 8; 0 where nothing is lost.

    Args:
        data: The file.
        image: The file, opened but not loaded.
    """
    bits_of = _BITS.get(image.format or "")
    if bits_of is None or image.mode not in _EIGHT_BIT_MODES:
        return 0
    bits = bits_of(data, image)
    return bits if bits > 8 else 0
