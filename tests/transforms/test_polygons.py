"""Polygons: measured, divided, cut and hulled."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.transforms.polygons import area, clipped, convex_hull, cut, subdivided

SQUARE = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)])
POINTS = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=12
).map(lambda points: np.array(points, np.float64))


def test_the_area_of_a_triangle_is_half_of_its_rectangle() -> None:
    """Either way round, and far from the origin."""
    triangle = np.array([(0.0, 0.0), (4.0, 0.0), (0.0, 3.0)]) + 1e6
    assert area(triangle) == area(triangle[::-1]) == 6.0


@pytest.mark.parametrize("corners", [0, 1, 2])
def test_less_than_three_corners_have_no_area(corners: int) -> None:
    """A point and a line are empty."""
    assert area(SQUARE[:corners]) == 0.0


def test_sides_are_divided_into_equal_pieces() -> None:
    """No piece is longer than asked for, and all corners are still there."""
    assert subdivided(SQUARE[:2], 3.0).tolist() == [[0, 0], [2, 0], [4, 0], [2, 0]]
    assert subdivided(SQUARE, 4.0).tolist() == SQUARE.tolist()
    assert subdivided(SQUARE[:0], 4.0).shape == (0, 2)


def test_a_line_cuts_a_square() -> None:
    """What is right of x = 1 stays, with two new corners on the line."""
    assert sorted(cut(SQUARE, 1.0, 0.0, -1.0).tolist()) == [[1, 0], [1, 4], [4, 0], [4, 4]]
    assert cut(SQUARE, 1.0, 0.0, 0.0) is SQUARE
    assert cut(SQUARE, 1.0, 0.0, -5.0).size == 0


def test_what_falls_apart_stays_joined_along_the_edge() -> None:
    """The two legs of a U, whose base is outside, are one polygon of the area of both."""
    u = np.array([(0, 0), (1, 0), (1, 3), (2, 3), (2, 0), (3, 0), (3, 4), (0, 4)], np.float64)
    assert area(clipped(u, 3, 2)) == 4.0
    assert len(clipped(u, 3, 2)) == 8


def test_a_polygon_that_only_touches_is_gone() -> None:
    """It has no area within."""
    assert clipped(SQUARE + 5.0, 5, 5).shape == (0, 2)


@given(POINTS)
def test_a_clipped_polygon_is_within(polygon: np.ndarray) -> None:
    """Whatever it was; and its area is no larger than the rectangle's."""
    inside = clipped(polygon, 10, 7)
    assert ((inside >= 0) & (inside <= (10, 7))).all()


@given(POINTS)
def test_clipping_a_convex_polygon_and_what_is_beyond_make_the_whole(polygon: np.ndarray) -> None:
    """Cut by a line and by its opposite, the two areas add up."""
    hull = convex_hull(polygon)
    parts = cut(hull, 1.0, 2.0, 0.5), cut(hull, -1.0, -2.0, -0.5)
    assert math.isclose(sum(map(area, parts)), area(hull), abs_tol=1e-9)


def test_the_hull_of_a_star_is_its_points() -> None:
    """Corners that point inwards, and those on a side, are left out."""
    star = np.array([(0, 0), (2, 1), (4, 0), (3, 2), (4, 4), (2, 3), (0, 4), (0, 2)], np.float64)
    assert convex_hull(star).tolist() == SQUARE.tolist()


def test_the_hull_of_nothing_is_nothing() -> None:
    """No points, one, and two have no inside, and come back as they are."""
    assert convex_hull(SQUARE[:0]).shape == (0, 2)
    assert convex_hull(SQUARE[:2]).tolist() == [[0, 0], [4, 0]]


@given(POINTS)
def test_a_hull_holds_every_point(polygon: np.ndarray) -> None:
    """All of them are on the left of each of its sides."""
    hull = convex_hull(polygon)
    sides = np.roll(hull, -1, axis=0) - hull
    for start, (x, y) in zip(hull, sides, strict=True):
        offsets = polygon - start
        assert (x * offsets[:, 1] - y * offsets[:, 0] >= -1e-9).all()
