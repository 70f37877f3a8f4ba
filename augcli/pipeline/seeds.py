"""Where a copy's randomness comes from: one generator a copy, keyed by what the copy is.

No state is shared between copies, so workers, order, sharding and resuming cannot change one,
and adding a copy or an image changes no other.
"""

import hashlib
import secrets

import numpy as np

SEED_LIMIT = 2**53
"""Seeds stay below this, so that every JSON reader keeps them exactly."""


def copy_seed(seed: int, path: str, copy: int) -> int:
    """The seed of one copy: a stable hash of the run's seed, the source's path and its number.

    Args:
        seed: Seed of the run.
        path: Path of the source, relative to the data set, with "/" between its parts.
        copy: Number of the copy, from 0.
    """
    key = f"{seed}\n{copy}\n{path}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big") % SEED_LIMIT


def generator(seed: int) -> np.random.Generator:
    """The generator of the copy that has `seed`."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


def random_seed() -> int:
    """A seed that nobody has chosen, for runs that are not to repeat an earlier one."""
    return secrets.randbelow(SEED_LIMIT)
