"""Options that several commands share, and the config they make."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from augcli.errors import UsageError

if TYPE_CHECKING:
    from augcli.config.schema import Config

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("png", "jpeg", "webp", "tiff", "bmp", "npy", "npz")
PRESETS = ("photos", "digits", "documents", "medical", "satellite")

_SHARED_OPTIONS = (
    click.option("-c", "--config", metavar="FILE", type=click.Path(), help="YAML config to read."),
    click.option("--preset", metavar="NAME", help=f"Start from a preset: {', '.join(PRESETS)}."),
    click.option("--seed", metavar="SEED", help="Seed of the run, or `random`."),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="Set any key of the config, such as rotation_range=25; may be repeated.",
    ),
    click.option(
        "--allow-python",
        is_flag=True,
        help="Let the config call the preprocessing_function that it names.",
    ),
)

_OUTPUT_OPTIONS = (
    click.option("-n", "--copies", type=int, metavar="N", help="Copies of every image."),
    click.option("--save-prefix", metavar="TEXT", help="Start of every copy's file name."),
    click.option(
        "--save-format", metavar="FORMAT", help=f"Format of the copies: {', '.join(FORMATS)}."
    ),
    click.option(
        "--include-originals",
        is_flag=True,
        default=None,
        help="Put the originals beside their copies.",
    ),
    click.option(
        "--statistics",
        metavar="FILE",
        type=click.Path(),
        help="File of `augcli fit` to standardise with.",
    ),
)


workers_option = click.option(
    "-j",
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Worker processes; 0 works in this one. Default: the processors this process may use.",
)


def config_options(command: Command) -> Command:
    """Adds SOURCE, OUTPUT's companions and every option that ends up in the config."""
    for option in reversed(_SHARED_OPTIONS + _OUTPUT_OPTIONS):
        command = option(command)
    return command


def fit_options(command: Command) -> Command:
    """Adds the options of the config that have to do with what is measured."""
    for option in reversed(_SHARED_OPTIONS):
        command = option(command)
    return command


def make_config(
    *,
    source: str | None = None,
    output: str | None = None,
    config: str | None,
    preset: str | None,
    seed: str | None,
    overrides: tuple[str, ...],
    allow_python: bool,
    copies: int | None = None,
    save_prefix: str | None = None,
    save_format: str | None = None,
    include_originals: bool | None = None,
    statistics: str | None = None,
) -> "Config":
    """The config that the options make.

    Raises:
        ConfigError: It does not hold.
        UsageError: There is no such preset, nothing says what to do, or the config would run code
            that the command line does not allow.
    """
    from augcli.config.loader import Flag, load_config

    values: dict[str, tuple[str, object]] = {
        "source": ("SOURCE", source),
        "output": ("OUTPUT", output),
        "copies": ("--copies", copies),
        "seed": ("--seed", _number(seed)),
        "save_prefix": ("--save-prefix", save_prefix),
        "save_format": ("--save-format", save_format),
        "include_originals": ("--include-originals", include_originals),
        "statistics": ("--statistics", statistics),
    }
    flags = {key: Flag(*flag) for key, flag in values.items() if flag[1] is not None}
    loaded = load_config(config, preset=preset, overrides=overrides, flags=flags)
    check_code(loaded, allow_python=allow_python)
    return loaded


def check_code(config: "Config", *, allow_python: bool) -> None:
    """Makes sure that a config alone runs no code; what is allowed is found in this folder too.

    Raises:
        UsageError: The config names a function, and the command line does not allow it.
    """
    settings = config.standardization
    if settings is None or settings.preprocessing_function is None:
        return
    if not allow_python:
        raise UsageError(
            f"preprocessing_function: {settings.preprocessing_function} is code, which a config "
            f"alone does not run; if you trust it, add --allow-python"
        )
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _number(text: str | None) -> int | str | None:
    """A seed as a number where it is one."""
    if text is not None and text.isascii() and text.isdigit():
        return int(text)
    return text
