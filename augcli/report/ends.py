"""The low end, the middle and the high end of every range of a transform, each by itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from augcli.report.words import number
from augcli.transforms.base import Params, Size, Transform, significant
from augcli.transforms.ranges import NEUTRAL, Ranges


@dataclass(frozen=True, slots=True)
class End:
    """One point of a range.

    Attributes:
        name: What it is called: "low: -15°".
        params: Parameters of the transform in which nothing but this range has an effect.
    """

    name: str
    params: Params


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


def ends_of(transform: Transform, size: Size) -> Iterator[Ends]:
    """Every active range of a transform, for an image of `size`; none of one not in `ENDS`."""
    show = ENDS.get(transform.op)
    if show is not None:
        yield from show(transform, size)


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


def _ranges(transform: Transform, size: Size) -> Iterator[Ends]:
    ranges = cast(Ranges, transform)
    base = ranges.draw(np.random.default_rng(0), size) | NEUTRAL
    for span in _spans(ranges, size):
        if span.is_active:
            ends = tuple(
                End(f"{name}: {number(value)}{span.unit}", base | dict.fromkeys(span.params, value))
                for name, value in zip(("low", "middle", "high"), span.values, strict=True)
            )
            yield Ends(_written(span.setting, getattr(ranges, span.setting)), ends, span.note)
    for name in ("horizontal", "vertical"):
        if getattr(ranges, f"{name}_flip"):
            switch = (End("off", base), End("on", base | {f"flip_{name}": True}))
            yield Ends(f"{name}_flip: true", switch, "half of the copies")


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


ENDS: dict[str, Callable[[Transform, Size], Iterator[Ends]]] = {"ranges": _ranges}
"""How to find the ranges of a transform, by its name."""
