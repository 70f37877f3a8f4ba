"""The split into training and validation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.config.schema import Config
from augcli.datasets.split import NO_SPLIT, Splitting
from augcli.errors import UsageError

PATHS = st.text(min_size=1)


def test_no_split() -> None:
    """Without a fraction samples have no split, and all are wanted."""
    assert NO_SPLIT.of("a.png", 0, 1) is None
    assert NO_SPLIT.wants(None)


@given(PATHS, st.integers(0, 9), st.integers(10, 99))
def test_a_hash_looks_at_the_path_alone(path: str, position: int, count: int) -> None:
    """Where and among how many others a sample stands makes no difference."""
    rule = Splitting(0.5)
    assert rule.of(path, position, count) == rule.of(path, 0, 1)


@given(PATHS, st.floats(0.01, 0.5), st.floats(0.5, 0.99))
def test_a_larger_share_keeps_what_a_smaller_one_has(path: str, low: float, high: float) -> None:
    """Raising `validation_split` moves samples to validation, and none away from it."""
    if Splitting(low).of(path, 0, 1) == "validation":
        assert Splitting(high).of(path, 0, 1) == "validation"


def test_the_hash_is_the_same_for_ever() -> None:
    """These thirty are split as they were in the first version that split."""
    splits = [Splitting(0.3).of(f"cat/{number}.png", 0, 1) for number in range(30)]
    chosen = [number for number, split in enumerate(splits) if split == "validation"]
    assert chosen == [3, 10, 12, 15, 17, 20, 27]


def test_about_the_share_of_each_class() -> None:
    """Of 1,000 images of any class, about the share is for validation."""
    for name in ("cat", "dog"):
        splits = [Splitting(0.2).of(f"{name}/{number}.png", 0, 1) for number in range(1000)]
        assert 150 < splits.count("validation") < 250


def test_a_contiguous_split() -> None:
    """The first share, rounded down, is for validation, as in the reference."""
    rule = Splitting(0.35, is_contiguous=True)
    splits = [rule.of("a", position, 10) for position in range(10)]
    assert splits == ["validation"] * 3 + ["training"] * 7


def test_groups_stay_together() -> None:
    """The first group of the expression, or all of its match, takes the path's place."""
    for pattern in (r"(\w+)_\d+", r"^[a-z]+\d"):
        rule = Splitting(0.5, group_by=re.compile(pattern))
        sides = {}
        for video in range(20):
            of_frames = {rule.of(f"v{video % 10}x_{frame}.png", 0, 1) for frame in range(5)}
            assert len(of_frames) == 1
            sides[video] = of_frames.pop()
        assert set(sides.values()) == {"training", "validation"}


@pytest.mark.parametrize("pattern", ["dog", "cat(_x)?"])
def test_a_path_without_a_group(pattern: str) -> None:
    """It is an error that names the path: it would tear a group apart unseen."""
    rule = Splitting(0.5, group_by=re.compile(pattern))
    with pytest.raises(UsageError, match=r"not found in 'cat\.png'"):
        rule.of("cat.png", 0, 1)


def test_subsets() -> None:
    """One subset wants its own samples, both want all."""
    assert [Splitting(0.5, "training").wants(s) for s in ("training", "validation")] == [
        True,
        False,
    ]
    assert [Splitting(0.5, "both").wants(s) for s in ("training", "validation")] == [True, True]


def test_the_rule_of_a_config() -> None:
    """Each key has its place in the rule."""
    config = Config.model_validate(
        {"validation_split": 0.2, "subset": "training", "group_by": "a+"}
    )
    assert Splitting.of_config(config) == Splitting(0.2, "training", False, re.compile("a+"))
    contiguous = Config.model_validate({"validation_split": 0.2, "split": "contiguous"})
    assert Splitting.of_config(contiguous).is_contiguous
