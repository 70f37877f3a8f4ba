"""The budget: how much is looked at in the time there is, by a model and never a clock."""

from dataclasses import replace

import pytest

from augcli.probe.budget import MOST_IMAGES, Task, choose_settings, expected_seconds

TASK = Task(
    available=5000,
    stored_pixels=250_000,
    read_pixels=250_000,
    arms=40,
    steps=1,
    copies=4,
    workers=2,
)


@pytest.mark.parametrize("seconds", [30, 60, 600])
@pytest.mark.parametrize("workers", [1, 2, 16])
def test_what_is_chosen_fits(seconds: float, workers: int) -> None:
    """The time that is expected of the settings is within the budget."""
    task = replace(TASK, workers=workers)
    settings = choose_settings(task, seconds=seconds, seed=0)
    assert expected_seconds(task, settings.images, settings.copies) <= seconds


def test_more_time_means_more_evidence() -> None:
    """A larger budget looks at as many images and copies, or more."""
    looked_at = [
        (settings := choose_settings(TASK, seconds=seconds, seed=0)).images * settings.copies
        for seconds in (15, 30, 60, 120, 600, 3600)
    ]
    assert looked_at == sorted(looked_at)
    assert looked_at[0] < looked_at[-1]


def test_small_sets_are_looked_at_whole_and_with_more_copies() -> None:
    """Where there are few images, the time goes into copies, up to those of the config."""
    settings = choose_settings(replace(TASK, available=120, arms=10), seconds=60, seed=0)
    assert (settings.images, settings.copies) == (120, 4)
    once = choose_settings(replace(TASK, available=120, arms=10, copies=1), seconds=60, seed=0)
    assert (once.images, once.copies) == (120, 2)


def test_long_pipelines_leave_time_for_fewer_images() -> None:
    """Copies that take six steps each are fewer than those that take one."""
    short, long = (
        choose_settings(replace(TASK, steps=steps), seconds=60, seed=0) for steps in (1, 6)
    )
    assert long.images * long.copies < short.images * short.copies


def test_a_hopeless_budget_still_looks_at_some() -> None:
    """Whatever the budget, some images are looked at."""
    settings = choose_settings(TASK, seconds=0.1, seed=0)
    assert (settings.images, settings.copies) == (60, 1)


def test_memory_is_bounded_and_stated() -> None:
    """Even with all the time in the world it stays within what a laptop has."""
    settings = choose_settings(replace(TASK, available=10**6), seconds=1e6, seed=0)
    assert settings.images <= MOST_IMAGES
    assert 100 < settings.memory_mib < 2500
