"""Settings that are valid and do something else than they seem to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.transforms.base import Operation, Size
from augcli.transforms.composites import OneOf, SomeOf
from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import implied
from augcli.transforms.step import Composite, Step, dotted, walk

_SIZE = Size(100, 100)  # of an image for which a transform is drawn to see what it may do
_DRAWS = 16
_FLIPS = ("horizontal_flip", "vertical_flip", "transpose")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is valid and most likely not meant. `str()` is a line for a person.

    Attributes:
        kind: What it is, in a word or two with hyphens: the same from version to version.
        subject: What it is about: a key of the config, or a part of the data set.
        reason: What it does.
        remedy: What to write or do instead.
    """

    kind: str
    subject: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}; {self.remedy}"


def find_traps(config: Config) -> list[Finding]:
    """All traps that a config shows by itself, in the order of its steps and their keys."""
    found = list(_in_copies(config))
    for place, step in walk(config.transforms):
        found += _in_step(dotted(place), step)
        if len(place) == 1:
            found += _in_flip(dotted(place), step)
        if isinstance(step.transform, Ranges):
            found += _of_ranges(f"{dotted(place)}.ranges", step.transform, config)
    last = f"transforms[{len(config.transforms) - 1}].ranges"
    found += [
        Finding(kind, f"{last}.{key}", reason, remedy)
        for kind, key, reason, remedy in _in_standardization(config)
    ]
    return found


_Trap = tuple[str, str, str, str]  # kind, key of `ranges`, reason, remedy


def _in_copies(config: Config) -> Iterator[Finding]:
    if config.copies > 1 and not _vary(config.transforms):
        acts = any(
            not isinstance(step.transform, Ranges | Composite)
            for _, step in walk(config.transforms, happening=True)
        )
        nothing = "is random" if acts else "changes an image"
        yield Finding(
            "same-copies",
            "copies",
            f"nothing in transforms {nothing}, so all {config.copies} copies are the same",
            "write ranges, such as rotation_range: 15, or copies: 1",
        )


def _in_step(subject: str, step: Step) -> Iterator[Finding]:
    if step.p == 0:
        yield Finding(
            "step-never",
            f"{subject}.p",
            "0 leaves the step out of every copy",
            "remove the step, or give it a share of the copies, such as 0.5",
        )
    elif step.never_happens:
        yield Finding(
            "step-never",
            f"{subject}.weight",
            "0 is never drawn",
            "remove the step, or give it a weight above 0, such as 1",
        )


def _in_flip(subject: str, step: Step) -> Iterator[Finding]:
    """A flip that is no choice."""
    if step.p == 1 and step.transform.op in _FLIPS:
        yield Finding(
            "flip-always",
            f"{subject}.{step.transform.op}",
            "every copy is mirrored, and none is as it was",
            "write p: 0.5 beside it, unless this is meant",
        )


def _vary(steps: Sequence[Step]) -> bool:
    """Whether steps make copies that differ."""
    return any(_varies(step) for step in steps if not step.never_happens)


def _varies(step: Step) -> bool:
    """Whether a step that happens makes copies that differ."""
    transform = step.transform
    if isinstance(transform, Ranges):
        return _ranges_vary(transform)
    if isinstance(transform, Composite):
        inner = [step for step in transform.steps if not step.never_happens]
        acts = [inside for inside in inner if _acts(inside)]
        return _vary(inner) or (bool(acts) and (step.p < 1 or _chooses(transform, inner)))
    return step.p < 1 or _is_drawn(transform)


def _acts(step: Step) -> bool:
    """Whether a step that happens may change an image."""
    if isinstance(step.transform, Composite):
        return any(map(_acts, step.transform.steps))
    return not isinstance(step.transform, Ranges) or _ranges_vary(step.transform)


def _chooses(composite: Composite, happening: Sequence[Step]) -> bool:
    """Whether a step of steps may do different ones of them for different copies."""
    if isinstance(composite, SomeOf):
        return composite.n != [len(composite.steps)] * 2 and composite.n != [0, 0]
    return isinstance(composite, OneOf) and len(happening) > 1


def _is_drawn(transform: Operation) -> bool:
    """Whether a transform has other parameters for other copies."""
    import numpy as np  # noqa: PLC0415  takes long to load, and what is ranges alone needs none

    recipes = [transform.drawn(np.random.default_rng(seed), _SIZE)[0] for seed in range(_DRAWS)]
    return any(recipe != recipes[0] for recipe in recipes)


def _ranges_vary(transform: Ranges) -> bool:
    """Whether any of the ranges has an effect."""
    return bool(
        transform.rotation_range
        or transform.shear_range
        or transform.channel_shift_range
        or transform.horizontal_flip
        or transform.vertical_flip
        or transform.zoom_range not in (0, [1, 1])
        or transform.brightness_range not in (None, [1, 1])
        or _moves(transform.width_shift_range)
        or _moves(transform.height_shift_range)
    )


def _moves(shift: float | list[float]) -> bool:
    if isinstance(shift, list):
        return any(shift)
    return shift > (1 if isinstance(shift, int) else 0)


def _of_ranges(subject: str, ranges: Ranges, config: Config) -> Iterator[Finding]:
    holds_arrays = config.source is not None and source_kind(config.source) == "npz"
    traps = [*_in_geometry(ranges), *_in_colors(ranges, holds_arrays=holds_arrays)]
    for kind, key, reason, remedy in traps:
        yield Finding(kind, f"{subject}.{key}", reason, remedy)


def _in_geometry(ranges: Ranges) -> Iterator[_Trap]:
    if ranges.rotation_range > 180:
        yield (
            "rotation-over-180",
            "rotation_range",
            "180 covers every angle already",
            "write 180, or the tilt that a camera would have",
        )
    for key in ("rotation_range", "shear_range"):
        degrees = getattr(ranges, key)
        if 0 < degrees < 1:
            yield (
                "faint-angle",
                key,
                f"{degrees:g} is less than one degree, which nobody sees",
                "the unit is degrees, neither radians nor a fraction: write 5 or so",
            )
    for key in ("width_shift_range", "height_shift_range"):
        yield from _in_shift(key, getattr(ranges, key))
    if isinstance(ranges.zoom_range, list):
        low, high = ranges.zoom_range
        if low > 1 or high < 1:
            effect = "shrinks" if low > 1 else "magnifies"
            yield (
                "zoom-one-sided",
                "zoom_range",
                f"[{low:g}, {high:g}] {effect} every copy, since below 1 magnifies",
                "put 1 inside the range, such as [0.9, 1.1], unless this is meant",
            )
    if ranges.cval and ranges.fill_mode != "constant":
        yield (
            "cval-unused",
            "cval",
            f"fill_mode: {ranges.fill_mode} does not look at it",
            "write fill_mode: constant, or leave cval out",
        )


def _in_shift(key: str, shift: float | list[float]) -> Iterator[_Trap]:
    if isinstance(shift, list):
        if len(shift) == 2:
            yield (
                "shift-of-two-values",
                key,
                f"{shift} is no range: each copy moves by one of these two values, either way",
                f"for a range write one number, such as {max(map(abs, shift)) or 0.1:g}",
            )
    elif isinstance(shift, int) and shift == 1:
        yield (
            "shift-never",
            key,
            "the whole number 1 never moves anything: it draws from the whole numbers below 1",
            "write 1.0 for up to a pixel, or a fraction such as 0.1",
        )


def _in_colors(ranges: Ranges, *, holds_arrays: bool) -> Iterator[_Trap]:
    if ranges.brightness_range is not None:
        yield from _in_brightness(*ranges.brightness_range)
    if 0 < ranges.channel_shift_range < 1 and not holds_arrays:  # whose levels may be fractions
        yield faint_channel_shift(ranges.channel_shift_range)


def _in_brightness(low: float, high: float) -> Iterator[_Trap]:
    if low == 0:
        yield (
            "brightness-black",
            "brightness_range",
            "a factor of 0 is a black picture",
            "start at 0.2 or above, such as [0.8, 1.2]",
        )
    if low > 1 or high < 1:
        yield (
            "brightness-one-sided",
            "brightness_range",
            f"[{low:g}, {high:g}] {'brightens' if low > 1 else 'darkens'} every copy",
            "put 1 inside the range, such as [0.8, 1.2], unless this is meant",
        )


def faint_channel_shift(levels: float) -> _Trap:
    """The trap of a channel shift that 8-bit pictures do not show."""
    return (
        "faint-channel-shift",
        "channel_shift_range",
        f"{levels:g} is less than one level of 255, which nobody sees",
        "levels of 8-bit pictures go from 0 to 255: write 10 or so",
    )


def _in_standardization(config: Config) -> Iterator[_Trap]:
    written = config.transforms[-1].transform if config.transforms else None
    if not isinstance(written, Ranges):
        return
    settings, turned = implied(written)
    for reason in turned:
        yield (
            "implied-setting",
            reason.split()[0],
            reason,
            "write that too, to have it in plain sight",
        )
    if settings.needs_statistics:
        for key in ("preprocessing_function", "samplewise_center"):
            if getattr(settings, key):
                yield (
                    "unmeasured-stage",
                    key,
                    "as Keras does, featurewise_* and zca_whitening measure images without it",
                    "use either this or the statistics",
                )
    elif config.save_scale == "minmax":
        for key in ("rescale", "samplewise_center"):
            if getattr(settings, key):
                yield (
                    "undone-by-minmax",
                    key,
                    "save_scale: minmax undoes it, as it stretches each picture anyway",
                    "write save_format: npy for the numbers themselves",
                )
