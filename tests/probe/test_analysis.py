"""Analysis and suggestion, on outcomes that are written by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from augcli.config.schema import Config
from augcli.probe.analysis import Trialled, analysed
from augcli.probe.arms import arms_of, units_of
from augcli.probe.network import Standard
from augcli.probe.suggestion import suggest
from augcli.probe.trials import Clean, Ground, Outcome

IMAGES, FOLDS = 60, 5
LABELS = np.arange(IMAGES) % 2
FOLD = np.arange(IMAGES) // 2 % FOLDS
PICTURES = np.zeros((IMAGES, 1, 1, 3), np.uint8)


def outcome(
    wrong: Sequence[int], *, wrong_without_first: Sequence[int] = (), loss: float = 1
) -> Outcome:
    """An outcome whose networks misread some images.

    Args:
        wrong: The images that networks misread which did not see them.
        wrong_without_first: Those that such of them misread which lack the first fold; `wrong`
            where empty.
        loss: Of the training.
    """
    predicted = LABELS.copy()
    predicted[list(wrong)] ^= 1
    first = LABELS.copy()
    first[list(wrong_without_first or wrong)] ^= 1
    by_fold = np.stack([first, *[predicted] * (FOLDS - 1)])
    read = np.where(np.arange(FOLDS)[:, None] == FOLD, -1, by_fold).astype(np.int16)
    copies = np.eye(2, dtype=np.float32)[predicted][:, None]
    return Outcome(np.broadcast_to(read, (2, 1, FOLDS, IMAGES)), loss, copies)


def trialled(clean: Outcome, whole: Outcome, alone: Sequence[Outcome]) -> Trialled:
    """The trials of a config with one flip, or with one rotation at three other widths."""
    transforms = {"horizontal_flip": True} if len(alone) == 1 else {"rotation_range": 20}
    config = Config.model_validate({"transforms": transforms})
    ground = Ground(
        originals=PICTURES,
        standard=Standard(0, 1),
        labels=LABELS,
        weights=np.ones(IMAGES, np.float32),
        groups=np.arange(IMAGES),
        folds=np.stack([FOLD, FOLD]),
        classes=2,
        steps=1,
        seed=0,
    )
    units = units_of(config)
    arms = list(arms_of(config, units))
    scores = np.eye(2, dtype=np.float32)[LABELS]
    return Trialled(
        config, units, ["cat", "dog"], ground, Clean(clean, scores), arms, [whole, *alone]
    )


class Trying:
    """Notes what is tried; every trial comes to the same."""

    def __init__(self, found: Outcome) -> None:
        self.found = found
        self.tried: list[Config] = []

    def __call__(self, configs: Sequence[Config]) -> list[Outcome]:
        """Takes the configs down, and finds the same in each."""
        """An outcome for each config."""
        self.tried.extend(configs)
        return [self.found for _ in configs]


def test_what_is_said_of_an_arm() -> None:
    """Change, affinity, diversity, classes and confusions of an arm that misreads 12 more cats."""
    worse = outcome(range(0, 24, 2), loss=3)
    whole, [flip] = analysed(trialled(outcome([], loss=1.5), worse, [worse]))
    assert whole.effect.change == pytest.approx(-20)
    assert whole.effect.verdict == "hurts"
    assert whole.affinity == pytest.approx(-20)
    assert whole.diversity == 2
    assert [(c.label, c.count, c.baseline, c.change) for c in whole.classes] == [
        ("cat", 30, 100, -40),
        ("dog", 30, 100, 0),
    ]
    [confusion] = whole.confusions
    assert (confusion.true, confusion.predicted, confusion.change) == ("cat", "dog", 40)
    assert flip.alone.effect.setting == "horizontal_flip: true"
    assert [dose.scale for dose in flip.doses] == [1]
    assert flip.supported == 0


def test_doses_come_from_narrow_to_wide() -> None:
    """That of scale 1 is the arm alone; the best of them is supported."""
    written, quarter, half, double = (outcome(range(number)) for number in (30, 12, 0, 40))
    _, [rotation] = analysed(trialled(outcome([1, 2]), written, [written, quarter, half, double]))
    assert [(dose.scale, round(dose.change)) for dose in rotation.doses] == [
        (0.25, -17),
        (0.5, 3),
        (1, -47),
        (2, -63),
    ]
    assert rotation.supported == 0.5


def test_a_suggestion_is_judged_where_it_was_not_chosen() -> None:
    """Networks that lack the first fold call the flip harmful on the others: it is left out.

    That is judged on the first fold, by networks that see no harm in it: nothing is gained.
    """
    clean = outcome(range(6))
    flipped = outcome(range(6), wrong_without_first=range(30))
    trials = trialled(clean, flipped, [flipped])
    _, ranges = analysed(trials)
    trying = Trying(outcome([]))
    suggestion = suggest(trials, ranges, trying)
    assert trying.tried == []  # without the flip nothing is left, which was tried already
    assert suggestion.original_accuracy == suggestion.suggested_accuracy < 90
    assert suggestion.gain.change == 0
    assert suggestion.changes_anything  # by all folds together there is evidence


def test_a_suggestion_tries_what_was_chosen() -> None:
    """Two ranges that are both chosen at half their width are tried together, once."""
    half = outcome([])
    bad = outcome(range(30))
    config = Config.model_validate({"transforms": {"rotation_range": 20, "zoom_range": 0.2}})
    units = units_of(config)
    arms = list(arms_of(config, units))
    outcomes = [half if arm.scale == 0.5 else bad for arm in arms]
    base = trialled(outcome(range(6)), bad, [bad])
    trials = Trialled(config, units, base.labels, base.ground, base.clean, arms, outcomes)
    _, ranges = analysed(trials)
    trying = Trying(outcome([3]))
    suggestion = suggest(trials, ranges, trying)
    [joined] = trying.tried
    assert joined.transforms[0].written["ranges"]["rotation_range"] == 10
    assert joined.transforms[0].written["ranges"]["zoom_range"] == 0.1
    assert [choice.after for choice in suggestion.choices] == [
        "rotation_range: 10",
        "zoom_range: 0.1",
    ]
    assert suggestion.choices[0].reason.startswith("half as wide: ")
    assert suggestion.gain.change == pytest.approx(100 * 29 / 60)


def test_parts_of_a_list_are_called_by_what_was_written() -> None:
    """In a list of steps, arms that lack earlier ones still say what they hold."""
    steps = [{"sepia": None}, {"brightness": {"factor": 0.2}}]
    config = Config.model_validate({"transforms": steps})
    units = units_of(config)
    arms = list(arms_of(config, units))
    base = trialled(outcome([]), outcome([]), [outcome([])])
    outcomes = [outcome([]) for _ in arms]
    trials = Trialled(config, units, base.labels, base.ground, base.clean, arms, outcomes)
    _, [_, brightness] = analysed(trials)
    assert brightness.arm == "transforms[1].brightness"
    assert brightness.setting == "brightness: {factor: [0.8, 1.2]}"
    assert brightness.doses[-1].setting == "brightness: {factor: [0.6, 1.4]}"
