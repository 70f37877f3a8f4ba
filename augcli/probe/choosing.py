"""Which width the evidence supports, of one part of a config."""

import math
from collections.abc import Mapping

from augcli.probe.effects import Floats, Panel, estimate

_CLEAR = 1.3  # standard errors, each of them on the careful side


def is_clearly_better(accuracy: Floats, than: Floats, panel: Panel) -> bool:
    """Whether the accuracy on each image, (images,), is better than another."""
    gain = estimate(accuracy - than, panel)
    return gain.mean > _CLEAR * gain.error + 1e-9


def best_scale(accuracies: Mapping[float, Floats], panel: Panel) -> float:
    """The scale with the best accuracy; 1, what is written, unless another is clearly better.

    A wider one has to be clearly better than none as well. Clearly asks for less than a verdict
    does, which knows of all that is compared: something has to be chosen.

    Args:
        accuracies: By scale, 0 and 1 among them: the accuracy on each image, (images,).
        panel: The images.
    """

    def is_clear(scale: float, than: float) -> bool:
        return is_clearly_better(accuracies[scale], accuracies[than], panel)

    def accuracy(scale: float) -> tuple[float, float]:
        """And how near it is to what is written, for scales of the same accuracy."""
        return estimate(accuracies[scale], panel).mean, -abs(math.log2(scale or 1e-3))

    able = [scale for scale in accuracies if scale <= 1 or is_clear(scale, than=0.0)]
    best = max(able, key=accuracy)
    return best if is_clear(best, than=1.0) else 1.0
