"""The probe as a whole, on drawn data whose truths are known."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from drawn import bars, config_of, digits, small_settings
from PIL import Image

from augcli.config.loader import load_config
from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.probe.experiment import probe
from augcli.probe.results import ProbeResult, RangeResult

MIRRORED = {2: 5, 5: 2}


def result_of(config: Config, images: int, **settings: int) -> ProbeResult:
    """A quick probe in this process."""
    return probe(config, workers=0, settings=small_settings(images, **settings))


def range_of(result: ProbeResult, arm: str) -> RangeResult:
    """What is said of one range."""
    return next(found for found in result.ranges if found.arm == arm)


@pytest.fixture(name="flipped", scope="module")
def _flipped(tmp_path_factory: pytest.TempPathFactory) -> ProbeResult:
    """A probe of digits of which two are each other's mirror image, flipped."""
    transforms = {"horizontal_flip": True, "brightness_range": [0.9, 1.1]}
    config = config_of(tmp_path_factory.mktemp("digits"), digits(160, 0, noise=10), transforms)
    return result_of(config, 160, copies=2, steps=60)


def test_a_flip_of_digits_hurts(flipped: ProbeResult) -> None:
    """A 2 in the mirror is a 5: the flip hurts, alone and in the whole; brightness does not."""
    flip = range_of(flipped, "horizontal_flip")
    assert flip.alone.effect.verdict == "hurts"
    assert flip.without is not None
    assert flip.without.change > 0
    assert range_of(flipped, "brightness_range").alone.effect.verdict == "no evidence"


def test_the_classes_that_a_flip_confuses_are_named(flipped: ProbeResult) -> None:
    """The mirrored digits lose most, and are the pair that becomes confused."""
    alone = range_of(flipped, "horizontal_flip").alone
    assert {effect.label for effect in alone.classes[:2]} == set(MIRRORED)
    most = alone.confusions[0]
    assert MIRRORED[int(str(most.true))] == most.predicted
    assert most.change > 0
    assert alone.affinity < -10
    assert alone.diversity > 1


def test_the_suggestion_leaves_the_flip_out(flipped: ProbeResult, tmp_path: Path) -> None:
    """What is suggested loads, has no flip, and does better on folds that did not choose it."""
    suggestion = flipped.suggestion
    assert suggestion is not None
    assert suggestion.changes_anything
    assert suggestion.gain.change > 0
    assert suggestion.suggested_accuracy > suggestion.original_accuracy
    assert range_of(flipped, "horizontal_flip").supported == 0
    (tmp_path / "suggested.yaml").write_text(suggestion.config, encoding="utf-8")
    steps = load_config(str(tmp_path / "suggested.yaml")).transforms
    assert not any(step.written["ranges"]["horizontal_flip"] for step in steps)


def test_suspects_are_the_mirrored_digits(flipped: ProbeResult) -> None:
    """The copies that look like another class are 2s and 5s that were flipped."""
    suspects = [one for one in flipped.suspects if one.arm == "horizontal_flip"]
    assert suspects
    first = suspects[0]
    assert MIRRORED[int(str(first.label))] == first.read_as
    assert first.recipe[0]["flip_horizontal"] is True


def test_a_result_is_ready_for_json(flipped: ProbeResult) -> None:
    """All of it is texts, numbers, lists and mappings, none of them NaN."""
    text = json.dumps(asdict(flipped), allow_nan=False)
    assert json.loads(text)["classes"] == [[2, 40], [4, 40], [5, 40], [7, 40]]


def test_a_rotation_that_breaks_labels_is_found(tmp_path: Path) -> None:
    """Lying and standing bars, rotated by up to 90 degrees: hurts, and its copies are suspects."""
    config = config_of(tmp_path, bars(100, 0), {"rotation_range": 90})
    result = result_of(config, 100, copies=2)
    rotation = range_of(result, "rotation_range")
    assert rotation.alone.effect.verdict == "hurts"
    assert rotation.without is None
    assert rotation.supported is not None
    assert rotation.supported < 1
    suspects = [one for one in result.suspects if one.arm == "rotation_range"]
    assert suspects
    assert all(abs(float(str(one.recipe[0]["theta"]))) > 30 for one in suspects)


def test_what_is_harmless_is_seldom_called_harmful(tmp_path: Path) -> None:
    """Of 20 data sets and seeds, a shift of up to a pixel hurts in one at most.

    The digits stand anywhere, so a shifted one might as well have been drawn.
    """
    verdicts = []
    for seed in range(20):
        data = digits(60, 100 + seed, noise=35)
        config = config_of(tmp_path, data, {"width_shift_range": 1.0})
        settings = replace(small_settings(60, seed=seed, steps=30), folds=3)
        result = probe(config, workers=0, settings=settings)
        verdicts.append(range_of(result, "width_shift_range").alone.effect.verdict)
    assert verdicts.count("hurts") <= 1


def _folder(root: Path, pictures: np.ndarray, labels: Sequence[object]) -> str:
    """The data as a folder of PNG files, in a sub-folder for each class."""
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        (root / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(root / str(label) / f"{number:03}.png")
    return str(root)


def test_workers_change_nothing(tmp_path: Path) -> None:
    """One worker and two give the same result to the last digit; so does the same seed again."""
    source = _folder(tmp_path, *digits(60, 0, noise=60))
    values = {"source": source, "seed": 0, "transforms": {"rotation_range": 45}}
    config = Config.model_validate(values)
    settings = small_settings(60, steps=8)
    one, two = (probe(config, workers=workers, settings=settings) for workers in (1, 2))
    assert one == two
    other = probe(config, workers=2, settings=replace(settings, seed=1))
    assert other.baseline_interval != one.baseline_interval


def test_broken_images_are_left_out_and_named(tmp_path: Path) -> None:
    """A file that is no picture is reported; the others are probed."""
    source = _folder(tmp_path, *bars(60, 0))
    (tmp_path / "0/000.png").write_bytes(b"no picture")
    values = {"source": source, "transforms": {"horizontal_flip": True}}
    result = result_of(Config.model_validate(values), 60)
    assert [one.source for one in result.left_out] == ["0/000.png"]
    assert result.settings.images == 59


def test_groups_are_held_out_together(tmp_path: Path) -> None:
    """Near copies of each other make a model look good, unless they are held out together."""
    pictures, _ = digits(30, 0, noise=60)
    labels = np.random.default_rng(1).permutation(np.arange(30) % 2)  # they mean nothing
    again = np.repeat(pictures, 3, axis=0)
    source = _folder(tmp_path, again, np.repeat(labels, 3).tolist())
    for number in range(90):  # 000_0.png, 000_1.png, 000_2.png, 001_0.png, ...
        path = next(tmp_path.glob(f"*/{number:03}.png"))
        path.rename(path.with_name(f"{number // 3:03}_{number % 3}.png"))
    values = {"source": source, "transforms": {"horizontal_flip": True}}
    config, settings = Config.model_validate(values), small_settings(90)
    leaking = probe(config, workers=0, settings=settings)
    grouped = probe(config, workers=0, settings=settings, group_by=r"(\d+)_\d")
    assert leaking.baseline > 85
    assert grouped.baseline < 75


@pytest.mark.parametrize("transforms", [{}, {"fill_mode": "wrap"}, [{"grayscale": None, "p": 0}]])
def test_a_config_that_changes_nothing_is_an_error(tmp_path: Path, transforms: object) -> None:
    """There is nothing to probe."""
    config = config_of(tmp_path, bars(60, 0), transforms)
    with pytest.raises(UsageError, match="nothing in transforms changes an image"):
        result_of(config, 60)


def test_the_budget_chooses_what_is_looked_at(tmp_path: Path) -> None:
    """Without settings, the seconds decide, and the result says what they chose."""
    config = config_of(tmp_path, bars(60, 0), {"vertical_flip": True}, copies=1)
    result = probe(config, workers=0, seconds=1)
    assert (result.settings.images, result.settings.available) == (60, 60)
    assert result.settings.seconds == 1
    assert result.settings.arms == 2


def test_a_random_seed_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in every command, each probe whose config says random has another seed for its copies."""
    seeds = []

    def note(config: Config, _units: object) -> list[str]:
        seeds.append(config.seed)
        return ["as it is"]  # which is nothing to be tried, so that the probe ends here

    monkeypatch.setattr("augcli.probe.experiment.arms_of", note)
    for _ in range(2):
        with pytest.raises(UsageError, match="nothing to probe"):
            probe(Config(seed="random"), workers=0)
    assert all(isinstance(seed, int) for seed in seeds)
    assert seeds[0] != seeds[1]
