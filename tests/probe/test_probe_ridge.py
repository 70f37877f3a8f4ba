"""The ridge classifier: what it says of parts it takes out is what a fit without them says."""

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.probe.ridge import (
    PENALTY,
    Ridge,
    Scale,
    balanced_weights,
    cross_validated,
    doubly_held_out,
    held_out,
    rows_of,
    targets_of,
)

IMAGES, COPIES, FEATURES, CLASSES = 30, 2, 60, 3
FOLDS = np.arange(IMAGES) % 5


class Case:
    """Rows of random originals and copies, and models that are built from nothing."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        labels = rng.integers(CLASSES, size=IMAGES)
        of_originals = balanced_weights(labels, CLASSES)
        features = rng.normal(size=(IMAGES * (1 + COPIES), FEATURES)).astype(np.float32)
        self.rows = Scale.of(features[:IMAGES], of_originals).apply(features)
        every = np.concatenate([labels, np.repeat(labels, COPIES)])
        self.targets = targets_of(every, CLASSES)
        self.weights = np.concatenate([of_originals, np.repeat(of_originals, COPIES)])
        self.ridge = Ridge(self.rows, self.targets, self.weights)

    def rebuilt(self, left_out: NDArray[np.intp]) -> NDArray[np.float64]:
        """A model of all other rows by the normal equations: (d, classes)."""
        kept = np.setdiff1d(np.arange(len(self.rows)), left_out)
        rows, weights = self.rows[kept].astype(float), self.weights[kept].astype(float)[:, None]
        penalty = PENALTY * float(self.weights.sum()) * FEATURES
        gram = rows.T @ (weights * rows) + penalty * np.eye(FEATURES + 1)
        return np.linalg.solve(gram, rows.T @ (weights * self.targets[kept]))


@pytest.fixture(name="case")
def _case() -> Case:
    return Case()


def test_a_block_taken_out_is_a_fit_without_it(case: Case) -> None:
    """Scores of a held-out block are those of a model that was fitted to the others alone."""
    block = rows_of(np.array([0, 3, 4]), IMAGES, COPIES)
    expected = case.rows[block] @ case.rebuilt(block)
    np.testing.assert_allclose(case.ridge.without(block), expected, atol=2e-4)


def test_the_model_without_a_block(case: Case) -> None:
    """The weights of that model are those of the fit to the others, too."""
    block = rows_of(np.array([1, 2]), IMAGES, COPIES)
    np.testing.assert_allclose(case.ridge.weights_without(block), case.rebuilt(block), atol=2e-4)


def test_loss_is_that_of_the_model_of_all_rows(case: Case) -> None:
    """The training loss is the weighted mean of squared errors of the fit to everything."""
    model = case.rebuilt(np.array([], np.intp))
    squares = ((case.targets - case.rows @ model) ** 2).sum(axis=1)
    assert case.ridge.loss == pytest.approx(np.average(squares, weights=case.weights), rel=1e-3)


def test_rows_of_sources_are_originals_and_then_their_copies() -> None:
    """The rows of sources 0 and 2 of 3, with two copies each."""
    assert rows_of(np.array([0, 2]), 3, 2).tolist() == [0, 2, 3, 4, 7, 8]


def test_cross_validation_holds_out_copies_with_their_source(case: Case) -> None:
    """Each fold's scores are of a model without the fold's originals and their copies."""
    scores = cross_validated(case.ridge, FOLDS, COPIES)
    for sources in held_out(FOLDS):
        model = case.rebuilt(rows_of(sources, IMAGES, COPIES))
        np.testing.assert_allclose(scores[sources], case.rows[sources] @ model, atol=2e-4)


def test_double_hold_out_lacks_both_folds(case: Case) -> None:
    """At [k, i] is the score of i by a model without fold k and without the fold of i."""
    scores = doubly_held_out(case.ridge, FOLDS, COPIES)
    assert np.isnan(scores[1, FOLDS == 1]).all()
    both = np.flatnonzero((FOLDS == 1) | (FOLDS == 3))
    model = case.rebuilt(rows_of(both, IMAGES, COPIES))
    of_third = np.flatnonzero(FOLDS == 3)
    np.testing.assert_allclose(scores[1, of_third], case.rows[of_third] @ model, atol=2e-4)


def test_balanced_weights_give_every_class_the_same() -> None:
    """Three of one class and one of another: each class has half of the weight."""
    assert balanced_weights(np.array([0, 0, 0, 1]), 2).tolist() == pytest.approx(
        [2 / 3, 2 / 3, 2 / 3, 2]
    )


def test_scaled_features_have_mean_0_deviation_1_and_a_constant() -> None:
    """Features with their weights; the last column is the same for all."""
    features = np.array([[1, 5], [3, 5]], np.float32)
    scaled = Scale.of(features, np.array([1, 1], np.float32)).apply(features)
    assert scaled[:, 0].tolist() == pytest.approx([-1, 1], rel=1e-4)
    assert scaled[:, 1].tolist() == [0, 0]
    assert scaled[0, 2] == scaled[1, 2] != 0
