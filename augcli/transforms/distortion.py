"""Distortions: moves that bend straight lines.

All give a field, the input point that every output pixel shows, by arithmetic that is the same on
every CPU. None of them folds the image over itself, so that every object stays one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from augcli import kernels
from augcli.transforms.base import Params, Size, drawn_seed, uniform
from augcli.transforms.moves import FieldMap, Filled, Move, Projective, fill_of
from augcli.transforms.params import integer, number
from augcli.transforms.settings import Around0, Span, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from augcli.kernels.grids import Taps

    Floats = NDArray[np.float32]

_SPLINE_VARIANCE = 1 / 3
"""Of the cubic B-spline, in squared steps of its grid: what it adds to a blur of the nodes."""
_LEAST_AREA = 0.1
"""Of the input, that a pixel's area of an elastic field covers; it folds where that is below 0."""
_LONGEST_WAY = 0.24
"""Of a cell's side, that a node moves at most. The cell might fold from a quarter on: its area is
1 + a + b + ab - cd where a, b, c, d, the changes of its sides, are at most twice a node's way."""


class Elastic(Filled):
    """Elastic deformation: every pixel is displaced, and near ones in nearly the same way.

    P. Simard, D. Steinkraus and J. Platt, "Best Practices for Convolutional Neural Networks
    Applied to Visual Document Analysis" (2003): displacements are drawn for every pixel from
    [-1, 1], blurred by a Gaussian of `sigma` pixels and multiplied by `alpha`; their standard
    deviation is then alpha / (6.14 sigma) pixels. As in Albumentations; torchvision halves them.

    Here the noise is drawn and blurred on a grid of two thirds of a sigma, and drawn out by cubic
    B-splines, which makes fields of the same statistics; and a field that would fold the image
    over itself is weakened until it does not.
    """

    op: ClassVar[str] = "elastic"

    alpha: Annotated[Span, within(0, 100_000)] = [40.0, 120.0]
    """Strength: the factor of the blurred displacements, in pixels."""
    sigma: Annotated[Span, within(1, 1000)] = [8.0, 12.0]
    """Standard deviation of the Gaussian, in pixels: from how far on pixels move independently."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Strength, smoothness and a seed of the displacements."""
        u = rng.random(3)
        return {
            "alpha": uniform(u[0], *self.alpha),
            "sigma": uniform(u[1], *self.sigma),
            "seed": drawn_seed(u[2]),
            **self.filling,
        }

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The elastic field."""
        alpha, sigma = number(params, "alpha"), number(params, "sigma")
        if alpha == 0:
            return _still(size)
        step = max(1, int(sigma / 1.5))
        noise = _smooth_noise(integer(params, "seed"), sigma, step, size)
        nodes = _without_folds(noise * np.float32(alpha), step)
        return _displacing(
            nodes, [kernels.grids.spline_taps(length, step) for length in size], params
        )


class GridDistortion(Filled):
    """Rows and columns of a grid are made wider and narrower; the image's own size stays.

    Each cell of the output shows a cell of the input whose sides are 1 + d as long, where d is
    drawn for each row and each column of cells from [-distort_limit, distort_limit]; all of them
    are then scaled so that they fill the image, which Albumentations calls `normalized`.
    """

    op: ClassVar[str] = "grid_distortion"

    num_steps: Annotated[int, Field(ge=1, le=1000)] = 5
    """Cells in a row and in a column of the grid."""
    distort_limit: Annotated[Span, within(0, 0.9)] = [0.1, 0.3]
    """How much longer or shorter the sides of cells may be, as a share of them; drawn from this
    range for each copy."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The largest change of a cell's side, and a seed of all of them."""
        u = rng.random(2)
        return {
            "num_steps": self.num_steps,
            "distort": uniform(u[0], *self.distort_limit),
            "seed": drawn_seed(u[1]),
            **self.filling,
        }

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The field, of which one column of rows and one row of columns tell all."""
        count, distort = integer(params, "num_steps"), number(params, "distort")
        if distort == 0 or count == 1:
            return _still(size)
        sides = 1 + distort * (2 * _generator(params).random((2, count)) - 1)
        rows, columns = (
            _between(_ends(part), length) for part, length in zip(sides, size, strict=True)
        )
        return Move(_field(rows[:, np.newaxis], columns, size), fill_of(params))


class OpticalDistortion(Filled):
    """A lens: straight lines bow out (barrel) or in (pincushion).

    A pixel at the distance r from the centre shows what is at r (1 + k r^2), where the corners are
    at r = 1: the first term of the radial distortion of D. C. Brown, "Decentering Distortion of
    Lenses" (1966). Albumentations measures r in widths of the image and adds a second term; its k
    is about twice this one.
    """

    op: ClassVar[str] = "optical_distortion"

    distort_limit: Annotated[Around0, within(-0.3, 1)] = [-0.2, 0.2]
    """k: how much farther out the corners see, as a share of their distance from the centre; above
    0 the image bows out like a barrel, below 0 it bows in like a pincushion."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The k of the formula."""
        [u] = rng.random(1)
        return {"k": uniform(u, *self.distort_limit), **self.filling}

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The radial field."""
        k = number(params, "k")
        if k == 0:
            return _still(size)
        middle_row, middle_column = (size.height - 1) / 2, (size.width - 1) / 2
        down = (np.arange(size.height) - middle_row)[:, np.newaxis]
        right = np.arange(size.width) - middle_column
        share = k / ((size.height / 2) ** 2 + (size.width / 2) ** 2)
        factor = (down**2 * share).astype(np.float32) + (right**2 * share + 1).astype(np.float32)
        rows = factor * down.astype(np.float32)
        columns = np.multiply(factor, right.astype(np.float32), out=factor)
        rows += np.float32(middle_row)
        columns += np.float32(middle_column)
        return Move(FieldMap(rows, columns), fill_of(params))


class PiecewiseAffine(Filled):
    """The nodes of a grid are moved, and what is between them with them.

    Displacements are drawn for every node from a normal distribution, and cut to a quarter of the
    distance between nodes, so that no cell folds. As in imgaug and Albumentations, whose cells
    are two triangles each where these are bilinear.
    """

    op: ClassVar[str] = "piecewise_affine"

    scale: Annotated[Span, within(0, 1)] = [0.01, 0.03]
    """Standard deviation of a node's displacement, as a share of the image's height and width."""
    nb_rows: Annotated[int, Field(ge=2, le=1000)] = 4
    """Nodes from top to bottom, the first and the last on the image's edges."""
    nb_cols: Annotated[int, Field(ge=2, le=1000)] = 4
    """Nodes from left to right."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The scale, and a seed of the displacements."""
        u = rng.random(2)
        return {
            "scale": uniform(u[0], *self.scale),
            "nb_rows": self.nb_rows,
            "nb_cols": self.nb_cols,
            "seed": drawn_seed(u[1]),
            **self.filling,
        }

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """The field between the nodes."""
        scale = number(params, "scale")
        if scale == 0:
            return _still(size)
        counts = integer(params, "nb_rows"), integer(params, "nb_cols")
        # The tails of the distribution are computed by logarithms, whose last digit CPUs differ in.
        ways = _generator(params).standard_normal((2, *counts)).round(6) * scale
        limits = np.array([_LONGEST_WAY / (count - 1) for count in counts]).reshape(2, 1, 1)
        nodes = np.clip(ways, -limits, limits) * np.reshape(size, (2, 1, 1))
        taps = [_linear_taps(length, count) for length, count in zip(size, counts, strict=True)]
        return _displacing(nodes.astype(np.float32), taps, params)


def _generator(params: Params) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(integer(params, "seed")))


def _still(size: Size) -> Move:
    """The move that moves nothing."""
    return Move(Projective(np.eye(3), size), None)


def _field(rows: NDArray[np.float64], columns: NDArray[np.float64], size: Size) -> FieldMap:
    """A field of input rows and columns that are broadcast to the image's size."""
    return FieldMap(
        *(np.ascontiguousarray(np.broadcast_to(part, size), np.float32) for part in (rows, columns))
    )


def _displacing(nodes: Floats, taps: list[Taps], params: Params) -> Move:
    """The field that displaces by what is between the nodes, (2, rows, columns), in pixels."""
    rows, columns = (kernels.grids.drawn_out(part, *taps) for part in nodes)
    height, width = rows.shape
    rows += np.arange(height, dtype=np.float32)[:, np.newaxis]
    columns += np.arange(width, dtype=np.float32)
    return Move(FieldMap(rows, columns), fill_of(params))


def _smooth_noise(seed: int, sigma: float, step: int, size: Size) -> Floats:
    """Noise of [-1, 1] for every pixel, blurred: what nodes of a spline `step` apart have of it.

    Returns:
        float32 (2, rows, columns), with the nodes that the spline needs beyond the image.
    """
    weights = _gaussian(math.sqrt((sigma / step) ** 2 - _SPLINE_VARIANCE))
    shape = [(length - 1) // step + 3 + len(weights) for length in size]
    generator = np.random.Generator(np.random.Philox(seed))
    noise = generator.random((2, *shape), dtype=np.float32)
    # A node stands for step x step pixels, whose mean varies a step-th as much as one of them.
    noise = (noise * 2 - 1) / np.float32(step)
    for axis in (1, 2):
        noise = _blurred(noise, weights, axis)
    return noise


def _gaussian(sigma: float) -> Floats:
    """Weights of a Gaussian, whose sum is 1, up to three and a half sigma."""
    reach = math.ceil(3.5 * sigma)
    # To nine digits, as far as every C library's exponential agrees.
    weights = [round(math.exp(-0.5 * (i / sigma) ** 2), 9) for i in range(-reach, reach + 1)]
    return np.array(weights, np.float32) / np.float32(math.fsum(weights))


def _blurred(values: Floats, weights: Floats, axis: int) -> Floats:
    """Weighted sums of neighbours along an axis, which gets shorter by all but one of them."""
    moved = np.moveaxis(values, axis, 0)
    length = len(moved) - len(weights) + 1
    blurred = weights[0] * moved[:length]
    for start, weight in enumerate(weights[1:], 1):
        blurred += weight * moved[start : start + length]
    return np.moveaxis(blurred, 0, axis)


def _without_folds(nodes: Floats, step: int) -> Floats:
    """Displacements (2, rows, columns), weakened if need be until no area is turned over.

    Weakened to a share t of them, they make of a square the area 1 + t * trace + t^2 * det, where
    trace and det are those of the displacements' derivatives. It is 1 at t = 0, so the least
    root t of area = _LEAST_AREA is how much of them may stay.
    """
    by_row = np.diff(nodes, axis=1)[:, :, :-1] / np.float32(step)
    by_column = np.diff(nodes, axis=2)[:, :-1, :] / np.float32(step)
    trace = by_row[0] + by_column[1]
    det = by_row[0] * by_column[1] - by_row[1] * by_column[0]
    slack = np.float32(1 - _LEAST_AREA)
    discriminant = trace * trace - 4 * slack * det
    divisor = np.sqrt(np.maximum(discriminant, 0)) - trace
    is_reached = (discriminant >= 0) & (divisor > 0)
    divisors = divisor[is_reached]
    largest = divisors.max() if divisors.size else np.float32(0)
    return nodes * min(np.float32(1), 2 * slack / largest) if largest > 0 else nodes


def _linear_taps(length: int, count: int) -> Taps:
    """Straight lines between `count` nodes, the outermost on the image's edges."""
    first, t = _cells(length, count)
    return kernels.grids.Taps(first.astype(np.uint32), np.stack([1 - t, t]).astype(np.float32))


def _cells(length: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For every pixel centre of an axis, the node before it, and how far on it is to the next."""
    place = (np.arange(length) + 0.5) * (count - 1) / length
    first = np.minimum(place.astype(np.intp), count - 2)
    return first, place - first


def _ends(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where cells of these sides begin and end, from 0 to 1."""
    ends = np.concatenate([[0.0], np.cumsum(sides)])
    return np.asarray(ends / ends[-1])


def _between(ends: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """The input coordinate of every pixel, where equal cells show those between `ends`."""
    first, t = _cells(length, len(ends))
    return (ends[first] * (1 - t) + ends[first + 1] * t) * length - 0.5
