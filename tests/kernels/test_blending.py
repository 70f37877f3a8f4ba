"""Blending with a colour, and the weights of it."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from support import ForAnyCpu

from augcli.kernels import blending, packed
from augcli.kernels.blending import ONE, blend_with_color, weights_of

LEVEL = st.integers(0, 255)


def test_half_of_a_color() -> None:
    """Halfway between a pixel and the colour, rounded half up; nothing of it, and all of it."""
    image = np.full((1, 3, 3), (10, 20, 31), np.uint8)
    weights = np.array([[0, ONE // 2, ONE]], np.uint16)
    assert blend_with_color(image, weights, (20, 0, 255)).tolist() == [
        [[10, 20, 31], [15, 10, 143], [20, 0, 255]]
    ]


@given(
    pixels=st.sampled_from([3, 4]).flatmap(lambda c: hnp.arrays(np.uint8, (3, 4, c))),
    weights=hnp.arrays(np.uint16, (3, 4), elements=st.integers(0, ONE)),
    color=st.tuples(LEVEL, LEVEL, LEVEL),
)
def test_it_is_the_rounded_blend(
    pixels: NDArray[np.uint8], weights: NDArray[np.uint16], color: tuple[int, int, int]
) -> None:
    """As its formula gives in exact arithmetic; alpha is copied, and the result is packed."""
    levels = pixels[..., :3].astype(np.float64)
    exact = levels + (np.array(color) - levels) * (weights[..., np.newaxis] / ONE)
    blended = blend_with_color(pixels, weights, color)
    assert np.array_equal(blended[..., :3], np.floor(exact + 0.5))
    assert np.array_equal(blended[..., 3:], pixels[..., 3:])
    assert packed.is_packed(blended)


def test_weights_are_cut_to_shares() -> None:
    """Less than nothing is nothing, and more than all is all."""
    shares = np.array([-1, 0, 0.25, 1, 1.5])
    assert weights_of(shares).tolist() == [0, 0, ONE // 4, ONE, ONE]


@pytest.mark.parametrize(
    ("image", "weights"),
    [
        (np.zeros((2, 2, 1), np.uint8), np.zeros((2, 2), np.uint16)),
        (np.zeros((2, 2, 3), np.uint16), np.zeros((2, 2), np.uint16)),
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 3), np.uint16)),
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.float32)),
    ],
)
def test_other_arrays_are_refused(image: NDArray[np.uint8], weights: NDArray[np.uint16]) -> None:
    """Grey, other depths, and weights that are not the image's."""
    with pytest.raises(ValueError, match="expected"):
        blend_with_color(image, weights, (0, 0, 0))


def digest_of_blends() -> str:
    """A digest of what the kernel makes of a random image."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (37, 41, 4), np.uint8)
    weights = rng.integers(0, ONE + 1, (37, 41), np.uint16)
    return hashlib.sha256(blending.blend_with_color(image, weights, (9, 99, 199))).hexdigest()


def test_every_cpu_gives_the_same_blends(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernel gives equal bytes."""
    assert for_any_cpu(digest_of_blends) == digest_of_blends()
