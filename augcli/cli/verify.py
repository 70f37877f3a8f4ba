"""`augcli verify`: an output held against its manifest."""

import json
import sys
from typing import TYPE_CHECKING

import click

from augcli.cli.command import Command
from augcli.cli.console import Bar, count, print_error, print_note, print_result, print_warning
from augcli.cli.exits import interruptible, known_errors

if TYPE_CHECKING:
    from augcli.pipeline.verify import Kind, Verdict

_DIFFERS = 1
_NAMES_SHOWN = 5
_REMEDY_OF_MANIFEST = (
    "the manifest itself was damaged: put back a copy of it, or expand into a new folder"
)
_FIRST_REMOVE = "remove what is refused, of a link the link itself"
_REMEDY_OF_RUN = (
    "put back a copy of run.yaml; or move what the manifest does not list elsewhere, and run the "
    "same `augcli expand` again"
)


@click.command(cls=Command, short_help="Compare the files of an output with its manifest.")
@click.argument("output", type=click.Path())
@click.option("--strict", is_flag=True, help="Exit 1 also for files that the manifest lacks.")
@click.option(
    "-j",
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Files read at once; 0 starts no threads. Default: the processors it may use.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def verify(
    *,
    output: str,
    strict: bool,
    workers: int | None,
    as_json: bool,
    quiet: bool,
    no_progress: bool,
) -> None:
    """Tell whether the files in OUTPUT are those of its manifest, byte for byte.

    Says which are missing, changed or truncated, and which the manifest does not list; and whether
    the settings and statistics that copies are rebuilt from are there. Nothing is written. `augcli
    expand`, run again, mends what is wrong.

    \b
    augcli verify photos-aug
    """
    with known_errors():
        from augcli.pipeline.verify import verify as run

        shown = not (quiet or no_progress)
        with interruptible(resumes=False) as interruption, Bar(shown=shown) as bar:
            verdict = run(output, workers=workers, progress=bar, interruption=interruption)
        _print_findings(verdict)
        if as_json:
            print_result(json.dumps(_values(verdict)))
        elif verdict.holds and not quiet:
            print_result(
                f"{output}: {count(verdict.copies, 'copy', 'copies')}, all as the manifest says"
            )
        if not verdict.holds or (strict and verdict.extra):
            sys.exit(_DIFFERS)


def _print_findings(verdict: "Verdict") -> None:
    """Says what was found: how many of each kind, and the first names."""
    from augcli.pipeline.verify import Kind

    if not verdict.holds:
        print_error(_explain(verdict))
        for kind in Kind:
            if kind is not Kind.EXTRA and verdict.counts[kind]:
                print_note(f"  {kind} {verdict.counts[kind]:,}: {_first_names(verdict, kind)}")
        print_note(_remedy(verdict))
    if verdict.extra:
        print_warning(
            f"{count(verdict.extra, 'file')} in {verdict.output} that the manifest does not list: "
            f"{_first_names(verdict, Kind.EXTRA)}"
        )


def _explain(verdict: "Verdict") -> str:
    copies = count(verdict.copies, "copy", "copies")
    if verdict.sound == verdict.copies:
        return f"{verdict.output} is not what its run left, though {copies} are as they should be"
    return (
        f"{verdict.output} is not what its manifest says: of {copies}, {verdict.sound:,} are as "
        f"they should be"
    )


def _remedy(verdict: "Verdict") -> str:
    """What to do about it; run.yaml lists files that augcli takes for somebody else's without."""
    from augcli.pipeline.verify import Kind

    if verdict.bad_lines:
        return _REMEDY_OF_MANIFEST
    is_run_lost = any(finding.name == "run.yaml" for finding in verdict.findings)
    remedy = _REMEDY_OF_RUN if is_run_lost and verdict.extra else _run_again(verdict.seed)
    return f"{_FIRST_REMOVE}, then {remedy}" if verdict.counts[Kind.REFUSED] else remedy


def _run_again(seed: int | None) -> str:
    """To make the run once more, with its seed, which a config may have left to chance."""
    with_seed = f" with --seed {seed}" if seed else ""
    return f"run the same `augcli expand` again{with_seed}: it writes anew what is not as it was"


def _first_names(verdict: "Verdict", kind: "Kind") -> str:
    found = [str(finding) for finding in verdict.findings if finding.kind is kind]
    more = verdict.counts[kind] - len(found[:_NAMES_SHOWN])
    return ", ".join(found[:_NAMES_SHOWN]) + (f" and {more:,} more" if more else "")


def _values(verdict: "Verdict") -> dict[str, object]:
    """The verdict as plain values."""
    return {
        "output": verdict.output,
        "holds": verdict.holds,
        "copies": verdict.copies,
        "sound": verdict.sound,
        **{str(kind): count for kind, count in verdict.counts.items()},
        "findings": [
            {"kind": str(f.kind), "name": f.name, "message": f.message} for f in verdict.findings
        ],
    }
