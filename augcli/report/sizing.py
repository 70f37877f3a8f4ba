"""What sets the size of the image that a step of a pipeline works on."""

from collections.abc import Iterator, Sequence

from augcli.errors import SourceError
from augcli.report.ends import at_middles, drawn_once
from augcli.transforms import composites
from augcli.transforms.base import Params, Recipe, Size
from augcli.transforms.moves import Geometric
from augcli.transforms.registry import transform_of
from augcli.transforms.step import Composite, Place, Step

_USUAL = 0.5  # share of the copies from which on a step is taken to happen
_TURNS = frozenset({"rot90", "transpose", "d4"})  # they swap the sides, and leave the scale


def sizing_before(steps: Sequence[Step], place: Place, size: Size) -> tuple[Recipe, Size]:
    """The crops, pads and resizes that come before a step, and the size that they leave.

    They are drawn once, the same in every call, with ranges in their middles. Steps with a `p`
    of a half or more happen, others do not, and neither does a crop that the image is too small
    for. In a `one_of` and a `some_of`, no step comes before another.

    Args:
        steps: The pipeline.
        place: Where in it the step stands, as `walk` gives it; of steps in one, before the first.
        size: Height and width of the image that the pipeline begins with.
    """
    recipe: Recipe = []
    usual = [_usual(step) for step in _earlier(steps, place)]
    for step in usual:
        if step.never_happens:
            continue
        for params in drawn_once(step.transform, size):
            after = _size_after(params, size)
            if after != size:
                recipe.append(params)
                size = after
    return recipe, size


def _earlier(steps: Sequence[Step], place: Place, *, in_order: bool = True) -> Iterator[Step]:
    """The steps before the one at `place`, those in a `sequence` around it among them."""
    index = int(place[0])
    if in_order:
        yield from steps[:index]
    transform = steps[index].transform
    if isinstance(transform, Composite):
        inner = place[2 + len(transform.steps_at) :]  # without the index and the names of keys
        in_order = isinstance(transform, composites.Sequence)
        if inner:
            yield from _earlier(transform.steps, inner, in_order=in_order)


def _size_after(params: Params, size: Size) -> Size:
    """The size that a transform leaves; where it cannot be done, the size as it was."""
    transform = transform_of(str(params["op"]))
    try:
        if issubclass(transform, Geometric):
            transform.move(params, size)
    except SourceError:  # the image is too small for it
        return size
    return transform.size_after(params, size)


def _usual(step: Step) -> Step:
    """A step that happens always or never, with its ranges in their middles.

    Turns do not happen: all that follows would be shown on its side.
    """
    transform = step.transform
    if isinstance(transform, Composite):
        inner = [_usual(below) for below in transform.steps]
        transform = transform.model_copy(update={"steps": inner})
    else:
        transform = at_middles(transform)
    happens = step.p >= _USUAL and transform.op not in _TURNS
    return step.model_copy(update={"transform": transform, "p": float(happens)})
