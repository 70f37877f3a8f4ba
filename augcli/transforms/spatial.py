"""Flips, turns, affine and perspective moves: everything that a matrix can say and no crop is.

Angles are in degrees and count anticlockwise, as a person sees the picture.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import numpy as np

from augcli.transforms.base import Params, Size, uniform, whole
from augcli.transforms.maps import Projective, inverse, multiply
from augcli.transforms.moves import Filled, Geometric, Move, fill_of
from augcli.transforms.params import integer, number, text
from augcli.transforms.settings import Around0, Around1, Span, WholeSpan, within

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Turn(NamedTuple):
    """One of the eight ways to lay a rectangle on its grid.

    Attributes:
        swaps_axes: Whether an output row shows an input column.
        mirrors_rows: Whether input rows are counted from below.
        mirrors_columns: Whether input columns are counted from the right.
    """

    swaps_axes: bool
    mirrors_rows: bool
    mirrors_columns: bool

    def size_of(self, size: Size) -> Size:
        """Height and width of what it makes of an image of `size`."""
        return Size(size.width, size.height) if self.swaps_axes else size

    def move(self, size: Size) -> Move:
        """Where it moves the pixels of an image of `size`."""
        row_axis, column_axis = (1, 0) if self.swaps_axes else (0, 1)
        matrix = np.zeros((3, 3))
        matrix[0, row_axis] = -1 if self.mirrors_rows else 1
        matrix[0, 2] = size.height - 1 if self.mirrors_rows else 0
        matrix[1, column_axis] = -1 if self.mirrors_columns else 1
        matrix[1, 2] = size.width - 1 if self.mirrors_columns else 0
        matrix[2, 2] = 1
        return Move(Projective(matrix, self.size_of(size)), fill=None)


TURNS: dict[str, Turn] = {
    "identity": Turn(False, False, False),
    "rot90": Turn(True, False, True),
    "rot180": Turn(False, True, True),
    "rot270": Turn(True, True, False),
    "horizontal_flip": Turn(False, False, True),
    "vertical_flip": Turn(False, True, False),
    "transpose": Turn(True, False, False),
    "transverse": Turn(True, True, True),
}
"""The elements of the dihedral group D4; rot90 is a quarter turn anticlockwise."""
_QUARTER_TURNS = ("identity", "rot90", "rot180", "rot270")


class _Turned(Geometric):
    """Moves every pixel to another place of the grid: nothing is interpolated or lost."""

    @classmethod
    def element(cls, params: Params) -> Turn:
        """Which turn it is."""
        raise NotImplementedError

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """Height and width change places in a quarter turn."""
        return cls.element(params).size_of(size)

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """A map by whole pixels."""
        return cls.element(params).move(size)


class _Fixed(_Turned):
    """A turn with nothing to draw: `p`, beside the step, says how often it happens."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Nothing."""
        return {}

    @classmethod
    def element(cls, params: Params) -> Turn:
        """The turn of the same name."""
        return TURNS[cls.op]


class HorizontalFlip(_Fixed):
    """Mirrors left and right. Give it a `p`, such as 0.5: without one, every copy is mirrored."""

    op: ClassVar[str] = "horizontal_flip"


class VerticalFlip(_Fixed):
    """Mirrors top and bottom. Give it a `p`, such as 0.5: without one, every copy is mirrored."""

    op: ClassVar[str] = "vertical_flip"


class Transpose(_Fixed):
    """Mirrors at the diagonal: rows become columns. Height and width change places."""

    op: ClassVar[str] = "transpose"


class Rot90(_Turned):
    """Turns by right angles, exactly. Odd quarter turns let height and width change places."""

    op: ClassVar[str] = "rot90"

    times: Annotated[WholeSpan, within(0, 3)] = [0, 3]
    """Quarter turns, anticlockwise: a whole number, or [low, high], each of them as likely."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """How many quarter turns."""
        return {"times": whole(rng.random(), *self.times)}

    @classmethod
    def element(cls, params: Params) -> Turn:
        """That many quarter turns."""
        return TURNS[_QUARTER_TURNS[integer(params, "times") % 4]]


class D4(_Turned):
    """One of the eight symmetries of the square, each as likely: turns, and mirrored turns.

    For pictures that have no up and no left: from the air, through a microscope, of the sky.
    """

    op: ClassVar[str] = "d4"

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The name of the symmetry."""
        return {"element": list(TURNS)[whole(rng.random(), 0, len(TURNS) - 1)]}

    @classmethod
    def element(cls, params: Params) -> Turn:
        """The symmetry of that name."""
        return TURNS[text(params, "element")]


class Affine(Filled):
    """Scales, shears and turns about the middle of the image, in this order, and then shifts.

    The content moves as the settings say: a scale above 1 magnifies, an angle above 0 turns
    anticlockwise (as in torchvision's `rotate`; its `affine` counts clockwise), a shift above 0
    goes right or down. The image keeps its size.
    """

    op: ClassVar[str] = "affine"

    rotate: Annotated[Around0, within(-360, 360)] = [-15.0, 15.0]
    """Degrees, anticlockwise: r for [-r, r], or [low, high]."""
    scale: Annotated[Around1, within(0.01, 100)] = [0.9, 1.1]
    """Factor, above 1 magnifies: r for [1 - r, 1 + r], or [low, high]."""
    keep_ratio: bool = True
    """Draw one factor for width and height, rather than one for each."""
    translate: Annotated[Around0, within(-1, 1)] = [-0.05, 0.05]
    """Shift as a fraction of the width, and of the height, drawn apart: r for [-r, r], or
    [low, high]."""
    shear: Annotated[Around0, within(-80, 80)] = [-5.0, 5.0]
    """Degrees by which upright lines lean (above 0, the top to the left), and by which level ones
    do (the right end down), drawn apart: r for [-r, r], or [low, high]."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Degrees, factors and pixels."""
        u = rng.random(7)
        scale_x = uniform(u[1], *self.scale)
        low, high = self.translate
        return {
            "rotate": uniform(u[0], *self.rotate),
            "scale_x": scale_x,
            "scale_y": scale_x if self.keep_ratio else uniform(u[2], *self.scale),
            "translate_x": uniform(u[3], low * size.width, high * size.width),
            "translate_y": uniform(u[4], low * size.height, high * size.height),
            "shear_x": uniform(u[5], *self.shear),
            "shear_y": uniform(u[6], *self.shear),
            **self.filling,
        }

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The map back: x, y of the output to x, y of the input, in the end as row and column."""
        scales = _matrix(number(params, "scale_x"), 0, 0, number(params, "scale_y"))
        slant_x, slant_y = (_tangent(number(params, f"shear_{axis}")) for axis in "xy")
        shears = _matrix(1 + slant_x * slant_y, slant_x, slant_y, 1)
        cosine, sine = _cosine_sine(number(params, "rotate"))
        turns = _matrix(cosine, sine, -sine, cosine)  # y grows downwards
        from_middle = _shift(-size.width / 2, -size.height / 2)
        to_middle = _shift(
            size.width / 2 + number(params, "translate_x"),
            size.height / 2 + number(params, "translate_y"),
        )
        forward = from_middle
        for factor in (scales, shears, turns, to_middle):
            forward = multiply(factor, forward)
        return Move(_of_plane(inverse(forward), size), fill_of(params))


class Perspective(Filled):
    """Looks at the image from aside: each corner is moved by itself, and lines stay straight.

    Every output corner shows a point near the same corner of the input, in or out of the image.
    So the picture is magnified as often as it is reduced; Albumentations' `Perspective` moves
    corners inwards only and magnifies, torchvision's `RandomPerspective` reduces. The image
    keeps its size. The map is that of P. Heckbert, Fundamentals of Texture Mapping (1989), 2.2.3.
    """

    op: ClassVar[str] = "perspective"

    scale: Annotated[Span, within(0, 0.2)] = [0.02, 0.1]
    """How far corners may move, as a fraction of width and height: a number, or [low, high] of
    which every copy draws its own; corners then move by up to that, each way."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """What each corner shows: a point so many pixels to the right and below of it."""
        u = rng.random(9)
        reach = uniform(u[0], *self.scale)
        reach_x, reach_y = reach * size.width, reach * size.height
        params: Params = {}
        for k, corner in enumerate(_CORNERS):
            params[f"{corner}_x"] = uniform(u[2 * k + 1], -reach_x, reach_x)
            params[f"{corner}_y"] = uniform(u[2 * k + 2], -reach_y, reach_y)
        return {**params, **self.filling}

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The map of the output's rectangle to the four points."""
        shown = np.array(
            [
                (
                    right * size.width + number(params, f"{corner}_x"),
                    down * size.height + number(params, f"{corner}_y"),
                )
                for corner, (right, down) in _CORNERS.items()
            ]
        )
        matrix = _square_to(shown)
        matrix[:, 0] /= size.width
        matrix[:, 1] /= size.height
        return Move(_of_plane(matrix, size), fill_of(params))


_CORNERS = {
    "top_left": (0, 0),
    "top_right": (1, 0),
    "bottom_right": (1, 1),
    "bottom_left": (0, 1),
}
"""The corners of the unit square, x and y."""


def _square_to(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """The projective map of the unit square to a convex quadrangle, in homogeneous x and y.

    Args:
        corners: (4, 2), x and y, in the order of `_CORNERS`.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
    ax, ay, bx, by = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    skew_x, skew_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = ax * by - bx * ay
    g = (skew_x * by - bx * skew_y) / area
    h = (ax * skew_y - skew_x * ay) / area
    return np.array(
        [
            (x1 - x0 + g * x1, x3 - x0 + h * x3, x0),
            (y1 - y0 + g * y1, y3 - y0 + h * y3, y0),
            (g, h, 1.0),
        ]
    )


def _of_plane(matrix: NDArray[np.float64], size: Size) -> Projective:
    """A map of the plane, x and y from the upper left corner, as one of rows and columns."""
    of_centers = multiply(multiply(_shift(-0.5, -0.5), matrix), _shift(0.5, 0.5))
    return Projective(of_centers[[1, 0, 2]][:, [1, 0, 2]], size)


def _matrix(a: float, b: float, c: float, d: float) -> NDArray[np.float64]:
    return np.array([(a, b, 0.0), (c, d, 0.0), (0.0, 0.0, 1.0)])


def _shift(x: float, y: float) -> NDArray[np.float64]:
    return np.array([(1.0, 0.0, x), (0.0, 1.0, y), (0.0, 0.0, 1.0)])


# Rounded, since the last bit of sin, cos and tan is not the same in every C library; so right
# angles are exact as well.


def _cosine_sine(degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    return round(math.cos(angle), 12), round(math.sin(angle), 12)


def _tangent(degrees: float) -> float:
    return round(math.tan(math.radians(degrees)), 12)
