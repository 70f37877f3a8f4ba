"""Features: shapes, and that a picture's features are its own."""

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.probe.features import SIDE, describe, draw_filters, feature_count

Small = NDArray[np.uint8]


@pytest.fixture(name="pictures")
def _pictures() -> Small:
    return np.random.default_rng(0).integers(256, size=(20, SIDE, SIDE, 3)).astype(np.uint8)


def test_features_have_a_number_for_each_filter_sign_and_quadrant(pictures: Small) -> None:
    """Six filters give 6 x 2 x 4 numbers, none of them negative."""
    features = describe(draw_filters(pictures, 6, np.random.default_rng(1)), pictures)
    assert features.shape == (20, 48) == (20, feature_count(6))
    assert features.dtype == np.float32
    assert (features >= 0).all()


def test_features_do_not_depend_on_company(pictures: Small) -> None:
    """A picture alone, or among others in whatever batch, has the same features."""
    filters = draw_filters(pictures, 6, np.random.default_rng(1))
    together = describe(filters, pictures)
    np.testing.assert_allclose(describe(filters, pictures[17:18])[0], together[17], rtol=1e-5)


def test_pooling_tells_quadrants_apart() -> None:
    """A spot at the upper left touches the features of that quadrant, and of no other."""
    flat = np.full((1, SIDE, SIDE, 3), 100, np.uint8)
    spot = flat.copy()
    spot[0, 4:6, 4:6] = 255
    patterned = np.random.default_rng(0).integers(256, size=(4, SIDE, SIDE, 3)).astype(np.uint8)
    filters = draw_filters(patterned, 8, np.random.default_rng(1))
    changed = (describe(filters, spot) - describe(filters, flat)).reshape(2, 4, 8)
    assert np.abs(changed[:, 0]).max() > 0
    assert np.abs(changed[:, 1:]).max() == 0


def test_flat_pictures_give_numbers() -> None:
    """Data without any contrast has filters and features, all finite."""
    flat = np.zeros((5, SIDE, SIDE, 3), np.uint8)
    filters = draw_filters(flat, 4, np.random.default_rng(0))
    assert np.isfinite(describe(filters, flat)).all()


def test_the_generator_decides_the_filters(pictures: Small) -> None:
    """The same generator draws the same filters."""
    first, again, other = (
        draw_filters(pictures, 4, np.random.default_rng(seed)).weights for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
