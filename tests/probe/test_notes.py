"""Notes: what a reader of the numbers should know."""

from dataclasses import replace

from drawn import small_settings

from augcli.probe.notes import notes_on
from augcli.probe.results import (
    ArmResult,
    Effect,
    Interval,
    LeftOut,
    ProbeResult,
    RangeResult,
)
from augcli.probe.sampling import Classes

EFFECT = Effect("zoom_range", "alone", "zoom_range: 0.1", 1, Interval(-3, 5), 0.6, 0.6, "helps")
ARM = ArmResult(EFFECT, 0, 1, (), ())
RESULT = ProbeResult(
    source="photos",
    settings=small_settings(300),
    classes=(("cat", 150), ("dog", 150)),
    baseline=80,
    baseline_interval=Interval(75, 85),
    chance=50,
    whole=ARM,
    ranges=(RangeResult("zoom_range", "zoom_range: 0.1", ARM, None, (EFFECT,), None),),
    suspects=(),
    suggestion=None,
    left_out=(),
    notes=(),
    audit=None,
)
CLASSES = Classes(("cat", "dog"), 0)


def test_the_first_note_says_how_small_a_change_can_be_seen() -> None:
    """With intervals of 8 points, changes below 4 are not seen; there is nothing else to say."""
    [note] = notes_on(RESULT, CLASSES, 0)
    assert "with 300 images, changes below about 4.0 points" in note


def test_a_model_that_guesses_is_owned_up_to() -> None:
    """Where the baseline might be chance, the note says what the rest is worth."""
    guessing = replace(RESULT, baseline=52, baseline_interval=Interval(46, 58))
    assert "counts for little" in list(notes_on(guessing, CLASSES, 0))[1]


def test_what_was_not_looked_at_is_said() -> None:
    """Other images, their full size, classes, and images that could not be used."""
    partial = replace(
        RESULT,
        settings=replace(RESULT.settings, available=5000),
        left_out=(LeftOut("a.png", "broken"),),
    )
    notes = list(notes_on(partial, Classes(("cat", "dog"), 2), 12))
    assert "300 of 5,000 images" in notes[1]
    assert notes[2].startswith("12 of 300 images were reduced")
    assert notes[3].startswith("2 classes were left out")
    assert notes[4] == "1 image could not be used."
