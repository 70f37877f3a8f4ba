"""What the numbers of pixels are said to mean."""

import pytest

from augcli.probe.audit_numbers import find_in_numbers
from augcli.probe.results import PixelNumbers


def arm(name: str = "", **numbers: float) -> PixelNumbers:
    """The numbers of an arm, 0 where nothing is said."""
    keys = ("invented", "clipped", "mean_shift", "contrast_shift")
    return PixelNumbers(name, *(numbers.get(key, 0.0) for key in keys))


def test_little_is_no_finding() -> None:
    """Nothing is said of no numbers, and of small ones."""
    assert list(find_in_numbers([])) == []
    small = arm(invented=0.1, clipped=0.05, mean_shift=-0.05, contrast_shift=0.05)
    assert list(find_in_numbers([small])) == []


def test_what_does_it() -> None:
    """The arms are named that do most of it, the strongest first."""
    arms = [
        arm(invented=0.2),
        arm("zoom_range", invented=0.04),
        arm("rotation_range", invented=0.12),
        arm("shear_range", invented=0.01),
        arm("horizontal_flip"),
    ]
    [finding] = find_in_numbers(arms)
    assert finding.kind == "invented-pixels"
    assert "20 % of an average copy's pixels" in finding.reason
    assert finding.reason.endswith("; alone, rotation_range 12 %, zoom_range 4 %")


@pytest.mark.parametrize(
    ("numbers", "kind", "word"),
    [
        ({"clipped": 0.06}, "clipped-values", "6 %"),
        (
            {"mean_shift": 0.1},
            "shifted-mean",
            "mean of an average copy is 10 % of full scale above",
        ),
        ({"mean_shift": -0.1}, "shifted-mean", "below"),
        (
            {"contrast_shift": 0.1},
            "shifted-contrast",
            "standard deviation of an average copy is 10 % of full scale above",
        ),
        ({"contrast_shift": -0.1}, "shifted-contrast", "below"),
    ],
)
def test_kinds(numbers: dict[str, float], kind: str, word: str) -> None:
    """Each number has its finding, which says which way it goes; opposite arms are not named."""
    opposite = {key: -value for key, value in numbers.items()}
    [finding] = find_in_numbers([arm(**numbers), arm("a", **numbers), arm("b", **opposite)])
    assert finding.kind == kind
    assert word in finding.reason
    assert "; alone, a " in finding.reason
    assert "b " not in finding.reason.partition("; alone")[2]
