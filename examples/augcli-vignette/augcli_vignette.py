"""A transform for augcli: corners darker than the middle, as lenses make them."""

from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from augcli.transforms.base import Params, Sample, Size, uniform
from augcli.transforms.params import number
from augcli.transforms.settings import Span, within
from augcli.transforms.tonal import Tonal, from_unit, to_unit


class Vignette(Tonal):
    """Darkens a picture towards its corners.

    A pixel is multiplied by 1 - strength * r**2, r being its distance from the middle, and 1 in
    the corners.
    """

    op: ClassVar[str] = "vignette"

    strength: Annotated[Span, within(0, 1)] = [0.1, 0.5]  # noqa: RUF012  pydantic copies it
    """How much darker the corners become: 0 not at all, 1 black."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:  # noqa: ARG002  any size
        """One strength."""
        u = rng.random()
        return {"strength": uniform(u, *self.strength)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The picture with its corners darkened; alpha as it was."""
        strength = number(params, "strength")
        if strength == 0:
            return sample.image
        factor = 1 - strength * _squared_distance(sample.size)
        return from_unit(sample, to_unit(sample) * factor[:, :, np.newaxis])


def _squared_distance(size: Size) -> NDArray[np.float64]:
    """Squared distance of each pixel from the middle, (height, width), 1 in the corners."""
    rows = np.arange(size.height) - (size.height - 1) / 2
    columns = np.arange(size.width) - (size.width - 1) / 2
    squared = rows[:, np.newaxis] ** 2 + columns**2
    return squared / max(squared[0, 0], 1)  # type: ignore[no-any-return]  # NumPy's stubs
