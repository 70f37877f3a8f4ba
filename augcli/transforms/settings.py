"""The types of transforms' settings: ranges, written as a number or as [low, high].

Whatever was written, a setting is the list [low, high]. What a single number stands for is the
convention of what it measures: an angle reaches as far to both sides of 0, a factor as far to
both sides of 1, and a width or a quality is itself.

    sigma: Annotated[Span, within(0, 50)] = [0.3, 1.5]
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _pair(
    value: object,
    of_number: Callable[[Any], list[Any]],
    expected: str,
    is_one: Callable[[object], bool] = _is_number,
) -> object:
    """[low, high] of either form."""
    if is_one(value):
        return of_number(value)
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_one, value)):
        raise ValueError(f"expected {expected}, or [low, high]")
    if value[0] > value[1]:
        raise ValueError("expected [low, high] with low <= high")
    return value


def _span(value: object) -> object:
    return _pair(value, lambda number: [number, number], "a number")


def _whole_span(value: object) -> object:
    return _pair(value, lambda number: [number, number], "a whole number", _is_whole)


def _around_0(value: object) -> object:
    if _is_number(value) and value < 0:  # type: ignore[operator]  # a number, as was just seen
        raise ValueError("expected 0 or more, as a range reaches as far to both sides")
    return _pair(value, lambda reach: [0 - reach, reach], "a number r for [-r, r]")


def _around_1(value: object) -> object:
    if _is_number(value) and not 0 <= value <= 1:  # type: ignore[operator]  # as above
        raise ValueError("expected a number r from 0 to 1 for [1 - r, 1 + r], or [low, high]")
    return _pair(value, _reach_around_1, "a number r for [1 - r, 1 + r]")


def _reach_around_1(reach: float) -> list[float]:
    """[1 - r, 1 + r] without the digits that binary fractions add: 0.3 for a reach of 0.7."""
    return [round(1 - reach, 12), round(1 + reach, 12)]


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds that both ends of a range must lie in; `within` makes one."""

    lowest: float
    highest: float

    def _check(self, written: object, read: ValidatorFunctionWrapHandler) -> list[Any]:
        value: list[Any] = read(written)
        if not self._holds(*value):
            # A reach such as 0.5 may be within the bounds, and an end of it, as -0.5, beyond.
            is_reach = not isinstance(written, list) and self._holds(written, written)
            meaning = f", and {written} stands for {value}" if is_reach else ""
            raise ValueError(f"expected numbers from {self.lowest:g} to {self.highest:g}{meaning}")
        return value

    def _holds(self, low: Any, high: Any) -> bool:
        return bool(self.lowest <= low <= high <= self.highest)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The type's own schema, and the check around it."""
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The type's own JSON Schema with the bounds; a reach is bounded by the nearer of them."""
        number, pair = handler(schema)["anyOf"]
        bounds = {"minimum": self.lowest, "maximum": self.highest}
        one = {**number, "maximum": self._reach(number)} if "minimum" in number else bounds | number
        return {"anyOf": [one, {**pair, "items": pair["items"] | bounds}]}

    def _reach(self, number: dict[str, Any]) -> float:
        """How far a reach may go to both sides of its middle, which is 1 if it has a maximum."""
        middle = 1 if "maximum" in number else 0
        reach = min(self.highest - middle, middle - self.lowest)
        return round(min(float(number.get("maximum", reach)), reach), 12)


def within(lowest: float, highest: float) -> Within:
    """Both ends of a range must lie from `lowest` to `highest`."""
    return Within(lowest, highest)


def _schema(kind: str, **of_number: float) -> WithJsonSchema:
    pair = {"type": "array", "items": {"type": kind}, "minItems": 2, "maxItems": 2}
    return WithJsonSchema({"anyOf": [{"type": kind, **of_number}, pair]})


Span = Annotated[list[float], BeforeValidator(_span), _schema("number")]
"""v for [v, v], or [low, high]."""
Around0 = Annotated[list[float], BeforeValidator(_around_0), _schema("number", minimum=0)]
"""r for [-r, r], or [low, high]."""
Around1 = Annotated[
    list[float], BeforeValidator(_around_1), _schema("number", minimum=0, maximum=1)
]
"""r for [1 - r, 1 + r], or [low, high]."""
WholeSpan = Annotated[list[int], BeforeValidator(_whole_span), _schema("integer")]
"""n for [n, n], or [low, high], whole numbers."""

_READERS = (_span, _whole_span, _around_0, _around_1)


def is_range(field: FieldInfo) -> bool:
    """Whether a field has one of the types above."""
    return any(
        isinstance(part, BeforeValidator) and part.func in _READERS for part in field.metadata
    )
