"""Lines of text that fit a width."""

from bisect import bisect_right
from collections.abc import Callable

Measure = Callable[[str], int]
"""Gives the width of a line."""

ELLIPSIS = "…"


def ellipsized(text: str, width: int, measure: Measure) -> str:
    """The text if it fits, else its two ends: of a long file name, the end tells most."""
    return _shortened(text, width, measure, _ends)


def clipped(text: str, width: int, measure: Measure) -> str:
    """The text if it fits, else its beginning: a sentence is read from there."""
    return _shortened(text, width, measure, _beginning)


def _shortened(text: str, width: int, measure: Measure, shorter: Callable[[str, int], str]) -> str:
    """The text if it fits, else the most of it that fits, as `shorter` keeps so many letters."""
    if measure(text) <= width:
        return text
    longest = bisect_right(range(len(text)), width, key=lambda kept: measure(shorter(text, kept)))
    return shorter(text, max(0, longest - 1))


def _beginning(text: str, kept: int) -> str:
    """So many letters of a text, and a sign that there were more."""
    return text[:kept].rstrip() + ELLIPSIS


def _ends(text: str, kept: int) -> str:
    """So many letters of a text, half of them from its end."""
    tail = kept // 2
    return text[: kept - tail].rstrip() + ELLIPSIS + text[len(text) - tail :].lstrip()


def wrapped(text: str, width: int, measure: Measure, *, most: int) -> list[str]:
    """The text in lines, broken between words, `most` at most; the last then has what is left.

    A word that is wider than a line stands alone, for `ellipsized` to cut; a last line with more
    than fits is for `clipped`.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (measure(longer) <= width or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
