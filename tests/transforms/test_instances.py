"""Annotated objects, and their boxes."""

import numpy as np
import pytest

from augcli.transforms.instances import BoxMethod, Instance, bounds, instance_of_box

NO_BOX = np.empty((0, 2))


@pytest.mark.parametrize("method", ["corners", "ellipse"])
@pytest.mark.parametrize(
    "box", [(1.0, 2.0, 5.0, 9.0), (0.1, 0.2, 0.7, 100.3), (3.0, 3.0, 3.0, 3.0)]
)
def test_a_box_comes_back_as_it_was(
    method: BoxMethod, box: tuple[float, float, float, float]
) -> None:
    """To the last digit, by either method."""
    assert bounds(instance_of_box(7, *box, method)) == box
    assert instance_of_box(7, *box, method).index == 7


def test_the_corners_are_those_of_the_box() -> None:
    """In order around it."""
    outline = instance_of_box(0, 1, 2, 5, 9, "corners").outline
    assert outline.tolist() == [[1, 2], [5, 2], [5, 9], [1, 9]]


def test_the_ellipse_is_inscribed() -> None:
    """Its points fulfil the ellipse's equation."""
    x, y = instance_of_box(0, 1, 2, 5, 9, "ellipse").outline.T
    assert np.allclose(((x - 3) / 2) ** 2 + ((y - 5.5) / 3.5) ** 2, 1)


def test_a_mask_knows_better_than_polygons_and_they_than_the_outline() -> None:
    """The box is taken from what is closest to the object."""
    mask = np.zeros((6, 8, 1), np.uint8)
    mask[2:4, 3:7] = 1
    outline = np.array([(0.0, 0.0), (8.0, 0.0), (8.0, 6.0)])
    polygons = (np.array([(1.0, 1.0), (2.0, 1.0), (2.0, 3.0)]), np.array([(4.5, 1.0), (5.0, 2.0)]))
    assert bounds(Instance(0, outline)) == (0, 0, 8, 6)
    assert bounds(Instance(0, outline, polygons)) == (1, 1, 5, 3)
    assert bounds(Instance(0, outline, polygons, mask)) == (3, 2, 7, 4)


def test_where_nothing_is_there_is_no_box() -> None:
    """An empty mask, and keypoints alone, have none."""
    assert bounds(Instance(0, NO_BOX)) is None
    assert bounds(Instance(0, NO_BOX, mask=np.zeros((6, 8, 1), np.uint8))) is None
