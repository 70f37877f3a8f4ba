"""The group of all commands. It imports nothing heavy: `augcli --help` is quick."""

import atexit
import gc

import click

from augcli import __version__
from augcli.cli.check import check
from augcli.cli.command import Command
from augcli.cli.demo import demo
from augcli.cli.expand import expand
from augcli.cli.fit import fit
from augcli.cli.gallery import gallery
from augcli.cli.init import init
from augcli.cli.preview import preview
from augcli.cli.probe import probe
from augcli.cli.replay import replay
from augcli.cli.schema import schema
from augcli.cli.verify import verify

COMMANDS: tuple[Command, ...] = (
    expand,
    init,
    check,
    preview,
    gallery,
    probe,
    fit,
    verify,
    replay,
    schema,
    demo,
)


class InOrderGroup(Command, click.Group):
    """A group that lists its commands in the order a person needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Names of the commands, the main one first."""
        return [command.name or "" for command in COMMANDS]


@click.group(
    cls=InOrderGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="augcli")
def cli() -> None:
    """Expand an image data set: N augmented copies of every image, each one on record.

    \b
    augcli demo                                       see it work
    augcli init                                       write a config to start from
    augcli expand photos photos-aug -c augment.yaml   the main job
    """


for _command in COMMANDS:
    cli.add_command(_command)


# The system takes all memory back at once; that Python looks for garbage first takes 50 ms.
atexit.register(gc.freeze)
