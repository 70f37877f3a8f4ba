"""What the numbers of pixels say, as findings."""

import math
from collections.abc import Callable, Iterator, Sequence

from augcli.config.traps import Finding
from augcli.inspection.known import shown
from augcli.probe.results import PixelNumbers

_INVENTED = 0.15  # share of a copy's pixels
_CLIPPED = 0.05  # share of a copy's values
_SHIFT = 0.05  # share of full scale
_TO_BLAME = 0.25  # share of the strongest arm's part from which an arm is named, too
_NAMED = 3

_SUBJECT = "transforms"


def find_in_numbers(per_arm: Sequence[PixelNumbers]) -> Iterator[Finding]:
    """What the config as a whole does too much of, and which parts of it do.

    Args:
        per_arm: As in `Audit`: the whole config first.
    """
    if not per_arm:
        return
    whole, *alone = per_arm
    if whole.invented > _INVENTED:
        parts = _most(alone, lambda arm: arm.invented)
        yield Finding(
            "invented-pixels",
            _SUBJECT,
            f"{_percent(whole.invented)} of an average copy's pixels are none of its image's, but "
            f"filled in or hidden{parts}",
            "narrow what moves or hides that many, unless the pictures have wide empty margins",
        )
    if whole.clipped > _CLIPPED:
        parts = _most(alone, lambda arm: arm.clipped)
        yield Finding(
            "clipped-values",
            _SUBJECT,
            f"{_percent(whole.clipped)} of an average copy's values are driven to black or white, "
            f"and what was there is lost{parts}",
            "narrow what lightens or darkens that much",
        )
    if abs(whole.mean_shift) > _SHIFT:
        yield _shifted("shifted-mean", "mean", whole, alone, lambda arm: arm.mean_shift)
    if abs(whole.contrast_shift) > _SHIFT:
        yield _shifted(
            "shifted-contrast", "standard deviation", whole, alone, lambda arm: arm.contrast_shift
        )


def _shifted(
    kind: str,
    what: str,
    whole: PixelNumbers,
    alone: Sequence[PixelNumbers],
    shift_of: Callable[[PixelNumbers], float],
) -> Finding:
    """The finding that copies differ from their images in one way more than in the other."""
    shift = shift_of(whole)
    parts = _most(alone, lambda arm: math.copysign(1, shift) * shift_of(arm))
    return Finding(
        kind,
        _SUBJECT,
        f"the {what} of an average copy is {_percent(abs(shift))} of full scale "
        f"{'above' if shift > 0 else 'below'} that of its image, and of new images it will not be"
        f"{parts}",
        "reach as far to both sides of no change, and fill with something other than one level",
    )


def _most(alone: Sequence[PixelNumbers], part: Callable[[PixelNumbers], float]) -> str:
    """The arms that do most of it: "; alone, rotation_range 12 %, cutout 4 %"."""
    by_part = sorted(alone, key=part, reverse=True)[:_NAMED]
    named = [
        f"{shown(arm.arm)} {_percent(part(arm))}"
        for arm in by_part
        if part(arm) > 0 and part(arm) >= _TO_BLAME * part(by_part[0])
    ]
    return f"; alone, {', '.join(named)}" if named else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
