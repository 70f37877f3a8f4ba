"""Maps of the plane: where the pixels of a moved image are found.

A map takes an output pixel to the input point that it shows, both as (row, column) of pixel
centres, as `scipy.ndimage.affine_transform` does. Boxes and points are (x, y) in a plane whose
origin is the image's upper left corner, so that the first pixel's centre is (0.5, 0.5) and a flip
takes x to width - x; they go the other way, from input to output.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from augcli.fields import FillMode
from augcli.images.options import Interpolation
from augcli.images.orientation import Box
from augcli.transforms.base import Size

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fill:
    """What stands where the input has no pixels, and how pixels are interpolated.

    Attributes:
        fill_mode: How the image goes on beyond its edges.
        cval: Level beyond the edges for "constant".
        order: Order of the spline between pixels, 0 to 5.
    """

    fill_mode: FillMode = "nearest"
    cval: float = 0.0
    order: int = 1


class PlaneMap(Protocol):
    """A map from output to input."""

    @property
    def size(self) -> Size:
        """Height and width of the output."""

    @property
    def mirrors(self) -> bool:
        """Whether left and right change places."""

    def to_output(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) of the input, x and y, are in the output; NaN where nowhere."""


@dataclass(frozen=True)
class Projective:
    """A map by a matrix: affine, or with a perspective.

    Attributes:
        matrix: float64 (3, 3), from output (row, column, 1) to input, up to a factor.
        size: Height and width of the output.
    """

    matrix: NDArray[np.float64]
    size: Size

    @property
    def is_affine(self) -> bool:
        """Whether parallels stay parallel."""
        return bool(np.array_equal(self.matrix[2], (0.0, 0.0, 1.0)))

    @cached_property
    def mirrors(self) -> bool:
        """Whether it shows a mirror image."""
        return determinant(self.matrix) < 0

    def after(self, earlier: Projective) -> Projective:
        """The map that does `earlier` first, and then this one."""
        return Projective(multiply(earlier.matrix, self.matrix), self.size)

    def to_output(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) of the input, x and y, are in the output; NaN behind the viewer."""
        row, column = points[:, 1] - 0.5, points[:, 0] - 0.5
        moved_row, moved_column, depth = (
            a * row + b * column + c for a, b, c in inverse(self.matrix)
        )
        depth = np.where(depth > 0, depth, np.nan)
        return np.stack([moved_column / depth + 0.5, moved_row / depth + 0.5], axis=1)


@dataclass(frozen=True, slots=True)
class Resized:
    """A part of the input, resized: every pixel is an average over what it covers.

    Attributes:
        box: The part, in pixels of the input; fractions are allowed.
        size: Height and width of the output.
        interpolation: Pillow's filter of that name.
    """

    box: Box
    size: Size
    interpolation: Interpolation = "bilinear"

    @property
    def mirrors(self) -> bool:
        """Never."""
        return False

    @property
    def is_crop(self) -> bool:
        """Whether nothing is resized: the part, at whole pixels, is as large as the output."""
        left, top, right, bottom = self.box
        is_as_large = (bottom - top, right - left) == self.size
        return is_as_large and float(left).is_integer() and float(top).is_integer()

    @property
    def centers(self) -> Projective:
        """The map of pixel centres."""
        left, top, right, bottom = self.box
        y_step, x_step = (bottom - top) / self.size.height, (right - left) / self.size.width
        rows = (y_step, 0.0, top + y_step / 2 - 0.5)
        columns = (0.0, x_step, left + x_step / 2 - 0.5)
        return Projective(np.array([rows, columns, (0.0, 0.0, 1.0)]), self.size)

    def to_output(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) of the input, x and y, are in the output."""
        left, top, right, bottom = self.box
        per_pixel = self.size.width / (right - left), self.size.height / (bottom - top)
        return (points - (left, top)) * per_pixel


@dataclass(frozen=True, slots=True)
class FieldMap:
    """A map by a field: for each output pixel, the input point that it shows.

    Attributes:
        rows: float32 (height, width) of the output, C-contiguous; input rows.
        columns: The same of input columns.
    """

    rows: NDArray[np.float32]
    columns: NDArray[np.float32]

    @property
    def size(self) -> Size:
        """Height and width of the output."""
        return Size(*self.rows.shape)

    @property
    def mirrors(self) -> bool:
        """Never: a field distorts, and does not turn over."""
        return False

    def to_output(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) of the input, x and y, are in the output; NaN where nowhere."""
        from augcli.transforms.inversion import inverted  # noqa: PLC0415  few samples have points

        return inverted(self.rows, self.columns, points)


# Matrices are multiplied and inverted in plain IEEE arithmetic, which BLAS and LAPACK are not on
# every processor.


def multiply(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of two (3, 3) matrices."""
    product: NDArray[np.float64] = a[:, :1] * b[0] + a[:, 1:2] * b[1] + a[:, 2:] * b[2]
    return product


def determinant(matrix: NDArray[np.float64]) -> float:
    """The determinant of a (3, 3) matrix."""
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    return float(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of a (3, 3) matrix: its adjugate over its determinant."""
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    adjugate = [
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    ]
    return np.array(adjugate) / determinant(matrix)
