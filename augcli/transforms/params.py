"""Parameters taken out of a recipe's step, in the type that they have.

A `TypeError` here means that a recipe was not made by `draw`, but by a hand in the manifest.
"""

from augcli.transforms.base import Params


def number(params: Params, name: str) -> float:
    """A number."""
    value = params[name]
    if isinstance(value, int | float):
        return float(value)
    raise _unexpected(name, value, "a number")


def integer(params: Params, name: str) -> int:
    """A whole number, such as a seed."""
    value = params[name]
    if isinstance(value, int):
        return value
    raise _unexpected(name, value, "a whole number")


def flag(params: Params, name: str) -> bool:
    """Yes or no."""
    value = params[name]
    if isinstance(value, bool):
        return value
    raise _unexpected(name, value, "true or false")


def text(params: Params, name: str) -> str:
    """One of a few words."""
    value = params[name]
    if isinstance(value, str):
        return value
    raise _unexpected(name, value, "a text")


def _unexpected(name: str, value: object, expected: str) -> TypeError:
    return TypeError(f"{name} is {value!r}: expected {expected}")
