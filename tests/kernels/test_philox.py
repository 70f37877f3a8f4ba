"""Random numbers by place: the published generator, and nothing but seed and place."""

import numpy as np
import pytest

from augcli.kernels.philox import BLOCK, random_numbers

MASK = 0xFFFFFFFF


def philox(counter: tuple[int, int, int, int], key: int) -> tuple[int, int, int, int]:
    """Philox4x32-10 in plain integers, as the paper has it."""
    a, b, c, d = counter
    key_a, key_b = key & MASK, key >> 32
    for _ in range(10):
        of_a, of_c = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = of_c >> 32 ^ b ^ key_a, of_c & MASK, of_a >> 32 ^ d ^ key_b, of_a & MASK
        key_a, key_b = key_a + 0x9E3779B9 & MASK, key_b + 0xBB67AE85 & MASK
    return a, b, c, d


def numbers_at(pixel: int, seed: int) -> list[int]:
    """A pixel's four numbers: the lower or upper halves of the words that it shares with one."""
    words = philox((pixel // 2, 0, 0, 0), seed)
    return [word >> 16 * (pixel % 2) & 0xFFFF for word in words]


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((MASK,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            0x299F31D0A4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_this_file_has_the_published_generator(
    counter: tuple[int, int, int, int], key: int, words: tuple[int, int, int, int]
) -> None:
    """The known answers that its authors publish with it (Random123, `kat_vectors`)."""
    assert philox(counter, key) == words


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, 2**53 - 1])
def test_numbers_are_the_published_generators(seed: int) -> None:
    """At the ends of blocks, and in the middle."""
    numbers = random_numbers(seed, 3 * BLOCK + 5)
    assert numbers.shape == (3 * BLOCK + 5, 4)
    for pixel in (0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 77, 3 * BLOCK + 4):
        assert numbers[pixel].tolist() == numbers_at(pixel, seed)


def test_the_count_changes_no_number() -> None:
    """A pixel has the same numbers in a small image and in a large one."""
    few, many = random_numbers(3, 10), random_numbers(3, 5000)
    assert np.array_equal(few, many[:10])
    assert random_numbers(3, 0).shape == (0, 4)


def test_numbers_are_even_and_independent() -> None:
    """Every value of 16 bits is as likely, and says nothing of its neighbours in any direction."""
    numbers = random_numbers(1, 200_000)
    counts = np.bincount(numbers.ravel() >> 8, minlength=256)
    expected = numbers.size / 256
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert abs(chi_square - 255) < 5 * np.sqrt(2 * 255)
    values = numbers / 65535 - 0.5
    other_seed = random_numbers(2, 200_000) / 65535 - 0.5
    pairs = [
        (values[:-1], values[1:]),  # next pixels
        (values[:-500], values[500:]),  # pixels below, in rows of 500
        (values[:, :-1], values[:, 1:]),  # channels
        (values, other_seed),
    ]
    for one, other in pairs:
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < 5 / np.sqrt(one.size)
