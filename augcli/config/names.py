"""Nearest names, for messages that say what was probably meant."""

import difflib
from collections.abc import Iterable

_LONGEST_NAME = 64  # comparing takes quadratic time, and no name is nearly as long


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `name` looks most like, None when none comes near."""
    if len(name) > _LONGEST_NAME:
        return None
    by_lower = {candidate.lower(): candidate for candidate in names}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names as a person lists them: `a, b or c`."""
    *most, end = names
    return f"{', '.join(most)} {last} {end}" if most else end
