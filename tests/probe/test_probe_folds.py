"""Folds: groups stay together, classes are spread."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from augcli.probe.folds import draw_folds


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=5, max_size=60),
    st.integers(0, 2**32 - 1),
)
def test_no_group_is_in_two_folds(images: list[tuple[int, int]], seed: int) -> None:
    """Whatever the classes and groups, images of one group are in one fold."""
    labels, groups = [label for label, _ in images], [group for _, group in images]
    folds = draw_folds(labels, groups, 5, np.random.default_rng(seed))
    for group in set(groups):
        assert len({folds[n] for n in range(len(images)) if groups[n] == group}) == 1


@given(st.lists(st.integers(5, 30), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_classes_are_spread_evenly(counts: list[int], seed: int) -> None:
    """Without groups, the folds' shares of a class differ by one image at most."""
    labels = [label for label, count in enumerate(counts) for _ in range(count)]
    folds = draw_folds(labels, range(len(labels)), 5, np.random.default_rng(seed))
    for label in range(len(counts)):
        of_class = np.bincount(folds[np.array(labels) == label], minlength=5)
        assert of_class.max() - of_class.min() <= 1


def test_another_draw_gives_other_folds() -> None:
    """Repeats cut the images anew; the same generator cuts them in the same way."""
    labels = [0, 1] * 20
    first, second = (draw_folds(labels, range(40), 5, np.random.default_rng(s)) for s in (0, 1))
    again = draw_folds(labels, range(40), 5, np.random.default_rng(0))
    assert first.tolist() == again.tolist() != second.tolist()
