"""`augcli check`: a config and a data set looked at before anything is run."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.console import count, print_note, print_result, print_warning, readable_bytes
from augcli.cli.exits import known_errors
from augcli.cli.options import config_options, make_config

if TYPE_CHECKING:
    from augcli.config.schema import Config


@click.command(short_help="Validate a config; say what expand would do.")
@click.argument("source", required=False, type=click.Path())
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Folder to compare with.")
@config_options
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(*, as_json: bool, **options: Any) -> None:
    """Validate the config, and say what `expand` would do with SOURCE. Nothing is written.

    \b
    augcli check photos -c augment.yaml
    """
    with known_errors():
        config = make_config(**options)
        print_traps(config)
        if config.source is None:
            print_result("the config is valid; name a SOURCE to see what would be done with it")
            return
        print_forecast(config, as_json=as_json)


def print_traps(config: "Config") -> None:
    """Warns of settings that do something else than they seem to."""
    from augcli.config.traps import find_traps

    for trap in find_traps(config):
        print_warning(f"{trap.key}: {trap.reason}; {trap.remedy}")


def print_forecast(config: "Config", *, as_json: bool) -> None:
    """Prints what a run would do."""
    from augcli.pipeline.forecast import forecast

    ahead = forecast(config)
    if as_json:
        print_result(json.dumps(asdict(ahead)))
        return
    for warning in (*ahead.failures, *ahead.warnings):
        print_warning(warning)
    size = f", about {readable_bytes(ahead.bytes)}" if ahead.bytes is not None else ""
    print_result(
        f"{config.source}: {count(ahead.sources, 'image')}, "
        f"{count(ahead.copies, 'copy', 'copies')}{size}\n"
        f"  to write {ahead.write:,}, to keep {ahead.keep:,}, to remove {ahead.remove:,}"
    )
    if ahead.fit:
        print_note("the statistics of the data set would be measured first")
    print_note("nothing has been written")
