"""`augcli expand`: the main job."""

import json
import os
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.check import print_forecast, print_traps
from augcli.cli.command import Command
from augcli.cli.console import Bar, count, print_note, print_result, print_warning
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import config_options, make_config, workers_option

if TYPE_CHECKING:
    from augcli.pipeline.expand import Summary
    from augcli.pipeline.records import Failure

_SOURCES_FAILED = 3
_FAILURES_SHOWN = 3
_NAMES_SHOWN = 3


@click.command(cls=Command, short_help="Write N augmented copies of every image.")
@click.argument("source", required=False, type=click.Path())
@click.argument("output", required=False, type=click.Path())
@config_options
@workers_option
@click.option(
    "--time-limit",
    type=click.IntRange(1, 86_400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="Give up a source on which a worker process is busy for longer, twice.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--allow-failures", is_flag=True, help="Exit 0 even if some sources are unusable.")
@click.option("--stamp", metavar="FILE", type=click.Path(), help="Touch FILE when all is done.")
@click.option(
    "--depfile",
    metavar="FILE",
    type=click.Path(),
    help="Write a makefile that says what the stamp (or the manifest) depends on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more: every failure, every note.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def expand(
    *,
    workers: int | None,
    time_limit: int,
    dry_run: bool,
    allow_failures: bool,
    stamp: str | None,
    depfile: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    no_progress: bool,
    **options: Any,
) -> None:
    """Write N augmented copies of every image in SOURCE, and their manifest, to OUTPUT.

    SOURCE is a folder, whose sub-folders are classes, or a .csv or .npz. OUTPUT gets the same
    sub-folders. Run again, it writes only what is missing or changed; after an interruption, it
    goes on where it was.

    \b
    augcli expand photos photos-aug --preset photos -n 4
    augcli expand photos photos-aug -c augment.yaml --set rotation_range=25
    """
    with known_errors():
        if not dry_run and workers != 0 and _is_new(options["output"]):
            from augcli.pipeline.executors import start_server

            start_server()  # there is work, most likely: it loads while the config is read
        config = make_config(**options)
        print_traps(config)
        _check_places(stamp, depfile)
        if dry_run:
            print_forecast(config, as_json=as_json)
            return
        from augcli.datasets.open import open_dataset
        from augcli.pipeline.expand import expand as run
        from augcli.pipeline.makefiles import stamp as write_stamp
        from augcli.pipeline.makefiles import write_depfile
        from augcli.pipeline.records import MANIFEST, read_failures

        began = time.time_ns()
        with interruptible() as interruption, Bar(shown=not (quiet or no_progress)) as bar:
            summary = run(
                config,
                workers=workers,
                progress=bar,
                interruption=interruption,
                task_timeout=time_limit,
            )
        failures = read_failures(summary.output) if summary.failed else []
        _print_summary(summary, failures, as_json=as_json, quiet=quiet, verbose=verbose)
        if summary.failed and not allow_failures:
            sys.exit(_SOURCES_FAILED)
        if depfile is not None:
            with closing(open_dataset(config)) as data:
                left_out = write_depfile(
                    depfile,
                    target=stamp or f"{summary.output}/{MANIFEST}",
                    data=data,
                    config=options["config"],
                    statistics=config.statistics,
                )
            _print_left_out(left_out, depfile)
        if stamp is not None:
            write_stamp(stamp, began)


def _is_new(output: str | None) -> bool:
    """Whether OUTPUT is named and holds no finished run."""
    return output is not None and not os.path.exists(os.path.join(output, "manifest.jsonl"))


def _check_places(*files: str | None) -> None:
    """Makes sure, before there is a copy, that what is written after them can be."""
    from augcli.images.files import check_file_place

    for file in files:
        if file is not None:
            check_file_place(file)


def _print_left_out(names: list[str], depfile: str) -> None:
    """Warns of files that make is not told of, and says what follows."""
    if not names:
        return
    shown = ", ".join(map(repr, names[:_NAMES_SHOWN]))
    more = len(names) - _NAMES_SHOWN
    print_warning(
        f"make cannot hold {'this name' if len(names) == 1 else 'these names'}, left out of "
        f"{depfile}: {shown}{f' and {more:,} more' if more > 0 else ''}; when such a file is "
        f"edited in place, make will not run: rename it, without line breaks, tabs and "
        f"any of ; | * ? [ ~ = % \\"
    )


def _print_statistics(summary: "Summary", *, quiet: bool) -> None:
    """Says that statistics were measured, if they were, and what is to be known of them."""
    for warning in summary.warnings:
        print_warning(warning)
    if summary.fitted and not quiet:
        print_note(
            f"statistics of {count(summary.fitted, 'image')} measured first, and kept in "
            f"{summary.output}/statistics.npz"
        )


def _print_summary(
    summary: "Summary", failures: "list[Failure]", *, as_json: bool, quiet: bool, verbose: bool
) -> None:
    if failures:
        print_warning(
            f"{count(summary.failed, 'source')} could not be used; "
            f"{summary.output}/failures.jsonl says which and why:"
        )
        shown = failures if verbose else failures[:_FAILURES_SHOWN]
        for failure in shown:
            print_note(f"  {failure.source}: {failure.message}")
        if len(shown) < len(failures):
            print_note(f"  and {len(failures) - len(shown):,} more")
    _print_statistics(summary, quiet=quiet)
    if summary.notes and not quiet:
        for note, times in summary.notes.items():
            if verbose:
                print_note(f"note: {note}: {count(times, 'source')}")
    if as_json:
        print_result(json.dumps(summary.as_json()))
    elif not quiet:
        print_result(
            f"{summary.output}: {count(summary.copies, 'copy', 'copies')} of "
            f"{count(summary.sources, 'image')} in {summary.seconds:.1f} s\n"
            f"  written {summary.written:,}, kept {summary.kept:,}, removed {summary.removed:,}, "
            f"failed {summary.failed:,}"
            + (f"; {summary.rate:,.0f} copies/s" if summary.written else "")
        )
