"""One entry of `transforms`."""

import pickle

import numpy as np
import pytest
from pydantic import ValidationError

from augcli.transforms.base import Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.step import (
    DEEPEST,
    Step,
    WeightedStep,
    beside_of,
    dotted,
    draw_steps,
    too_deep,
    walk,
    written_step,
)

SIZE = Size(10, 20)
NESTED = [
    {"ranges": {"zoom_range": 0.1}},
    {
        "one_of": [
            {"ranges": {}, "weight": 0},
            {
                "some_of": {
                    "n": 1,
                    "steps": [{"ranges": {}, "p": 0}, {"sequence": [{"ranges": {}}]}],
                }
            },
        ]
    },
]


def steps_of(written: list[object]) -> list[Step]:
    """Steps from what is written."""
    return [Step.model_validate(step) for step in written]


def test_the_written_form() -> None:
    """A step is read from `NAME: {...}`, and written back with every default."""
    step = Step.model_validate({"ranges": {"rotation_range": 15}, "p": 0.5})
    assert step == Step(transform=Ranges(rotation_range=15), p=0.5)
    assert step.written == {"ranges": Ranges(rotation_range=15).model_dump(), "p": 0.5}
    assert Step.model_validate(step.written) == step


def test_nothing_under_the_name() -> None:
    """A transform without settings has all of its defaults."""
    assert Step.model_validate({"ranges": None}) == Step(transform=Ranges())


def test_a_step_that_was_read_already() -> None:
    """A step stays as it is, and can go to a worker."""
    step = Step.model_validate(NESTED[1])
    assert Step.model_validate(step) is step
    assert pickle.loads(pickle.dumps(step)) == step  # noqa: S301  its own


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("ranges", "expected a step such as 'ranges: {rotation_range: 15}'"),
        ({}, "expected the name of a transform in this step"),
        ({"p": 1}, "expected the name of a transform in this step"),
        ({"ranges": {}, "d4": {}}, "expected one transform a step, each step with its own '- '"),
    ],
)
def test_what_is_no_step(written: object, message: str) -> None:
    """The message says what is missing, or too much."""
    with pytest.raises(ValidationError, match=message.replace("{", r"\{")):
        Step.model_validate(written)


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ({"foo": {}, "bar": {}}, [("foo",), ("bar",)]),
        ({"ranges": {}, "weight": 1}, [("weight",)]),
        ({"ranges": {"foo": 1}, "p": 2}, [("ranges", "foo"), ("p",)]),
        ({"one_of": [{"ranges": {}}, {"foo": {}}]}, [("one_of", 1, "foo")]),
        (
            {"some_of": {"n": 1, "steps": [{"ranges": {"cval": "x"}}]}},
            [("some_of", "steps", 0, "ranges", "cval")],
        ),
    ],
)
def test_errors_keep_their_place(written: object, places: list[tuple[str | int, ...]]) -> None:
    """Each error has the path that leads to it in what is written, however deep it is."""
    with pytest.raises(ValidationError) as error:
        Step.model_validate(written)
    assert [detail["loc"] for detail in error.value.errors()] == places


def test_what_stands_beside_a_name() -> None:
    """`weight` stands beside the steps of a choice alone."""
    assert beside_of(Step) == ("p",)
    assert beside_of(WeightedStep) == ("p", "weight")
    assert set(written_step("ranges", Step).model_json_schema()["properties"]) == {"ranges", "p"}


def test_a_walk() -> None:
    """Every step is met, with its place; those that never happen can be left out."""
    steps = steps_of(NESTED)
    assert [dotted(place) for place, _ in walk(steps)] == [
        "transforms[0]",
        "transforms[1]",
        "transforms[1].one_of[0]",
        "transforms[1].one_of[1]",
        "transforms[1].one_of[1].some_of.steps[0]",
        "transforms[1].one_of[1].some_of.steps[1]",
        "transforms[1].one_of[1].some_of.steps[1].sequence[0]",
    ]
    assert [place for place, _ in walk(steps, happening=True)] == [
        *[(0,), (1,), (1, "one_of", 1), (1, "one_of", 1, "some_of", "steps", 1)],
        (1, "one_of", 1, "some_of", "steps", 1, "sequence", 0),
    ]


def nested(depth: int) -> list[object]:
    """A list of steps that has so many of them in one another."""
    steps: list[object] = [{"ranges": {"brightness_range": [1, 2]}}]
    for _ in range(depth - 1):
        steps = [{"sequence": steps}]
    return steps


def test_the_depth() -> None:
    """Steps that stand in one another too deep are found, even where Python's stack ends."""
    assert too_deep(nested(DEEPEST)) is None
    place = too_deep(nested(DEEPEST + 1))
    assert place == (0, "sequence") * DEEPEST
    assert too_deep(nested(5000)) == place


def test_the_share_of_copies() -> None:
    """Of 1,000 copies, a step with p 0.3 happens to 300, within four standard deviations."""
    steps = steps_of([{"ranges": {}, "p": 0.3}])
    happened = sum(
        len(draw_steps(steps, np.random.default_rng(seed), SIZE)[0]) for seed in range(1000)
    )
    assert abs(happened - 300) < 4 * (1000 * 0.3 * 0.7) ** 0.5


@pytest.mark.parametrize(("p", "count"), [(0, 0), (1, 100)])
def test_never_and_always(p: float, count: int) -> None:
    """A share of 0 is no copy, and one of 1 is all of them."""
    steps = steps_of([{"ranges": {}, "p": p}])
    drawn = [draw_steps(steps, np.random.default_rng(seed), SIZE)[0] for seed in range(100)]
    assert sum(map(len, drawn)) == count


def test_a_share_changes_nothing_else() -> None:
    """What is drawn for a step does not depend on whether those before it happen."""
    last = {"ranges": {"rotation_range": 15}}
    for seed in range(20):
        drawn = [
            draw_steps(steps_of([{**NESTED[1], "p": p}, last]), np.random.default_rng(seed), SIZE)[
                0
            ][-1]
            for p in (0, 0.5, 1)
        ]
        assert drawn[0] == drawn[1] == drawn[2]
