"""Affine maps, from output (row, column) to input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.transforms.base import Size
from augcli.transforms.geometry import AffineMap, flipped, keras_affine

NOTHING = {"theta": 0.0, "tx": 0.0, "ty": 0.0, "shear": 0.0, "zx": 1.0, "zy": 1.0}
SIZES = st.builds(Size, st.integers(1, 5000), st.integers(1, 5000))


@given(size=SIZES, center=st.sampled_from(["exact", "keras"]))
def test_no_parameters_give_exactly_the_identity(size: Size, center: str) -> None:
    """An image that nothing happens to is not resampled, of whatever size it is."""
    affine = keras_affine(size, **NOTHING, center=center)
    assert affine.is_identity
    assert affine.matrix == ((1, 0), (0, 1))
    assert affine.offset == (0, 0)


@pytest.mark.parametrize(
    ("params", "matrix"),
    [
        ({"theta": 90.0}, [[0, -1], [1, 0]]),
        ({"shear": 30.0}, [[1, -0.5], [0, np.sqrt(0.75)]]),
        ({"zx": 0.5, "zy": 2.0}, [[0.5, 0], [0, 2]]),
        ({"theta": 90.0, "shear": 30.0, "zx": 0.5}, [[0, -np.sqrt(0.75)], [0.5, -0.5]]),
    ],
)
def test_matrices_are_the_reference_s(params: dict[str, float], matrix: list[list[float]]) -> None:
    """Rotation, then shear, then zoom, each with the reference's signs."""
    affine = keras_affine(Size(4, 6), **{**NOTHING, **params})
    np.testing.assert_allclose(affine.matrix, matrix, atol=1e-15)


def test_a_shift_is_the_offset() -> None:
    """`tx` counts rows and `ty` columns."""
    affine = keras_affine(Size(4, 6), **{**NOTHING, "tx": 1.5, "ty": -2.0})
    assert affine.matrix == ((1, 0), (0, 1))
    assert affine.offset == (1.5, -2.0)


def test_a_shift_is_turned_by_the_rotation_and_not_by_the_zoom() -> None:
    """The product is rotation, shift, shear, zoom: a shift stands between the two."""
    turned = keras_affine(Size(3, 3), **{**NOTHING, "theta": 90.0, "tx": 1.0})
    zoomed = keras_affine(Size(3, 3), **{**NOTHING, "zx": 0.5, "zy": 0.5, "tx": 1.0})
    np.testing.assert_allclose(np.array(turned.matrix) @ [1, 1] + turned.offset, [1, 2], atol=1e-15)
    np.testing.assert_allclose(np.array(zoomed.matrix) @ [1, 1] + zoomed.offset, [2, 1], atol=1e-15)


@pytest.mark.parametrize(("center", "half_pixel"), [("exact", -0.5), ("keras", 0.5)])
@given(
    size=SIZES,
    params=st.fixed_dictionaries(
        {
            "theta": st.floats(-360, 360),
            "shear": st.floats(-80, 80),
            "zx": st.floats(0.1, 10),
            "zy": st.floats(0.1, 10),
        }
    ),
)
def test_the_center_stays_in_place(
    center: str, half_pixel: float, size: Size, params: dict[str, float]
) -> None:
    """Rotation, shear and zoom leave (h/2 - 0.5, w/2 - 0.5) where it is; `keras`, + 0.5."""
    affine = keras_affine(size, **{**NOTHING, **params}, center=center)
    middle = np.array([size.height / 2 + half_pixel, size.width / 2 + half_pixel])
    np.testing.assert_allclose(np.array(affine.matrix) @ middle + affine.offset, middle, atol=1e-8)


@pytest.mark.parametrize(
    "affine",
    [
        AffineMap(((1.0, 1e-16), (0.0, 1.0)), (0.0, 0.0)),
        AffineMap(((1.0, 0.0), (0.0, 1.0)), (0.0, -1e-16)),
    ],
)
def test_the_identity_is_exact(affine: AffineMap) -> None:
    """A map that is off by the least bit is resampled: it may not be taken for the identity."""
    assert not affine.is_identity


@pytest.mark.parametrize(("horizontal", "vertical"), [(True, False), (False, True), (True, True)])
def test_a_flipped_map_reads_at_the_mirrored_place(horizontal: bool, vertical: bool) -> None:
    """Its pixel (row, column) shows what the other's showed at (h - 1 - row, w - 1 - column)."""
    affine = AffineMap(((0.5, -2.0), (3.0, 0.25)), (7.0, -1.0))
    mirror = flipped(affine, Size(4, 6), horizontal=horizontal, vertical=vertical)
    here = np.array([1.0, 2.0])
    there = np.array([2.0 if vertical else 1.0, 3.0 if horizontal else 2.0])
    expected = np.array(affine.matrix) @ there + affine.offset
    assert (np.array(mirror.matrix) @ here + mirror.offset).tolist() == expected.tolist()
    assert affine.offset == (7.0, -1.0)


def test_the_portable_map_differs_from_the_reference_s_by_rounding_alone() -> None:
    """Fused products or not: both ways of multiplying give the same map, but for its last bits."""
    params = {"theta": 33.3, "tx": 1.7, "ty": -2.9, "shear": 12.1, "zx": 0.83, "zy": 1.31}
    portable = keras_affine(Size(375, 500), **params)
    reference = keras_affine(Size(375, 500), **params, like_reference=True)
    np.testing.assert_allclose(portable.matrix, reference.matrix, rtol=1e-14)
    np.testing.assert_allclose(portable.offset, reference.offset, rtol=1e-12)
