"""The config that is suggested, as a file: what it is for, and why each line is as it is."""

import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from augcli.config.schema import Config
from augcli.images.options import SAVE_OPTIONS
from augcli.probe.arms import Unit, flow, written_operation, written_range, written_step
from augcli.probe.changes import measured
from augcli.probe.doses import RANGES, scaled_ranges, scaled_step
from augcli.probe.results import Choice, Effect
from augcli.transforms.ranges import Ranges
from augcli.transforms.step import Step

_PATHS = ("source", "output", "directory", "statistics")
_WIDTH = 96


def suggestion_text(
    config: Config, units: Sequence[Unit], choices: Sequence[Choice], gain: Effect
) -> str:
    """The suggested config as YAML.

    Paths are absolute, so it may be put anywhere.

    Args:
        config: As it was written.
        units: Its parts.
        choices: What becomes of each.
        gain: What that gains, on folds that did not choose.
    """
    by_arm = {choice.arm: choice for choice in choices}
    settings = (f"{key}: {flow(value)}" for key, value in _settings(config).items())
    lines = [*_head(gain), *settings]
    body = list(_transforms(config, units, by_arm))
    if not any(line.strip() and not line.lstrip().startswith("#") for line in body):
        return "\n".join([*lines, "transforms: []", *body, ""])
    return "\n".join([*lines, "transforms:", *body, ""])


def _head(gain: Effect) -> Iterator[str]:
    text = (
        f"What augcli probe suggests. On folds that had no part in the choice it changes the "
        f"accuracy of a small model by {measured(gain)}, compared "
        f"with the config as it was written."
    )
    yield from _comment(text, "")


def _settings(config: Config) -> dict[str, Any]:
    """All but the transforms, without what is a default."""
    values = config.model_dump(exclude_defaults=True, exclude={"transforms"})
    if config.save_options == SAVE_OPTIONS[config.save_format]().model_dump():
        values.pop("save_options", None)
    for key in _PATHS:
        if values.get(key):
            values[key] = os.path.abspath(values[key])
    for key in ("masks", "annotations"):
        if values.get(key):
            values[key] |= {"path": os.path.abspath(values[key]["path"])}
    return values


def _transforms(
    config: Config, units: Sequence[Unit], choices: Mapping[str, Choice]
) -> Iterator[str]:
    is_mapping = len(config.transforms) == 1 and all(unit.key is not None for unit in units)
    for place, step in enumerate(config.transforms):
        own = [unit for unit in units if unit.place == place]
        if not isinstance(step.transform, Ranges):
            yield from _step(step, own, choices)
        elif is_mapping and step.p == 1:
            yield from _ranges(step.transform, own, choices, "  ")
        else:
            yield from _ranges_step(step, step.transform, own, choices)


def _step(step: Step, own: Sequence[Unit], choices: Mapping[str, Choice]) -> Iterator[str]:
    """A step that is no `ranges`."""
    if not own:  # it never happens
        yield f"  - {flow(written_step(step))}"
        return
    choice = choices[own[0].arm]
    yield from _comment(choice.reason, "  ")
    scaled = scaled_step(step, choice.scale) if choice.scale else None
    mark = "- " if scaled else "# - "
    yield f"  {mark}{flow(written_step(scaled or step))}"


def _ranges_step(
    step: Step, ranges: Ranges, own: Sequence[Unit], choices: Mapping[str, Choice]
) -> Iterator[str]:
    """A step of ranges in a list of steps."""
    inner = list(_ranges(ranges, own, choices, "      "))
    if all(line.lstrip().startswith("#") for line in inner):
        yield from ("  " + line.strip() for line in inner)
        return
    yield "  - ranges:"
    yield from inner
    if step.p != 1:
        yield f"    p: {flow(step.p)}"


def _ranges(
    ranges: Ranges, own: Sequence[Unit], choices: Mapping[str, Choice], indent: str
) -> Iterator[str]:
    """The settings of `ranges`, each range with the reason for it."""
    by_key = {str(unit.key): choices[unit.arm] for unit in own}
    for key, choice in by_key.items():
        yield from _comment(choice.reason, indent)
        if choice.scale == 0:
            yield f"{indent}# {choice.before}"
            continue
        scaled = scaled_ranges(ranges, {key: choice.scale})
        value = getattr(scaled or ranges, key)
        yield f"{indent}{key}: {flow(written_range(key, value))}"
    others = written_operation(ranges)
    left = any(choice.scale for choice in by_key.values()) or ranges.asked
    for key, value in others.items():
        if key not in by_key and (left or key not in RANGES):
            yield f"{indent}{'' if left else '# '}{key}: {flow(value)}"


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, _WIDTH - len(indent) - 2, break_long_words=False):
        yield f"{indent}# {line}"
