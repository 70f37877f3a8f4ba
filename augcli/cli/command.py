"""The class of all commands."""

from typing import Any

import click

from augcli.cli.console import known_stdout_errors
from augcli.cli.exits import known_errors


class Command(click.Command):
    """A command that says so when stdout does not take its help."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Reads the arguments; of --help and --version, click prints what is asked for in here."""
        with known_errors(), known_stdout_errors():
            return super().make_context(info_name, args, parent, **extra)
