"""Affine maps of pixel grids, as matrices.

A map takes an output pixel to the input point it shows: input = matrix @ output + offset, both
as (row, column), which is the convention of `scipy.ndimage.affine_transform`.
"""

import math
from functools import reduce
from typing import Literal, NamedTuple

import numpy as np

from augcli.transforms.base import Size

SplineOrder = Literal[0, 1, 2, 3, 4, 5]
Affine = tuple[float, float, float, float, float, float]
"""The first two rows of an affine matrix (3, 3), one after the other."""


class AffineMap(NamedTuple):
    """matrix (2, 2) and offset (2,), from output (row, column) to input.

    Plain numbers rather than arrays: so small, they are handled in a quarter of the time.
    """

    matrix: tuple[tuple[float, float], tuple[float, float]]
    offset: tuple[float, float]

    @property
    def is_identity(self) -> bool:
        """Whether every output pixel shows the input pixel of the same place."""
        return self == IDENTITY


IDENTITY = AffineMap(((1.0, 0.0), (0.0, 1.0)), (0.0, 0.0))
"""The map that moves nothing."""


def keras_affine(
    size: Size,
    *,
    theta: float,
    tx: float,
    ty: float,
    shear: float,
    zx: float,
    zy: float,
    center: str = "exact",
    like_reference: bool = False,
) -> AffineMap:
    """The map of Keras-Preprocessing's `apply_affine_transform`.

    The product rotation, shift, shear, zoom is taken about the centre. Factors that change
    nothing are left out of it, since a product with an identity may still round.

    Args:
        size: Height and width of the image.
        theta: Rotation in degrees.
        tx: Shift in pixels along the rows.
        ty: Shift in pixels along the columns.
        shear: Shear in degrees.
        zx: Zoom of the rows; below 1 magnifies.
        zy: Zoom of the columns.
        center: "exact", (h/2 - 0.5, w/2 - 0.5); "keras", (h/2 + 0.5, w/2 + 0.5).
        like_reference: Multiply as the reference does, by BLAS, and so equal it to the last bit;
            that bit may differ from processor to processor. Otherwise it is the same on all.
    """
    factors: list[Affine] = []
    if theta != 0:
        cosine, sine = math.cos(math.radians(theta)), math.sin(math.radians(theta))
        factors.append((cosine, -sine, 0.0, sine, cosine, 0.0))
    if tx != 0 or ty != 0:
        factors.append((1.0, 0.0, tx, 0.0, 1.0, ty))
    if shear != 0:
        angle = math.radians(shear)
        factors.append((1.0, -math.sin(angle), 0.0, 0.0, math.cos(angle), 0.0))
    if zx != 1 or zy != 1:
        factors.append((zx, 0.0, 0.0, 0.0, zy, 0.0))
    if not factors:
        return IDENTITY
    half_pixel = -0.5 if center == "exact" else 0.5
    row, column = size.height / 2 + half_pixel, size.width / 2 + half_pixel
    to_center = (1.0, 0.0, row, 0.0, 1.0, column)
    from_center = (1.0, 0.0, -row, 0.0, 1.0, -column)
    multiply = _multiply_by_blas if like_reference else _multiply
    product = multiply(multiply(to_center, reduce(multiply, factors)), from_center)
    m00, m01, offset0, m10, m11, offset1 = product
    return AffineMap(((m00, m01), (m10, m11)), (offset0, offset1))


def _multiply(a: Affine, b: Affine) -> Affine:
    """The product of two affine matrices, in plain IEEE arithmetic."""
    a00, a01, a02, a10, a11, a12 = a
    b00, b01, b02, b10, b11, b12 = b
    return (
        a00 * b00 + a01 * b10,
        a00 * b01 + a01 * b11,
        a00 * b02 + a01 * b12 + a02,
        a10 * b00 + a11 * b10,
        a10 * b01 + a11 * b11,
        a10 * b02 + a11 * b12 + a12,
    )


def _multiply_by_blas(a: Affine, b: Affine) -> Affine:
    """The same by NumPy, whose BLAS may fuse a product and a sum without rounding between."""
    last_row = (0.0, 0.0, 1.0)
    matrix_a, matrix_b = (np.reshape((*factor, *last_row), (3, 3)) for factor in (a, b))
    product: Affine = tuple(np.dot(matrix_a, matrix_b)[:2].ravel().tolist())
    return product


def flipped(affine: AffineMap, size: Size, *, horizontal: bool, vertical: bool) -> AffineMap:
    """The map whose output mirrors that of `affine`, but for the rounding of coordinates."""
    (m00, m01), (m10, m11) = affine.matrix
    offset0, offset1 = affine.offset
    if vertical:
        last = size.height - 1
        offset0, offset1 = offset0 + m00 * last, offset1 + m10 * last
        m00, m10 = -m00, -m10
    if horizontal:
        last = size.width - 1
        offset0, offset1 = offset0 + m01 * last, offset1 + m11 * last
        m01, m11 = -m01, -m11
    return AffineMap(((m00, m01), (m10, m11)), (offset0, offset1))
