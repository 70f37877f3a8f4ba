"""How a change of accuracy is written."""

import pytest
from probed import effect

from augcli.probe import changes


@pytest.mark.parametrize(
    ("value", "text"), [(-3.84, "-3.8"), (2, "+2.0"), (-0.04, "+0.0"), (0, "+0.0")]
)
def test_points(value: float, text: str) -> None:
    """A change has a sign and a tenth, and there is no minus nothing."""
    assert changes.points(value) == text


def test_intervals() -> None:
    """An end that rounds to nothing has no minus either."""
    assert changes.interval(effect(-1.04, 1.0)) == "-2.0 to +0.0"
    assert changes.measured(effect(-1.04, 1.0)) == "-1.0 points (-2.0 to +0.0)"
