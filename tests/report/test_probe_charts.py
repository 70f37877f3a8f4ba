"""Where the marks of a probe's charts go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probed import effect, flips, rotation

from augcli.probe.results import ClassEffect
from augcli.report.probe_charts import (
    axis_of_classes,
    axis_of_effects,
    axis_through,
    dose_curve,
)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (-0.5, 0, 0.5)),
        ([0.2], (0, 0.5)),
        ([-12.6, 3.0], (-15, -10, -5, 0, 5)),
        ([-400.0], (-400, -300, -200, -100, 0)),
    ],
)
def test_ticks(values: list[float], ticks: tuple[float, ...]) -> None:
    """Ticks are round, few, and reach over the values and 0."""
    assert axis_through(values).ticks == ticks


def test_places() -> None:
    """The ends of an axis lie a little inside the chart; upwards is counted from the top."""
    axis = axis_through([-1.0, 1.0])
    assert [axis.percent(value) for value in (axis.ticks[0], 0, axis.ticks[-1])] == [4, 50, 96]
    assert axis.height(axis.ticks[-1]) == 4


@given(st.lists(st.floats(-100, 100), max_size=5))
def test_all_values_are_on_the_chart(values: list[float]) -> None:
    """No value lies outside of it, and a higher value lies further along."""
    axis = axis_through(values)
    places = [axis.percent(value) for value in sorted(values)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)


def test_axes_of_results() -> None:
    """Intervals and changes of classes fit on their axes."""
    assert axis_of_effects([effect(-3.0, 2.5)]).ticks == (-6, -5, -4, -3, -2, -1, 0)
    assert axis_of_classes([ClassEffect("a", 3, 50.0, 9.5)]).ticks == (0, 2, 4, 6, 8, 10)


def test_dose_curve() -> None:
    """It starts at nothing without an interval; a range of one width has none."""
    curve = dose_curve(rotation())
    assert [dose.x for dose in curve] == [10, 30, 50, 70, 90]
    assert [dose.scale for dose in curve] == [0, 0.25, 0.5, 1, 2]
    assert curve[0].effect is None
    assert curve[0].change == 0
    assert curve[3].change == 6.9
    assert dose_curve(flips()) == []
