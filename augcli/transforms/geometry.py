"""Affine maps of pixel grids, as matrices.

A map takes an output pixel to the input point it shows: input = matrix @ output + offset, both
as (row, column), which is the convention of `scipy.ndimage.affine_transform`.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from augcli.transforms.base import Size

SplineOrder = Literal[0, 1, 2, 3, 4, 5]


class AffineMap(NamedTuple):
    """matrix (2, 2) and offset (2,), float64, from output (row, column) to input."""

    matrix: NDArray[np.float64]
    offset: NDArray[np.float64]

    @property
    def is_identity(self) -> bool:
        """Whether every output pixel shows the input pixel of the same place."""
        return bool(np.array_equal(self.matrix, np.eye(2)) and not self.offset.any())


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
) -> AffineMap:
    """The map of Keras-Preprocessing's `apply_affine_transform`, bit for bit.

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
    """
    factors: list[NDArray[np.float64]] = []
    if theta != 0:
        angle = np.deg2rad(theta)
        factors.append(
            np.array(
                [
                    [np.cos(angle), -np.sin(angle), 0.0],
                    [np.sin(angle), np.cos(angle), 0.0],
                    [0.0, 0.0, 1.0],
                ]
            )
        )
    if tx != 0 or ty != 0:
        factors.append(np.array([[1.0, 0.0, tx], [0.0, 1.0, ty], [0.0, 0.0, 1.0]]))
    if shear != 0:
        angle = np.deg2rad(shear)
        factors.append(
            np.array([[1.0, -np.sin(angle), 0.0], [0.0, np.cos(angle), 0.0], [0.0, 0.0, 1.0]])
        )
    if zx != 1 or zy != 1:
        factors.append(np.array([[zx, 0.0, 0.0], [0.0, zy, 0.0], [0.0, 0.0, 1.0]]))
    if not factors:
        return AffineMap(np.eye(2), np.zeros(2))
    product = factors[0]
    for factor in factors[1:]:
        product = np.dot(product, factor)
    half_pixel = -0.5 if center == "exact" else 0.5
    row, column = size.height / 2 + half_pixel, size.width / 2 + half_pixel
    to_center = np.array([[1.0, 0.0, row], [0.0, 1.0, column], [0.0, 0.0, 1.0]])
    from_center = np.array([[1.0, 0.0, -row], [0.0, 1.0, -column], [0.0, 0.0, 1.0]])
    centered = np.dot(np.dot(to_center, product), from_center)
    return AffineMap(centered[:2, :2], centered[:2, 2])


def flipped(affine: AffineMap, size: Size, *, horizontal: bool, vertical: bool) -> AffineMap:
    """The map whose output mirrors that of `affine`, but for the rounding of coordinates."""
    matrix, offset = affine.matrix.copy(), affine.offset.copy()
    if vertical:
        offset += matrix[:, 0] * (size.height - 1)
        matrix[:, 0] *= -1
    if horizontal:
        offset += matrix[:, 1] * (size.width - 1)
        matrix[:, 1] *= -1
    return AffineMap(matrix, offset)
