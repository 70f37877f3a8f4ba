"""What `augcli preview` shows: copies beside their originals, or each range at its ends."""

import os
import posixpath
from collections.abc import Iterator
from contextlib import closing

from augcli.config.schema import Config
from augcli.datasets.base import Loaded, Reader
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import SourceError, UsageError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.plan import Plan, PlannedItem
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.report.choice import choose, class_name
from augcli.report.ends import Ends, ends_of
from augcli.report.sheet import Row, Sheet
from augcli.report.sizing import sizing_before
from augcli.report.tiles import copy_tiles, original_tile, unreadable_tile
from augcli.transforms.base import Size
from augcli.transforms.ranges import Ranges
from augcli.transforms.statistics import Statistics
from augcli.transforms.step import Composite, Place, Step, dotted, walk

_TRIED = 8  # sources that `preview_ranges` tries, until one can be read


def preview_copies(
    config: Config,
    *,
    rows: int,
    columns: int,
    interruption: Interruption,
    statistics: Statistics | None = None,
) -> Sheet:
    """Random sources with their first copies, the very ones that `expand` writes.

    A source or a copy that cannot be made is an empty tile that says why.

    Args:
        config: The resolved config; its seed is a number.
        rows: How many sources at most; spread over the classes.
        columns: How many copies of each at most.
        interruption: Tells it to stop.
        statistics: What the images are standardised with, where the config asks for it.

    Raises:
        UsageError: The source cannot be used, or has no image.
        InterruptedRunError: It was told to stop.
    """
    count = min(columns, config.copies)
    config = config.model_copy(update={"copies": count, "include_originals": False})
    with closing(open_dataset(config)) as data:
        chosen, total = _choose(config, Plan(config, data), rows, interruption)
        made = []
        for planned in chosen:
            interruption.check()
            made.append(_copies_row(config, data.reader, planned, statistics))
    return Sheet(
        title=os.path.basename(os.path.abspath(config.source or "")),
        subtitle=f"{len(chosen):,} of {_counted(total, 'image', 'images')}, "
        f"{_counted(count, 'copy', 'copies')} of each, seed {config.seed}",
        rows=tuple(made),
    )


def preview_ranges(
    config: Config, *, interruption: Interruption, statistics: Statistics | None = None
) -> Sheet:
    """Every active range by itself, at its low end, in its middle and at its high end.

    They are shown on one image of the source, saved and read back as a copy is. What comes before
    a step and sets the size stays in effect: pixels are then those of a copy.

    Args:
        config: The resolved config; its seed is a number.
        interruption: Tells it to stop.
        statistics: What the images are standardised with, where the config asks for it.

    Raises:
        UsageError: The source cannot be used or has no image, or there is no range to show.
        InterruptedRunError: It was told to stop.
    """
    with closing(open_dataset(config)) as data:
        chosen, _ = _choose(config, Plan(config, data), _TRIED, interruption)
        item, loaded = _first_readable(config, data.reader, chosen)
    picture = loaded.picture
    size = source_sample(picture).size
    rows = []
    for place, step in walk(config.transforms):
        if isinstance(step.transform, Composite):  # whose steps follow
            continue
        before, seen = sizing_before(config.transforms, place, size)
        for ends in ends_of(step.transform, seen):
            interruption.check()
            recipes = [(end.name, end.recipe) for end in ends.ends]
            tiles = copy_tiles(config, picture, recipes, statistics, loaded.targets, before=before)
            note = _note(config, place, step, ends, seen if before else None)
            rows.append(Row(ends.setting, note, tiles))
    if not rows:
        raise UsageError("no range to show: all of them leave images as they are")
    return Sheet(
        title="Each range by itself",
        subtitle=f"{item.path}, {size.width} x {size.height}{_fill_modes(config)}",
        rows=tuple(rows),
    )


def _choose(
    config: Config, plan: Plan, count: int, interruption: Interruption
) -> tuple[list[PlannedItem], int]:
    """Sources to show, and how many there are that copies are made of."""
    total = 0

    def augmented() -> Iterator[PlannedItem]:
        nonlocal total
        for group in plan.groups():
            interruption.check()
            for planned in plan.items(group):
                if any(target.copy is not None for target in planned.targets):
                    total += 1
                    yield planned

    chosen = choose(augmented(), count, seed=int(config.seed))
    if not chosen:
        raise UsageError(plan.explain_empty(0))
    return chosen, total


def _first_readable(
    config: Config, reader: Reader, chosen: list[PlannedItem]
) -> tuple[Item, Loaded]:
    problems = []
    for planned in chosen:
        try:
            return planned.item, reader.load(planned.item, config)
        except SourceError as error:
            problems.append(f"{planned.item.path}: {error}")
    raise UsageError(f"none of {len(chosen)} images could be read; the first is {problems[0]}")


def _copies_row(
    config: Config, reader: Reader, planned: PlannedItem, statistics: Statistics | None
) -> Row:
    """One source and its copies."""
    item = planned.item
    name = class_name(item.label, posixpath.dirname(item.path))
    heading, note = (name, item.path) if name else (item.path, "")
    try:
        loaded = reader.load(item, config)
    except SourceError as error:
        return Row(heading, note, (unreadable_tile(error),))
    picture, targets = loaded.picture, loaded.targets
    size = source_sample(picture).size
    recipes = [
        (target.name.rpartition("/")[2], recipe_of(config, item, size, target.copy)[1])
        for target in planned.targets
    ]
    tiles = copy_tiles(config, picture, recipes, statistics, targets)
    return Row(heading, note, (original_tile(picture, targets), *tiles))


def _note(config: Config, place: Place, step: Step, ends: Ends, seen: Size | None) -> str:
    """What is to be known of a range: its own note, and its step where that is not the only one.

    And the size that the step sees, where that is not the source's.
    """
    parts = [ends.note] if ends.note else []
    if len(place) > 1:
        parts.append(f"{dotted(place)}.{step.transform.op}")
    elif len(config.transforms) > 1:
        parts.append(f"step {int(place[0]) + 1}, {step.transform.op}")
    if step.p < 1:
        parts.append(f"p: {step.p:g}")
    if seen is not None:
        parts.append(f"on {seen.width} x {seen.height}")
    return ", ".join(parts)


def _fill_modes(config: Config) -> str:
    """What fills the edges."""
    modes = {
        step.transform.fill_mode
        for _, step in walk(config.transforms)
        if isinstance(step.transform, Ranges)
    }
    return "".join(f", fill_mode: {mode}" for mode in sorted(modes))


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
