"""`augcli preview`: what the ranges mean, to be seen before anything is run."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from augcli.cli.check import print_traps
from augcli.cli.command import Command
from augcli.cli.console import (
    Bar,
    count,
    noting_compilation,
    print_note,
    print_result,
    print_warning,
    write_result,
)
from augcli.cli.exits import interruptible, known_errors
from augcli.cli.options import config_options, make_config
from augcli.errors import UsageError

if TYPE_CHECKING:
    from augcli.config.schema import Config
    from augcli.pipeline.interruption import Interruption
    from augcli.report.sheet import Sheet
    from augcli.transforms.statistics import Statistics

_STDOUT = "-"
_MOST_COLUMNS = 6
_FAILURES_SHOWN = 3


@click.command(cls=Command, short_help="Draw a contact sheet: originals beside their copies.")
@click.argument("source", required=False, type=click.Path())
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    default="preview.png",
    type=click.Path(),
    help="Picture (.png) or page (.html) to write; `-` for stdout. Default: preview.png.",
)
@config_options
@click.option("--ranges", is_flag=True, help="Show each range at its low, middle and high end.")
@click.option(
    "--rows",
    type=click.IntRange(1, 100),
    metavar="N",
    help="Sources to show, spread over the classes. Default: 6.",
)
@click.option(
    "--columns",
    type=click.IntRange(1, 12),
    metavar="N",
    help=f"Copies of each to show. Default: those of the config, at most {_MOST_COLUMNS}.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    help="Colours. Default: light; of a page, those of the reader's system.",
)
@click.option(
    "--format",
    "sheet_format",
    type=click.Choice(["png", "html"]),
    help="What to write. Default: what FILE ends in; png to stdout.",
)
@click.option("--force", is_flag=True, help="Replace FILE even if it is no earlier preview.")
def preview(
    *,
    file: str,
    ranges: bool,
    rows: int | None,
    columns: int | None,
    theme: str | None,
    sheet_format: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Draw random images of SOURCE beside their copies, the very ones that `expand` would write.

    With --ranges, each range by itself instead: at its low end, in its middle, at its high end.

    \b
    augcli preview photos --preset photos -n 4
    augcli preview photos -c augment.yaml --ranges -o ranges.html
    """
    with known_errors():
        if ranges and (rows is not None or columns is not None):
            raise UsageError("--ranges has a row for each range: leave out --rows and --columns")
        from augcli.pipeline.run_seed import with_seed

        config = with_seed(make_config(**options))
        print_traps(config)
        from augcli.pipeline.places import source_path
        from augcli.report.preview import preview_copies, preview_ranges
        from augcli.report.sheet_file import check_place, format_of
        from augcli.report.writing import write_file

        source_path(config)
        if file != _STDOUT:
            sheet_format = sheet_format or format_of(file)
            check_place(file, config, force=force)
        elif sys.stdout.isatty() and sheet_format != "html":
            raise UsageError("a picture is not for a terminal: redirect it, or name a file with -o")
        with interruptible(resumes=False) as interruption, noting_compilation():
            statistics = _statistics(config, interruption)
            if ranges:
                sheet = preview_ranges(config, interruption=interruption, statistics=statistics)
            else:
                sheet = preview_copies(
                    config,
                    rows=rows or 6,
                    columns=columns or _MOST_COLUMNS,
                    interruption=interruption,
                    statistics=statistics,
                )
        data = _content(sheet, sheet_format, theme)
        _print_failures(sheet)
        if file == _STDOUT:
            write_result(data)
            return
        write_file(file, data)
        print_result(file)


def _content(sheet: "Sheet", sheet_format: str | None, theme: str | None) -> bytes:
    """The content of the sheet's file."""
    if sheet_format == "html":
        from augcli.report.sheet_html import html_bytes

        return html_bytes(sheet, theme=theme)
    from augcli.report.sheet_png import png_bytes

    return png_bytes(sheet, theme=theme or "light")


def _statistics(config: "Config", interruption: "Interruption") -> "Statistics | None":
    """What `expand` would standardise with; measured, if it is not there yet."""
    settings = config.standardization
    if settings is None or not settings.needs_statistics:
        return None
    from augcli.pipeline.executors import usable_cpus
    from augcli.pipeline.run_statistics import run_statistics
    from augcli.pipeline.settings import code_versions, versions

    with Bar(shown=True) as bar:
        statistics = run_statistics(
            config,
            used=versions() | code_versions(config),
            output=config.output or os.devnull,  # without an output, no earlier run left any
            workers=usable_cpus(),
            progress=bar,
            interruption=interruption,
        )
    for warning in statistics.warnings:
        print_warning(warning)
    if statistics.images:
        images = count(statistics.images, "image")
        print_note(f"statistics of {images} measured first; `augcli fit` keeps them in a file")
    return statistics.fitted.statistics


def _print_failures(sheet: "Sheet") -> None:
    """Says which tiles are empty, and why."""
    failures = sheet.failures
    if not failures:
        return
    print_warning("some pictures could not be made:")
    for failure in failures[:_FAILURES_SHOWN]:
        print_note(f"  {failure}")
    if len(failures) > _FAILURES_SHOWN:
        print_note(f"  and {len(failures) - _FAILURES_SHOWN:,} more")
