"""Keras' arguments as augcli's settings: tuples, arrays and NumPy's numbers made plain."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from augcli.fields import Model
from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import Standardization

Range = float | Sequence[float] | NDArray[Any]
"""A number, or several."""

M = TypeVar("M", bound=Model)

_PLAIN_TYPES = frozenset({bool, int, float, str, type(None)})


def zoom_bounds(zoom_range: Range) -> list[float]:
    """Lowest and highest zoom: [1 - z, 1 + z] of a number z, and (low, high) as they are.

    Raises:
        ValueError: Neither a number between -1 and 1 nor two numbers above 0.
    """
    value = _plain(zoom_range)
    if _is_number(value) and abs(value) < 1:
        return [1.0 - value, 1.0 + value]
    is_pair = isinstance(value, tuple) and len(value) == 2
    if is_pair and all(_is_number(bound) and bound > 0 for bound in value):
        return [float(bound) for bound in value]
    raise ValueError(
        "`zoom_range`: expected a number z between -1 and 1 for (1 - z, 1 + z), or (low, high) "
        f"above 0. Received: {zoom_range!r}"
    )


def split_fraction(validation_split: Any) -> float:
    """The fraction of the samples that is for validation; 0 for None.

    Raises:
        ValueError: No number from 0 to below 1.
    """
    value = _plain(validation_split) or 0
    if _is_number(value) and 0 <= value < 1:
        return float(value)
    raise ValueError(
        f"`validation_split`: expected a number from 0 to below 1. Received: {validation_split!r}"
    )


def make_ranges(**arguments: Any) -> Ranges:
    """The transforms that Keras' arguments ask for.

    A negative number stands for its absolute value, and bounds may come in either order, since
    each is drawn from evenly. None is no range.

    Args:
        arguments: Of `ImageDataGenerator`, which says what they are; zoom_range is (low, high).

    Raises:
        ValueError: One of them has none of its values.
    """
    settings = _settings(arguments)
    with _explained(Ranges, arguments):
        return _ranges(**settings)


def make_standardization(**arguments: Any) -> Standardization:
    """The standardisation that Keras' arguments ask for; see `ImageDataGenerator`.

    Args:
        arguments: The switches of `Standardization`, its rescale and its zca_epsilon.

    Raises:
        ValueError: One of them has none of its values.
    """
    settings = _settings(arguments)
    with _explained(Standardization, arguments):
        return _standardization(**settings)


def checked(model: type[M], arguments: Mapping[str, Any]) -> M:
    """The settings that Keras' arguments of the same names stand for.

    Raises:
        ValueError: One of them has none of its values.
    """
    with _explained(model, arguments):
        return model.model_validate(_with_lists(_settings(arguments)))


# A generator's attributes may be changed at any time, so every image asks anew, and checking the
# settings takes as long as moving a small image. `typed`: a shift by 2 is not one by 2.0.
@lru_cache(maxsize=64, typed=True)
def _ranges(**settings: Any) -> Ranges:
    return Ranges.model_validate(_with_lists(settings))


@lru_cache(maxsize=64)
def _standardization(**settings: Any) -> Standardization:
    return Standardization.model_validate(_with_lists(settings))


def _with_lists(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Tuples, which a cache can hold, as the lists that a model takes."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()
    }


def _settings(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the settings they stand for, in plain values that a cache can hold."""
    return {name: _READERS.get(name, _plain)(value) for name, value in arguments.items()}


@contextmanager
def _explained(model: type[Model], arguments: Mapping[str, Any]) -> Iterator[None]:
    """What `model` finds wrong within, as a ValueError in one line: each argument as given."""
    try:
        yield
    except ValidationError as error:
        details = {str(detail["loc"][0]): detail for detail in error.errors()}
        problems = (
            f"`{name}`: {_expected(detail, model)}. Received: {arguments[name]!r}"
            for name, detail in details.items()
        )
        raise ValueError("; ".join(problems)) from error


def _expected(detail: ErrorDetails, model: type[Model]) -> str:
    if detail["type"] == "value_error":  # raised by the model, in words for a person
        return str(detail["ctx"]["error"])
    from augcli.config.messages import expectation  # noqa: PLC0415  loads the config; seldom wanted

    name = str(detail["loc"][0])
    return f"expected {_EXPECTED.get(name) or expectation(model, name)}"


def _is_number(value: object) -> bool:
    """Whether a plain value is one."""
    return isinstance(value, (int, float))


def _plain(value: Any) -> Any:
    """Numbers as Python's own and sequences as tuples; all else as it is, to be refused."""
    if type(value) in _PLAIN_TYPES:  # most are, and each image asks
        return value
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Real) and not _is_number(value):  # such as a fraction
        return float(value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return tuple(map(_plain, value))


def _magnitude(value: Any) -> Any:
    """A range that reaches as far to both sides; 0 of None and of False, as in the reference."""
    plain = 0 if value is None else _plain(value)
    return abs(plain) if _is_number(plain) else plain


def _factor(value: Any) -> Any:
    """A factor; None of 0 and of False, as in the reference."""
    return _plain(value) or None


def _bounds(value: Any) -> Any:
    """A pair, the lower number first."""
    plain = _plain(value)
    is_sortable = isinstance(plain, tuple) and all(map(_is_number, plain))
    return tuple(sorted(plain)) if is_sortable else plain


_EXPECTED = {
    "brightness_range": "(low, high), numbers from 0 on",
    "keep_aspect_ratio": "True or False",
    "rescale": "a number",
    "target_size": "(height, width), whole numbers from 1 to 100000",
}
"""What an argument takes, where the words of its setting are those of YAML."""

_READERS: dict[str, Callable[[Any], Any]] = {
    "rotation_range": _magnitude,
    "width_shift_range": _magnitude,
    "height_shift_range": _magnitude,
    "shear_range": _magnitude,
    "channel_shift_range": _magnitude,
    "zoom_range": _bounds,
    "brightness_range": _bounds,
    "rescale": _factor,
    "horizontal_flip": bool,
    "vertical_flip": bool,
}
"""How an argument becomes a setting, where it takes more than plain numbers."""
