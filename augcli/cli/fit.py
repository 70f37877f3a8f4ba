"""`augcli fit`: what standardisation has to know of a data set, measured once."""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.check import print_traps
from augcli.cli.command import Command
from augcli.cli.console import Bar, count, print_note, print_result, print_warning
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import fit_options, make_config, workers_option

if TYPE_CHECKING:
    from augcli.pipeline.records import Failure
    from augcli.pipeline.statistics import Fit

_SOURCES_FAILED = 3
_FAILURES_SHOWN = 3


@click.command(cls=Command, short_help="Measure mean, standard deviation and ZCA of a data set.")
@click.argument("source", required=False, type=click.Path())
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    default="statistics.npz",
    type=click.Path(dir_okay=False),
    help="File to write. Default: statistics.npz.",
)
@fit_options
@click.option("--augment", is_flag=True, help="Measure augmented copies, not the images.")
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    metavar="N",
    help="Copies of every image that --augment measures. Default: 1.",
)
@workers_option
@click.option("--allow-failures", is_flag=True, help="Exit 0 even if some sources are unusable.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def fit(
    *,
    file: str,
    augment: bool,
    rounds: int | None,
    workers: int | None,
    allow_failures: bool,
    as_json: bool,
    quiet: bool,
    no_progress: bool,
    **options: Any,
) -> None:
    """Measure SOURCE once: mean and standard deviation of each channel, and ZCA if the config asks.

    `expand` standardises with the file when the config has `statistics: FILE`.

    \b
    augcli fit photos -o photos.npz -c augment.yaml
    """
    with known_errors():
        from augcli.pipeline.run_seed import with_seed

        config = with_seed(make_config(**options))
        print_traps(config)
        changes: dict[str, object] = {"augment": True} if augment else {}
        changes |= {"rounds": rounds} if rounds is not None else {}
        config = config.model_copy(update={"fit": config.fit.model_copy(update=changes)})
        from augcli.images.files import check_file_place, make_folder_of
        from augcli.pipeline.executors import usable_cpus
        from augcli.pipeline.places import source_path
        from augcli.pipeline.settings import versions
        from augcli.pipeline.statistics import fit as run
        from augcli.pipeline.statistics_file import save

        source_path(config)
        check_file_place(file)
        began = time.perf_counter()
        shown = not (quiet or no_progress)
        with interruptible(resumes=False) as interruption, Bar(shown=shown) as bar:
            result = run(
                config,
                used=versions(),
                workers=usable_cpus() if workers is None else workers,
                progress=bar,
                interruption=interruption,
            )
        make_folder_of(file)
        save(file, result.fitted)
        for warning in result.warnings:
            print_warning(warning)
        _print_failures(result.failures)
        if as_json:
            print_result(json.dumps(_values(file, result, time.perf_counter() - began)))
        elif not quiet:
            print_result(_text(file, result, time.perf_counter() - began))
        if result.failures and not allow_failures:
            sys.exit(_SOURCES_FAILED)


def _print_failures(failures: "tuple[Failure, ...]") -> None:
    if not failures:
        return
    print_warning(f"{count(len(failures), 'source')} could not be used:")
    for failure in failures[:_FAILURES_SHOWN]:
        print_note(f"  {failure.source}: {failure.message}")
    if len(failures) > _FAILURES_SHOWN:
        print_note(f"  and {len(failures) - _FAILURES_SHOWN:,} more")


def _values(file: str, result: "Fit", seconds: float) -> dict[str, Any]:
    """The result as plain values."""
    statistics, measured = result.fitted.statistics, result.fitted.origin["measured"]
    assert statistics.mean is not None  # noqa: S101  a fit always measures both
    assert statistics.std is not None  # noqa: S101
    return {
        "statistics": file,
        "images": measured["images"],
        "shape": measured["shape"],
        "mean": statistics.mean.tolist(),
        "std": statistics.std.tolist(),
        "zca": statistics.whitening is not None,
        "failed": len(result.failures),
        "seconds": seconds,
    }


def _text(file: str, result: "Fit", seconds: float) -> str:
    values = _values(file, result, seconds)
    lines = [
        f"{file}: {count(values['images'], 'image')} in {seconds:.1f} s",
        f"  mean {' '.join(f'{value:.6g}' for value in values['mean'])}",
        f"  std  {' '.join(f'{value:.6g}' for value in values['std'])}",
    ]
    if result.fitted.statistics.whitening is not None:
        lines.append(
            f"  zca  of {result.fitted.statistics.whitening.dimensions:,} numbers an image"
        )
    return "\n".join(lines)
