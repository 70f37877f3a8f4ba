"""Results of probes, made up: for what is built on them."""

import base64
import io
from dataclasses import replace

from PIL import Image

from augcli.config.traps import Finding
from augcli.probe.results import (
    ArmResult,
    Audit,
    Choice,
    ClassEffect,
    Confusion,
    Effect,
    Interval,
    Kind,
    LeftOut,
    PixelNumbers,
    ProbeResult,
    RangeResult,
    Settings,
    Suggestion,
    Suspect,
    Verdict,
)


def effect(
    change: float,
    half: float,
    verdict: Verdict = "no evidence",
    *,
    arm: str = "",
    setting: str = "",
    kind: Kind = "alone",
    scale: float | None = None,
) -> Effect:
    """An effect whose interval is `change` give or take `half`."""
    between = Interval(change - half, change + half)
    return Effect(arm, kind, setting, change, between, 0.04, 0.04, verdict, scale)


def arm_result(of: Effect) -> ArmResult:
    """An arm of two classes, of which one is mixed up more often."""
    classes = (ClassEffect("six", 20, 70.0, -12.5), ClassEffect("nine", 30, 90.0, 2.0))
    confusions = (Confusion("six", "nine", 10.0, 8.0), Confusion("nine", "six", 5.0, -1.0))
    return ArmResult(of, -10.0, 1.5, classes, confusions)


def flips(change: float = -3.8, half: float = 3.0, verdict: Verdict = "hurts") -> RangeResult:
    """A range that has one width alone."""
    setting = "horizontal_flip: true"
    alone = effect(change, half, verdict, arm="horizontal_flip", setting=setting)
    dose = replace(alone, kind="dose", scale=1.0)
    without = replace(alone, kind="without", change=1.0, setting="")
    supported = 0.0 if verdict == "hurts" else None
    return RangeResult("horizontal_flip", setting, arm_result(alone), without, (dose,), supported)


def rotation(change: float = 6.9, half: float = 2.3, verdict: Verdict = "helps") -> RangeResult:
    """A range with four widths, of which the widest is the best."""
    alone = effect(change, half, verdict, arm="rotation_range", setting="rotation_range: 10")
    doses = tuple(
        effect(
            change * scale,
            half,
            verdict,
            arm="rotation_range",
            setting=f"rotation_range: {10 * scale:g}",
            kind="dose",
            scale=scale,
        )
        for scale in (0.25, 0.5, 1.0, 2.0)
    )
    return RangeResult("rotation_range", alone.setting, arm_result(alone), None, doses, 2.0)


def suggestion(gain: Effect | None = None) -> Suggestion:
    """One that leaves out the flips and turns further."""
    return Suggestion(
        config="# What augcli probe suggests.\ntransforms:\n  rotation_range: 20\n",
        choices=(
            Choice("horizontal_flip", "horizontal_flip: true", None, 0, "left out"),
            Choice("rotation_range", "rotation_range: 10", "rotation_range: 20", 2, "wider"),
        ),
        changes_anything=True,
        original_accuracy=80.0,
        suggested_accuracy=84.5,
        gain=gain or effect(4.5, 2.0, "helps", kind="whole"),
    )


def as_it_was() -> Suggestion:
    """A suggestion to change nothing."""
    return replace(suggestion(), choices=(), changes_anything=False)


def suspect(*, label: str = "six", source: str = "six/a.png") -> Suspect:
    """A mirrored copy that is read as a nine."""
    return Suspect(
        arm="horizontal_flip",
        source=source,
        copy=1,
        label=label,
        read_as="nine",
        confidence=1.0,
        recipe=({"op": "horizontal_flip"},),
        original_png=png("red"),
        copy_png=png("blue"),
    )


def png(color: str) -> str:
    """A small picture as a PNG in base64."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), color).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def audit() -> Audit:
    """One with a finding, and numbers of the whole config and of the flips."""
    finding = Finding("near-duplicates", "source", "2 pairs look alike", "keep one of each")
    return Audit(
        (finding,),
        (PixelNumbers("", 0.1, 0.02, 0.01, -0.01), PixelNumbers("horizontal_flip", 0, 0, 0, 0)),
    )


def probe_result() -> ProbeResult:
    """A probe of 50 images, in which flips hurt and rotation helps."""
    return ProbeResult(
        source="data/numbers",
        settings=Settings(60.0, 7, 50, 1200, 2, 5, 1, 80, 20, 9, 230),
        classes=(("six", 20), ("nine", 30)),
        baseline=77.4,
        baseline_interval=Interval(70.0, 84.8),
        chance=50.0,
        whole=arm_result(effect(3.1, 2.3, "helps", kind="whole")),
        ranges=(flips(), rotation()),
        suspects=(suspect(),),
        suggestion=suggestion(),
        left_out=(LeftOut("six/broken.png", "the file is empty"),),
        notes=("A small model is asked.",),
        audit=audit(),
    )
