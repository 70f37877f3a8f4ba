"""The zlib streams written, read back by zlib and by ISA-L."""

import hashlib
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from isal import isal_zlib
from numpy.typing import NDArray
from support import ForAnyCpu

from augcli.kernels.deflate import compress

Bytes = NDArray[np.uint8]
BLOCK = 65535


def repeated(values: Any, times: Any) -> Bytes:
    return np.repeat(np.array(values, np.uint8), times)


def noise(size: int, symbols: int = 256) -> Bytes:
    return np.random.default_rng(size).integers(0, symbols, size, np.uint8)


def small_differences(size: int) -> Bytes:
    """What the filtered rows of a photo look like: small numbers, as signed bytes, the most."""
    return np.random.default_rng(size).laplace(0, 4, size).round().astype(np.int8).view(np.uint8)


def fibonacci() -> Bytes:
    """Symbols as often as Fibonacci's numbers: the deepest tree that so few bytes can have."""
    times = [1, 1]
    while sum(times) < 40000:
        times.append(times[-1] + times[-2])
    return np.random.default_rng(0).permutation(repeated(range(len(times)), times))


def assert_is_read_back(data: Bytes) -> None:
    stream = compress(data)
    assert zlib.decompress(stream) == data.tobytes()
    assert isal_zlib.decompress(stream) == data.tobytes()


@pytest.mark.parametrize(
    "data",
    [
        repeated([], []),
        repeated([7], 1),
        repeated([7, 7], 1),
        repeated([7, 8], 1),
        repeated([255, 0], 3),
        np.arange(256, dtype=np.uint8),
        noise(1000),
        noise(2000, symbols=2),
        noise(70000, symbols=3),
        small_differences(1000),
        fibonacci(),
    ],
    ids=lambda data: f"{len(data)} of {len(np.unique(data))}",
)
def test_examples_are_read_back(data: Bytes) -> None:
    """Few and many bytes, of one to 256 values, come back as they were."""
    assert_is_read_back(data)


@pytest.mark.parametrize("length", range(1, 300))
def test_runs_of_every_length_are_read_back(length: int) -> None:
    """Runs shorter and longer than the longest match, at the start, between and at the end."""
    assert_is_read_back(repeated([5, 1, 2, 3, 9], [length, 1, length, 1, length]))


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 600)), max_size=40))
def test_any_runs_are_read_back(runs: list[tuple[int, int]]) -> None:
    """Whatever repeats, and however often, comes back as it was."""
    assert_is_read_back(repeated([byte for byte, _ in runs], [times for _, times in runs]))


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_back(data: bytes) -> None:
    """Bytes without any order come back as they were."""
    assert_is_read_back(np.frombuffer(data, np.uint8))


@given(
    weights=st.lists(st.integers(0, 12), min_size=1, max_size=40),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_frequencies_are_read_back(weights: list[int], seed: int) -> None:
    """Symbols that differ in frequency by powers of two need codes of any length."""
    symbols = repeated(range(len(weights)), [2**weight for weight in weights])

    assert_is_read_back(np.random.default_rng(seed).permutation(symbols))


@pytest.mark.parametrize("blocks", [1, 2])
@pytest.mark.parametrize("beyond", [-6, -5, -1, 0, 1, 5, 6])
@pytest.mark.parametrize("kind", ["equal", "random", "small", "run over the border"])
def test_borders_of_blocks_are_read_back(kind: str, beyond: int, blocks: int) -> None:
    """Blocks that are just full, and runs that go on into the next one."""
    size = blocks * BLOCK + beyond
    data = {
        "equal": np.zeros(size, np.uint8),
        "random": noise(size),
        "small": small_differences(size),
        "run over the border": np.concatenate([small_differences(size - 3), repeated([9], 400)]),
    }[kind]

    assert_is_read_back(data)


def test_kinds_of_blocks_follow_each_other() -> None:
    """Stored blocks, which begin at a whole byte, between coded ones, which do not."""
    coded, stored = small_differences(BLOCK), noise(BLOCK)

    assert_is_read_back(np.concatenate([coded, stored, stored, coded, stored, coded[:100]]))


@pytest.mark.parametrize("size", [1, 100, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_random_bytes_hardly_grow(size: int) -> None:
    """What cannot be made smaller is stored, for 5 bytes a block and 6 for the stream."""
    assert len(compress(noise(size))) <= size + 5 * -(-size // BLOCK) + 6


def test_equal_bytes_become_few() -> None:
    """A run of the longest matches takes about two bits for each."""
    assert len(compress(np.zeros(BLOCK, np.uint8))) < 100


@pytest.mark.parametrize("data", [small_differences(4 * BLOCK), fibonacci()])
def test_streams_are_as_small_as_by_zlib(data: Bytes) -> None:
    """Codes as good as zlib's for runs and literals, limited in length or not."""
    by_zlib = zlib.compressobj(9, strategy=zlib.Z_RLE)

    expected = len(by_zlib.compress(data.tobytes()) + by_zlib.flush())

    assert len(compress(data)) <= 1.005 * expected


def test_read_only_bytes_are_taken() -> None:
    """The bytes may be read-only, and are left as they are."""
    data = small_differences(100)
    before = data.copy()
    data.flags.writeable = False

    assert zlib.decompress(compress(data)) == before.tobytes()
    assert np.array_equal(data, before)


def digest_of_streams() -> str:
    """A digest of streams with every kind of block."""
    examples = [fibonacci(), small_differences(2 * BLOCK), noise(1000), repeated([1, 2], 9999)]
    return hashlib.sha256(b"".join(compress(example) for example in examples)).hexdigest()


def test_every_cpu_gives_the_same_streams(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernel gives equal bytes."""
    assert for_any_cpu(digest_of_streams) == digest_of_streams()
