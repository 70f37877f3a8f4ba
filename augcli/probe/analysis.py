"""From the outcomes of trials to what is said of each arm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.probe.arms import Arm, Unit, setting_text
from augcli.probe.choosing import best_scale, is_clearly_better
from augcli.probe.effects import Panel, estimate, holm, verdict
from augcli.probe.network import Indices
from augcli.probe.results import ArmResult, ClassEffect, Confusion, Effect, Label, RangeResult
from augcli.probe.trials import Clean, Ground, Labels, Outcome

_CONFUSIONS = 12

Points = NDArray[np.floating]


def points(shares: Points) -> Points:
    """Shares as percentage points."""
    return np.multiply(shares, 100)


def share_right(read: Labels, labels: Indices) -> Points:
    """Share of the readings of each image that are right: (images,).

    Args:
        read: (..., images), -1 where there is none.
        labels: (images,).
    """
    others = tuple(range(read.ndim - 1))
    right: Points = (read == labels).sum(axis=others) / (read >= 0).sum(axis=others)
    return right


@dataclass(frozen=True, slots=True, eq=False)
class Trialled:
    """All trials of a probe.

    Attributes:
        config: As it is written.
        units: Its parts.
        labels: The classes by their numbers.
        ground: What the trials share.
        clean: The trial without copies.
        arms: What was tried.
        outcomes: What it came to, in the same order.
    """

    config: Config
    units: Sequence[Unit]
    labels: Sequence[Label]
    ground: Ground
    clean: Clean
    arms: Sequence[Arm]
    outcomes: Sequence[Outcome]

    @property
    def folds(self) -> int:
        """How many there are in each repeat."""
        return self.ground.fold_count

    @property
    def panel(self) -> Panel:
        """The images."""
        return Panel(self.ground.weights, self.ground.groups, self.folds)

    def accuracy(self, outcome: Outcome) -> Points:
        """Of each image over all networks that did not see it, in points: (images,)."""
        return points(share_right(outcome.read, self.ground.labels))

    def of_unit(self, unit: Unit) -> dict[float, Outcome]:
        """The outcomes of one part alone, by its scale, from narrow to wide."""
        found = {
            arm.scale: outcome
            for arm, outcome in zip(self.arms, self.outcomes, strict=True)
            if arm.unit == unit and arm.scale is not None
        }
        return dict(sorted(found.items()))

    def without(self, unit: Unit) -> Outcome | None:
        """The outcome of the config without one part, None where that is all there is."""
        found = zip(self.arms, self.outcomes, strict=True)
        return next((of for arm, of in found if arm.unit == unit and arm.kind == "without"), None)


def analysed(trialled: Trialled) -> tuple[ArmResult, tuple[RangeResult, ...]]:
    """What is known of the whole config, and of each of its parts."""
    effects = effects_of(trialled)
    whole = _arm_result(trialled, effects, 0)
    return whole, tuple(_range_result(trialled, effects, unit) for unit in trialled.units)


def effects_of(trialled: Trialled) -> list[Effect]:
    """The effect of each arm; p-values are adjusted for all arms of the same kind."""
    effects = [_effect(trialled, index) for index in range(len(trialled.arms))]
    for kind in {effect.kind for effect in effects}:
        family = [index for index, effect in enumerate(effects) if effect.kind == kind]
        adjusted = holm([effects[index].p_value for index in family])
        for index, p_adjusted in zip(family, adjusted, strict=True):
            effect = effects[index]
            sign = -1 if kind == "without" else 1  # what is missed has helped
            effects[index] = replace(
                effect, p_adjusted=p_adjusted, verdict=verdict(sign * effect.change, p_adjusted)
            )
    return effects


def _effect(trialled: Trialled, index: int) -> Effect:
    """The effect of one arm, not yet adjusted."""
    arm = trialled.arms[index]
    reference = trialled.outcomes[0] if arm.kind == "without" else trialled.clean.outcome
    differences = trialled.accuracy(trialled.outcomes[index]) - trialled.accuracy(reference)
    change = estimate(differences, trialled.panel)
    return Effect(
        arm=arm.unit.arm if arm.unit else "",
        kind=arm.kind,
        setting=_setting(trialled.config, arm),
        change=change.mean,
        interval=change.interval,
        p_value=change.p_value,
        p_adjusted=change.p_value,
        verdict="no evidence",
        scale=arm.scale if arm.kind == "dose" else None,
    )


def _setting(config: Config, arm: Arm) -> str:
    if arm.unit is None or arm.scale is None:
        return ""
    return setting_text(config, arm.unit, arm.scale)


def _arm_result(trialled: Trialled, effects: Sequence[Effect], index: int) -> ArmResult:
    outcome = trialled.outcomes[index]
    return ArmResult(
        effect=effects[index],
        affinity=_affinity(trialled, outcome),
        diversity=outcome.loss / trialled.clean.outcome.loss,
        classes=_class_effects(trialled, outcome),
        confusions=_confusions(trialled, outcome),
    )


def _range_result(trialled: Trialled, effects: Sequence[Effect], unit: Unit) -> RangeResult:
    own = [index for index, arm in enumerate(trialled.arms) if arm.unit == unit]
    alone = next(index for index in own if trialled.arms[index].kind == "alone")
    doses = [effects[index] for index in own if effects[index].kind == "dose"]
    doses.append(replace(effects[alone], kind="dose", scale=1.0))
    scale = supported_scale(trialled, unit)
    return RangeResult(
        arm=unit.arm,
        setting=effects[alone].setting,
        alone=_arm_result(trialled, effects, alone),
        without=next((effects[index] for index in own if effects[index].kind == "without"), None),
        doses=tuple(sorted(doses, key=lambda effect: effect.scale or 0)),
        supported=None if scale == 1 else scale,
    )


def supported_scale(trialled: Trialled, unit: Unit) -> float:
    """The width of a part that all folds support; 0 to leave it out."""
    return chosen_scale(trialled, unit, trialled.accuracy, trialled.panel)


def chosen_scale(
    trialled: Trialled, unit: Unit, accuracy: Callable[[Outcome], Points], panel: Panel
) -> float:
    """The width of a part that is chosen by some of the evidence; 0 to leave it out.

    It is left out as well where it would be kept for what it does alone, and the config without
    it is clearly better: what does no harm alone may do so with others.

    Args:
        trialled: The trials.
        unit: The part.
        accuracy: What an outcome says of each image that is looked at, in points: (images,).
        panel: Those images.
    """
    of_unit = trialled.of_unit(unit)
    accuracies = {scale: accuracy(outcome) for scale, outcome in of_unit.items()}
    scale = best_scale({0.0: accuracy(trialled.clean.outcome)} | accuracies, panel)
    without = trialled.without(unit)
    if scale != 1 or without is None:
        return scale
    is_better = is_clearly_better(accuracy(without), accuracy(trialled.outcomes[0]), panel)
    return 0.0 if is_better else 1.0


def _affinity(trialled: Trialled, outcome: Outcome) -> float:
    """Of an arm whose copies were read by the networks without augmentation."""
    if outcome.copies is None:
        raise ValueError("these copies were not read")
    ground = trialled.ground
    of_copies = (outcome.copies.argmax(axis=2) == ground.labels[:, None]).mean(axis=1)
    of_originals = trialled.clean.scores.argmax(axis=1) == ground.labels
    return float(100 * np.average(of_copies - of_originals, weights=ground.weights))


def _class_effects(trialled: Trialled, outcome: Outcome) -> tuple[ClassEffect, ...]:
    before = _confusion_matrix(trialled, trialled.clean.outcome.read)
    after = _confusion_matrix(trialled, outcome.read)
    counts = np.bincount(trialled.ground.labels, minlength=len(trialled.labels))
    effects = [
        ClassEffect(
            label=label,
            count=int(counts[number]),
            baseline=float(before[number, number]),
            change=float(after[number, number] - before[number, number]),
        )
        for number, label in enumerate(trialled.labels)
    ]
    return tuple(sorted(effects, key=lambda effect: effect.change))


def _confusions(trialled: Trialled, outcome: Outcome) -> tuple[Confusion, ...]:
    before = _confusion_matrix(trialled, trialled.clean.outcome.read)
    changes = _confusion_matrix(trialled, outcome.read) - before
    np.fill_diagonal(changes, 0)
    pairs = np.argwhere(changes != 0).tolist()
    pairs.sort(key=lambda pair: -abs(changes[*pair]))
    largest = sorted(pairs[:_CONFUSIONS], key=lambda pair: -changes[*pair])
    return tuple(
        Confusion(
            true=trialled.labels[true],
            predicted=trialled.labels[predicted],
            baseline=float(before[true, predicted]),
            change=float(changes[true, predicted]),
        )
        for true, predicted in largest
    )


def _confusion_matrix(trialled: Trialled, read: Labels) -> Points:
    """Share of each class that is read as each, in points: (classes, classes), rows add to 100."""
    matrix = np.zeros((len(trialled.labels), len(trialled.labels)))
    true = np.broadcast_to(trialled.ground.labels, read.shape)
    np.add.at(matrix, (true[read >= 0], read[read >= 0]), 1)
    shares: Points = 100 * matrix / matrix.sum(axis=1, keepdims=True)
    return shares
