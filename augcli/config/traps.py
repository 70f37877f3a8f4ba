"""Settings that are valid and do something else than they seem to."""

from collections.abc import Iterator
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import implied


@dataclass(frozen=True, slots=True)
class Trap:
    """One setting that is not what it seems.

    Attributes:
        key: Where it stands in the config.
        reason: What it does.
        remedy: What to write instead.
    """

    key: str
    reason: str
    remedy: str


def find_traps(config: Config) -> list[Trap]:
    """All traps in a config, in the order of its keys."""
    found = [
        (index, trap)
        for index, step in enumerate(config.transforms)
        if isinstance(step.transform, Ranges)
        for trap in _in_ranges(step.transform)
    ]
    found += [(len(config.transforms) - 1, trap) for trap in _in_standardization(config)]
    return [
        Trap(f"transforms[{index}].ranges.{key}", reason, remedy)
        for index, (key, reason, remedy) in found
    ]


def _in_ranges(ranges: Ranges) -> Iterator[tuple[str, str, str]]:
    for key in ("width_shift_range", "height_shift_range"):
        yield from ((key, *trap) for trap in _in_shift(getattr(ranges, key)))
    if ranges.brightness_range is not None and ranges.brightness_range[0] == 0:
        yield (
            "brightness_range",
            "a factor of 0 is a black picture",
            "start at 0.2 or above, such as [0.8, 1.2]",
        )
    if 0 < ranges.channel_shift_range < 1:
        yield (
            "channel_shift_range",
            f"{ranges.channel_shift_range:g} is less than one level of 255, which nobody sees",
            "levels of 8-bit pictures go from 0 to 255: write 10 or so",
        )
    if ranges.rotation_range > 180:
        yield (
            "rotation_range",
            "180 covers every angle already",
            "write 180, or the tilt that a camera would have",
        )
    if isinstance(ranges.zoom_range, list):
        low, high = ranges.zoom_range
        if low > 1 or high < 1:
            effect = "shrinks" if low > 1 else "magnifies"
            yield (
                "zoom_range",
                f"[{low:g}, {high:g}] {effect} every copy, since below 1 magnifies",
                "put 1 inside the range, such as [0.9, 1.1], unless this is meant",
            )


def _in_standardization(config: Config) -> Iterator[tuple[str, str, str]]:
    written = config.transforms[-1].transform if config.transforms else None
    if not isinstance(written, Ranges):
        return
    settings, turned = implied(written)
    for reason in turned:
        yield reason.split()[0], reason, "write that too, to have it in plain sight"
    if settings.needs_statistics:
        for key in ("preprocessing_function", "samplewise_center"):
            if getattr(settings, key):
                yield (
                    key,
                    "as Keras does, featurewise_* and zca_whitening measure images without it",
                    "use either this or the statistics",
                )
    elif config.save_scale == "minmax":
        for key in ("rescale", "samplewise_center"):
            if getattr(settings, key):
                yield (
                    key,
                    "save_scale: minmax undoes it, as it stretches each picture anyway",
                    "write save_format: npy for the numbers themselves",
                )


def _in_shift(shift: float | list[float]) -> Iterator[tuple[str, str]]:
    if isinstance(shift, list):
        if len(shift) == 2:
            yield (
                f"{shift} is no range: each copy moves by one of these two values, either way",
                f"for a range write one number, such as {max(map(abs, shift)) or 0.1:g}",
            )
    elif isinstance(shift, int) and shift == 1:
        yield (
            "the whole number 1 never moves anything: it draws from the whole numbers below 1",
            "write 1.0 for up to a pixel, or a fraction such as 0.1",
        )
