"""`augcli probe`: what an augmentation does to accuracy, before a night of training tells."""

import json
import re
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.command import Command
from augcli.cli.console import Bar, print_note, print_result
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import fit_options, make_config, workers_option

if TYPE_CHECKING:
    from augcli.config.schema import Config
    from augcli.probe.results import ProbeResult

_DEFAULT_BUDGET = 60.0


def _check_pattern(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    """Refuses what is no regular expression."""
    try:
        re.compile(value or "")
    except re.error as error:
        raise click.BadParameter(f"expected a regular expression: {error}") from None
    return value


@click.command(cls=Command, short_help="Measure which ranges help, and which hurt.")
@click.argument("source", required=False, type=click.Path())
@click.option(
    "-o", "--output", "file", metavar="FILE", type=click.Path(), help="Report (.html) to write."
)
@fit_options
@click.option("-n", "--copies", type=int, metavar="N", help="Copies of every image.")
@click.option(
    "--budget",
    type=click.FloatRange(1, 86400),
    default=_DEFAULT_BUDGET,
    metavar="SECONDS",
    help="About how long it may take: decides how many images are looked at. Default: 60.",
)
@click.option(
    "--suggest",
    metavar="FILE",
    type=click.Path(),
    help="Write the config that the evidence supports.",
)
@click.option(
    "--group-by",
    metavar="PATTERN",
    callback=_check_pattern,
    help="Regular expression: images of the same match in their paths stay together.",
)
@workers_option
@click.option("--no-audit", is_flag=True, help="Do not look over the data and the copies.")
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    help="Colours of the report. Default: those of the reader's system.",
)
@click.option("--force", is_flag=True, help="Replace files that are no earlier report.")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def probe(
    *,
    file: str | None,
    budget: float,
    suggest: str | None,
    group_by: str | None,
    workers: int | None,
    no_audit: bool,
    theme: str | None,
    force: bool,
    as_json: bool,
    no_progress: bool,
    **options: Any,
) -> None:
    """Train small models on SOURCE with and without each range, and say what helps and what hurts.

    SOURCE has labels: a folder for each class, or a CSV. Nothing is written but what is asked for.

    \b
    augcli probe photos -c augment.yaml
    augcli probe photos -c augment.yaml -o report.html --suggest better.yaml
    """
    with known_errors():
        from augcli.pipeline.run_seed import with_seed

        config = with_seed(make_config(**options))
        _check_places(config, file, suggest, force=force)
        if sys.stderr.isatty() and not no_progress:
            print_note(f"about {budget:g} s: copies are made first, then models are trained")
        with Bar(shown=not no_progress) as bar:
            result = _result(config, budget, group_by, workers, bar, with_audit=not no_audit)
        if as_json:
            print_result(json.dumps(asdict(result), allow_nan=False))
        else:
            from augcli.cli.probe_table import probe_text

            print_result(probe_text(result))
        if file is not None:
            _write_report(result, file, theme)
        if suggest is not None:
            _write_suggestion(result, suggest)


def _check_places(config: "Config", file: str | None, suggest: str | None, *, force: bool) -> None:
    """Makes sure, before it takes a minute, that what is asked for can be written."""
    from augcli.pipeline.places import source_path
    from augcli.report.probe_file import check_report_place, check_suggestion_place

    source_path(config)
    if file is not None:
        check_report_place(file, config, force=force)
    if suggest is not None:
        check_suggestion_place(suggest, config, force=force)


def _result(
    config: "Config",
    budget: float,
    group_by: str | None,
    workers: int | None,
    bar: Bar,
    *,
    with_audit: bool,
) -> "ProbeResult":
    """The probe, and the audit with it."""
    from augcli.pipeline.executors import usable_cpus
    from augcli.probe.audit import audit
    from augcli.probe.experiment import probe as run_probe

    # One at least: networks this small want linear algebra on one thread, as workers have it.
    workers = max(1, usable_cpus() if workers is None else workers)
    with interruptible(resumes=False) as interruption:
        result = run_probe(
            config,
            workers=workers,
            seconds=budget,
            seed=int(config.seed),
            group_by=group_by,
            progress=bar,
            interruption=interruption,
        )
        if not with_audit:
            return result
        found = audit(config, workers=workers, progress=bar, interruption=interruption)
    return replace(result, audit=found)


def _write_report(result: "ProbeResult", file: str, theme: str | None) -> None:
    from augcli.report.probe_page import html_bytes
    from augcli.report.writing import write_file

    write_file(file, html_bytes(result, theme=theme))
    print_note(f"report: {file}")


def _write_suggestion(result: "ProbeResult", file: str) -> None:
    """Writes the suggested config, and says what it is."""
    from augcli.report.writing import write_file

    suggestion = result.suggestion
    if suggestion is None:
        print_note(f"{file} is not written: no range has a width that could be chosen")
        return
    write_file(file, suggestion.config.encode("utf-8"))
    same = "" if suggestion.changes_anything else ", which is the config as it was"
    print_note(f"suggested config: {file}{same}")
