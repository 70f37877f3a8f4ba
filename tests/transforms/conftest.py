"""What the tests of transforms share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.transforms.base import Sample, Scalar, Size
from augcli.transforms.ranges import Ranges


def _apply_ranges(image: NDArray[Any], **params: Scalar) -> NDArray[Any]:
    nothing = Ranges().draw(np.random.default_rng(0), Size(1, 1))
    levels = None
    if image.dtype.kind in "iu":
        limits = np.iinfo(image.dtype)
        levels = (int(limits.min), int(limits.max))
    return Ranges.apply(Sample(image, levels), {**nothing, **params}).image


@pytest.fixture(scope="session")
def apply_ranges() -> Callable[..., NDArray[Any]]:
    """`apply_ranges(image, theta=90.0)`; parameters that are not named change nothing."""
    return _apply_ranges
