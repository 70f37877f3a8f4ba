"""Where the marks of a probe's charts go, in percent of a chart's width or height.

Charts are as wide as their place on the page: shares of it need no script to fit.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from augcli.probe.results import ClassEffect, Effect, RangeResult

_STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100)  # points between ticks
_MOST_STEPS = 6
_MARGIN = 0.04  # of an axis, beyond its first and last tick


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of changes in points.

    Attributes:
        ticks: In ascending order and evenly spaced, 0 among them; all values lie between the
            first and the last.
    """

    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """How far along the axis a value lies, to a hundredth of a percent."""
        low, high = self.ticks[0], self.ticks[-1]
        share = (value - low) / (high - low)
        return round(100 * (_MARGIN + (1 - 2 * _MARGIN) * share), 2)

    def height(self, value: float) -> float:
        """The same from the top, for an axis that points up."""
        return round(100 - self.percent(value), 2)


def axis_through(values: Iterable[float]) -> Axis:
    """An axis that reaches from the lowest to the highest value, and over 0."""
    reach = [0.0, *values]
    low, high = min(reach), max(reach)
    step = next((step for step in _STEPS if (high - low) / step <= _MOST_STEPS), _STEPS[-1])
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = -1, 1
    return Axis(tuple(step * number for number in range(first, last + 1)))


def axis_of_effects(effects: Iterable[Effect]) -> Axis:
    """An axis that all intervals fit on."""
    return axis_through(
        end for effect in effects for end in (effect.interval.low, effect.interval.high)
    )


def axis_of_classes(classes: Iterable[ClassEffect]) -> Axis:
    """An axis that the changes of all classes fit on."""
    return axis_through(one.change for one in classes)


@dataclass(frozen=True, slots=True)
class Dose:
    """A point of a dose curve.

    Attributes:
        x: How far to the right, in percent.
        scale: Of the width as it is written; 0 for none of it.
        effect: What was measured; None where the scale is 0, which is what all is compared with.
    """

    x: float
    scale: float
    effect: Effect | None

    @property
    def change(self) -> float:
        """In points."""
        return 0.0 if self.effect is None else self.effect.change


def dose_curve(of_range: RangeResult) -> Sequence[Dose]:
    """The points of a range's dose curve, evenly spaced from none to the widest.

    There are none where the range has one width alone.
    """
    if len(of_range.doses) < 2:
        return []
    width = 100 / (len(of_range.doses) + 1)
    return [
        Dose(round(width / 2, 2), 0.0, None),
        *(
            Dose(round(width * (place + 0.5), 2), effect.scale or 0.0, effect)
            for place, effect in enumerate(of_range.doses, start=1)
        ),
    ]
