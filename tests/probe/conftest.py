"""What all tests of the probe share."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits  # comes with scikit-learn


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Linear algebra keeps to one thread, as in a worker; matrices this small lose by more."""
    with threadpool_limits(1, "blas"):
        yield
