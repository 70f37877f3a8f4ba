"""Broken files: what Pillow raises on them, and what to tell their owner."""

import struct
import zlib

from PIL import Image

# What Pillow has raised, somewhere, on bytes that are no whole and honest image: its readers
# index, unpack and multiply what the file says. Warning is here for interpreters told to raise
# them (-W error).
BROKEN_FILE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)

_SIGNS_OF_TRUNCATION = (
    "truncated",
    "eof",
    "not enough",
    "only got",
    "requires a buffer",
    "index out of range",
)


def explain(name: str, data: bytes, error: BaseException) -> str:
    """One sentence on a file that could not be decoded.

    Args:
        name: Its format.
        data: The file.
        error: What was raised, one of `BROKEN_FILE`.
    """
    if isinstance(error, MemoryError):
        return f"not enough memory to decode this {name}"
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, Image.DecompressionBombError):
        return f"{name} larger than Pillow allows ({text})"
    if isinstance(error, EOFError) or _says_truncated(text) or _ends_early(name, data):
        return f"truncated {name}: the file ends before the picture does"
    part = "header" if isinstance(error, SyntaxError) else "data"
    return f"broken {name}: its {part} cannot be read ({text})"


def _says_truncated(text: str) -> bool:
    return any(sign in text.lower() for sign in _SIGNS_OF_TRUNCATION)


def _ends_early(name: str, data: bytes) -> bool:
    """Whether a file is shorter than it says, for formats whose readers do not tell."""
    if name == "WEBP":  # RIFF counts what follows its own size
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    if name == "JPEG2000":  # a codestream ends with EOC: ITU-T T.800, A.4.4
        return not data.endswith(b"\xff\xd9")
    return False
