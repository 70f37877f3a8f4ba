"""How the images are cut into parts, each of which is held out once."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def draw_folds(
    labels: Sequence[int], groups: Sequence[Hashable], number: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """A fold for each image. Images of one group are in one fold.

    Each class is spread evenly, as far as its groups allow: groups go, the largest first and
    else in random order, to the fold that has the fewest images of the group's classes.

    Args:
        labels: Class of each image, from 0.
        groups: What each image belongs to; images without company have a group of their own.
        number: Of folds.
        rng: Draws the order.

    Returns:
        (images,), from 0.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for image, group in enumerate(groups):
        members[group].append(image)
    pools = list(members.values())
    order = [pools[index] for index in rng.permutation(len(pools))]
    order.sort(key=len, reverse=True)  # stable: those of one size stay in random order
    held = np.zeros((number, max(labels) + 1), np.intp)
    folds = np.empty(len(labels), np.intp)
    for pool in order:
        counts = Counter(labels[image] for image in pool)
        of_classes = held[:, list(counts)] @ np.array(list(counts.values()))
        fold = int(np.lexsort((rng.random(number), held.sum(axis=1), of_classes))[0])
        folds[pool] = fold
        for label, count in counts.items():
            held[fold, label] += count
    return folds


def balanced_weights(labels: NDArray[np.intp], classes: int) -> NDArray[np.float32]:
    """A weight for each image, with a mean of 1: every class has the same total."""
    counts = np.bincount(labels, minlength=classes)
    weights: NDArray[np.float32] = (len(labels) / classes / counts[labels]).astype(np.float32)
    return weights
