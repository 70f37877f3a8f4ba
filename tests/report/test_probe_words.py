"""What a probe found, in sentences."""

from dataclasses import replace

import pytest
from probed import (
    arm_result,
    as_it_was,
    effect,
    flips,
    probe_result,
    rotation,
    suggestion,
    suspect,
)

from augcli.probe.results import Confusion, Effect, Interval
from augcli.report import probe_words as words


@pytest.mark.parametrize(
    ("arm", "text"),
    [
        ("", "the whole config"),
        ("rotation_range", "rotation"),
        ("transforms[1].gaussian_noise", "gaussian noise (transforms[1])"),
        ("transforms[0].ranges.horizontal_flip", "horizontal flips (transforms[0])"),
    ],
)
def test_names(arm: str, text: str) -> None:
    """Ranges have names of their own; a step in a list says which one it is."""
    assert words.name_of(arm).text == text


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (
            effect(-3.8, 3.0, "hurts", arm="horizontal_flip"),
            "Horizontal flips hurt: -3.8 points (-6.8 to -0.8).",
        ),
        (
            effect(6.9, 2.3, "helps", arm="rotation_range"),
            "Rotation helps: +6.9 points (+4.6 to +9.2).",
        ),
        (
            effect(-3.2, 3.1, arm="zoom_range"),
            (
                "Zoom may hurt: -3.2 points (-6.3 to -0.1). Among 7 ranges, chance might do as "
                "much to one."
            ),
        ),
        (
            effect(0.2, 1.0, arm="rotation_range"),
            "Rotation makes little difference: +0.2 points (-0.8 to +1.2).",
        ),
        (
            effect(0.2, 4.0, arm="horizontal_flip"),
            "No evidence that horizontal flips help or hurt: +0.2 points (-3.8 to +4.2).",
        ),
        (
            effect(0.2, 4.0),
            "No evidence that this config helps or hurts: +0.2 points (-3.8 to +4.2).",
        ),
        (effect(3.1, 2.3, "helps"), "This config helps: +3.1 points (+0.8 to +5.4)."),
    ],
)
def test_verdicts(of: Effect, sentence: str) -> None:
    """A sentence says no more than the interval and the number of comparisons allow."""
    assert words.verdict_in_words(of, among=7) == sentence


def test_verdicts_in_brief() -> None:
    """What stands out by itself alone is a "may"; a narrow interval around 0 is little."""
    assert words.verdict_in_brief(effect(-3.8, 3.0, "hurts")) == "hurts"
    assert words.verdict_in_brief(effect(-3.8, 3.0)) == "may hurt"
    assert words.verdict_in_brief(effect(3.8, 3.0)) == "may help"
    assert words.verdict_in_brief(effect(3.8, 4.0)) == "no evidence"
    assert words.verdict_in_brief(effect(0.5, 1.5)) == "little"
    assert words.verdict_in_brief(effect(0.6, 0.5)) == "may help"


def test_why_it_hurts() -> None:
    """A guess is made at what hurts, and at nothing else."""
    assert words.why_it_hurts(flips()) == "A mirrored picture may mean something else here."
    assert words.why_it_hurts(flips(-1, 3, "no evidence")) == ""
    noise = replace(flips(), arm="transforms[1].gaussian_noise")
    assert words.why_it_hurts(noise) == ""


def test_worst_confusion() -> None:
    """The pair that is mixed up most is named, unless that is next to nothing."""
    arm = arm_result(effect(-3.8, 3.0))
    assert words.worst_confusion(arm) == (
        "In this sample, six is read as nine more often (+8.0 points)."
    )
    faint = replace(arm, confusions=(Confusion("six", "nine", 1.0, 4.0),))
    assert words.worst_confusion(faint) == ""
    assert words.worst_confusion(replace(arm, confusions=())) == ""


def test_a_blind_model_says_nothing() -> None:
    """Where the small model may be guessing, there is neither verdict nor advice."""
    result = replace(probe_result(), baseline_interval=Interval(49.0, 60.0))
    assert words.headline(result).startswith("The probe cannot tell")
    assert list(words.summary(result)) == []
    assert list(words.advice(result)) == []


def test_headline_and_context() -> None:
    """The answer is the whole config's; the context says what it is a change of."""
    result = probe_result()
    assert words.headline(result) == "This config helps: +3.1 points (+0.8 to +5.4)."
    assert words.context(result) == (
        "A small model reads 77.4 % of untouched images right that it has not seen. Trained with "
        "copies of this config, it reads 80.5 %; guessing would be 50.0 %."
    )


def test_summary() -> None:
    """What hurts comes first, then what helps."""
    assert list(words.summary(probe_result())) == [
        (
            "Horizontal flips hurt: -3.8 points (-6.8 to -0.8). A mirrored picture may mean "
            "something else here."
        ),
        "Rotation (+6.9) helps.",
    ]


def test_summary_without_evidence() -> None:
    """That no range stands out is said, and that more images might tell."""
    ranges = (flips(-1, 3, "no evidence"), rotation(1, 3, "no evidence"))
    [sentence] = words.summary(replace(probe_result(), ranges=ranges))
    assert sentence == (
        "None of the 2 ranges is shown to help or to hurt by itself. If any of them does, 50 "
        "images are too few to tell."
    )


def test_summary_of_ranges_that_hurt_together() -> None:
    """A config may hurt though no range is shown to."""
    result = replace(
        probe_result(),
        whole=arm_result(effect(-7.2, 5.0, "hurts", kind="whole")),
        ranges=(flips(-4.7, 3, "no evidence"), rotation(1, 3, "no evidence")),
    )
    first, second = words.summary(result)
    assert first.startswith("Horizontal flips may hurt")
    assert second == "No range is shown to hurt by itself: they may do so together."


def test_summary_of_an_easy_set() -> None:
    """Where nearly all is right, it is said that little can be gained."""
    *_, last = words.summary(replace(probe_result(), baseline=98.0))
    assert last == "With so many images read right, there is little that could be gained."


def test_several_helpful_ranges() -> None:
    """They share a sentence, the most helpful first, and are counted from the fourth on."""
    ranges = tuple(rotation(change) for change in (3.0, 7.0, 5.0, 4.0))
    [sentence] = words.summary(replace(probe_result(), ranges=ranges))
    assert sentence == "Rotation (+7.0), rotation (+5.0), rotation (+4.0) and 1 more help."


def test_advice() -> None:
    """It names what to leave out and what to write, and is a try where the gain is not certain."""
    result = probe_result()
    assert list(map(str, words.advice(result))) == [
        (
            "Leave out horizontal_flip: true: alone -3.8 points (-6.8 to -0.8); the config "
            "without it +1.0 points (-6.8 to -0.8)"
        ),
        (
            "Write rotation_range: 20 instead of rotation_range: 10: "
            "alone +13.8 points (+11.5 to +16.1) instead of +6.9"
        ),
    ]
    assert words.is_certain(result)
    doubtful = replace(result, suggestion=suggestion(effect(4.5, 7.1)))
    assert not words.is_certain(doubtful)
    assert words.is_certain(replace(result, suggestion=None))


def test_advice_to_keep_the_config() -> None:
    """Where nothing is better, or what was chosen did worse, the config stays."""
    keeping = replace(probe_result(), suggestion=as_it_was())
    assert list(map(str, words.advice(keeping))) == [
        "Keep the config: no other width does clearly better"
    ]
    worse = replace(probe_result(), suggestion=suggestion(effect(-4.5, 2.0, "hurts")))
    assert list(map(str, words.advice(worse))) == [
        "Keep the config: what single ranges ask for does worse than it"
    ]
    assert list(words.advice(replace(probe_result(), suggestion=None))) == []


@pytest.mark.parametrize(
    ("gain", "sentence"),
    [
        (
            effect(4.5, 2.0, "helps"),
            (
                "The suggested config does better than this one, on images that had no part in "
                "choosing it: +4.5 points (+2.5 to +6.5)."
            ),
        ),
        (
            effect(4.5, 7.1),
            (
                "Whether the suggested config does better is not certain: +4.5 points (-2.6 to "
                "+11.6), compared with this one, on images that had no part in choosing it."
            ),
        ),
    ],
)
def test_what_a_suggestion_is_worth(gain: Effect, sentence: str) -> None:
    """It is as certain as its interval."""
    assert words.suggestion_in_words(suggestion(gain)) == sentence
    assert words.suggestion_in_words(as_it_was()) == ""


def test_supported_widths() -> None:
    """The width that the data supports is said, and whether that is certain."""
    assert words.supported_in_words(flips()) == "Leave it out."
    doubtful = replace(flips(-3.2, 4.2, "no evidence"), supported=0.0)
    assert words.supported_in_words(doubtful) == "If anything, leave it out."
    assert words.supported_in_words(rotation()) == "If anything, write rotation_range: 20."
    kept = replace(rotation(), supported=None)
    assert words.supported_in_words(kept) == "No other width does clearly better."
    assert words.supported_in_words(replace(flips(), supported=None)) == ""


def test_small_things() -> None:
    """Widths are fractions, nothing is surer than 99 %, and enumerations end in "and"."""
    assert [words.scale_in_words(scale) for scale in (0.0, 0.25, 0.5, 1.0, 2.0)] == [
        *("none", "1/4", "1/2", "1", "2")
    ]
    assert words.sureness(suspect()) == "more surely than 99 % of the originals are read right"
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"


def test_how_it_was_measured() -> None:
    """All that the budget chose is said."""
    assert words.settings_in_words(probe_result()) == (
        "50 of 1,200 images, 2 classes; 2 copies of each for 9 ways to augment; 20 networks for "
        "each, which lack 2 of 5 parts of the images. Chosen for a budget of 60 s, with seed 7; at "
        "most 230 MiB of memory beyond the program's own."
    )
