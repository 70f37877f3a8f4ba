"""How far the probe and the networks agree: changes, their errors, and the tables."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

_BEYOND = 2.0  # standard errors

Reads = Mapping[tuple[int, int], NDArray[np.bool_]]
"""Of each repeat and fold, which of the images that a network was judged on it read right."""


@dataclass(frozen=True)
class Row:
    """What the networks and the probe say of one range.

    Attributes:
        data: The data set.
        arm: The range, as a person writes it.
        network: Change of the networks' accuracy on images that they have not seen, in points.
        error: Its standard error.
        probed: Change that the probe gives, in points.
        low: Lower end of the probe's interval.
        high: Upper end.
        verdict: The probe's.
    """

    data: str
    arm: str
    network: float
    error: float
    probed: float
    low: float
    high: float
    verdict: str

    @property
    def is_beyond_noise(self) -> bool:
        """Whether the networks' change is."""
        return abs(self.network) > _BEYOND * self.error

    @property
    def agrees(self) -> bool:
        """Whether both changes have the same sign."""
        return self.network * self.probed > 0


@dataclass(frozen=True)
class Baseline:
    """What both read right without augmentation, and from how much that comes.

    Attributes:
        data: The data set.
        images: How many there are to learn from.
        classes: How many they are of.
        splits: Networks that were trained without copies.
        judged: Different images that networks were judged on.
        network: Their accuracy, in points.
        probe: The probe's accuracy, in points.
    """

    data: str
    images: int
    classes: int
    splits: int
    judged: int
    network: float
    probe: float


@dataclass(frozen=True)
class Agreement:
    """How far the two agree on some rows.

    Attributes:
        data: Which rows those are.
        rows: How many.
        spearman: Rank correlation of the changes, of all rows together.
        mean_spearman: Mean over the data sets of the rank correlation in each.
        beyond: Ranges whose change is beyond the networks' noise.
        agreeing: Those of them where the probe's change has the same sign.
        verdicts: Ranges that the probe has a verdict on, helps or hurts.
        borne_out: Those of them where the networks' change has the same sign.
    """

    data: str
    rows: int
    spearman: float
    mean_spearman: float
    beyond: int
    agreeing: int
    verdicts: int
    borne_out: int


def compare_splits(with_copies: Reads, without: Reads, folds: int) -> tuple[float, float]:
    """The mean change over folds that were held out, and its standard error, both in points.

    Training sets overlap, so splits are not independent: the variance of the mean is
    (1 / splits + 1 / (folds - 1)) times that between splits (Nadeau & Bengio 2003).

    Args:
        with_copies: What networks read right that were trained with copies.
        without: The same without copies.
        folds: Parts that the images were cut into.

    Raises:
        ValueError: Fewer than two splits are in both.
    """
    changes = np.array([change.mean() for change in _changes(with_copies, without)])
    factor = 1 / len(changes) + 1 / (folds - 1)
    return float(changes.mean()), math.sqrt(factor * float(changes.var(ddof=1)))


def compare_seeds(with_copies: Reads, without: Reads) -> tuple[float, float]:
    """The mean change on the same untouched images, and its standard error, both in points.

    There are two reasons why it would be another one next time: networks begin with other weights
    and see the images in another order, and others are the images that they are judged on. So its
    variance is that of the change between seeds, by the number of seeds, and that of the mean
    change of an image between images, by the number of images. What a seed does to a single image
    is in both of them, so the error is rather too large than too small. All networks learn from
    the same images, as the probe does: that others might have been drawn is not in the error.

    Args:
        with_copies: What networks read right that were trained with copies.
        without: The same without copies.

    Raises:
        ValueError: Fewer than two seeds are in both.
    """
    changes = np.array(_changes(with_copies, without))
    of_seeds, of_images = changes.mean(axis=1), changes.mean(axis=0)
    variance = of_seeds.var(ddof=1) / len(of_seeds) + of_images.var(ddof=1) / len(of_images)
    return float(changes.mean()), math.sqrt(float(variance))


def _changes(with_copies: Reads, without: Reads) -> list[NDArray[np.float64]]:
    """Of each split in both, the change of each image: -100, 0 or 100 points."""
    splits = sorted(with_copies.keys() & without.keys())
    if len(splits) < 2:
        raise ValueError("two networks are the least: give the training more --minutes")
    return [100.0 * with_copies[split] - 100.0 * without[split] for split in splits]


def agreements(rows: Sequence[Row], chosen_on: Sequence[str]) -> list[Agreement]:
    """The agreement in each data set, in those that settings were chosen on or not, and in all."""
    sets = list(dict.fromkeys(row.data for row in rows))
    groups = {name: [name] for name in sets}
    chosen = [name for name in sets if name in chosen_on]
    others = [name for name in sets if name not in chosen_on]
    if chosen and others:
        groups[f"the {len(chosen)} sets it was chosen on"] = chosen
        groups[f"the {len(others)} others"] = others
    groups["all"] = sets
    return [
        _agreement(data, [row for row in rows if row.data in members])
        for data, members in groups.items()
    ]


def _agreement(data: str, rows: Sequence[Row]) -> Agreement:
    beyond = [row for row in rows if row.is_beyond_noise]
    judged = [row for row in rows if row.verdict in {"helps", "hurts"}]
    sets = {row.data for row in rows}
    return Agreement(
        data=data,
        rows=len(rows),
        spearman=_spearman(rows),
        mean_spearman=float(
            np.mean([_spearman([row for row in rows if row.data == name]) for name in sets])
        ),
        beyond=len(beyond),
        agreeing=sum(row.agrees for row in beyond),
        verdicts=len(judged),
        borne_out=sum(row.agrees for row in judged),
    )


def _spearman(rows: Sequence[Row]) -> float:
    changes = [row.network for row in rows], [row.probed for row in rows]
    return float(spearmanr(*changes).statistic)


def print_baselines(baselines: Sequence[Baseline]) -> None:
    """Prints a table of the data sets."""
    print("| data | images | classes | networks without copies | judged on | probe |")
    print("|---|---|---|---|---|---|")
    for base in baselines:
        judged = f"{base.judged:,} images, {base.splits} networks"
        accuracies = f"{base.network:.1f} % | {judged} | {base.probe:.1f} %"
        print(f"| {base.data} | {base.images} | {base.classes} | {accuracies} |")


def print_rows(rows: Sequence[Row]) -> None:
    """Prints a table of the ranges; changes beyond the networks' noise are bold."""
    print("| data | range | networks | probe | its verdict |\n|---|---|---|---|---|")
    for row in rows:
        network = f"{row.network:+.1f} ± {row.error:.1f}"
        network = f"**{network}**" if row.is_beyond_noise else network
        probed = f"{row.probed:+.1f} ({row.low:+.1f} to {row.high:+.1f})"
        print(f"| {row.data} | `{row.arm}` | {network} | {probed} | {row.verdict} |")


def print_agreements(found: Sequence[Agreement]) -> None:
    """Prints a table of how far the two agree."""
    print(
        "| data | ranges | Spearman | mean of the sets' own | same sign, beyond noise "
        "| verdicts borne out |\n|---|---|---|---|---|---|"
    )
    for one in found:
        correlations = f"{one.spearman:+.2f} | {one.mean_spearman:+.2f}"
        signs = f"{one.agreeing} of {one.beyond}"
        verdicts = f"{one.borne_out} of {one.verdicts}"
        print(f"| {one.data} | {one.rows} | {correlations} | {signs} | {verdicts} |")
