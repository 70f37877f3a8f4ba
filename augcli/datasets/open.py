"""The data set that a config names."""

import os

from augcli.config.schema import Config, is_channels_first
from augcli.config.sources import source_kind
from augcli.datasets.arrays import ArrayReader, Arrays
from augcli.datasets.base import DataSet, Reader
from augcli.datasets.files import FileReader
from augcli.datasets.folder import Folder
from augcli.datasets.labels import Labels
from augcli.datasets.split import Splitting
from augcli.datasets.table import Columns, Table
from augcli.errors import UsageError


def open_dataset(config: Config) -> DataSet:
    """The samples of `source`; close it after use.

    Raises:
        UsageError: There is no source, or it does not hold what the config says.
    """
    if config.source is None:
        raise UsageError("no source: name a folder of images, or write 'source:' in the config")
    splitting = Splitting.of_config(config)
    match source_kind(config.source):
        case "csv":
            return Table(
                config.source,
                directory=table_directory(config, config.source),
                columns=Columns.of_config(config),
                labels=Labels.of_texts(config),
                splitting=splitting,
            )
        case "npz":
            return Arrays(config, config.source, splitting, is_channels_first(config))
        case "folder":
            return Folder(
                config.source,
                labels=Labels.of_texts(config),
                classes=None if config.classes is None else [str(c) for c in config.classes],
                splitting=splitting,
                follow_links=config.follow_links,
            )


def open_reader(config: Config) -> Reader:
    """What reads samples that are known already, without listing those there are.

    Raises:
        UsageError: There is no source.
    """
    if config.source is None:
        raise UsageError("no source: name a folder of images, or write 'source:' in the config")
    match source_kind(config.source):
        case "csv":
            return FileReader(table_directory(config, config.source))
        case "npz":
            return ArrayReader(config.source, config.x_col or "x", is_channels_first(config))
        case "folder":
            return FileReader(config.source)


def table_directory(config: Config, source: str) -> str:
    """The folder that the paths in a CSV are relative to."""
    return os.path.dirname(source) if config.directory is None else config.directory
