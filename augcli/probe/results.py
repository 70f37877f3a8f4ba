"""What a probe comes to. Frozen, and JSON-ready by `dataclasses.asdict`.

Accuracies and their changes are in percentage points: 3.8 is 3.8 of 100 held-out images. Every
class counts the same, however many images it has.
An arm is one way to augment: the config as it is written, one range of it alone, and so on.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from augcli.config.traps import Finding

Label: TypeAlias = str | int | float
"""The class of an image, as the data set has it."""

Verdict = Literal["helps", "hurts", "no evidence"]
Kind = Literal["whole", "alone", "without", "dose"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval, in points."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What one arm changes in the accuracy on untouched held-out images.

    Attributes:
        arm: The range or step, as in `RangeResult.arm`; "" for the whole config.
        kind: "whole": the config as written; "alone": this range and nothing else; "without":
            the config without this range; "dose": this range alone, its width times `scale`.
        setting: What it holds, as a person writes it: "rotation_range: 15"; "" for the whole
            config, with or without a range.
        change: In points, compared with no augmentation at all; "without": compared with the
            whole config, so a range that is missed has a negative change.
        interval: Of the change, by itself: not widened for the number of comparisons.
        p_value: Two-sided, of no change; by a paired t-test over images with Nadeau & Bengio's
            correction for training sets that overlap, see `effects.estimate`.
        p_adjusted: The same, corrected for all arms of the same kind (Holm).
        verdict: "helps" or "hurts" where p_adjusted < 0.05, by the sign of the change. Of
            "without", it is the range's verdict: "helps" where leaving it out costs accuracy.
        scale: Of a dose 0.25, 0.5, 1 or 2, else None.
    """

    arm: str
    kind: Kind
    setting: str
    change: float
    interval: Interval
    p_value: float
    p_adjusted: float
    verdict: Verdict
    scale: float | None = None


@dataclass(frozen=True, slots=True)
class ClassEffect:
    """What an arm changes for one class.

    Attributes:
        label: The class.
        count: Its images in the sample.
        baseline: Their accuracy without augmentation, in points.
        change: In points.
    """

    label: Label
    count: int
    baseline: float
    change: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Images of one class that are read as another.

    Attributes:
        true: Their class.
        predicted: What they are read as.
        baseline: Share of the class that is, without augmentation, in points.
        change: Of that share, in points; above 0 the two become confused.
    """

    true: Label
    predicted: Label
    baseline: float
    change: float


@dataclass(frozen=True, slots=True)
class ArmResult:
    """All that is measured of one arm.

    Attributes:
        effect: The change in accuracy.
        affinity: Accuracy of the model that never saw a copy on held-out copies, less that on
            the same images untouched; in points, near 0 for copies that look like the data, and
            below for foreign ones (Gontijo-Lopes et al. 2020).
        diversity: Final training loss with the copies, divided by that without; above 1 where
            the copies make the fit harder (the same paper).
        classes: One for each class, the largest loss first.
        confusions: The pairs of classes that change most, the most confused first; at most 12.
    """

    effect: Effect
    affinity: float
    diversity: float
    classes: tuple[ClassEffect, ...]
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What is known of one range of `ranges`, or of one step.

    Attributes:
        arm: Its key: "rotation_range", or "transforms[1].gaussian_noise" where transforms are a
            list of several steps.
        setting: As it is written: "rotation_range: 15".
        alone: It alone, compared with no augmentation.
        without: The config without it, compared with the config; None where it is all there is.
        doses: It alone at each width that was tried, from narrow to wide, that of scale 1
            included; one entry where it has no width, as a flip has none.
        supported: The scale that this data supports: the best of the doses, or 0 to leave it
            out, for what it does alone or in the config; None where there is no evidence against
            the width as it is written.
    """

    arm: str
    setting: str
    alone: ArmResult
    without: Effect | None
    doses: tuple[Effect, ...]
    supported: float | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """A copy that a model which knows neither it nor its source reads as another class.

    Its source, untouched, is read right.

    Attributes:
        arm: The range that made it, alone; "" for the whole config.
        source: Path of the source.
        copy: Number of the copy.
        label: Class of the source.
        read_as: Class that the copy is read as.
        confidence: Share of the rightly read originals that are read with less confidence, 0 to 1.
        recipe: What was done, step by step, as in a manifest.
        original_png: Thumbnail of the source: a PNG in base64, at most 96 pixels a side.
        copy_png: Thumbnail of the copy, in the same form.
    """

    arm: str
    source: str
    copy: int
    label: Label
    read_as: Label
    confidence: float
    recipe: tuple[dict[str, float | int | bool | str | None], ...]
    original_png: str
    copy_png: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a suggestion makes of one range.

    Attributes:
        arm: The range.
        before: Its setting as it was written: "rotation_range: 180".
        after: As it is suggested: "rotation_range: 45"; None where it is left out.
        scale: Of its width: 1 keeps it, 0 leaves it out.
        reason: Why, in words.
    """

    arm: str
    before: str
    after: str | None
    scale: float
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The config that the evidence supports.

    Its accuracy is of a procedure, on folds that did not choose: for each fold the widths were
    chosen anew on the other folds alone, and the result was judged on this one.

    Attributes:
        config: YAML text, commented with the evidence; it loads.
        choices: One for each range, in the order of the config.
        changes_anything: Whether it differs from the config as it was written.
        original_accuracy: Of the config as it was written, in points, on the same folds.
        suggested_accuracy: Of what was chosen, in points.
        gain: The difference, with its interval and p-value; `kind` is "whole".
    """

    config: str
    choices: tuple[Choice, ...]
    changes_anything: bool
    original_accuracy: float
    suggested_accuracy: float
    gain: Effect


@dataclass(frozen=True, slots=True)
class Settings:
    """What the budget has chosen. It does not depend on the time that anything took.

    Attributes:
        seconds: The budget.
        seed: Of the sample, the folds and the networks.
        images: How many of the source's images are looked at, `available` of how many there are.
        available: How many images there are of these classes.
        copies: Of each image and arm.
        folds: How many parts the images are cut into; every two of them are held out once.
        repeats: How often they are cut anew.
        steps: Of training with the copies of an arm, after others without.
        networks: How many are trained for each arm.
        arms: How many ways to augment are compared.
        memory_mib: Most that the probe may take beyond what the program itself takes, in MiB, in
            all processes.
    """

    seconds: float
    seed: int
    images: int
    available: int
    copies: int
    folds: int
    repeats: int
    steps: int
    networks: int
    arms: int
    memory_mib: int


@dataclass(frozen=True, slots=True)
class PixelNumbers:
    """What an arm does to the pixels, on average over copies.

    Attributes:
        arm: The range or step; "" for the whole config.
        invented: Share of pixels that stand for nothing in the source, 0 to 1.
        clipped: Share of values that were driven to the lowest or highest level, 0 to 1.
        mean_shift: Mean of the copies less that of their originals, in shares of full scale.
        contrast_shift: The same, of the standard deviation within an image.
    """

    arm: str
    invented: float
    clipped: float
    mean_shift: float
    contrast_shift: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What is to be said of the data and of the copies without any model.

    Attributes:
        findings: Each with its remedy.
        per_arm: The whole config first, then each range alone.
    """

    findings: tuple[Finding, ...]
    per_arm: tuple[PixelNumbers, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A source that could not be used.

    Attributes:
        source: Its path.
        message: Why.
    """

    source: str
    message: str


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """All that a probe comes to. The same seed, budget, config and source give the same result.

    Attributes:
        source: The data set, as the config names it.
        settings: What the budget has chosen.
        classes: The classes, with how many images of each are in the sample.
        baseline: Accuracy on held-out images without augmentation, in points.
        baseline_interval: The interval of that.
        chance: Accuracy of guessing, in points: 100 divided by the number of classes.
        whole: The config as it is written.
        ranges: Each range of `ranges`, and each other step, in the order of the config.
        suspects: The most confidently misread copies first.
        suggestion: None where there is no range whose width could be chosen.
        left_out: The sources that could not be used.
        notes: What a reader should know of the numbers, in words.
        audit: None where there was none.
    """

    source: str
    settings: Settings
    classes: tuple[tuple[Label, int], ...]
    baseline: float
    baseline_interval: Interval
    chance: float
    whole: ArmResult
    ranges: tuple[RangeResult, ...]
    suspects: tuple[Suspect, ...]
    suggestion: Suggestion | None
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    audit: Audit | None

    @property
    def is_blind(self) -> bool:
        """Whether the small model may be guessing: then nothing it says counts."""
        return self.baseline_interval.low <= self.chance
