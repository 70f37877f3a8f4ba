"""Classes that a mirror or a turn changes, told by their names.

Names say little, so this errs on the side of silence: names are taken word by word, and single
digits or letters that merely number the classes (0 to 4, A to C) are no characters.
"""

import re
from collections.abc import Callable, Collection

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_DIGITS = "0123456789"
_FEW_LETTERS = 5  # A to E are grades as often as letters
_MIRROR_PAIRS = ({"b", "d"}, {"p", "q"})

_SIDES = frozenset({"left", "leftward", "leftwards"})
_OTHER_SIDES = frozenset({"right", "rightward", "rightwards"})
_HEIGHTS = (frozenset({"up", "upward", "upwards"}), frozenset({"down", "downward", "downwards"}))
_HANDED = frozenset(
    {"arrow", "arrows", "clockwise", "anticlockwise", "counterclockwise", "hand", "hands"}
)
_DIRECTED = _HANDED | {"turn", "keep", "exit"}  # beside which "right" is no judgement


def mirrored(names: Collection[str]) -> list[str]:
    """The classes whose images another class may have, or none, when left and right are swapped."""
    words = {name: _words(name) for name in names}
    has_left = any(of_name & _SIDES for of_name in words.values())

    def changes(of_name: frozenset[str]) -> bool:
        is_right = bool(of_name & _OTHER_SIDES) and (has_left or bool(of_name & _DIRECTED))
        return bool(of_name & _SIDES) or is_right or bool(of_name & _HANDED)

    return _chosen(names, words, changes)


def upside_down(names: Collection[str]) -> list[str]:
    """The same, when top and bottom are swapped."""
    words = {name: _words(name) for name in names}
    has_both = all(any(of_name & ways for of_name in words.values()) for ways in _HEIGHTS)

    def changes(of_name: frozenset[str]) -> bool:
        is_high_or_low = any(of_name & ways for ways in _HEIGHTS)
        return (has_both and is_high_or_low) or bool(of_name & _HANDED)

    return _chosen(names, words, changes)


def turned(names: Collection[str]) -> list[str]:
    """The same, when the image is turned by a quarter or more; a turned hand stays that hand."""
    hands = {name for name in names if _words(name) & {"hand", "hands"}}
    either = {*mirrored(names), *upside_down(names)} - hands
    return [name for name in names if name in either]


def _chosen(
    names: Collection[str],
    words: dict[str, frozenset[str]],
    changes: Callable[[frozenset[str]], bool],
) -> list[str]:
    characters = _characters(names)
    return [name for name in names if name in characters or changes(words[name])]


def _words(name: str) -> frozenset[str]:
    """The words of a name, lower case: turn_left, turn-left, turnLeft and TurnLeft have two."""
    return frozenset(word.lower() for word in _WORDS.findall(name))


def _characters(names: Collection[str]) -> set[str]:
    """The names that are a single digit or letter, and stand for what is in the picture."""
    digits = {name for name in names if len(name) == 1 and name in _DIGITS}
    letters = {name for name in names if len(name) == 1 and name.isalpha()}
    if len(digits) < 10 and _are_numbers(digits):
        digits = set()
    if _are_grades(letters):
        letters = set()
    return digits | letters


def _are_numbers(digits: set[str]) -> bool:
    """Whether digits number the classes: 0, 1, 2 and so on, or from 1 on."""
    first = min(digits, default="0")
    ordered = {str(number) for number in range(int(first), int(first) + len(digits))}
    return first in {"0", "1"} and digits == ordered


def _are_grades(letters: set[str]) -> bool:
    """Whether letters number the classes: a few from A on, and no letter with its mirror image."""
    if len(letters) > _FEW_LETTERS or any(pair <= letters for pair in _MIRROR_PAIRS):
        return False
    first = "A" if "A" in letters else "a"
    return letters == {chr(ord(first) + number) for number in range(len(letters))}
