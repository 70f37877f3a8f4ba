"""Maps of the plane, and the arithmetic of their matrices."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.images.orientation import Box
from augcli.transforms.base import Size
from augcli.transforms.maps import (
    FieldMap,
    Projective,
    Resized,
    determinant,
    inverse,
    multiply,
)

Array = NDArray[Any]

matrices = (
    st.lists(st.floats(-5, 5), min_size=9, max_size=9)
    .map(lambda numbers: np.reshape(numbers, (3, 3)))
    .filter(lambda matrix: abs(np.linalg.det(matrix)) > 0.1)
)


@given(a=matrices, b=matrices)
def test_matrices_are_multiplied_and_inverted(a: Array, b: Array) -> None:
    """The product, determinant and inverse are those of NumPy's linear algebra."""
    np.testing.assert_allclose(multiply(a, b), a @ b, atol=1e-9)
    np.testing.assert_allclose(determinant(a), np.linalg.det(a), atol=1e-9)
    np.testing.assert_allclose(multiply(a, inverse(a)), np.eye(3), atol=1e-7)


def test_the_inverse_of_an_affine_matrix_is_affine() -> None:
    """Its last row is exactly 0, 0, 1, so that the quick kernel of affine maps can take it."""
    matrix = np.array([[0.3, 0.1, 7], [-0.2, 0.7, 11], [0, 0, 1]])

    assert Projective(inverse(matrix), Size(1, 1)).is_affine
    assert not Projective(inverse(matrix.T), Size(1, 1)).is_affine


def test_points_go_where_pixels_go() -> None:
    """A shift by two columns moves points by two; what is behind the viewer is nowhere."""
    shifted = Projective(np.array([[1.0, 0, 0], [0, 1, -2], [0, 0, 1]]), Size(9, 9))
    tilted = Projective(inverse(np.array([[1.0, 0, 0], [0, 1, 0], [0, -0.1, 1]])), Size(9, 9))
    points = np.array([[0.5, 0.5], [3.0, 4.0], [20.0, 1.0]])

    assert shifted.to_output(points).tolist() == [[2.5, 0.5], [5, 4], [22, 1]]
    assert np.isnan(tilted.to_output(points)).tolist() == [[False] * 2, [False] * 2, [True] * 2]


def test_points_of_a_resized_part() -> None:
    """The part's corners become the output's, and its map of centres says the same."""
    part = Resized(Box(2, 1, 6, 7), Size(3, 8))
    points = np.array([[2.0, 1.0], [6.0, 7.0], [3.3, 4.4]])

    assert part.to_output(points)[:2].tolist() == [[0, 0], [8, 3]]
    np.testing.assert_allclose(part.centers.to_output(points), part.to_output(points))
    assert not part.mirrors


@pytest.mark.parametrize(
    ("box", "size", "expected"),
    [
        (Box(2, 1, 6, 4), Size(3, 4), True),
        (Box(2.5, 1, 6.5, 4), Size(3, 4), False),
        (Box(2, 1.5, 6, 4.5), Size(3, 4), False),
        (Box(2, 1, 6, 4), Size(3, 5), False),
        (Box(0, 0, 9, 9), Size(3, 3), False),
    ],
)
def test_which_resizes_are_crops(box: Box, size: Size, expected: bool) -> None:
    """Only a part at whole pixels, as large as the output, is copied."""
    assert Resized(box, size).is_crop is expected


def test_later_maps_are_multiplied_from_the_right() -> None:
    """A shift by a row after a quarter turn shifts what has been turned."""
    turned = Projective(np.array([[0.0, 1, 0], [-1, 0, 3], [0, 0, 1]]), Size(4, 3))
    shifted = Projective(np.array([[1.0, 0, 1], [0, 1, 0], [0, 0, 1]]), Size(5, 6))

    both = shifted.after(turned)

    assert both.size == (5, 6)
    assert both.matrix.tolist() == [[0, 1, 0], [-1, 0, 2], [0, 0, 1]]


def test_what_is_mirrored() -> None:
    """A flip is a mirror image, two are none, and neither is a transpose and a flip."""
    flip = Projective(np.diag([1.0, -1, 1]), Size(1, 1))
    transpose = Projective(np.eye(3)[[1, 0, 2]], Size(1, 1))

    assert flip.mirrors
    assert transpose.mirrors
    assert not flip.after(flip).mirrors
    assert not flip.after(transpose).mirrors
    assert not FieldMap(np.zeros((1, 1), np.float32), np.zeros((1, 1), np.float32)).mirrors


def test_a_field_is_as_large_as_its_output() -> None:
    """The size of a field is the map's, and points are found by looking it up backwards."""
    rows, columns = np.mgrid[:6, :8].astype(np.float32)
    shifted = FieldMap(rows, columns + np.float32(2))

    assert shifted.size == (6, 8)
    found = shifted.to_output(np.array([[5.0, 3.0]]))
    np.testing.assert_allclose(found, [[3.0, 3.0]], atol=0.01)
