"""What a gallery shows of each transform: its settings, a few strengths of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from augcli.report.words import number
from augcli.transforms.base import Operation, significant
from augcli.transforms.registry import TRANSFORMS
from augcli.transforms.settings import is_range

_DRAWS = 4  # copies to show of what has no strength, or more than one


@dataclass(frozen=True, slots=True)
class Example:
    """A transform with settings.

    Attributes:
        title: What is special about it: "low: sigma 0.3".
        name: Of the transform, as YAML has it.
        settings: What stands under that name.
        copy: Number of the copy to show.
    """

    title: str
    name: str
    settings: Any
    copy: int = 0

    @property
    def step(self) -> dict[str, Any]:
        """The step, as plain values."""
        return {self.name: self.settings}

    @property
    def yaml(self) -> str:
        """The step as a line of YAML, to stand below `transforms:`."""
        return f"- {self.name}: {_flow(self.settings)}"


def examples_of(name: str) -> tuple[Example, ...]:
    """What to show of a transform; nothing, if its settings cannot be guessed.

    Of the first setting that is a range, the low end, the middle and the high end, with every
    other range in its middle; where the middle changes nothing, the points around it. `CHOSEN`
    and `DRAWN` have what this would show badly.

    Raises:
        KeyError: There is no such transform.
        PluginError: It is another package's, and cannot be used.
    """
    if name in CHOSEN:
        return tuple(Example(title, name, settings) for title, settings in CHOSEN[name].items())
    if name in DRAWN:
        return _draws(name, DRAWN[name])
    operation = TRANSFORMS[name]
    if any(field.is_required() for field in operation.model_fields.values()):
        return ()
    ranges = _ranges(operation)
    main = next((key for key, (low, high) in ranges.items() if low < high), None)
    if main is None:
        count = _DRAWS if operation.model_fields else 1
        return _draws(name, {}, count)
    return tuple(_strengths(name, main, ranges))


def _draws(name: str, settings: Any, count: int = _DRAWS) -> tuple[Example, ...]:
    """The first copies that settings give."""
    if count == 1:
        return (Example("always the same", name, settings),)
    return tuple(Example(f"copy {copy}", name, settings, copy) for copy in range(count))


def _ranges(operation: type[Operation]) -> dict[str, tuple[float, float]]:
    """The settings that are ranges, by their defaults."""
    return {
        key: (field.default[0], field.default[1])
        for key, field in operation.model_fields.items()
        if is_range(field)
    }


def _strengths(name: str, main: str, ranges: dict[str, tuple[float, float]]) -> Iterator[Example]:
    """Points of one range, with the others in their middle."""
    fields = TRANSFORMS[name].model_fields
    others = {
        key: _pinned(fields[key], _at(0.5, *ends))
        for key, ends in ranges.items()
        if key != main and ends[0] < ends[1]
    }
    for title, share in _points(*ranges[main]).items():
        value = _at(share, *ranges[main])
        settings = {main: _pinned(fields[main], value), **others}
        yield Example(f"{title}: {main} {number(value)}", name, settings)


def _points(low: float, high: float) -> dict[str, float]:
    """Where in a range to look, 0 for its low end and 1 for its high end."""
    middle = significant((low + high) / 2)
    if low < middle < high and middle in {0, 1}:  # no angle or shift, or the factor 1
        return {"low": 0, "lower": 0.25, "higher": 0.75, "high": 1}
    return {"low": 0, "middle": 0.5, "high": 1}


def _at(share: float, low: float, high: float) -> float:
    """A point of a range, a whole number where both ends are of that type."""
    value = low + (high - low) * share
    return int(value) if isinstance(low, int) and isinstance(high, int) else significant(value)


def _pinned(field: FieldInfo, value: float) -> Any:
    """What to write for a range of a single point: the number, where that does not mean more."""
    value = int(value) if float(value).is_integer() else value
    written: Any = Annotated[field.annotation, *field.metadata]
    reads: TypeAdapter[Any] = TypeAdapter(written)
    pair = [value, value]
    try:
        return value if reads.validate_python(value) == pair else pair
    except ValueError:  # a number that only stands for a reach
        return pair


def _flow(value: Any) -> str:
    """YAML on one line: like JSON, with bare keys and words."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str() if value.isidentifier():
            return value
    return json.dumps(value)


_STILL = {"rotate": 0, "scale": [1, 1], "translate": 0, "shear": 0}
_KERNELS = {f"kernel_size {size}": {"kernel_size": size} for size in (3, 5, 9)}  # odd ones alone
_QUALITIES = {f"quality {quality}": {"quality": quality} for quality in (5, 20, 50, 90)}

CHOSEN: dict[str, dict[str, Any]] = {
    "ranges": {
        "turned": {"rotation_range": 25},
        "shifted": {"width_shift_range": 0.3, "height_shift_range": 0.3},
        "sheared": {"shear_range": 30},
        "zoomed": {"zoom_range": 0.5, "zoom_keep_aspect": True},
        "lighter or darker": {"brightness_range": [0.4, 1.6]},
    },
    "rot90": {f"times {times}": {"times": times} for times in (1, 2, 3)},
    "affine": {
        "turned": _STILL | {"rotate": [15, 15]},
        "smaller": _STILL | {"scale": [0.8, 0.8]},
        "shifted": _STILL | {"translate": [0.1, 0.1]},
        "sheared": _STILL | {"shear": [15, 15]},
    },
    "crop": {f"a share of {share}": {"height": share, "width": share} for share in (0.9, 0.7, 0.5)},
    "center_crop": {
        "shares": {"height": 0.7, "width": 0.7},
        "pixels": {"height": 96, "width": 96},
        "one side": {"height": 1.0, "width": 0.5},
    },
    "pad": {
        "a border": {"pixels": 24},
        "of another level": {"pixels": 24, "cval": 255},
        "reflected": {"pixels": 48, "fill_mode": "reflect"},
        "to a size": {"min_height": 320, "min_width": 320, "fill_mode": "nearest"},
    },
    "resize": {
        "both sides": {"height": 224, "width": 224},
        "the longest side": {"longest_side": 128},
        "hard pixels": {"longest_side": 64, "interpolation": "nearest"},
    },
    "gamma": {f"exponent {exponent}": {"exponent": exponent} for exponent in (0.5, 0.7, 1.4, 2)},
    "posterize": {f"bits {bits}": {"bits": bits} for bits in (1, 2, 3, 4)},
    "hue": {
        f"{degrees} degrees": {"degrees": [degrees, degrees]} for degrees in (-90, -20, 20, 90)
    },
    "rgb_shift": {
        "red": {"red": [40, 40], "green": 0, "blue": 0},
        "green": {"red": 0, "green": [40, 40], "blue": 0},
        "blue": {"red": 0, "green": 0, "blue": [40, 40]},
        "less of all": {"red": [-40, -40], "green": [-40, -40], "blue": [-40, -40]},
    },
    "color_temperature": {
        f"{kelvin} kelvin": {"kelvin": kelvin} for kelvin in (3500, 5000, 8000, 12000)
    },
    "box_blur": _KERNELS,
    "median_blur": _KERNELS,
    "motion_blur": {
        "short, level": {"length": 5, "angle": 0},
        "aslant": {"length": 9, "angle": [45, 45]},
        "long, upright": {"length": 15, "angle": [90, 90]},
    },
    "iso_noise": {
        "luma": {"luma": 12, "chroma": 0},
        "chroma": {"luma": 0, "chroma": 12},
        "both": {"luma": 8, "chroma": 8},
    },
    "jpeg_compression": _QUALITIES,
    "webp_compression": _QUALITIES,
    "random_erasing": {
        "noise": {"scale": 0.15},
        "black": {"scale": 0.15, "fill": 0},
        "larger": {"scale": 0.33},
        "long": {"scale": 0.1, "ratio": 3.3},
    },
}
"""Settings to show, each with its title, by the name of the transform."""

DRAWN: dict[str, Any] = {
    "one_of": [
        {"gaussian_blur": {"sigma": 2}},
        {"gaussian_noise": {"std": 15}},
        {"posterize": {"bits": 3}},
    ],
    "some_of": {
        "n": 2,
        "steps": [
            {"affine": {"rotate": 20}},
            {"brightness": {"factor": 0.4}},
            {"cutout": {"size": 0.3}},
            {"sepia": {}},
        ],
    },
    "sequence": [{"horizontal_flip": {}, "p": 0.5}, {"hue": {"degrees": 60}}],
    "d4": {},
    "augmix": {},
    "color_jitter": {},
    "channel_shuffle": {},
    "perspective": {"scale": 0.1},
    "random_resized_crop": {},
    "coarse_dropout": {},
    "shadow": {},
    "sun_flare": {},
}
"""Settings of which several copies are shown, by the name of the transform."""
