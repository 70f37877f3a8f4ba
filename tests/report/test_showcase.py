"""What is shown of a transform: a few strengths of its first range, or a few copies."""

from augcli.report.showcase import CHOSEN, DRAWN, examples_of
from augcli.transforms.registry import TRANSFORMS


def lines(name: str) -> list[str]:
    """The lines of YAML that are shown of a transform."""
    return [example.yaml for example in examples_of(name)]


def test_low_middle_high() -> None:
    """A range is shown at its ends and in its middle; a size stands for itself."""
    assert lines("gaussian_blur") == [
        f"- gaussian_blur: {{sigma: {sigma}}}" for sigma in ("0.3", "0.9", "1.5")
    ]


def test_around_nothing() -> None:
    """Where the middle of a range changes nothing, points around it are shown, as pairs."""
    assert lines("brightness") == [
        f"- brightness: {{factor: [{factor}, {factor}]}}"
        for factor in ("0.7", "0.85", "1.15", "1.3")
    ]
    assert [example.title for example in examples_of("exposure")] == [
        "low: stops -1",
        "lower: stops -0.5",
        "higher: stops 0.5",
        "high: stops 1",
    ]


def test_others_in_their_middle() -> None:
    """Other ranges of the transform stand in their middle."""
    assert lines("fog")[0] == "- fog: {density: 0.3, variation: 0.35, level: 210}"


def test_without_a_range() -> None:
    """What has no setting is shown once, what is drawn otherwise as several copies."""
    assert lines("invert") == ["- invert: {}"]
    assert [example.copy for example in examples_of("tone_curve")] == [0, 1, 2, 3]


def test_nested_yaml() -> None:
    """A step made of steps is one line too."""
    assert lines("sequence")[0] == (
        "- sequence: [{horizontal_flip: {}, p: 0.5}, {hue: {degrees: 60}}]"
    )


def test_tables_name_transforms() -> None:
    """What is chosen by hand is there, and in one table alone."""
    assert set(CHOSEN) | set(DRAWN) <= set(TRANSFORMS)
    assert not set(CHOSEN) & set(DRAWN)
