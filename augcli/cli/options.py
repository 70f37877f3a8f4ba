"""Options that several commands share, and the config they make."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from augcli.config.schema import Config

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("png", "jpeg", "webp", "tiff", "bmp", "npy")
PRESETS = ("photos", "digits", "documents", "medical", "satellite")

_CONFIG_OPTIONS = (
    click.option("-c", "--config", metavar="FILE", type=click.Path(), help="YAML config to read."),
    click.option("--preset", metavar="NAME", help=f"Start from a preset: {', '.join(PRESETS)}."),
    click.option("-n", "--copies", type=int, metavar="N", help="Copies of every image."),
    click.option("--seed", metavar="SEED", help="Seed of the run, or `random`."),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="Set any key of the config, such as rotation_range=25; may be repeated.",
    ),
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
)


def config_options(command: Command) -> Command:
    """Adds SOURCE, OUTPUT's companions and every option that ends up in the config."""
    for option in reversed(_CONFIG_OPTIONS):
        command = option(command)
    return command


def make_config(
    *,
    source: str | None = None,
    output: str | None = None,
    config: str | None,
    preset: str | None,
    copies: int | None,
    seed: str | None,
    overrides: tuple[str, ...],
    save_prefix: str | None,
    save_format: str | None,
    include_originals: bool | None,
) -> "Config":
    """The config that the options make; a random seed is drawn here, to be recorded.

    Raises:
        ConfigError: It does not hold.
        UsageError: There is no such preset, or nothing says what to do.
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
    }
    flags = {key: Flag(*flag) for key, flag in values.items() if flag[1] is not None}
    loaded = load_config(config, preset=preset, overrides=overrides, flags=flags)
    if loaded.seed == "random":
        from augcli.pipeline.seeds import random_seed

        loaded = loaded.model_copy(update={"seed": random_seed()})
    return loaded


def _number(text: str | None) -> int | str | None:
    """A seed as a number where it is one."""
    if text is not None and text.isascii() and text.isdigit():
        return int(text)
    return text
