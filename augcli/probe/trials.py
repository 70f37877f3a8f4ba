"""One trial: small networks that go on with the copies of one arm, and what they then get right.

Of the folds that the images are cut into, two at a time are held out. For each pair, networks
learn the other images, without copies. From there all arms go on, each with its own copies beside
the images, and one with none: they differ in the copies alone, and not in what else chance does to
a training. And for each fold there are networks that lack this one and another, so that a choice
can be made without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from augcli.probe.network import Floats, Indices, Networks, Standard, State

SIDE_BY_SIDE = 3
"""Networks that are trained at once, on the same pictures."""

FIRST_STEPS = 0.75
"""Steps without copies, for each step that is made with them."""

Labels = NDArray[np.int16]
"""Classes by their numbers, -1 for none."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all trials share.

    Attributes:
        originals: (images, SIDE, SIDE, 3).
        standard: What takes them, and their copies, to values around 0.
        labels: (images,), classes by their numbers.
        weights: (images,), with a mean of 1.
        groups: (images,), by number; images of one group are in one fold.
        folds: (repeats, images).
        classes: How many there are.
        steps: Of training, with the copies of an arm.
        seed: Of the networks.
    """

    originals: NDArray[np.uint8]
    standard: Standard
    labels: Indices
    weights: Floats
    groups: Indices
    folds: Indices
    classes: int
    steps: int
    seed: int

    @property
    def fold_count(self) -> int:
        """How many folds there are in each repeat."""
        return int(self.folds.max()) + 1

    def splits(self) -> Iterator["Split"]:
        """Every pair of folds of every repeat."""
        for repeat in range(len(self.folds)):
            for pair in combinations(range(self.fold_count), 2):
                yield Split(repeat, pair)

    def networks(self, split: "Split", state: State | None) -> Networks:
        """Those that begin, or that go on from a state; the same ones however often."""
        rng = np.random.default_rng([self.seed, split.repeat, *split.pair, state is None])
        return Networks(self.classes, SIDE_BY_SIDE, rng, state)

    def held_out(self, split: "Split") -> NDArray[np.bool_]:
        """Which images a split holds out: (images,)."""
        return np.isin(self.folds[split.repeat], split.pair)


@dataclass(frozen=True, slots=True)
class Split:
    """Two folds that are held out.

    Attributes:
        repeat: Of which repeat.
        pair: The two folds, the lower first.
    """

    repeat: int
    pair: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What comes before the arms, of one split.

    Attributes:
        state: Of networks that learned the images without copies; here every arm goes on.
        clean: Of the same networks, gone on with no copies.
        loss: Of these, at the end of their training.
    """

    state: State
    clean: State
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What networks are to learn besides the originals.

    Attributes:
        copies: (images, copies, SIDE, SIDE, 3), those of one arm.
        starts: One for each split.
        is_read: Whether the networks that never saw a copy shall read these.
    """

    copies: NDArray[np.uint8]
    starts: Sequence[Start]
    is_read: bool


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a trial came to.

    Attributes:
        read: (repeats, SIDE_BY_SIDE, folds, images): at [r, s, k, i], what image i is read as by a
            network that saw neither fold k nor the fold of i; -1 where these are one.
        loss: The mean at the end of the trainings.
        copies: (images, copies, classes), what networks make of the copies that saw neither their
            sources nor any copy: mean logarithms of probabilities; None where they were not asked.
    """

    read: Labels
    loss: float
    copies: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Clean:
    """What networks without augmentation come to.

    Attributes:
        outcome: Of the trial without copies.
        scores: (images, classes), the same of the images.
    """

    outcome: Outcome
    scores: Floats


def start(ground: Ground, split: Split) -> Start:
    """Trains the networks of one split without copies."""
    pictures = ground.standard.apply(ground.originals)
    networks = ground.networks(split, None)
    _train(ground, split, networks, pictures, steps=round(FIRST_STEPS * ground.steps))
    state = networks.state
    networks = ground.networks(split, state)
    loss = _train(ground, split, networks, pictures, steps=ground.steps)
    return Start(state, networks.state, loss)


def run_clean(ground: Ground, starts: Sequence[Start]) -> Clean:
    """The trial without copies."""
    pictures = ground.standard.apply(ground.originals)
    read = _unread(ground)
    scores = np.zeros((len(pictures), ground.classes), np.float32)
    for split, one in zip(ground.splits(), starts, strict=True):
        held = ground.held_out(split)
        found = ground.networks(split, one.clean).probabilities(pictures[held])
        _note(ground, split, found, read)
        scores[held] += _mean_logarithm(found)
    loss = float(np.mean([one.loss for one in starts]))
    scores /= _readings(ground)
    return Clean(Outcome(read, loss, None), scores)


def run_trial(ground: Ground, trial: Trial) -> Outcome:
    """The trial of one arm."""
    images, copies = trial.copies.shape[:2]
    pictures = ground.standard.apply(ground.originals)
    flat = ground.standard.apply(trial.copies.reshape(-1, *trial.copies.shape[2:]))
    of_copies = flat.reshape(images, copies, *flat.shape[1:])
    read = _unread(ground)
    scores = np.zeros((images, copies, ground.classes), np.float32)
    losses = []
    for split, one in zip(ground.splits(), trial.starts, strict=True):
        held = ground.held_out(split)
        networks = ground.networks(split, one.state)
        steps = ground.steps
        losses.append(_train(ground, split, networks, pictures, steps=steps, copies=of_copies))
        _note(ground, split, networks.probabilities(pictures[held]), read)
        if trial.is_read:
            clean = ground.networks(split, one.clean)
            found = clean.probabilities(of_copies[held].reshape(-1, *flat.shape[1:]))
            scores[held] += _mean_logarithm(found).reshape(-1, copies, ground.classes)
    scores /= _readings(ground)
    return Outcome(read, float(np.mean(losses)), scores if trial.is_read else None)


def _train(
    ground: Ground,
    split: Split,
    networks: Networks,
    pictures: Floats,
    *,
    steps: int,
    copies: Floats | None = None,
) -> float:
    """Trains networks on what a split does not hold out; the loss in the end."""
    known = ~ground.held_out(split)
    seen, labels, weights = pictures[known], ground.labels[known], ground.weights[known]
    if copies is not None:
        number = copies.shape[1]
        seen = np.concatenate([seen, copies[known].reshape(-1, *copies.shape[2:])])
        labels = np.concatenate([labels, np.repeat(labels, number)])
        weights = np.concatenate([weights, np.repeat(weights, number)])
    return networks.train(seen, labels, weights / weights.mean(), steps)


def _unread(ground: Ground) -> Labels:
    repeats, images = ground.folds.shape
    return np.full((repeats, SIDE_BY_SIDE, ground.fold_count, images), -1, np.int16)


def _note(ground: Ground, split: Split, probabilities: Floats, read: Labels) -> None:
    """Notes what the held-out images of a split are read as."""
    best = np.zeros((SIDE_BY_SIDE, len(ground.labels)), np.int16)
    best[:, ground.held_out(split)] = probabilities.argmax(axis=2)
    for lacking, own in (split.pair, split.pair[::-1]):
        those = ground.folds[split.repeat] == own
        read[split.repeat, :, lacking, those] = best[:, those].T


def _mean_logarithm(probabilities: Floats) -> Floats:
    """Of what networks say, over the networks; how sure a reading is still shows near certainty."""
    mean: Floats = np.log(np.maximum(probabilities, np.float32(1e-30))).mean(axis=0)
    return mean


def _readings(ground: Ground) -> int:
    """How often each image is held out."""
    return len(ground.folds) * (ground.fold_count - 1)
