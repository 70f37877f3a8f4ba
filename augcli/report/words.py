"""Recipes in words: what was done to a copy, as a person would say it."""

from collections.abc import Callable, Iterator

from augcli.report.phrases import PHRASES, TWO_WAYS
from augcli.transforms.base import Params
from augcli.transforms.recipe import Recipe

UNCHANGED = "unchanged"


def recipe_in_words(recipe: Recipe) -> str:
    """What a recipe does to a picture, step by step; directions are those that content moves in.

    A transform of another package is told by its name and its parameters.
    """
    said = [words for params in recipe for words in WORDS.get(str(params["op"]), _said)(params)]
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


_QUARTER_TURNS = ("identity", "rot90", "rot180", "rot270")
_ELEMENTS = {
    "rot90": "turned 90° anticlockwise",
    "rot180": "turned 180°",
    "rot270": "turned 90° clockwise",
    "horizontal_flip": "mirrored",
    "vertical_flip": "upside down",
    "transpose": "mirrored at the diagonal",
    "transverse": "mirrored at the other diagonal",
}


def _rot90(params: Params) -> Iterator[str]:
    yield from _d4({"element": _QUARTER_TURNS[int(_float(params, "times")) % 4]})


def _d4(params: Params) -> Iterator[str]:
    element = str(params["element"])
    if element in _ELEMENTS:
        yield _ELEMENTS[element]


def _affine(params: Params) -> Iterator[str]:
    """The parameters of `affine`, which say where content goes: angles count anticlockwise."""
    yield from _zoom(1 / _float(params, "scale_y"), 1 / _float(params, "scale_x"))
    for axis in ("x", "y"):
        shear = _float(params, f"shear_{axis}")
        if _is_seen(shear):
            yield f"sheared {number(round(shear, 1))}° in {axis}"
    rotate = _float(params, "rotate")
    if _is_seen(rotate):
        yield f"rotated {tenths(rotate)}° {'anticlockwise' if rotate > 0 else 'clockwise'}"
    yield from _shift(down=_float(params, "translate_y"), right=_float(params, "translate_x"))


def _perspective(params: Params) -> Iterator[str]:
    corners = ("top_left", "top_right", "bottom_right", "bottom_left")
    moves = [
        f"{number(round(_float(params, f'{corner}_x'), 1))}, "
        f"{number(round(_float(params, f'{corner}_y'), 1))}"
        for corner in corners
    ]
    yield f"corners moved {' / '.join(moves)} px"


def _pad(params: Params) -> Iterator[str]:
    sides = [
        f"{params[side]} {side}" for side in ("top", "bottom", "left", "right") if params[side]
    ]
    if sides:
        yield f"padded by {', '.join(sides)} ({params['fill_mode']})"


def _color_jitter(params: Params) -> Iterator[str]:
    """What is jittered, in the order in which it takes effect."""
    names = {name[0]: name for name in ("brightness", "contrast", "saturation", "hue")}
    for letter in str(params["order"]):
        name = names[letter]
        value = _float(params, name)
        yield f"hue {number(value)}°" if name == "hue" else f"{name} {factor(value)}x"


def _rgb_shift(params: Params) -> Iterator[str]:
    for name in ("red", "green", "blue"):
        levels = _float(params, name)
        if levels:
            yield f"{name} {'raised' if levels > 0 else 'lowered'} by {number(abs(levels))}"


def _channel_dropout(params: Params) -> Iterator[str]:
    names = {"r": "red", "g": "green", "b": "blue"}
    dropped = " and ".join(names[letter] for letter in str(params["dropped"]))
    yield f"{dropped} set to {params['fill']}"


def _autocontrast(params: Params) -> Iterator[str]:
    cutoff = _float(params, "cutoff")
    yield "contrast stretched" + (f", {number(cutoff)}% cut off" if cutoff else "")


def _said(params: Params) -> Iterator[str]:
    """A step that has a phrase; any other, by its name and parameters."""
    op = str(params["op"])
    if op in PHRASES:
        values = {
            name: number(round(value, 3)) if isinstance(value, float) else value
            for name, value in params.items()
        }
        yield PHRASES[op].format(**values)
    elif op in TWO_WAYS:
        name, neutral, below, above = TWO_WAYS[op]
        value = _float(params, name)
        if value != neutral:
            yield (above if value > neutral else below).format(
                number(value if neutral else abs(value))
            )
    else:
        yield from _plainly(params)


def _plainly(params: Params) -> Iterator[str]:
    """Any step: its name, and its parameters that are set."""
    settings = [
        f"{name} {number(value) if isinstance(value, float) else value}"
        for name, value in params.items()
        if name != "op" and value is not None
    ]
    yield f"{params['op']} ({', '.join(settings)})" if settings else str(params["op"])


WORDS: dict[str, Callable[[Params], Iterator[str]]] = {
    "ranges": _ranges,
    "rot90": _rot90,
    "d4": _d4,
    "affine": _affine,
    "perspective": _perspective,
    "pad": _pad,
    "autocontrast": _autocontrast,
    "color_jitter": _color_jitter,
    "rgb_shift": _rgb_shift,
    "channel_dropout": _channel_dropout,
}
"""What to say of a step's parameters where a phrase cannot, by the name of its transform."""
