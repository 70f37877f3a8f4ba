"""One trial: a small model fitted with the copies of one arm, and what it then gets right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from augcli.probe.features import Filters, describe
from augcli.probe.ridge import (
    Floats,
    Indices,
    Ridge,
    Scale,
    cross_validated,
    doubly_held_out,
    held_out,
    rows_of,
    targets_of,
)

Labels = NDArray[np.int16]
"""Classes by their numbers, -1 for none."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all trials share.

    Attributes:
        rows: (images, d), of the originals, as `Scale.apply` gives them.
        labels: (images,), classes by their numbers.
        weights: (images,), with a mean of 1.
        groups: (images,), by number; images of one group are in one fold.
        folds: (repeats, images).
        nested: How many of the repeats are held out doubly as well.
        classes: How many there are.
        filters: What features are made with.
        scale: What makes them comparable.
    """

    rows: Floats
    labels: Indices
    weights: Floats
    groups: Indices
    folds: Indices
    nested: int
    classes: int
    filters: Filters
    scale: Scale


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What a model is fitted to besides the originals.

    Attributes:
        copies: (images, copies, SIDE, SIDE, 3), those of one arm.
        models: Those of `Clean`, to have the copies read by them; else None.
    """

    copies: NDArray[np.uint8]
    models: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a trial came to.

    Attributes:
        predicted: (repeats, images), what held-out originals are read as.
        nested: (nested repeats, folds, images), the same at [r, k, i] by a model that saw neither
            fold k nor the fold of i; -1 where these are one.
        loss: Of the model that is fitted to everything, on that.
        copies: (images, copies, classes), scores of the held-out copies by the model that saw no
            copy at all; None where they were not asked for.
    """

    predicted: Labels
    nested: Labels
    loss: float
    copies: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Clean:
    """The models without augmentation.

    Attributes:
        outcome: Of the trial without copies.
        scores: (images, classes), of the held-out originals in the first repeat.
        models: (folds, d, classes), those of the first repeat.
    """

    outcome: Outcome
    scores: Floats
    models: Floats


def run_clean(ground: Ground) -> Clean:
    """The trial without copies."""
    ridge = _fitted(ground, None)
    models = [ridge.weights_without(sources) for sources in held_out(ground.folds[0])]
    scores = cross_validated(ridge, ground.folds[0], 0)
    return Clean(_outcome(ground, ridge, 0, None), scores, np.stack(models))


def run_trial(ground: Ground, trial: Trial) -> Outcome:
    """The trial of one arm."""
    copies = trial.copies.shape[1]
    pictures = trial.copies.reshape(-1, *trial.copies.shape[2:])
    rows = ground.scale.apply(describe(ground.filters, pictures))
    scores = None if trial.models is None else _read_copies(ground, rows, copies, trial.models)
    return _outcome(ground, _fitted(ground, rows), copies, scores)


def _fitted(ground: Ground, of_copies: Floats | None) -> Ridge:
    """The model of all originals and copies; those of one source share its weight."""
    if of_copies is None:
        return Ridge(ground.rows, targets_of(ground.labels, ground.classes), ground.weights)
    copies = len(of_copies) // len(ground.labels)
    labels = np.concatenate([ground.labels, np.repeat(ground.labels, copies)])
    weights = np.concatenate([ground.weights, np.repeat(ground.weights, copies)])
    rows = np.concatenate([ground.rows, of_copies])
    weights /= np.float32(1 + copies)
    return Ridge(rows, targets_of(labels, ground.classes), weights)


def _outcome(ground: Ground, ridge: Ridge, copies: int, scores: Floats | None) -> Outcome:
    single = [cross_validated(ridge, folds, copies) for folds in ground.folds]
    double = [doubly_held_out(ridge, folds, copies) for folds in ground.folds[: ground.nested]]
    return Outcome(_read(single), _read(double), ridge.loss, scores)


def _read(scores: Sequence[Floats]) -> Labels:
    """The class with the highest score; -1 where there are none."""
    stacked = np.stack(scores)
    best = np.where(np.isnan(stacked), -np.inf, stacked).argmax(axis=-1)
    labels: Labels = np.where(np.isnan(stacked[..., 0]), -1, best).astype(np.int16)
    return labels


def _read_copies(ground: Ground, rows: Floats, copies: int, models: Floats) -> Floats:
    """Scores of all copies, each by the model that did not see its source."""
    images = len(ground.labels)
    scores = np.empty((images, copies, ground.classes), np.float32)
    for sources, model in zip(held_out(ground.folds[0]), models, strict=True):
        own = rows_of(sources, 0, copies)[len(sources) :]
        scores[sources] = (rows[own] @ model).reshape(len(sources), copies, -1)
    return scores
