"""`augcli init`: a config to start from."""

import os

import click

from augcli.cli.command import Command
from augcli.cli.console import print_result
from augcli.cli.exits import known_errors
from augcli.cli.options import PRESETS
from augcli.errors import OutputError, UsageError


@click.command(cls=Command, short_help="Write a commented config to start from.")
@click.argument("file", default="augment.yaml", type=click.Path())
@click.option("--preset", metavar="NAME", help=f"Start from {', '.join(PRESETS)}.")
@click.option("--force", is_flag=True, help="Replace FILE if there is one.")
def init(*, file: str, preset: str | None, force: bool) -> None:
    """Write a commented config to FILE (augment.yaml), to start from; `-` prints it.

    \b
    augcli init --preset digits
    """
    with known_errors():
        from augcli.config.presets import init_text

        text = init_text(preset)
        if file == "-":
            print_result(text.rstrip("\n"))
            return
        if os.path.lexists(file) and not force:
            raise UsageError(f"{file} exists; name another file, or replace it with --force")
        try:
            with open(file, "w", encoding="utf-8") as out:
                out.write(text)
        except OSError as error:
            raise OutputError(f"cannot write {file}: {error.strerror}") from error
        print_result(f"{file} written; next: augcli check -c {file}")
