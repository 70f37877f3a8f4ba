"""`augcli demo`: a small data set to try things on, and the main job run on it."""

import os
import shlex
from typing import TYPE_CHECKING

import click

from augcli.cli.console import print_note, print_result
from augcli.cli.exits import known_errors
from augcli.cli.expand import expand

if TYPE_CHECKING:
    from augcli.config.schema import Config


@click.command(short_help="Draw a sample data set, and expand it.")
@click.argument("folder", metavar="[DIR]", default="augcli-demo", type=click.Path())
@click.pass_context
def demo(context: click.Context, *, folder: str) -> None:
    """Draw a small sample data set into DIR (augcli-demo), and run the main job on it.

    Run again, it draws what is missing and keeps what stands, your edits of the config included.

    \b
    augcli demo
    """
    with known_errors():
        from augcli.config.loader import load_config
        from augcli.report.samples import make_demo

        print_note(f"drawing sample photos into {os.path.join(folder, 'photos')} ...")
        config_file = make_demo(folder)
        print_note(f"running: augcli expand -c {shlex.quote(config_file)} --allow-failures")
        context.invoke(expand, config=config_file, allow_failures=True)
        _print_guide(load_config(config_file), config_file)


def _print_guide(config: "Config", config_file: str) -> None:
    """Says where to look, and what to type next."""
    from augcli.pipeline.records import FAILURES, MANIFEST, read_failures
    from augcli.report.samples import BROKEN_PHOTO

    output = config.output or ""
    lines = [
        "",
        "Look at",
        f"  {config.source}   the originals: each folder is a class",
        f"  {output}   their copies, in the same folders",
        f"  {os.path.join(output, MANIFEST)}   what was done to each copy, a line each",
    ]
    for failure in read_failures(output):
        if failure.source == BROKEN_PHOTO:
            lines += [
                "",
                f"{BROKEN_PHOTO} is cut short on purpose, to show what becomes of a broken file:",
                "the run goes on without it, ends with exit code 3 (0 with --allow-failures, as",
                f"here), and {os.path.join(output, FAILURES)} says:",
                f"  {failure.line().decode().rstrip()}",
            ]
    quoted = shlex.quote(config_file)
    lines += [
        "",
        "Next",
        f"  change a number in {config_file}, and see what that would rewrite:",
        f"    augcli check -c {quoted}",
        "  write it:",
        f"    augcli expand -c {quoted}",
        "  your own photos, four copies of each:",
        "    augcli expand PHOTOS OUTPUT --preset photos -n 4",
    ]
    print_result("\n".join(lines))
