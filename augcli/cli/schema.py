"""`augcli schema`: the config's JSON Schema, for editors."""

import json

import click

from augcli.cli.command import Command
from augcli.cli.console import print_result
from augcli.cli.exits import known_errors


@click.command(cls=Command, short_help="Print the config's JSON Schema, for editors.")
def schema() -> None:
    """Print the JSON Schema of the config, for editors that complete and check YAML.

    \b
    augcli schema > augment.schema.json
    """
    with known_errors():
        from augcli.config.json_schema import json_schema

        print_result(json.dumps(json_schema(), indent=2))
