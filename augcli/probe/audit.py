"""The audit: what can be said of a data set and of its copies without any model."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice

from augcli.config.schema import Config
from augcli.config.traps import Finding, find_traps
from augcli.datasets.base import DataSet, Reader
from augcli.datasets.items import VALIDATION, Item
from augcli.datasets.open import open_dataset, open_reader
from augcli.inspection.inspection import inspect, with_all_named
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.probe.arms import arms_of, units_of
from augcli.probe.audit_looks import Look, Looking, find_among_alike, look_at
from augcli.probe.audit_numbers import find_in_numbers
from augcli.probe.audit_pixels import averaged, measure_pixels
from augcli.probe.copying import Copying, Reading
from augcli.probe.crew import Crew
from augcli.probe.results import Audit, PixelNumbers

_LOOKS_PER_TASK = 32
_NEIGHBOURS = 20  # images that are looked at in a row, where not all are: pairs lie side by side


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is looked at. It bounds the time, and the memory to 4 KiB an image compared.

    Attributes:
        compared: Most images that are compared with one another.
        measured: Most images whose copies are measured.
        copies: Of each of these and of each arm.
    """

    compared: int = 4000
    measured: int = 32
    copies: int = 3


def audit(
    config: Config,
    *,
    workers: int,
    extent: Extent | None = None,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> Audit:
    """Looks over a data set and some of its copies; the same whatever `workers` is.

    Besides all that `check` finds, the findings are of sources that look alike and of what the
    whole config does to pixels. Of a data set with more images than are compared, runs of
    neighbours are, evenly spread.

    Args:
        config: The resolved config; its seed is a number.
        workers: How many processes; 0 for none but this one.
        extent: How much is looked at.
        progress: Shows how far it is; an image counts as a copy.
        interruption: Tells it to stop.

    Raises:
        UsageError: The source cannot be used as asked.
        InterruptedRunError: It was told to stop.
    """
    extent = extent or Extent()
    crew = Crew(workers, progress or SilentProgress(), interruption or Interruption())
    config = with_all_named(config)
    findings = find_traps(config)
    findings += inspect(config, progress=crew.progress, interruption=crew.interruption).findings
    reader = open_reader(config)  # without masks and annotations, which are not looked at
    with closing(open_dataset(config)) as data:
        looks = _look(data, Looking(reader, config.max_pixels), crew, extent)
        findings += find_among_alike(looks)
        per_arm = _measure(data, config, reader, crew, extent)
    findings += find_in_numbers(per_arm)
    return Audit(_each_once(findings), per_arm)


def _each_once(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _look(data: DataSet, looking: Looking, crew: Crew, extent: Extent) -> list[Look]:
    """What the sources look like that are compared."""
    number = sum(1 for _ in _items(data))
    chosen = min(number, extent.compared)
    crew.progress.start(copies=chosen, sources=chosen, unit="images compared")
    items = _in_runs(_items(data), number, extent.compared)
    looks: list[Look] = []
    for some, asked in crew.do(partial(_look_at, looking), _portions(items, _LOOKS_PER_TASK)):
        looks += some
        crew.progress.advance(asked, failures=asked - len(some))
    return looks


def _look_at(looking: Looking, items: list[Item]) -> tuple[list[Look], int]:
    """The looks of a portion, and how many images it has."""
    return look_at(looking, items), len(items)


def _measure(
    data: DataSet, config: Config, reader: Reader, crew: Crew, extent: Extent
) -> tuple[PixelNumbers, ...]:
    """What each arm does to the pixels of some sources: those for training, evenly spread."""
    arms = [arm for arm in arms_of(config, units_of(config)) if arm.kind in {"whole", "alone"}]
    number = sum(1 for _ in _of_training(data))
    chosen = min(number, extent.measured)
    picked = {index * number // chosen for index in range(chosen)} if chosen else set()
    items = [[item] for index, item in enumerate(_of_training(data)) if index in picked]
    crew.progress.start(copies=chosen, sources=chosen, unit="images measured")
    configs = tuple(arm.config for arm in arms)
    measuring = Copying(Reading(config, reader), configs, extent.copies)
    measured = []
    for [numbers] in crew.do(partial(measure_pixels, measuring), items):
        measured.append(numbers)
        crew.progress.advance(1, failures=numbers is None)
    return averaged(["" if arm.unit is None else arm.unit.arm for arm in arms], measured)


def _items(data: DataSet) -> Iterator[Item]:
    for group in data.groups():
        yield from group.samples()


def _of_training(data: DataSet) -> Iterator[Item]:
    """The sources that copies are made of."""
    return (item for item in _items(data) if item.split != VALIDATION)


def _in_runs(items: Iterator[Item], number: int, most: int) -> Iterator[Item]:
    """At most `most` of `number` items: all of them, or runs of neighbours, evenly spread."""
    if number <= most:
        yield from items
        return
    length = max(1, min(_NEIGHBOURS, most))
    runs = most // length
    starts = {run * number // runs for run in range(runs)}
    left = 0
    for index, item in enumerate(items):
        left = length if index in starts else left
        if left > 0:
            yield item
            left -= 1


def _portions(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while portion := list(islice(items, size)):
        yield portion
