"""The ways to augment that are compared: the config, parts of it, and parts at other widths."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from augcli.config.schema import Config
from augcli.config.yaml_text import dump_yaml
from augcli.probe.doses import SCALES, active_ranges, scaled_ranges, scaled_step
from augcli.probe.results import Kind
from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges
from augcli.transforms.step import Composite, Step

_SHIFTS = ("width_shift_range", "height_shift_range")


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a config that can be left out or scaled: one range, or one step.

    Attributes:
        arm: What it is called; see `RangeResult.arm`.
        place: Index of its step.
        key: The setting of `ranges`; None for a whole step.
    """

    arm: str
    place: int
    key: str | None


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to augment.

    Attributes:
        unit: Which part of the config it is about; None for the whole.
        kind: What is done with the part; see `Effect.kind`.
        scale: Of a dose; 1 of "alone", None of the others.
        config: The config whose copies are looked at.
    """

    unit: Unit | None
    kind: Kind
    scale: float | None
    config: Config


def units_of(config: Config) -> list[Unit]:
    """The parts of a config, in its order, without those that never happen."""
    is_mapping = len(config.transforms) == 1 and config.transforms[0].p == 1
    units: list[Unit] = []
    for place, step in enumerate(config.transforms):
        if step.never_happens:
            continue
        name = f"transforms[{place}].{step.transform.op}"
        if isinstance(step.transform, Ranges):
            units += [
                Unit(key if is_mapping else f"{name}.{key}", place, key)
                for key in active_ranges(step.transform)
            ]
        else:
            units.append(Unit(name, place, None))
    return units


def scaled_config(
    config: Config, units: Sequence[Unit], scales: Mapping[str, float]
) -> Config | None:
    """The config with its parts at other widths.

    Args:
        config: As it is written.
        units: Its parts.
        scales: Of each part, by `Unit.arm`; 0 leaves it out.

    Returns:
        None where there is no such width.
    """
    steps: list[Step] = []
    for place, step in enumerate(config.transforms):
        own = [unit for unit in units if unit.place == place]
        if not own:
            steps.append(step)
        elif isinstance(step.transform, Ranges):
            by_key = {str(unit.key): scales[unit.arm] for unit in own}
            ranges = scaled_ranges(step.transform, by_key)
            if ranges is None:
                return None
            if any(by_key.values()) or ranges.asked:
                steps.append(step.model_copy(update={"transform": ranges}))
        elif scale := scales[own[0].arm]:
            scaled = scaled_step(step, scale)
            if scaled is None:
                return None
            steps.append(scaled)
    return config.model_copy(update={"transforms": steps})


def arms_of(config: Config, units: Sequence[Unit]) -> Iterator[Arm]:
    """All arms: the whole config first, then of each unit alone, its doses, and without it."""
    yield Arm(None, "whole", None, config)
    for unit in units:
        seen = []
        for scale in (1.0, *SCALES):
            chosen = {other.arm: scale if other is unit else 0.0 for other in units}
            scaled = scaled_config(config, units, chosen)
            if scaled is not None and scaled.transforms not in seen:
                seen.append(scaled.transforms)
                yield Arm(unit, "alone" if scale == 1 else "dose", scale, scaled)
        if len(units) > 1:
            others = {other.arm: 0.0 if other is unit else 1.0 for other in units}
            remaining = scaled_config(config, units, others)
            if remaining is not None:
                yield Arm(unit, "without", None, remaining)


def setting_text(config: Config, unit: Unit, scale: float = 1.0) -> str:
    """A part of a config, at one of its widths, as a person writes it on one line.

    Args:
        config: As it is written.
        unit: Its part.
        scale: A width that there is.
    """
    step = config.transforms[unit.place]
    if unit.key is None or not isinstance(step.transform, Ranges):
        return flow(written_step(scaled_step(step, scale) or step))[1:-1]
    ranges = scaled_ranges(step.transform, {unit.key: scale}) or step.transform
    return f"{unit.key}: {flow(written_range(unit.key, getattr(ranges, unit.key)))}"


def written_range(key: str, value: Any) -> Any:
    """A setting of `ranges` as a person writes it: 15 rather than 15.0."""
    if isinstance(value, list):
        return [written_range(key, end) for end in value]
    is_whole = isinstance(value, float) and value.is_integer()
    # Of a shift, 2 and 2.0 are not the same.
    return int(value) if is_whole and key not in _SHIFTS else value


def written_step(step: Step) -> dict[str, Any]:
    """A step as a person writes it, without what is a default."""
    beside = step.model_dump()
    written: dict[str, Any] = {step.transform.op: written_operation(step.transform)}
    return written | {key: beside[key] for key in ("p", "weight") if beside.get(key, 1) != 1}


def written_operation(operation: Operation) -> Any:
    """What stands under the name of a step's transform, without what is a default."""
    if isinstance(operation, Composite):
        steps = [written_step(inner) for inner in operation.steps]
        values = operation.written()
        return values | {"steps": steps} if isinstance(values, dict) else steps
    if type(operation).written is not Operation.written:  # a form of its own
        return operation.written()
    values = operation.model_dump(exclude_defaults=True)
    if isinstance(operation, Ranges):
        return {key: written_range(key, value) for key, value in values.items()}
    return values


def flow(value: Any) -> str:
    """Plain values as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = dump_yaml({"_": [value]}).removeprefix("_: [").removesuffix("]\n")
    return text if "\n" not in text else json.dumps(value, ensure_ascii=False)
