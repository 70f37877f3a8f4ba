"""`augcli demo`: a small data set to try things on, and the main job run on it."""

import os
import shlex
from typing import TYPE_CHECKING

import click

from augcli.cli.command import Command
from augcli.cli.console import print_note, print_result
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.expand import expand

if TYPE_CHECKING:
    from augcli.config.schema import Config


@click.command(cls=Command)
@click.argument("folder", metavar="[DIR]", default="augcli-demo", type=click.Path())
@click.pass_context
def demo(context: click.Context, *, folder: str) -> None:
    """Draw a small sample data set into DIR (augcli-demo), and run the main job on it.

    Run again, it draws what is missing and keeps what stands, your changes to the config included.

    \b
    augcli demo
    """
    with known_errors():
        from augcli.config.loader import load_config
        from augcli.report.samples import PHOTOS, make_demo

        with interruptible() as interruption:
            config_file = make_demo(folder, interruption)
        print_note(f"sample photos are in {os.path.join(folder, PHOTOS)}")
        print_note(f"running: augcli expand -c {shlex.quote(config_file)} --allow-failures")
        context.invoke(expand, config=config_file, allow_failures=True)
        _print_guide(load_config(config_file), config_file)


def _print_guide(config: "Config", config_file: str) -> None:
    """Says where to look, and what to type next."""
    from augcli.pipeline.places import output_folder, source_path
    from augcli.pipeline.records import MANIFEST

    source = source_path(config)
    output = output_folder(config, source)
    sections = (
        "Look at\n"
        + _columns(
            (source, "the originals, a folder for each class"),
            (output, "their copies, in the same folders"),
            (os.path.join(output, MANIFEST), "what was done to each copy"),
            (config_file, "the settings they were made with"),
        ),
        _about_broken_photo(output),
        "Next\n"
        + _columns(
            (f"augcli check -c {shlex.quote(config_file)}", "what a change there would rewrite"),
            (f"augcli expand -c {shlex.quote(config_file)}", "rewrite it"),
            ("augcli expand PHOTOS OUTPUT --preset photos -n 4", "with photos of your own"),
        ),
    )
    print_result("\n" + "\n\n".join(section for section in sections if section))


def _about_broken_photo(output: str) -> str:
    """Why a photo is broken, and what became of it; nothing if someone has repaired it."""
    from augcli.pipeline.records import FAILURES, read_failures
    from augcli.report.samples import BROKEN_PHOTO

    for failure in read_failures(output):
        if failure.source == BROKEN_PHOTO:
            return (
                f"{BROKEN_PHOTO} is cut short on purpose, to show what becomes of a broken file.\n"
                f"A run goes on without it and ends with exit code 3, or 0 with --allow-failures.\n"
                f"{os.path.join(output, FAILURES)} says:\n"
                f"  {failure.line().decode().rstrip()}"
            )
    return ""


def _columns(*rows: tuple[str, str]) -> str:
    """Two columns, indented."""
    width = max(len(left) for left, _ in rows)
    return "\n".join(f"  {left:{width}}   {right}" for left, right in rows)
