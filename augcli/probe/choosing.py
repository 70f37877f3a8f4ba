"""Which width the evidence supports, of one part of a config."""

import math
from collections.abc import Mapping

from augcli.probe.effects import Floats, Panel, estimate


def best_scale(accuracies: Mapping[float, Floats], panel: Panel) -> float:
    """The scale with the best accuracy; 1, what is written, unless another is clearly better.

    Clearly is by more than one standard error of the difference, which is on the careful side. It
    asks for less than a verdict does: something has to be chosen.

    Args:
        accuracies: By scale, 0 and 1 among them: the accuracy on each image, (images,).
        panel: The images.
    """
    written = accuracies[1.0]
    gains = {scale: estimate(values - written, panel) for scale, values in accuracies.items()}
    best = max(gains, key=lambda scale: (gains[scale].mean, -abs(math.log2(scale or 1e-3))))
    return best if gains[best].mean > gains[best].error + 1e-9 else 1.0
