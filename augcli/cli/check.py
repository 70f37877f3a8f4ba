"""`augcli check`: a config and a data set looked at before anything is run."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.command import Command
from augcli.cli.console import Bar, count, print_note, print_result, print_warning, readable_bytes
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import config_options, make_config

if TYPE_CHECKING:
    from augcli.config.schema import Config
    from augcli.config.traps import Finding
    from augcli.pipeline.forecast import Forecast

_FAILURES_SHOWN = 3
_STRICT_EXIT = 2


@click.command(cls=Command, short_help="Validate a config; say what expand would do.")
@click.argument("source", required=False, type=click.Path())
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Folder to compare with.")
@config_options
@click.option("--no-scan", is_flag=True, help="Do not look through the images for mistakes.")
@click.option("--strict", is_flag=True, help="Exit with 2 if there is any warning.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def check(*, no_scan: bool, strict: bool, as_json: bool, no_progress: bool, **options: Any) -> None:
    """Validate the config, and say what `expand` would do with SOURCE. Nothing is written.

    What is valid and most likely not meant is a warning: in the config, and in the images.

    \b
    augcli check photos -c augment.yaml
    """
    with known_errors():
        config = make_config(**options)
        from augcli.config.traps import find_traps

        findings = find_traps(config)
        ahead = None
        if config.source is not None:
            found, ahead = _look(config, scan=not no_scan, shown=not no_progress)
            findings += found
        if as_json:
            values = {} if ahead is None else _values(ahead)
            print_result(json.dumps(values | {"warnings": [asdict(f) for f in findings]}))
        else:
            _print_text(config, findings, ahead)
        if strict and findings:
            print_note(f"the config is valid; --strict refuses {count(len(findings), 'warning')}")
            sys.exit(_STRICT_EXIT)


def print_traps(config: "Config") -> None:
    """Warns of settings that do something else than they seem to."""
    from augcli.config.traps import find_traps

    for trap in find_traps(config):
        print_warning(str(trap))


def print_forecast(config: "Config", *, as_json: bool) -> None:
    """Prints what a run would do."""
    from augcli.pipeline.forecast import forecast

    ahead = forecast(config)
    if as_json:
        print_result(json.dumps(_values(ahead)))
        return
    for warning in (*ahead.failures, *map(str, ahead.findings)):
        print_warning(warning)
    _print_plan(config, ahead)


def _values(ahead: "Forecast") -> dict[str, Any]:
    """The forecast as plain values."""
    values = asdict(ahead)
    del values["findings"]
    return values | {"warnings": [str(finding) for finding in ahead.findings]}


def _look(config: "Config", *, scan: bool, shown: bool) -> "tuple[list[Finding], Forecast]":
    """What there is to say of the source, and what a run would do with it."""
    from augcli.pipeline.forecast import forecast

    ahead = forecast(config)
    findings: list[Finding] = []
    failures = ahead.failures
    if scan:
        from augcli.inspection.inspection import inspect

        with interruptible(resumes=False) as interruption, Bar(shown=shown) as bar:
            inspection = inspect(config, progress=bar, interruption=interruption)
        findings += inspection.findings
        failures = tuple(dict.fromkeys((*inspection.failures, *failures)))
    findings += ahead.findings
    if failures:
        findings.insert(0, _unusable(failures))
    return findings, replace(ahead, failures=failures)


def _unusable(failures: Sequence[str]) -> "Finding":
    """Sources that cannot be used, as one finding."""
    from augcli.config.traps import Finding

    more = len(failures) - _FAILURES_SHOWN
    rest = f"; and {more:,} more" if more > 0 else ""
    return Finding(
        "unusable-source",
        "source",
        f"{count(len(failures), 'source')} cannot be used: "
        f"{'; '.join(failures[:_FAILURES_SHOWN])}{rest}",
        "repair or remove them, or run expand with --allow-failures",
    )


def _print_text(config: "Config", findings: "Sequence[Finding]", ahead: "Forecast | None") -> None:
    for finding in findings:
        print_warning(str(finding))
    if ahead is None:
        print_result("the config is valid; name a SOURCE to see what would be done with it")
    else:
        _print_plan(config, ahead)


def _print_plan(config: "Config", ahead: "Forecast") -> None:
    size = f", about {readable_bytes(ahead.bytes)}" if ahead.bytes is not None else ""
    print_result(
        f"{config.source}: {count(ahead.sources, 'image')}, "
        f"{count(ahead.copies, 'copy', 'copies')}{size}\n"
        f"  to write {ahead.write:,}, to keep {ahead.keep:,}, to remove {ahead.remove:,}"
    )
    if ahead.fit:
        print_note("the statistics of the data set would be measured first")
    print_note("nothing has been written")
