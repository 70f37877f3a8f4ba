"""Recipes in words: what was done to a copy, as a person would say it."""

from collections.abc import Callable, Iterator

from augcli.transforms.base import Params
from augcli.transforms.recipe import Recipe

UNCHANGED = "unchanged"


def recipe_in_words(recipe: Recipe) -> str:
    """What a recipe does to a picture, step by step; directions are those that content moves in.

    A transform that has no words of its own is told by its name and its parameters.
    """
    said = [words for params in recipe for words in WORDS.get(str(params["op"]), _plainly)(params)]
    return ", ".join(said) or UNCHANGED


def number(value: float) -> str:
    """A number to three significant digits, without an exponent where it can be: "9.3", "-120"."""
    rounded = float(f"{value:.3g}")
    return f"{rounded + 0.0:.0f}" if rounded.is_integer() else f"{rounded:g}"


def factor(value: float) -> str:
    """A factor to a hundredth, one below a tenth to three digits: "1.12", "0.012"."""
    return number(round(value, 2) if value >= 0.1 else value)


def tenths(value: float) -> str:
    """The size of an angle or a distance, to a tenth: "9.3", "12"."""
    return number(round(abs(value), 1))


def _ranges(params: Params) -> Iterator[str]:
    """The parameters of `ranges`, in the order in which they take effect.

    A matrix of `ranges` leads from the copy to the source, so content moves the other way round:
    a positive theta turns it clockwise, a positive tx lifts it, a positive ty moves it left, a
    positive shear lowers its right side, and a zoom below 1 magnifies.
    """
    theta, shear = _float(params, "theta"), _float(params, "shear")
    if _is_seen(theta):
        yield f"rotated {tenths(theta)}° {'clockwise' if theta > 0 else 'anticlockwise'}"
    yield from _shift(down=-_float(params, "tx"), right=-_float(params, "ty"))
    if _is_seen(shear):
        yield f"sheared {tenths(shear)}° (right side {'down' if shear > 0 else 'up'})"
    yield from _zoom(_float(params, "zx"), _float(params, "zy"))
    levels = _float(params, "channel_shift_intensity")
    if levels:
        yield f"levels {'raised' if levels > 0 else 'lowered'} by {number(abs(levels))}"
    if params["flip_horizontal"]:
        yield "mirrored"
    if params["flip_vertical"]:
        yield "upside down"
    brightness = _float(params, "brightness")
    if factor(brightness) != "1":
        yield f"{'brighter' if brightness > 1 else 'darker'} {factor(brightness)}x"


def _shift(*, down: float, right: float) -> Iterator[str]:
    moves = []
    if _is_seen(right):
        moves.append(f"{tenths(right)} px {'right' if right > 0 else 'left'}")
    if _is_seen(down):
        moves.append(f"{tenths(down)} px {'down' if down > 0 else 'up'}")
    if moves:
        yield f"shifted {', '.join(moves)}"


def _zoom(zx: float, zy: float) -> Iterator[str]:
    if zx == zy:
        times = factor(max(zx, 1 / zx))
        if times != "1":
            yield f"zoomed {'in' if zx < 1 else 'out'} {times}x"
        return
    sides = ((factor(1 / zx), "tall"), (factor(1 / zy), "wide"))
    stretched = [f"{times}x as {side}" for times, side in sides if times != "1"]
    if stretched:
        yield " and ".join(stretched)


def _is_seen(value: float) -> bool:
    """Whether degrees or pixels are more than nothing, as they are said."""
    return tenths(value) != "0"


def _float(params: Params, name: str) -> float:
    return float(params[name] or 0)


def _plainly(params: Params) -> Iterator[str]:
    """Any step: its name, and its parameters that are set."""
    settings = [
        f"{name} {number(value) if isinstance(value, float) else value}"
        for name, value in params.items()
        if name != "op" and value is not None
    ]
    yield f"{params['op']} ({', '.join(settings)})" if settings else str(params["op"])


WORDS: dict[str, Callable[[Params], Iterator[str]]] = {"ranges": _ranges}
"""What to say of a step's parameters, by the name of its transform."""
