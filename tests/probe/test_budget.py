"""The budget: how much is looked at in the time there is, by a model and never a clock."""

from dataclasses import replace

import pytest

from augcli.probe.budget import MOST_IMAGES, Size, Task, choose_settings, expected_seconds
from augcli.probe.results import Settings

TASK = Task(
    available=5000,
    stored_pixels=250_000,
    read_pixels=250_000,
    arms=40,
    steps=1,
    copies=4,
    workers=2,
)


def size_of(settings: Settings) -> Size:
    """What settings come to."""
    return Size(settings.images, settings.copies, settings.folds, settings.repeats)


@pytest.mark.parametrize("seconds", [60, 120, 600])
@pytest.mark.parametrize("workers", [1, 2, 16])
def test_what_is_chosen_fits(seconds: float, workers: int) -> None:
    """The time that is expected of the settings is within the budget."""
    task = replace(TASK, workers=workers)
    settings = choose_settings(task, seconds=seconds, seed=0)
    assert expected_seconds(task, size_of(settings)) <= seconds


def test_more_time_means_more_evidence() -> None:
    """A larger budget looks at as many images, copies and networks, or more."""
    chosen = [
        choose_settings(TASK, seconds=seconds, seed=0) for seconds in (15, 30, 60, 120, 600, 3600)
    ]
    looked_at = [found.images * found.copies * found.networks for found in chosen]
    assert looked_at == sorted(looked_at)
    assert (chosen[0].images, chosen[-1].images) == (60, MOST_IMAGES)
    assert chosen[0].networks < chosen[-1].networks


def test_small_sets_are_looked_at_whole_and_often() -> None:
    """Where there are few images, the time goes into networks, and then into copies."""
    task = replace(TASK, available=120, arms=8)
    for seconds, expected in ((60, (120, 4, 5, 2)), (300, (120, 4, 5, 5))):
        settings = choose_settings(task, seconds=seconds, seed=0)
        assert size_of(settings) == Size(*expected)
    once = choose_settings(replace(task, copies=1), seconds=300, seed=0)
    assert size_of(once) == Size(120, 2, 5, 5)


def test_many_arms_leave_time_for_fewer_folds() -> None:
    """Where there is no time for 5 folds of a few images, there are 4, and then 3."""
    task = replace(TASK, available=100, stored_pixels=1e4, read_pixels=1e4)
    chosen = [
        choose_settings(replace(task, arms=arms), seconds=60, seed=0).folds
        for arms in (30, 60, 120)
    ]
    assert chosen == [5, 4, 3]


def test_long_pipelines_leave_time_for_fewer_images() -> None:
    """Copies that take six steps each are fewer than those that take one."""
    short, long = (
        choose_settings(replace(TASK, steps=steps), seconds=60, seed=0) for steps in (1, 6)
    )
    assert long.images < short.images


def test_a_hopeless_budget_still_looks_at_some() -> None:
    """Whatever the budget, some images are looked at."""
    settings = choose_settings(TASK, seconds=0.1, seed=0)
    assert size_of(settings) == Size(60, 1, 3, 1)


def test_memory_is_bounded_and_stated() -> None:
    """Even with all the time in the world it stays within what a laptop has."""
    settings = choose_settings(replace(TASK, available=10**6), seconds=1e6, seed=0)
    assert settings.images <= MOST_IMAGES
    assert 100 < settings.memory_mib < 2500
