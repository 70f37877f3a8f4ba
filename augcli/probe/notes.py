"""What a reader should know of a probe's numbers, in words."""

from collections.abc import Iterator
from statistics import median

from augcli.probe.pictures import SIDE
from augcli.probe.results import ProbeResult
from augcli.probe.sampling import Classes


def notes_on(result: ProbeResult, classes: Classes, reduced: int) -> Iterator[str]:
    """The notes, those that bear on everything first.

    Args:
        result: The result; its own notes do not matter.
        classes: The classes it is about.
        reduced: How many images were too large to be augmented at their full size.
    """
    settings = result.settings
    reach = median(
        (effect.interval.high - effect.interval.low) / 2
        for effect in (found.alone.effect for found in result.ranges)
    )
    yield (
        f"Small networks on pictures of {SIDE} x {SIDE} pixels were asked. A large one may gain "
        f"from what does nothing for them; with {settings.images:,} images, changes below about "
        f"{max(reach, 0.1):.1f} points cannot be told from chance."
    )
    if result.is_blind:
        yield (
            f"Without augmentation the small networks are right in {result.baseline:.1f} of 100 "
            f"images, where guessing would be in {result.chance:.1f}: they do not see what tells "
            f"these classes apart, so what they say of the ranges counts for little."
        )
    if settings.images + len(result.left_out) < settings.available:
        yield (
            f"The budget allowed for {settings.images:,} of {settings.available:,} images; a "
            f"larger one tells smaller changes apart."
        )
    if reduced:
        yield (
            f"{reduced:,} of {settings.images:,} images were reduced before they were augmented, "
            f"to save time: settings in pixels, such as the width of a blur, did more to them than "
            f"they will in a run."
        )
    if classes.left_out:
        number = "1 class was" if classes.left_out == 1 else f"{classes.left_out} classes were"
        yield f"{number} left out, for want of images or of time."
    if result.left_out:
        number = (
            "1 image could" if len(result.left_out) == 1 else f"{len(result.left_out)} images could"
        )
        yield f"{number} not be used."
