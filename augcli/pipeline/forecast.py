"""What a run would do, without doing it."""

import os
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.datasets.base import DataSet, Reader
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.pipeline.ledger import Ledger
from augcli.pipeline.places import output_folder, source_path
from augcli.pipeline.plan import Plan
from augcli.pipeline.rendering import recipe_of, render, source_sample
from augcli.pipeline.run_seed import with_seed_of_run
from augcli.pipeline.run_statistics import standing_statistics
from augcli.pipeline.settings import code_versions, read_run, run_digest, versions
from augcli.pipeline.shards.plan import ShardPlan, open_plan
from augcli.pipeline.shards.targets import find_targets
from augcli.pipeline.shards.worker import sample_array
from augcli.pipeline.shared_files import recorded_files, shared_files
from augcli.pipeline.survey import survey
from augcli.transforms.statistics import Statistics

_NOWHERE = os.path.join(os.devnull, "output")  # a folder that there cannot be
_SAMPLED = 8  # sources that are expanded in memory, to estimate the size of the output


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would do.

    Attributes:
        sources: Images in the data set.
        copies: Copies the output would have.
        write: Copies that would be written.
        keep: Copies that stand already.
        remove: Copies of earlier runs that the plan no longer has.
        bytes: Estimated size of all copies, None when no source could be read.
        failures: What was wrong with folders, and with sources among those that were sampled.
        fit: Whether statistics would be measured first.
        findings: What one side of a split lacks.
    """

    sources: int
    copies: int
    write: int
    keep: int
    remove: int
    bytes: int | None
    failures: tuple[str, ...]
    fit: bool
    findings: tuple[Finding, ...] = ()


def forecast(config: Config) -> Forecast:
    """What `expand` would do with this config now; to a new folder when it names no output.

    Nothing is written.

    Raises:
        UsageError: Source or output cannot be used as asked.
    """
    source = source_path(config)
    output = output_folder(config, source) if config.output is not None else _NOWHERE
    config = with_seed_of_run(config, output)
    with closing(open_dataset(config)) as data, closing(open_plan(config, data)) as plan:
        return _forecast(config, data, plan, output)


def _forecast(config: Config, data: DataSet, plan: Plan | ShardPlan, output: str) -> Forecast:
    used = versions() | code_versions(config)
    settings = config.standardization
    needs_statistics = settings is not None and settings.needs_statistics
    fitted = standing_statistics(config, used, output) if needs_statistics else None
    unmeasured = "" if needs_statistics else None  # no earlier run has this digest
    targets = find_targets(config, data) if isinstance(plan, ShardPlan) else None
    statistics_digest = unmeasured if fitted is None else fitted.digest
    annotations = None if data.targets is None else data.targets.digest()
    digest = run_digest(config, used, statistics_digest, targets, annotations)
    earlier = read_run(output)
    has_both = isinstance(plan, Plan) and plan.has_both
    with Ledger(output, digest=digest, earlier_digest=str(earlier.get("digest", ""))) as ledger:
        ledger.add_files(recorded_files(earlier))
        shared = shared_files(data.targets, output, ledger.records, has_both=has_both)
        ahead = survey(
            plan,
            data.reader,
            output,
            ledger,
            digest=digest,
            clean=False,
            shared=[file.name for file in shared],
        )
        ledger.keep_planned(plan.contents())
        remove = ledger.count_leftovers()
    statistics = None if fitted is None else fitted.statistics
    every = max(1, ahead.sources // _SAMPLED)
    size, failures = _estimate(config, plan, data.reader, statistics, every=every)
    return Forecast(
        sources=ahead.sources,
        copies=ahead.copies,
        write=ahead.copies - ahead.kept,
        keep=ahead.kept,
        remove=remove,
        bytes=None if size is None else round(size * ahead.copies),
        failures=tuple(f"{f.source}: {f.message}" for f in ahead.failures) + failures,
        fit=needs_statistics and fitted is None,
        findings=ahead.findings,
    )


def _estimate(
    config: Config,
    plan: Plan | ShardPlan,
    reader: Reader,
    statistics: Statistics | None,
    *,
    every: int,
) -> tuple[float | None, tuple[str, ...]]:
    """Mean bytes of a copy, from some sources spread over the data set; what is wrong in them."""
    sizes: list[int] = []
    failures: list[str] = []
    for item, copy in islice(plan.first_copies(), 0, every * _SAMPLED, every):
        try:
            picture = reader.load(item, config).picture
            sizes.append(_size(config, item, picture, copy, statistics))
        except SourceError as error:
            failures.append(f"{item.path}: {error}")
    return (sum(sizes) / len(sizes) if sizes else None), tuple(failures)


def _size(
    config: Config, item: Item, picture: Picture, copy: int | None, statistics: Statistics | None
) -> int:
    """Bytes of a copy: those of its file, or what it adds to its shard.

    Raises:
        SourceError: It cannot be standardised, or the format cannot hold it.
    """
    if config.save_format != "npz":
        return len(render(config, item, picture, copy, statistics).data)
    _, recipe = recipe_of(config, item, source_sample(picture).size, copy)
    array, _ = sample_array(config, picture, recipe, statistics)
    return array.nbytes
