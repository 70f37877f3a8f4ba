"""`augcli replay`: copies rebuilt from what is on record."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from augcli.cli.command import Command
from augcli.cli.console import Bar, count, print_error, print_note, print_result, print_warning
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import check_code, workers_option

if TYPE_CHECKING:
    from augcli.pipeline.replay import Replayed

_DIFFERS = 1
_SOURCES_FAILED = 3
_FAILURES_SHOWN = 3


@click.command(cls=Command, short_help="Rebuild copies from the manifest, byte for byte.")
@click.argument("output", type=click.Path())
@click.option(
    "--to",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(),
    help="Folder to write to: new, empty, or of a replay that was interrupted.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Rebuild the copies whose file_name matches, such as 'cat/*'; may be repeated.",
)
@click.option(
    "--source",
    metavar="PATH",
    type=click.Path(),
    help="Where the source is now. Default: where run.yaml says.",
)
@click.option(
    "--anyway", is_flag=True, help="Try with other versions; write what comes out the same."
)
@click.option(
    "--allow-python",
    is_flag=True,
    help="Let run.yaml call the preprocessing_function that it names.",
)
@workers_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def replay(
    *,
    output: str,
    folder: str,
    only: tuple[str, ...],
    source: str | None,
    anyway: bool,
    allow_python: bool,
    workers: int | None,
    as_json: bool,
    quiet: bool,
    no_progress: bool,
) -> None:
    """Rebuild copies of OUTPUT in DIR from its manifest.jsonl, its run.yaml and the source.

    The copies themselves are not read, so they may be lost. Each is written only if its bytes are
    those that the manifest has the digest of.

    \b
    augcli replay photos-aug --to rebuilt
    augcli replay photos-aug --to rebuilt --only 'cat/*' --only dog/aug_rex_0.jpg
    """
    with known_errors():
        from augcli.pipeline.recorded import read_recorded_run
        from augcli.pipeline.replay import replay as run

        recorded = read_recorded_run(output, source)
        check_code(recorded.config, allow_python=allow_python)
        with interruptible() as interruption, Bar(shown=not (quiet or no_progress)) as bar:
            replayed = run(
                recorded,
                folder,
                only=only,
                anyway=anyway,
                workers=workers,
                progress=bar,
                interruption=interruption,
            )
        _print_failures(replayed)
        if as_json:
            print_result(json.dumps(asdict(replayed)))
        elif not quiet:
            print_result(_text(replayed))
        if replayed.different:
            sys.exit(_DIFFERS)
        if replayed.unusable:
            sys.exit(_SOURCES_FAILED)


def _print_failures(replayed: "Replayed") -> None:
    for warning in replayed.warnings:
        print_warning(f"something else than in the run: {warning}")
    failed = replayed.unusable + replayed.different
    if not failed:
        return
    print_error(f"{count(failed, 'copy', 'copies')} could not be rebuilt:")
    for failure in replayed.failures[:_FAILURES_SHOWN]:
        print_note(f"  {failure.file_name}, of {failure.source}: {failure.message}")
    if failed > _FAILURES_SHOWN:
        print_note(f"  and {failed - _FAILURES_SHOWN:,} more")


def _text(replayed: "Replayed") -> str:
    failed = replayed.unusable + replayed.different
    return (
        f"{replayed.folder}: {count(replayed.written + replayed.kept, 'copy', 'copies')} as the "
        f"manifest says, in {replayed.seconds:.1f} s\n"
        f"  written {replayed.written:,}, kept {replayed.kept:,}, failed {failed:,}"
    )
