"""Steps made of steps: one of them, some of them, all of them.

Nothing of them is left in a recipe but the steps that were drawn.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, model_validator

from augcli.transforms.base import Recipe, Size, whole
from augcli.transforms.settings import WholeSpan, within
from augcli.transforms.step import Composite, Several, Step, WeightedStep, draw_steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np


class _List(Composite):
    """Several steps, written as a list and nothing else."""

    steps_at: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def written_type(cls) -> Any:
        """The list of the steps."""
        info = cls.model_fields["steps"]
        return Annotated[info.annotation, *info.metadata]

    @classmethod
    def from_written(cls, value: Any) -> Self:
        """The steps of the list."""
        return cls(steps=value)

    def written(self) -> Any:
        """The list of the steps."""
        return [step.written for step in self.steps]


def _draw_all(
    steps: Iterable[Step], chosen: set[int], rng: np.random.Generator, size: Size
) -> tuple[Recipe, Size]:
    """What happens if those at the indices `chosen` are done.

    All are drawn, so that the choice has no effect on what is drawn for any other step.
    """
    recipe: Recipe = []
    for index, step in enumerate(steps):
        drawn, after = draw_steps([step], rng, size)
        if index in chosen:
            recipe += drawn
            size = after
    return recipe, size


_LEAST_WEIGHT = 1e-6  # of all steps together; shares of what is next to nothing are not exact


def _check_weights(steps: list[WeightedStep]) -> list[WeightedStep]:
    if sum(step.weight for step in steps) < _LEAST_WEIGHT:
        raise ValueError(f"expected weights that add up to {_LEAST_WEIGHT:g} or more")
    return steps


class OneOf(_List):
    """One of several steps, drawn anew for every copy, by their weights.

    A step that is drawn may have a `p` of its own: then it happens to that share of its copies.
    """

    op: ClassVar[str] = "one_of"
    step: ClassVar[type[Step]] = WeightedStep

    steps: Annotated[list[WeightedStep], *Several, AfterValidator(_check_weights)]  # type: ignore[assignment]  # frozen, so that a list of a kind of steps is a list of steps
    """The steps; `weight` beside one says how often it is drawn, compared with the others."""

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """The one that is drawn."""
        reach = list(accumulate(step.weight for step in self.steps))
        point = rng.random() * reach[-1]
        chosen = next(index for index, end in enumerate(reach) if point < end)
        return _draw_all(self.steps, {chosen}, rng, size)


class SomeOf(Composite):
    """Some of several steps, none twice, drawn anew for every copy; in their written order."""

    op: ClassVar[str] = "some_of"

    n: Annotated[WholeSpan, within(0, 100)]
    """How many: a whole number, or [low, high], both included."""
    steps: Annotated[list[Step], *Several]
    """The steps."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.n[1] > len(self.steps):
            raise ValueError(f"n: expected at most {len(self.steps)}, the number of steps")
        return self

    def written(self) -> Any:
        """The number and the steps."""
        return {"n": self.n, "steps": [step.written for step in self.steps]}

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """Those that are drawn."""
        count = whole(rng.random(), *self.n)
        places = rng.random(len(self.steps))
        chosen = sorted(range(len(places)), key=places.__getitem__)[:count]
        return _draw_all(self.steps, set(chosen), rng, size)


class Sequence(_List):
    """Several steps in order, as one: for a `p` that they share, or a choice between rows."""

    op: ClassVar[str] = "sequence"

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """All of them, each by its own `p`."""
        return draw_steps(self.steps, rng, size)
