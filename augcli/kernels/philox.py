"""Random numbers of pixels: the same for a seed and a place, whatever was drawn before.

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as
1, 2, 3; SC 2011). It turns a counter and a key into 128 random bits, and keeps no state; so its
loop vectorises, and a number depends on nothing but the seed and the pixel's place in the image.

Each pixel has four numbers of 16 bits: one for each of up to four channels.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_jit = njit(nogil=True, cache=True, error_model="numpy")

BLOCK = 1024
"""Pixels whose numbers are drawn together, by `fill_block`."""

_COUNTERS = BLOCK // 2  # the 128 bits of one are for two pixels
_ROUNDS = 10
_MULTIPLIER_A, _MULTIPLIER_C = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_A, _WEYL_B = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)  # by which the key's halves grow
_ZERO = np.uint64(0)
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


@_jit
def fill_block(seed: np.uint64, block: int, words: NDArray[np.uint32]) -> None:
    """The numbers of the pixels block * BLOCK, ..., (block + 1) * BLOCK - 1.

    Called from kernels. A counter is for two neighbouring pixels: each of its words holds one
    number of both. Words are computed in 64 bits, where their products fit; all is one function
    and `words` has one dimension, as the loop does not vectorise otherwise.

    Args:
        seed: The key.
        block: Which pixels, in blocks.
        words: Written to, (4 * BLOCK / 2,). `planes` tells what is where.
    """
    start = np.uint64(block) * np.uint64(_COUNTERS)
    for i in range(_COUNTERS):
        a, b, c, d = start + np.uint64(i), _ZERO, _ZERO, _ZERO
        key_a, key_b = seed & _MASK, seed >> _SHIFT
        for _ in range(_ROUNDS):
            of_a, of_c = a * _MULTIPLIER_A, c * _MULTIPLIER_C
            a, b = (of_c >> _SHIFT) ^ b ^ key_a, of_c & _MASK
            c, d = (of_a >> _SHIFT) ^ d ^ key_b, of_a & _MASK
            key_a, key_b = (key_a + _WEYL_A) & _MASK, (key_b + _WEYL_B) & _MASK
        words[i] = np.uint32(a)
        words[_COUNTERS + i] = np.uint32(b)
        words[2 * _COUNTERS + i] = np.uint32(c)
        words[3 * _COUNTERS + i] = np.uint32(d)


@_jit
def new_block() -> NDArray[np.uint32]:
    """Room for the words of a block. Called from kernels."""
    return np.empty(4 * _COUNTERS, np.uint32)


@_jit
def planes(words: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """A block's numbers, (4, BLOCK): the first of all its pixels, the second, and so on.

    Called from kernels. It is a view of the words.
    """
    return words.view(np.uint16).reshape(4, BLOCK)


@_jit
def _fill(seed: np.uint64, words: NDArray[np.uint32]) -> None:
    for block in range(len(words)):
        fill_block(seed, block, words[block])


def random_numbers(seed: int, count: int) -> NDArray[np.uint16]:
    """The numbers of the first `count` pixels: uint16 (count, 4), each of all 16 bits.

    Args:
        seed: From 0 to 2**64 - 1.
        count: Pixels, below 2**32.
    """
    words = np.empty((-(-count // BLOCK), 4 * _COUNTERS), np.uint32)
    _fill(np.uint64(seed), words)
    numbers: NDArray[np.uint16] = words.view(np.uint16).reshape(-1, 4, BLOCK)
    return numbers.swapaxes(1, 2).reshape(-1, 4)[:count]
