"""The `y` of shards: the arrays that labels become."""

from typing import Any

import numpy as np
import pytest

from augcli.datasets.items import Label
from augcli.pipeline.shards.targets import Targets, target_arrays

CASES: list[tuple[Targets, list[Label], dict[str, Any]]] = [
    (Targets(None), ["a", "b"], {}),
    (
        Targets("categorical", ("a", "b")),
        ["b", "a"],
        {"y": np.array([[0, 1], [1, 0]], np.float32)},
    ),
    (
        Targets("categorical", ("a", "b", "c")),
        [["c", "a"], ["b"]],
        {"y": np.array([[1, 0, 1], [0, 1, 0]], np.float32)},
    ),
    (Targets("categorical", None, ("|u1",)), [3, 1], {"y": np.array([3, 1], np.uint8)}),
    (Targets("categorical", None, ("<U3",)), ["a"], {"y": np.array(["a"], "<U3")}),
    (Targets("sparse"), [1, 0], {"y": np.array([1, 0], np.int64)}),
    (Targets("binary"), [1, 0], {"y": np.array([1, 0], np.float32)}),
    (Targets("raw"), [1.5, 2.0], {"y": np.array([1.5, 2.0])}),
    (Targets("raw"), [[1, 2], [3, 4]], {"y": np.array([[1, 2], [3, 4]])}),
    (
        Targets("raw", None, ("<i2", "<f4")),
        [[1, 0.5]],
        {"y": np.array([[1, 0.5]], np.float32)},
    ),
    (
        Targets("multi_output", None, ("<i2", "<f4")),
        [[1, 0.5], [2, 0.25]],
        {"y_0": np.array([1, 2], np.int16), "y_1": np.array([0.5, 0.25], np.float32)},
    ),
    (
        Targets("multi_output"),
        [[1, "p"], [2, "q"]],
        {"y_0": np.array([1, 2]), "y_1": np.array(["p", "q"])},
    ),
]


@pytest.mark.parametrize(("targets", "labels", "wanted"), CASES)
def test_arrays(targets: Targets, labels: list[Label], wanted: dict[str, Any]) -> None:
    """Each class mode has its arrays, by name, dtype and value."""
    found = target_arrays(targets, labels)
    assert list(found) == list(wanted)
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_plain_values() -> None:
    """Targets come back from what run.yaml holds of them."""
    for targets, _, _ in CASES:
        assert Targets.of_plain(targets.plain()) == targets


@pytest.mark.parametrize(
    "values",
    [
        None,
        {},
        {"class_mode": 1, "classes": None, "dtypes": None},
        {"class_mode": "raw", "classes": "ab", "dtypes": None},
        {"class_mode": "raw", "classes": None, "dtypes": [1]},
    ],
)
def test_no_plain_values(values: object) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match=r"targets|text"):
        Targets.of_plain(values)
