"""What a run would do, without doing it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from augcli.config.schema import Config
from augcli.errors import SourceError
from augcli.images.decode import decode
from augcli.images.files import read_bytes
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.places import output_folder, source_folder
from augcli.pipeline.plan import Plan, PlannedItem
from augcli.pipeline.settings import read_run, run_digest, versions
from augcli.pipeline.standing import what_stands
from augcli.pipeline.survey import survey
from augcli.pipeline.worker import render

_NOWHERE = os.path.join(os.devnull, "output")  # a folder that there cannot be
_SAMPLED = 8  # sources that are expanded in memory, to estimate the size of the output


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would do.

    Attributes:
        sources: Images in the data set.
        copies: Files the output would have.
        write: Copies that would be written.
        keep: Copies that stand already.
        remove: Files that the plan no longer has.
        bytes: Estimated size of all copies, None when no source could be read.
        failures: What was wrong with folders, and with sources among those that were sampled.
    """

    sources: int
    copies: int
    write: int
    keep: int
    remove: int
    bytes: int | None
    failures: tuple[str, ...]


def forecast(config: Config) -> Forecast:
    """What `expand` would do with this config now; to a new folder when it names no output.

    Nothing is written.

    Raises:
        UsageError: Source or output cannot be used as asked.
    """
    source = source_folder(config)
    output = output_folder(config, source) if config.output is not None else _NOWHERE
    digest = run_digest(config, versions())
    earlier = str(read_run(output).get("digest", ""))
    plan = Plan(config, source)
    with Ledger(output, digest=digest, earlier_digest=earlier) as ledger:
        ahead = survey(plan, source, output, ledger, clean=False)
        write = keep = 0
        for planned in _items(plan):
            entries = [ledger.find(target.name) for target in planned.targets]
            standing = what_stands(planned, entries, source=source, output=output, digest=digest)
            ledger.keep(target.name for target in planned.targets)
            keep += len(standing.kept)
            write += len(planned.targets) - len(standing.kept)
        remove = sum(1 for _ in ledger.leftovers())
    size, failures = _estimate(config, plan, source, every=max(1, ahead.sources // _SAMPLED))
    return Forecast(
        sources=ahead.sources,
        copies=ahead.copies,
        write=write,
        keep=keep,
        remove=remove,
        bytes=None if size is None else round(size * ahead.copies),
        failures=tuple(f"{f.source}: {f.message}" for f in ahead.failures) + failures,
    )


def _items(plan: Plan) -> Iterator[PlannedItem]:
    for directory in plan.directories():
        yield from plan.items(directory)


def _estimate(
    config: Config, plan: Plan, source: str, *, every: int
) -> tuple[float | None, tuple[str, ...]]:
    """Mean bytes of a copy, from some sources spread over the data set; what is wrong in them."""
    sizes: list[int] = []
    failures: list[str] = []
    for planned in islice(_items(plan), 0, every * _SAMPLED, every):
        item = planned.item
        try:
            picture = decode(read_bytes(item.file_in(source)), config)
            sizes.append(len(render(config, item, picture, 0).data))
        except SourceError as error:
            failures.append(f"{item.path}: {error}")
    return (sum(sizes) / len(sizes) if sizes else None), tuple(failures)
