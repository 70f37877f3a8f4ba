"""A probe's report as one HTML page that needs nothing else: no script, no file, no network."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from augcli.probe import changes
from augcli.probe.results import ClassEffect, Confusion, PixelNumbers, ProbeResult, RangeResult
from augcli.report import probe_charts, probe_words
from augcli.report.themes import css_colors
from augcli.report.words import recipe_in_words

GENERATOR = "augcli probe"
"""What a report names as its maker, so that the next one may take its place."""

_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")
_CLASSES_AT_AN_END = 8
_TONES = {"helps": "helps", "hurts": "hurts", "no evidence": "unclear"}


@dataclass(frozen=True, slots=True)
class RangeView:
    """A range as its card shows it.

    Attributes:
        result: What is known of it.
        pixels: What it does to the pixels, None where there was no audit.
        losing: The class that loses most by it, None where none does.
        curve: Its dose curve, without points where it has one width alone.
    """

    result: RangeResult
    pixels: PixelNumbers | None
    losing: ClassEffect | None
    curve: Sequence[probe_charts.Dose]


def html_bytes(result: ProbeResult, *, theme: str | None = None) -> bytes:
    """The report as the content of an HTML file, which names augcli as its maker.

    Args:
        result: What to report.
        theme: A key of `THEMES`; None leaves it to the reader's system. Paper is always light.
    """
    page = _environment().get_template("probe.html.jinja").render(_values(result, theme))
    return page.encode("utf-8", "replace")


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,  # every name in it is somebody else's
        loader=FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["changes"] = changes
    environment.globals["words"] = probe_words
    environment.globals["recipe_in_words"] = recipe_in_words
    environment.globals["tone"] = _TONES.__getitem__
    return environment


def _values(result: ProbeResult, theme: str | None) -> dict[str, object]:
    """What the template asks for."""
    pixels = {one.arm: one for one in result.audit.per_arm} if result.audit else {}
    ranges = [_range_view(one, pixels) for one in result.ranges]
    ranges.sort(key=lambda view: view.result.alone.effect.change)
    alone = [view.result.alone.effect for view in ranges]
    doses = [dose for view in ranges if view.curve for dose in view.result.doses]
    shown, hidden = _at_both_ends(result.whole.classes)
    return {
        "generator": GENERATOR,
        "colors": css_colors(theme),
        "result": result,
        "name": os.path.basename(os.path.normpath(result.source)) or result.source,
        "ranges": ranges,
        "whole_pixels": pixels.get(""),
        "effects_axis": probe_charts.axis_of_effects([result.whole.effect, *alone]),
        "dose_axis": probe_charts.axis_of_effects(doses),
        "classes": shown,
        "classes_hidden": hidden,
        "classes_axis": probe_charts.axis_of_classes(result.whole.classes),
        "confused": _confused(result.whole.confusions),
    }


def _range_view(result: RangeResult, pixels: Mapping[str, PixelNumbers]) -> RangeView:
    classes = result.alone.classes
    return RangeView(
        result=result,
        pixels=pixels.get(result.arm),
        losing=classes[0] if classes and classes[0].change < 0 else None,
        curve=probe_charts.dose_curve(result),
    )


def _at_both_ends(classes: Sequence[ClassEffect]) -> tuple[list[ClassEffect], int]:
    """Those that lose and gain most, and how many in the middle are left out."""
    hidden = len(classes) - 2 * _CLASSES_AT_AN_END
    if hidden <= 0:
        return list(classes), 0
    return [*classes[:_CLASSES_AT_AN_END], *classes[-_CLASSES_AT_AN_END:]], hidden


def _confused(confusions: Sequence[Confusion]) -> list[Confusion]:
    """The pairs of classes that are mixed up more often."""
    return [confusion for confusion in confusions if confusion.change > 0]
