"""Seeds: the same for ever, on every machine."""

from hypothesis import given
from hypothesis import strategies as st

from augcli.pipeline.seeds import SEED_LIMIT, copy_seed, generator, random_seed


def test_they_never_change() -> None:
    """A change of these numbers would change every copy that anybody ever made."""
    assert copy_seed(0, "a.png", 0) == 6491519743810372
    assert copy_seed(42, "cat/tom.jpg", 3) == 4737894145888212
    assert copy_seed(42, "naïve/日本.png", 0) == 2966417752148087
    assert copy_seed(42, "\udcff.png", 0) == 5359961902598705
    assert generator(7).integers(0, 1000, 5).tolist() == [268, 468, 973, 426, 126]
    assert generator(7).random() == 0.46881748695593284


@given(st.integers(0, SEED_LIMIT - 1), st.text(max_size=20), st.integers(0, 10**6))
def test_they_fit_a_json_number(seed: int, path: str, copy: int) -> None:
    """Each is a whole number that a double holds exactly."""
    found = copy_seed(seed, path, copy)
    assert 0 <= found < SEED_LIMIT == 2**53
    assert int(float(found)) == found


def test_each_copy_has_its_own() -> None:
    """Seed, path and number all count, also where they look alike side by side."""
    keys = [(1, "2", 3), (1, "3", 2), (12, "3", 1), (1, "23", 1), (1, "a/b", 1), (1, "a", 1)]
    assert len({copy_seed(*key) for key in keys}) == len(keys)


def test_a_random_one() -> None:
    """It is in range, and not the same twice."""
    found = {random_seed() for _ in range(3)}
    assert len(found) == 3
    assert all(0 <= seed < SEED_LIMIT for seed in found)
