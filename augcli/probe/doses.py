"""A range or a step at other widths than it is written with.

Each setting has a neutral value, at which it does nothing: 0 degrees, a factor of 1. Its width is
scaled around that. A step without a width is scaled by its `p`, the share of copies it happens to.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges
from augcli.transforms.settings import Around0, Around1
from augcli.transforms.step import Step

SCALES = (0.25, 0.5, 1.0, 2.0)
"""The widths that are tried, in shares of the one that is written."""

SCALABLE_RANGES = (
    "rotation_range",
    "width_shift_range",
    "height_shift_range",
    "shear_range",
    "zoom_range",
    "brightness_range",
    "channel_shift_range",
)
"""The settings of `ranges` that have a width."""

RANGES = (*SCALABLE_RANGES, "horizontal_flip", "vertical_flip")
"""The settings of `ranges` that change an image."""

_NOTHING: Mapping[str, tuple[object, ...]] = {
    "zoom_range": (0, [1, 1]),
    "brightness_range": (None, [1, 1]),
}
"""Values that do nothing, of the ranges for which these are others than 0 and false."""

NEUTRAL: Mapping[str, Mapping[str, float]] = {
    "augmix": {"severity": 0},
    "autocontrast": {"cutoff": 0},
    "box_blur": {"kernel_size": 1},
    "coarse_dropout": {"hole_height": 0, "hole_width": 0},
    "cutout": {"size": 0},
    "defocus": {"radius": 0},
    "downscale": {"scale": 1},
    "elastic": {"alpha": 0},
    "emboss": {"alpha": 0},
    "fog": {"density": 0},
    "gamma": {"exponent": 1},
    "gaussian_blur": {"sigma": 0},
    "gaussian_noise": {"std": 0},
    "grid_distortion": {"distort_limit": 0},
    "grid_dropout": {"ratio": 0},
    "iso_noise": {"luma": 0, "chroma": 0},
    "jpeg_compression": {"quality": 100},
    "median_blur": {"kernel_size": 1},
    "motion_blur": {"length": 1},
    "perspective": {"scale": 0},
    "piecewise_affine": {"scale": 0},
    "pixel_dropout": {"share": 0},
    "rain": {"opacity": 0},
    "rand_augment": {"magnitude": 0},
    "random_erasing": {"scale": 0},
    "random_resized_crop": {"scale": 1},
    "salt_and_pepper": {"amount": 0},
    "sepia": {"strength": 0},
    "shadow": {"intensity": 0},
    "sharpen": {"alpha": 0},
    "snow": {"opacity": 0, "cover": 0},
    "speckle_noise": {"std": 0},
    "sun_flare": {"intensity": 0},
    "tone_curve": {"scale": 0},
    "unsharp_mask": {"percent": 0},
    "webp_compression": {"quality": 100},
    "zoom_blur": {"max_factor": 1},
}
"""By transform: the settings that are its width, and at what they do nothing. Of transforms that
are not listed it is every setting that reaches to both sides of 0 or of 1."""

_AROUND = {get_args(Around0)[1]: 0.0, get_args(Around1)[1]: 1.0}  # by what reads the setting


def active_ranges(ranges: Ranges) -> list[str]:
    """The settings of `ranges` that are switched on, in the order in which they are listed."""
    return [
        key
        for key in Ranges.model_fields
        if key in RANGES and getattr(ranges, key) not in _NOTHING.get(key, (0, False))
    ]


def scaled_ranges(ranges: Ranges, scales: Mapping[str, float]) -> Ranges | None:
    """The ranges with some of them at other widths; 0 switches one off.

    Returns:
        None where there is no such width.
    """
    values = ranges.model_dump()
    for key, scale in scales.items():
        if scale == 0:
            values[key] = Ranges.model_fields[key].default
        elif scale != 1:
            if key not in SCALABLE_RANGES:
                return None
            values[key] = _SCALED_RANGE[key](values[key], scale)
    scaled = _valid(Ranges, values)
    are_on = scaled is not None and {key for key, scale in scales.items() if scale} <= {
        *active_ranges(scaled)
    }
    return scaled if are_on else None


def scaled_step(step: Step, scale: float) -> Step | None:
    """The step at another width, or with another `p` where it has none.

    Args:
        step: It is no `ranges`, which have widths of their own.
        scale: Above 0.

    Returns:
        None where there is no such width.
    """
    if scale == 1:
        return step
    operation = step.transform
    widths = _widths(operation)
    if not widths:
        p = min(1.0, _rounded(step.p * scale))
        return None if p == step.p else step.model_copy(update={"p": p})
    values = operation.model_dump()
    for key, neutral in widths.items():
        values[key] = _scaled(values[key], neutral, scale)
    scaled = _valid(type(operation), values)
    return None if scaled is None else step.model_copy(update={"transform": scaled})


def _widths(operation: Operation) -> dict[str, float]:
    """The settings that have a width, each with its neutral value."""
    listed = NEUTRAL.get(operation.op) or {
        name: _AROUND[part]
        for name, field in type(operation).model_fields.items()
        for part in field.metadata
        if part in _AROUND
    }
    return {
        name: neutral
        for name, neutral in listed.items()
        if getattr(operation, name) not in (neutral, [neutral, neutral])
    }


def _scaled(value: Any, neutral: float, scale: float) -> Any:
    """A number, or [low, high], as far from `neutral` as `scale` says; whole where it was."""
    if isinstance(value, list):
        return [_scaled(end, neutral, scale) for end in value]
    moved = neutral + (value - neutral) * scale
    return round(moved) if isinstance(value, int) else _rounded(moved)


def _rounded(value: float) -> float:
    """To four significant digits, as a person would write it."""
    return float(f"{value:.4g}")


def _valid(model: type[Any], values: dict[str, Any]) -> Any:
    """The model of these values, None where they do not hold."""
    try:
        return model.model_validate(values)
    except ValidationError:
        return None


# -- the ranges, whose forms have meanings of their own


def _angle(value: float, scale: float) -> float:
    return min(_rounded(value * scale), max(value, 180.0))  # 180 covers every angle


def _shear(value: float, scale: float) -> float:
    return min(_rounded(value * scale), 80.0)


def _shift(value: Any, scale: float) -> Any:
    """A fraction stays one, below 1; pixels stay pixels, and whole ones are rounded."""
    if isinstance(value, list):
        is_fraction = max(value) < 1
        scaled = [_rounded(shift * scale) for shift in value]
        return scaled if (max(scaled) < 1) is is_fraction else value
    if isinstance(value, int):
        return max(1, round(value * scale))
    scaled_float = _rounded(value * scale)
    return min(scaled_float, 0.95) if value < 1 else max(scaled_float, 1.0)


def _zoom(value: Any, scale: float) -> Any:
    if isinstance(value, list):
        return [max(_scaled(float(end), 1.0, scale), 0.05) for end in value]
    return min(_rounded(value * scale), 0.95)


def _brightness(value: list[float], scale: float) -> list[float]:
    return [max(_scaled(float(end), 1.0, scale), 0.0) for end in value]


def _levels(value: float, scale: float) -> float:
    return _rounded(value * scale)


_SCALED_RANGE: Mapping[str, Callable[[Any, float], Any]] = {
    "rotation_range": _angle,
    "width_shift_range": _shift,
    "height_shift_range": _shift,
    "shear_range": _shear,
    "zoom_range": _zoom,
    "brightness_range": _brightness,
    "channel_shift_range": _levels,
}
