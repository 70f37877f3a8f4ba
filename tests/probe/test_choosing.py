"""Which width is chosen."""

import numpy as np

from augcli.probe.choosing import best_scale
from augcli.probe.effects import Panel

PANEL = Panel(np.ones(4), np.arange(4), 5)
WRITTEN = np.array([70.0, 72.0, 71.0, 69.0])


def test_a_clearly_better_width_is_chosen() -> None:
    """Half of the width is better on every image."""
    accuracies = {0.0: WRITTEN + 1, 0.5: WRITTEN + np.array([4, 5, 6, 5]), 1.0: WRITTEN}
    assert best_scale(accuracies, PANEL) == 0.5


def test_what_is_written_stays_where_others_are_a_little_better() -> None:
    """A gain within one standard error changes nothing."""
    noisy = WRITTEN + np.array([8, -6, 5, -4])
    assert best_scale({0.0: WRITTEN - 2, 0.5: noisy, 1.0: WRITTEN}, PANEL) == 1


def test_none_is_chosen_where_every_width_hurts() -> None:
    """Without the range the accuracy is best."""
    assert best_scale({0.0: WRITTEN + 5, 0.5: WRITTEN + 3, 1.0: WRITTEN}, PANEL) == 0


def test_of_equals_the_nearest_to_what_is_written() -> None:
    """Twice as wide does as well as a quarter: nearer by one doubling."""
    better = WRITTEN + 5
    accuracies = {0.0: WRITTEN, 0.25: better, 1.0: WRITTEN, 2.0: better}
    assert best_scale(accuracies, PANEL) == 2
    assert best_scale({0.0: WRITTEN, 1.0: WRITTEN}, PANEL) == 1


def test_wider_has_to_be_better_than_none() -> None:
    """Twice the width undoes what the written one costs, and no more: that is no reason."""
    wider = WRITTEN + np.array([3.5, 2.5, 4, 3])
    assert best_scale({0.0: WRITTEN + 3, 1.0: WRITTEN, 2.0: wider}, PANEL) == 0
    assert best_scale({0.0: WRITTEN, 1.0: WRITTEN, 2.0: wider}, PANEL) == 2
