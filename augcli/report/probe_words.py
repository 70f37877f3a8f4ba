"""What a probe found, in sentences. None of them is more certain than its interval."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from augcli.probe.changes import measured, points
from augcli.probe.results import (
    ArmResult,
    Choice,
    Confusion,
    Effect,
    ProbeResult,
    RangeResult,
    Suggestion,
    Suspect,
)

_LITTLE = 2.0  # points: an interval that stays within is said to be a small difference
_CLEAR_CONFUSION = 5.0  # points
_NEAR_PERFECT = 97.0  # points: from here on, little can be gained
_SENTENCES = 3  # of single ranges, in the summary
_STEP = re.compile(r"(?P<place>transforms\[\d+\])\.(ranges\.)?(?P<key>\w+)")


@dataclass(frozen=True, slots=True)
class Name:
    """What a sentence calls a range or a step.

    Attributes:
        text: Its name, in small letters.
        is_plural: Whether it takes the verb of many.
    """

    text: str
    is_plural: bool = False

    @property
    def ending(self) -> str:
        """What its verb ends in."""
        return "" if self.is_plural else "s"


NAMES: dict[str, Name] = {
    "rotation_range": Name("rotation"),
    "width_shift_range": Name("shifts to the side", is_plural=True),
    "height_shift_range": Name("shifts up and down", is_plural=True),
    "shear_range": Name("shear"),
    "zoom_range": Name("zoom"),
    "brightness_range": Name("changes of brightness", is_plural=True),
    "channel_shift_range": Name("channel shifts", is_plural=True),
    "horizontal_flip": Name("horizontal flips", is_plural=True),
    "vertical_flip": Name("vertical flips", is_plural=True),
    "one_of": Name("steps of one_of", is_plural=True),
    "some_of": Name("steps of some_of", is_plural=True),
    "sequence": Name("steps of a sequence", is_plural=True),
}
"""By the key of `ranges`, or the name of a step's transform; another one goes by that name."""

_WHY_IT_HURTS = {
    "horizontal_flip": "A mirrored picture may mean something else here.",
    "vertical_flip": "A picture upside down may mean something else here.",
    "rotation_range": "Turned that far, a picture may mean something else here.",
    "width_shift_range": "What tells the classes apart may be pushed out of the picture.",
    "height_shift_range": "What tells the classes apart may be pushed out of the picture.",
    "zoom_range": "What tells the classes apart may become too small, or leave the picture.",
    "brightness_range": "What tells the classes apart may be lost in the dark or in the light.",
    "channel_shift_range": "The colours that tell the classes apart may be lost.",
}


def name_of(arm: str) -> Name:
    """What to call an arm; see `RangeResult.arm`."""
    if not arm:
        return Name("the whole config")
    match = _STEP.fullmatch(arm)
    key = match["key"] if match else arm
    name = NAMES.get(key, Name(key.replace("_", " ")))
    return Name(f"{name.text} ({match['place']})", name.is_plural) if match else name


def percent(share: float) -> str:
    """An accuracy: "77.4 %"."""
    return f"{share:.1f} %"


def capitalized(text: str) -> str:
    """The text as the start of a sentence; all but its first letter stays as it is."""
    return text[:1].upper() + text[1:]


def joined(parts: Sequence[str]) -> str:
    """Several things in a sentence: "a, b and c"."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def verdict_in_words(effect: Effect, *, among: int) -> str:
    """What is to be said of an arm, in a sentence.

    Args:
        effect: Of the whole config, or of a range alone.
        among: How many ranges were looked at.
    """
    name = name_of(effect.arm) if effect.arm else Name("this config")
    subject = capitalized(name.text)
    if effect.verdict != "no evidence":
        return f"{subject} {effect.verdict.removesuffix('s')}{name.ending}: {measured(effect)}."
    if is_doubtful(effect):
        verb = "help" if effect.change > 0 else "hurt"
        return (
            f"{subject} may {verb}: {measured(effect)}. Among {among} ranges, chance might do "
            f"as much to one."
        )
    if is_little(effect):
        return f"{subject} make{name.ending} little difference: {measured(effect)}."
    return (
        f"No evidence that {name.text} help{name.ending} or hurt{name.ending}: {measured(effect)}."
    )


def is_doubtful(effect: Effect) -> bool:
    """Whether an effect stands out by itself, and no longer among all that were looked at."""
    is_apart = effect.interval.low > 0 or effect.interval.high < 0
    return effect.verdict == "no evidence" and is_apart


def is_little(effect: Effect) -> bool:
    """Whether an effect that is not shown to be there is shown to be small."""
    reach = max(abs(effect.interval.low), abs(effect.interval.high))
    return effect.verdict == "no evidence" and reach <= _LITTLE


def verdict_in_brief(effect: Effect) -> str:
    """The verdict in a word or two: "hurts", "may hurt", "little", "no evidence"."""
    if is_doubtful(effect):
        return "may help" if effect.change > 0 else "may hurt"
    return "little" if is_little(effect) else effect.verdict


def why_it_hurts(of_range: RangeResult) -> str:
    """A guess at why a range hurts; "" if it does not, or if nobody would know."""
    if of_range.alone.effect.verdict != "hurts":
        return ""
    return _WHY_IT_HURTS.get(of_range.arm.rpartition(".")[2], "")


def confusion_in_words(confusion: Confusion) -> str:
    """Which class is taken for which: "6 is read as 7 more often (+8.7 points)"."""
    often = "more" if confusion.change > 0 else "less"
    return (
        f"{confusion.true} is read as {confusion.predicted} {often} often "
        f"({points(confusion.change)} points)"
    )


def worst_confusion(arm: ArmResult) -> str:
    """The pair of classes that an arm mixes up most, as a sentence; "" if it is little."""
    worst = max(arm.confusions, key=lambda confusion: confusion.change, default=None)
    if worst is None or worst.change < _CLEAR_CONFUSION:
        return ""
    return f"In this sample, {confusion_in_words(worst)}."


def headline(result: ProbeResult) -> str:
    """The answer, in a sentence."""
    if result.is_blind:
        return (
            "The probe cannot tell: on this data, its small model is hardly better than guessing."
        )
    return verdict_in_words(result.whole.effect, among=len(result.ranges))


def context(result: ProbeResult) -> str:
    """What the change is a change of."""
    after = result.baseline + result.whole.effect.change
    return (
        f"A small model reads {percent(result.baseline)} of untouched images right that it has "
        f"not seen. Trained with copies of this config, it reads {percent(after)}; guessing "
        f"would be {percent(result.chance)}."
    )


def summary(result: ProbeResult) -> Iterator[str]:
    """What to know of the single ranges, the worst first, each in a sentence or two."""
    if result.is_blind:
        return
    ordered = sorted(result.ranges, key=lambda of_range: of_range.alone.effect.change)
    hurting = [one for one in ordered if one.alone.effect.verdict == "hurts"]
    doubtful = [one for one in ordered if _may_hurt(one.alone.effect)]
    helping = [one for one in ordered[::-1] if one.alone.effect.verdict == "helps"]
    for of_range in (*hurting, *doubtful)[:_SENTENCES]:
        sentence = verdict_in_words(of_range.alone.effect, among=len(ordered))
        yield " ".join(filter(None, [sentence, why_it_hurts(of_range)]))
    if helping:
        yield _helping_in_words(helping)
    if not (hurting or doubtful or helping):
        yield from _without_evidence(result)
    elif result.whole.effect.verdict == "hurts" and not hurting:
        yield "No range is shown to hurt by itself: they may do so together."
    if result.baseline >= _NEAR_PERFECT:
        yield "With so many images read right, there is little that could be gained."


def _may_hurt(effect: Effect) -> bool:
    return is_doubtful(effect) and effect.change < 0


def _helping_in_words(helping: Sequence[RangeResult]) -> str:
    """What helps most: "Rotation (+6.9) and zoom (+3.0) help."."""
    named = [
        f"{name_of(one.arm).text} ({points(one.alone.effect.change)})"
        for one in helping[:_SENTENCES]
    ]
    if len(helping) > _SENTENCES:
        named.append(f"{len(helping) - _SENTENCES} more")
    ending = name_of(helping[0].arm).ending if len(helping) == 1 else ""
    return capitalized(f"{joined(named)} help{ending}.")


def _without_evidence(result: ProbeResult) -> Iterator[str]:
    if len(result.ranges) > 1:
        yield (
            f"None of the {len(result.ranges)} ranges is shown to help or to hurt by itself. If "
            f"any of them does, {result.settings.images:,} images are too few to tell."
        )


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do.

    Attributes:
        what: In the imperative.
        why: What was measured that speaks for it.
    """

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


def advice(result: ProbeResult) -> Iterator[Advice]:
    """What to do, one step after the other, the range that does worst first."""
    suggestion = result.suggestion
    if result.is_blind or suggestion is None:
        return
    if not suggestion.changes_anything:
        yield Advice("Keep the config", "no other width does clearly better")
    elif suggestion.gain.verdict == "hurts":
        yield Advice("Keep the config", "what single ranges ask for does worse than it")
    else:
        pairs = list(zip(suggestion.choices, result.ranges, strict=True))
        pairs.sort(key=lambda pair: pair[1].alone.effect.change)
        yield from (_change_in_words(*pair) for pair in pairs if pair[0].scale != 1)


def _change_in_words(choice: Choice, of_range: RangeResult) -> Advice:
    alone = f"alone {measured(of_range.alone.effect)}"
    if choice.after is None and of_range.without is not None:
        why = f"{alone}; the config without it {measured(of_range.without)}"
        return Advice(f"Leave out {choice.before}", why)
    if choice.after is None:
        return Advice(f"Leave out {choice.before}", alone)
    dose = next(dose for dose in of_range.doses if dose.scale == choice.scale)
    what = f"Write {choice.after} instead of {choice.before}"
    return Advice(what, f"alone {measured(dose)} instead of {points(of_range.alone.effect.change)}")


def is_certain(result: ProbeResult) -> bool:
    """Whether what to do is shown to be right, rather than worth a try."""
    suggestion = result.suggestion
    if suggestion is None or not suggestion.changes_anything:
        return True
    return suggestion.gain.verdict != "no evidence"


def suggestion_in_words(suggestion: Suggestion) -> str:
    """What the suggested config is worth; "" if it is the config as it was written."""
    gain = suggestion.gain
    if not suggestion.changes_anything:
        return ""
    where = "on images that had no part in choosing it"
    if gain.verdict == "no evidence":
        return (
            f"Whether the suggested config does better is not certain: {measured(gain)}, compared "
            f"with this one, {where}."
        )
    word = "better" if gain.verdict == "helps" else "worse"
    return f"The suggested config does {word} than this one, {where}: {measured(gain)}."


def supported_in_words(of_range: RangeResult) -> str:
    """Which width the data supports; "" of a range that has none to choose from."""
    if of_range.supported == 0:
        is_certain = of_range.alone.effect.verdict == "hurts"
        return "Leave it out." if is_certain else "If anything, leave it out."
    if of_range.supported is not None:
        [dose] = (one for one in of_range.doses if one.scale == of_range.supported)
        return f"If anything, write {dose.setting}."
    if len(of_range.doses) > 1:
        return "No other width does clearly better."
    return ""


def sureness(suspect: Suspect) -> str:
    """How confidently a suspect copy is misread."""
    share = min(99, math.floor(100 * suspect.confidence))
    return f"more surely than {share} % of the originals are read right"


def scale_in_words(scale: float) -> str:
    """A width as a multiple of the one that is written: "1/4", "1", "2"."""
    return {0.0: "none", 0.25: "1/4", 0.5: "1/2"}.get(scale, f"{scale:g}")


def scope(result: ProbeResult) -> str:
    """What was looked at: "300 of 1,200 images, 10 classes"."""
    settings = result.settings
    of_all = f"{settings.images:,}"
    if settings.images < settings.available:
        of_all += f" of {settings.available:,}"
    return f"{of_all} images, {len(result.classes):,} classes"


def settings_in_words(result: ProbeResult) -> str:
    """How it was measured, in two sentences."""
    settings = result.settings
    copies = "copy" if settings.copies == 1 else "copies"
    return (
        f"{scope(result)}; {settings.copies} {copies} of each for {settings.arms} ways to augment; "
        f"{settings.networks} networks for each, which lack 2 of {settings.folds} parts of the "
        "images. "
        f"Chosen for a budget of {settings.seconds:g} s, with seed {settings.seed}; at most "
        f"{settings.memory_mib:,} MiB of memory beyond the program's own."
    )
