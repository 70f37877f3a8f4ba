"""Lines of text that fit a width."""

from collections.abc import Callable

Measure = Callable[[str], int]
"""Gives the width of a line."""

ELLIPSIS = "…"


def ellipsized(text: str, width: int, measure: Measure) -> str:
    """The text if it fits, else its two ends: of a long file name, the end tells most."""
    if measure(text) <= width:
        return text
    for kept in range(len(text) - 1, 0, -1):
        tail = kept // 2
        shorter = text[: kept - tail].rstrip() + ELLIPSIS + text[len(text) - tail :].lstrip()
        if measure(shorter) <= width:
            return shorter
    return ELLIPSIS


def wrapped(text: str, width: int, measure: Measure, *, most: int) -> list[str]:
    """The text in lines, broken between words, `most` at most; the last then has what is left.

    A word that is wider than a line stands alone, for `ellipsized` to cut.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (measure(longer) <= width or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
