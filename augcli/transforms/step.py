"""One entry of `transforms`, as a person writes it: `NAME: {...}`, and `p` beside it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, create_model, model_serializer, model_validator
from pydantic_core import InitErrorDetails, ValidationError

from augcli.fields import Model, Probability
from augcli.transforms.base import Operation, Recipe, Size
from augcli.transforms.registry import TRANSFORMS, PluginError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

DEEPEST = 10
"""How many steps may stand inside one another, the outermost one counted."""

Place = tuple[str | int, ...]
"""Keys and indices that lead from a list of steps to one of them, or to a value in it."""


class Beside(Model):
    """What stands beside the name of a step's transform."""

    p: Probability = 1.0
    """Share of the copies that the step happens to, from 0 to 1."""


class Step(Beside):
    """One entry of `transforms`."""

    transform: Operation
    """What may happen."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        """A step from its written form; one that was read already stays as it is.

        The errors of the settings keep the path that they have in the written form.
        """
        if isinstance(value, Step):
            return value
        if not isinstance(value, dict):
            raise ValueError(  # noqa: TRY004 - pydantic collects no TypeErrors
                "expected a step such as 'ranges: {rotation_range: 15}'"
            )
        if isinstance(value.get("transform"), Operation):
            return value
        name = _name_of(value, cls)
        operation = _operation(name)
        settings = value[name]
        if settings is None and not issubclass(operation, Composite):  # all by their defaults
            settings = {}
        written = written_step(name, cls).model_validate({**value, name: settings})
        beside = {key: getattr(written, key) for key in beside_of(cls)}
        return {**beside, "transform": operation.from_written(getattr(written, _SETTINGS))}

    @model_serializer
    def _write(self) -> dict[str, Any]:
        """The written form, every default filled in."""
        beside = {key: getattr(self, key) for key in beside_of(type(self))}
        return {self.transform.op: self.transform.written(), **beside}

    @property
    def written(self) -> dict[str, Any]:
        """The step as plain values: what a person writes, every default filled in."""
        return self.model_dump()

    @property
    def never_happens(self) -> bool:
        """Whether no copy ever sees it."""
        return self.p == 0


class WeightedStep(Step):
    """One of several steps, of which one is drawn."""

    weight: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    """How often it is drawn, compared with the others."""

    @property
    def never_happens(self) -> bool:
        """Whether no copy ever sees it."""
        return self.p == 0 or self.weight == 0


def _check_list(value: object) -> object:
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list of steps, each with its own '- '")
    return value


Several = (Field(min_length=1), BeforeValidator(_check_list))
"""What holds of every list of steps inside a step."""


class Composite(Operation):
    """A step made of steps.

    A subclass has a field `steps`. It says with `step` what those are, and with `steps_at` where
    they stand in what is written.
    """

    step: ClassVar[type[Step]] = Step
    steps_at: ClassVar[tuple[str, ...]] = ("steps",)

    steps: Annotated[list[Step], *Several]
    """The steps."""


_SETTINGS = "settings"  # the field of a written step that the transform's name stands for


def _name_of(value: dict[Any, Any], kind: type[Step]) -> str:
    """The name of the transform in a written step."""
    names = [key for key in value if key not in beside_of(kind)]
    if not names:
        raise ValueError("expected the name of a transform in this step")
    try:
        known = [name for name in names if name in TRANSFORMS]
    except PluginError as error:
        raise _refused(names[0], error) from None
    if len(known) > 1:
        raise ValueError("expected one transform a step, each step with its own '- '")
    if not known:
        details = [
            InitErrorDetails(type="extra_forbidden", loc=(name,), input=value[name])
            for name in names
        ]
        raise ValidationError.from_exception_data(kind.__name__, details)
    return str(known[0])


def _operation(name: str) -> type[Operation]:
    try:
        return TRANSFORMS[name]
    except PluginError as error:
        raise _refused(name, error) from None


def _refused(name: str, error: PluginError) -> ValidationError:
    """What is wrong with a plugin, as an error at the name of its transform."""
    details = InitErrorDetails(
        type="value_error", loc=(name,), input=None, ctx={"error": ValueError(str(error))}
    )
    return ValidationError.from_exception_data("Step", [details])


@cache
def beside_of(kind: type[Step]) -> tuple[str, ...]:
    """The keys that may stand beside the name of a step's transform."""
    return tuple(name for name in kind.model_fields if name != "transform")


@cache
def written_step(name: str, kind: type[Step]) -> type[Model]:
    """The model of a step's written form, with the transform's settings under its name."""
    fields: dict[str, Any] = {_SETTINGS: (TRANSFORMS[name].written_type(), Field(alias=name))}
    for key in beside_of(kind):
        info = kind.model_fields[key]
        fields[key] = (Annotated[info.annotation, *info.metadata], info.default)
    return create_model(f"{name}_step", __base__=Model, **fields)


def walk(steps: Sequence[Step], *, happening: bool = False) -> Iterator[tuple[Place, Step]]:
    """Each step, and each step in it, with its place in the list.

    Args:
        steps: A list of steps.
        happening: Leave out the steps that never happen, and those in them.
    """
    for index, step in enumerate(steps):
        if happening and step.never_happens:
            continue
        yield (index,), step
        if isinstance(step.transform, Composite):
            inner: Place = (index, step.transform.op, *step.transform.steps_at)
            for place, below in walk(step.transform.steps, happening=happening):
                yield (*inner, *place), below


def dotted(place: Place) -> str:
    """A place in a config's `transforms`, as messages call it: "transforms[1].one_of[0].p"."""
    return "transforms" + "".join(
        f"[{key}]" if isinstance(key, int) else f".{key}" for key in place
    )


def too_deep(written: list[Any]) -> Place | None:
    """Where the first list of written steps stands that has too many around it, if there is one."""
    pending: list[tuple[Place, int, Any]] = [((), 0, written)]
    while pending:
        place, depth, value = pending.pop()
        below: list[tuple[str | int, Any]] = []
        if isinstance(value, dict):
            below = list(value.items())
        elif isinstance(value, list):
            below = list(enumerate(value))
            depth += 1
            if depth > DEEPEST and any(isinstance(item, dict) for item in value):
                return place
        pending += [((*place, key), depth, inside) for key, inside in below]
    return None


def draw_steps(steps: Iterable[Step], rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
    """What happens to one copy of an image of `size`, and the size after."""
    recipe: Recipe = []
    for step in steps:
        happens = rng.random() < step.p
        drawn, after = step.transform.drawn(rng, size)
        if happens:
            recipe += drawn
            size = after
    return recipe, size
