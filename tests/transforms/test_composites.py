"""Steps made of steps."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from augcli.transforms.base import Recipe, Size
from augcli.transforms.step import Step

SIZE = Size(10, 20)
COPIES = 1000


def marked(number: int, **beside: float) -> dict[str, Any]:
    """A written step whose recipes can be told by their cval."""
    return {"ranges": {"cval": number, "rotation_range": 15}, **beside}


def recipe_of(written: object, seed: int) -> Recipe:
    """What a step does to one copy."""
    step = Step.model_validate(written)
    return step.transform.drawn(np.random.default_rng(seed), SIZE)[0]


def numbers(written: object, seed: int) -> tuple[Any, ...]:
    """The marks of the steps that were drawn for one copy, in order."""
    return tuple(params["cval"] for params in recipe_of(written, seed))


def test_one_of_follows_the_weights() -> None:
    """Of 1,000 copies, each step has its share, within four standard deviations."""
    weights = [3, 1, 0, 0.5]
    written = {"one_of": [marked(i, weight=weight) for i, weight in enumerate(weights)]}
    drawn = Counter(numbers(written, seed) for seed in range(COPIES))
    for index, weight in enumerate(weights):
        share = weight / sum(weights)
        deviation = (COPIES * share * (1 - share)) ** 0.5
        assert abs(drawn[(index,)] - COPIES * share) <= 4 * deviation
    assert sum(drawn.values()) == COPIES


def test_one_of_without_weights() -> None:
    """All are as likely."""
    drawn = Counter(numbers({"one_of": [marked(0), marked(1)]}, seed) for seed in range(COPIES))
    assert abs(drawn[(0,)] - COPIES / 2) < 4 * (COPIES / 4) ** 0.5
    assert drawn[(0,)] + drawn[(1,)] == COPIES


def test_one_that_is_drawn_may_not_happen() -> None:
    """The `p` of a choice counts once it is drawn."""
    written = {"one_of": [marked(0, p=0.5), marked(1)]}
    drawn = Counter(numbers(written, seed) for seed in range(COPIES))
    for outcome, share in (((), 0.25), ((0,), 0.25), ((1,), 0.5)):
        assert abs(drawn[outcome] - COPIES * share) < 4 * (COPIES * share * (1 - share)) ** 0.5


def test_some_of_draws_its_number() -> None:
    """Every number from low to high occurs as often; no step twice; the written order stays."""
    written = {"some_of": {"n": [1, 3], "steps": [marked(i) for i in range(4)]}}
    drawn = [numbers(written, seed) for seed in range(COPIES)]
    assert all(list(of_copy) == sorted(set(of_copy)) for of_copy in drawn)
    counts = Counter(map(len, drawn))
    assert set(counts) == {1, 2, 3}
    for count in counts.values():
        assert abs(count - COPIES / 3) < 4 * (COPIES * 2 / 9) ** 0.5


def test_some_of_prefers_none() -> None:
    """Each step is drawn as often as the others."""
    written = {"some_of": {"n": 2, "steps": [marked(i) for i in range(4)]}}
    drawn = Counter(number for seed in range(COPIES) for number in numbers(written, seed))
    for count in drawn.values():
        assert abs(count - COPIES / 2) < 4 * (COPIES / 4) ** 0.5


@pytest.mark.parametrize(("n", "expected"), [(0, ()), (2, (0, 1))])
def test_none_and_all_of_some(n: int, expected: tuple[int, ...]) -> None:
    """0 is none of them, and their number is all."""
    written = {"some_of": {"n": n, "steps": [marked(0), marked(1)]}}
    assert {numbers(written, seed) for seed in range(20)} == {expected}


def test_sequence_is_all_in_order() -> None:
    """All happen, in order, each by its own `p`."""
    written = {"sequence": [marked(0), marked(1, p=0), marked(2)]}
    assert {numbers(written, seed) for seed in range(20)} == {(0, 2)}


def test_the_choice_changes_nothing_else() -> None:
    """A step after a choice, and one that is chosen either way, are drawn as they would be."""
    for kind in (
        {"one_of": [marked(0, weight=1), marked(1, weight=5)]},
        {"one_of": [marked(0)] * 2},
    ):
        for seed in range(20):
            last = recipe_of({"sequence": [kind, marked(2)]}, seed)[-1]
            assert (
                last
                == recipe_of(
                    {"sequence": [{"one_of": [marked(0, weight=5), marked(1)]}, marked(2)]}, seed
                )[-1]
            )


def test_a_size_goes_on_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step sees the size that those before it leave, when they are drawn, and no other."""
    from augcli.transforms.ranges import Ranges

    def divided(params: dict[str, Any], size: Size) -> Size:
        return Size(size.height // int(params["cval"]), size.width)

    monkeypatch.setattr(Ranges, "size_after", staticmethod(divided))
    for written, heights in (
        ({"sequence": [marked(2), marked(5)]}, {1}),
        ({"one_of": [marked(2), marked(5)]}, {5, 2}),
        ({"some_of": {"n": 1, "steps": [marked(2), marked(5)]}}, {5, 2}),
        ({"some_of": {"n": 2, "steps": [marked(2), marked(5)]}}, {1}),
        ({"sequence": [marked(2, p=0), marked(5)]}, {2}),
    ):
        step = Step.model_validate(written)
        after = {
            step.transform.drawn(np.random.default_rng(seed), SIZE)[1].height for seed in range(50)
        }
        assert after == heights


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"one_of": []}, "expected a list of steps, each with its own '- '"),
        ({"one_of": {}}, "expected a list of steps, each with its own '- '"),
        ({"sequence": None}, "expected a list of steps, each with its own '- '"),
        ({"one_of": [marked(0, weight=0)]}, "expected weights that add up to 1e-06 or more"),
        ({"one_of": [marked(0, weight=5e-324)]}, "expected weights that add up to 1e-06 or more"),
        ({"some_of": {"n": 2, "steps": [marked(0)]}}, "n: expected at most 1, the number of steps"),
        ({"some_of": {"n": 0, "steps": []}}, "expected a list of steps, each with its own '- '"),
    ],
)
def test_what_is_refused(written: object, message: str) -> None:
    """The message says what there has to be."""
    with pytest.raises(ValidationError) as error:
        Step.model_validate(written)
    assert [str(detail["ctx"]["error"]) for detail in error.value.errors()] == [message]


RANGES = st.fixed_dictionaries(
    {},
    optional={
        "rotation_range": st.floats(0, 360),
        "width_shift_range": st.one_of(st.integers(0, 9), st.floats(0, 9)),
        "horizontal_flip": st.booleans(),
        "fill_mode": st.sampled_from(["nearest", "wrap"]),
    },
)
SHARE = st.floats(0, 1)


def _composites(steps: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(steps, min_size=1, max_size=3)
    weighted = st.builds(lambda step, weight: {**step, "weight": weight}, steps, st.floats(0.1, 9))
    some = st.builds(lambda steps: {"n": [0, len(steps)], "steps": steps}, several)
    return st.one_of(
        st.fixed_dictionaries({"one_of": st.lists(weighted, min_size=1, max_size=3), "p": SHARE}),
        st.fixed_dictionaries({"some_of": some}, optional={"p": SHARE}),
        st.fixed_dictionaries({"sequence": several}, optional={"p": SHARE}),
    )


STEPS = st.recursive(
    st.fixed_dictionaries({"ranges": st.one_of(st.none(), RANGES)}, optional={"p": SHARE}),
    _composites,
    max_leaves=6,
)


@given(written=STEPS, seed=st.integers(0, 2**32))
def test_what_is_written_back_is_the_same(written: dict[str, Any], seed: int) -> None:
    """Any step, written with its defaults and read again, is equal, and draws the same."""
    step = Step.model_validate(written)
    again = Step.model_validate(step.written)
    assert again == step
    assert again.written == step.written
    assert recipe_of(written, seed) == recipe_of(step.written, seed)
