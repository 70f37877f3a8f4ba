"""The low end, the middle and the high end of every range of a transform, each by itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from augcli.report.words import number
from augcli.transforms.base import Operation, Params, Recipe, Size, significant
from augcli.transforms.ranges import NEUTRAL, Ranges
from augcli.transforms.settings import is_range

_NAMES = ("low", "middle", "high")
_SEED = 0  # of what is drawn besides a range, the same for each of its points


@dataclass(frozen=True, slots=True)
class End:
    """One point of a range.

    Attributes:
        name: What it is called: "low: -15°".
        recipe: The transform with this range at this point.
    """

    name: str
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Ends:
    """One range of a transform.

    Attributes:
        setting: Its name and its value, as the config has them: "rotation_range: 15".
        ends: Its points, from low to high.
        note: What to know besides.
    """

    setting: str
    ends: tuple[End, ...]
    note: str = ""


def ends_of(operation: Operation, size: Size) -> Iterator[Ends]:
    """Every active range of what a step may do to an image of `size`.

    Ranges that are written as [low, high] are pinned to a point, the others to their middles.
    Something without such a range is shown as it is drawn once.
    """
    show = ENDS.get(operation.op, _pinned)
    yield from show(operation, size)


def at_middles(operation: Operation) -> Operation:
    """The operation with each range that is written as [low, high] pinned to its middle."""
    middles = {name: [_middle(*pair)] * 2 for name, pair in _pairs(operation).items()}
    return operation.model_copy(update=middles)


def _pairs(operation: Operation) -> dict[str, tuple[float, float]]:
    """The ranges that are written as [low, high], by their names."""
    return {
        name: tuple(getattr(operation, name))
        for name, field in type(operation).model_fields.items()
        if is_range(field)
    }


def _pinned(operation: Operation, size: Size) -> Iterator[Ends]:
    active = {name: (low, high) for name, (low, high) in _pairs(operation).items() if low != high}
    middle = at_middles(operation)
    for name, (low, high) in active.items():
        ends = [
            _pinned_end(end, name, value, middle, size)
            for end, value in zip(_NAMES, (low, _middle(low, high), high), strict=True)
        ]
        setting = f"{operation.op}, {name}: [{number(low)}, {number(high)}]"
        yield Ends(setting, tuple(ends))
    if not active:
        yield Ends(operation.op, (End("drawn once", drawn_once(operation, size)),))


def _pinned_end(end: str, name: str, value: float, middle: Operation, size: Size) -> End:
    """A point of a range. A size that has to be odd may be drawn as the next one: it is told so."""
    recipe = drawn_once(middle.model_copy(update={name: [value] * 2}), size)
    drawn = recipe[0].get(name) if isinstance(value, int) else None
    return End(f"{end}: {number(drawn if isinstance(drawn, int) else value)}", recipe)


def drawn_once(operation: Operation, size: Size) -> Recipe:
    """What is drawn for an image of `size`, the same in every call."""
    return operation.drawn(np.random.default_rng(_SEED), size)[0]


def _middle(low: float, high: float) -> float:
    """The middle, a whole number where both ends are of that type."""
    if isinstance(low, int) and isinstance(high, int):
        return (low + high) // 2
    return significant((low + high) / 2)


_SHIFTS = ("width_shift_range", "height_shift_range")


@dataclass(frozen=True, slots=True)
class _Span:
    """Three values of one setting of `ranges`: of these parameters, in this unit."""

    setting: str
    params: tuple[str, ...]
    values: tuple[float, float, float]
    unit: str = ""
    note: str = ""

    @property
    def is_active(self) -> bool:
        return any(value != NEUTRAL[self.params[0]] for value in self.values)


def _ranges(operation: Operation, size: Size) -> Iterator[Ends]:
    ranges = cast(Ranges, operation)
    base = ranges.draw(np.random.default_rng(0), size) | NEUTRAL
    for span in _spans(ranges, size):
        if span.is_active:
            ends = tuple(
                _end(f"{name}: {number(value)}{span.unit}", base, dict.fromkeys(span.params, value))
                for name, value in zip(_NAMES, span.values, strict=True)
            )
            yield Ends(_written(span.setting, getattr(ranges, span.setting)), ends, span.note)
    for name in ("horizontal", "vertical"):
        if getattr(ranges, f"{name}_flip"):
            switch = (_end("off", base, {}), _end("on", base, {f"flip_{name}": True}))
            yield Ends(f"{name}_flip: true", switch, "half of the copies")


def _end(name: str, base: Params, params: Params) -> End:
    """A point of `ranges`: `params`, and the others as in `base`."""
    return End(name, [{"op": Ranges.op, **base, **params}])


def _spans(ranges: Ranges, size: Size) -> Iterator[_Span]:
    """All of the ranges, active or not."""
    yield _Span("rotation_range", ("theta",), _around_0(ranges.rotation_range), "°")
    sideways, down = ranges.width_shift_range, ranges.height_shift_range
    yield _Span("width_shift_range", ("ty",), _shifts(sideways, size.width), " px")
    yield _Span("height_shift_range", ("tx",), _shifts(down, size.height), " px")
    yield _Span("shear_range", ("shear",), _around_0(ranges.shear_range), "°")
    zooms = _zooms(ranges.zoom_range)
    if ranges.zoom_keep_aspect:
        yield _Span("zoom_range", ("zx", "zy"), zooms, note="rows and columns together")
    else:
        yield _Span("zoom_range", ("zx",), zooms, note="rows")
        yield _Span("zoom_range", ("zy",), zooms, note="columns, drawn apart from the rows")
    levels = _around_0(ranges.channel_shift_range)
    yield _Span("channel_shift_range", ("channel_shift_intensity",), levels, " levels")
    low, high = ranges.brightness_range or (1.0, 1.0)
    yield _Span("brightness_range", ("brightness",), _between(low, high))


def _written(setting: str, value: object) -> str:
    """A setting as YAML has it. Only of a shift does it matter whether a number has a fraction."""
    if isinstance(value, float) and value.is_integer() and setting not in _SHIFTS:
        value = int(value)
    return f"{setting}: {json.dumps(value)}"


def _around_0(reach: float) -> tuple[float, float, float]:
    return -reach, 0.0, reach


def _between(low: float, high: float) -> tuple[float, float, float]:
    return low, significant((low + high) / 2), high


def _zooms(zoom_range: float | list[float]) -> tuple[float, float, float]:
    if isinstance(zoom_range, list):
        return _between(*zoom_range)
    return significant(1 - zoom_range), 1.0, significant(1 + zoom_range)


def _shifts(shift_range: float | list[float], length: int) -> tuple[float, float, float]:
    """Lowest, middle and highest shift in pixels, by the forms that `width_shift_range` has."""
    if isinstance(shift_range, float):
        return _around_0(shift_range * length if shift_range < 1 else shift_range)
    sizes: Any = shift_range if isinstance(shift_range, list) else range(max(shift_range, 1))
    is_fraction = max(sizes) < 1
    pixels = [significant(size * length) if is_fraction else float(size) for size in sizes]
    shifts = sorted({0.0 + sign * size for size in pixels for sign in (-1, 1)})  # 0.0, not -0.0
    return shifts[0], shifts[len(shifts) // 2], shifts[-1]


ENDS: dict[str, Callable[[Operation, Size], Iterator[Ends]]] = {"ranges": _ranges}
"""How to find the ranges of a transform whose settings are not [low, high], by its name."""
