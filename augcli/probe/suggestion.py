"""The config that the evidence supports, and what it is worth on folds that did not choose it.

For each fold that is held out, the width of every part is chosen anew by what the other folds
say: by models that never saw the held-out one. The configs that come of it are tried like any
other arm, and each is judged on the fold that had no part in its choice.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from augcli.config.schema import Config
from augcli.probe.analysis import (
    Points,
    Trialled,
    chosen_scale,
    points,
    share_right,
    supported_scale,
)
from augcli.probe.arms import Unit, scaled_config, setting_text
from augcli.probe.changes import measured
from augcli.probe.effects import estimate, verdict
from augcli.probe.results import Choice, Effect, RangeResult, Suggestion
from augcli.probe.suggestion_text import suggestion_text
from augcli.probe.trials import Outcome

Scales = tuple[float, ...]
"""The width of each part, in the order of the parts."""

Try = Callable[[Sequence[Config]], Sequence[Outcome]]
"""Tries configs as arms."""


def suggest(trialled: Trialled, ranges: Sequence[RangeResult], try_configs: Try) -> Suggestion:
    """The suggestion.

    Args:
        trialled: The trials so far.
        ranges: What they say of each part, in the order of `trialled.units`.
        try_configs: Tries what is chosen.
    """
    chosen = {
        (repeat, fold): _chosen_without(trialled, repeat, fold)
        for repeat in range(len(trialled.ground.folds))
        for fold in range(trialled.folds)
    }
    outcomes = _outcomes(trialled, list(chosen.values()), try_configs)
    written = _judged(trialled, dict.fromkeys(chosen, trialled.outcomes[0]))
    suggested = _judged(trialled, {held: outcomes[scales] for held, scales in chosen.items()})
    gain = _gain(trialled, suggested - written)
    final = [supported_scale(trialled, unit) for unit in trialled.units]
    choices = [
        _choice(trialled, unit, scale, of_range)
        for unit, scale, of_range in zip(trialled.units, final, ranges, strict=True)
    ]
    return Suggestion(
        config=suggestion_text(trialled.config, trialled.units, choices, gain),
        choices=tuple(choices),
        changes_anything=any(scale != 1 for scale in final),
        original_accuracy=estimate(written, trialled.panel).mean,
        suggested_accuracy=estimate(suggested, trialled.panel).mean,
        gain=gain,
    )


def _chosen_without(trialled: Trialled, repeat: int, fold: int) -> Scales:
    """What is chosen when one fold is out of sight."""
    ground = trialled.ground
    others = np.flatnonzero(ground.folds[repeat] != fold)
    panel = trialled.panel.of(others)

    def accuracy(outcome: Outcome) -> Points:
        return points(share_right(outcome.read[repeat, :, fold, others].T, ground.labels[others]))

    return tuple(chosen_scale(trialled, unit, accuracy, panel) for unit in trialled.units)


def _outcomes(
    trialled: Trialled, chosen: Sequence[Scales], try_configs: Try
) -> Mapping[Scales, Outcome]:
    """The outcome of each choice; those that were tried already are not tried again."""
    names = [unit.arm for unit in trialled.units]
    known = {(1.0,) * len(names): trialled.outcomes[0], (0.0,) * len(names): trialled.clean.outcome}
    for index, unit in enumerate(trialled.units):
        for scale, outcome in trialled.of_unit(unit).items():
            alone = tuple(scale if place == index else 0.0 for place in range(len(names)))
            known[alone] = outcome
    new = list(dict.fromkeys(scales for scales in chosen if scales not in known))
    configs = [_joined(trialled, dict(zip(names, scales, strict=True))) for scales in new]
    return known | dict(zip(new, try_configs(configs), strict=True))


def _joined(trialled: Trialled, scales: Mapping[str, float]) -> Config:
    """The config with each part at its width."""
    config = scaled_config(trialled.config, trialled.units, scales)
    if config is None:
        raise ValueError(f"each of these widths was tried alone, but they do not join: {scales}")
    return config


def _judged(trialled: Trialled, outcomes: Mapping[tuple[int, int], Outcome]) -> Points:
    """The accuracy of each image over all repeats, in points: (images,).

    Args:
        trialled: The trials.
        outcomes: By repeat and fold, the outcome that the images of that fold are judged by.
    """
    ground = trialled.ground
    right = np.empty((len(ground.folds), len(ground.labels)))
    for (repeat, fold), outcome in outcomes.items():
        held = ground.folds[repeat] == fold
        right[repeat, held] = share_right(outcome.read[repeat][..., held], ground.labels[held])
    return points(right.mean(axis=0))


def _gain(trialled: Trialled, differences: Points) -> Effect:
    gain = estimate(differences, trialled.panel)
    return Effect(
        arm="",
        kind="whole",
        setting="",
        change=gain.mean,
        interval=gain.interval,
        p_value=gain.p_value,
        p_adjusted=gain.p_value,
        verdict=verdict(gain.mean, gain.p_value),
    )


def _choice(trialled: Trialled, unit: Unit, scale: float, of_range: RangeResult) -> Choice:
    """What becomes of one part, and why."""
    after = setting_text(trialled.config, unit, scale) if scale else None
    return Choice(unit.arm, of_range.setting, after, scale, _reason(scale, of_range))


def _reason(scale: float, of_range: RangeResult) -> str:
    written = of_range.alone.effect
    alone = f"alone it changes the accuracy by {measured(written)}"
    if scale == 1:
        kept = "kept, as it helps" if written.verdict == "helps" else "kept"
        narrower = "no other width does clearly better" if len(of_range.doses) > 1 else ""
        return "; ".join(filter(None, [f"{kept}: {alone}", narrower]))
    if scale == 0 and of_range.without is not None:
        return f"left out: {alone}; without it the config's changes by {measured(of_range.without)}"
    if scale == 0:
        return f"left out: {alone}, and no width does better than none"
    dose = next(effect for effect in of_range.doses if effect.scale == scale)
    return f"{_TIMES[scale]}: it changes the accuracy by {measured(dose)}; as written, {alone}"


_TIMES = {0.25: "a quarter as wide", 0.5: "half as wide", 2.0: "twice as wide"}
