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
from augcli.datasets.targets import Targets, open_targets
from augcli.errors import UsageError


def open_dataset(config: Config) -> DataSet:
    """The samples of `source`; close it after use.

    Raises:
        UsageError: There is no source, or it does not hold what the config says.
        ConfigError: A table, or a file of annotations, does not hold.
    """
    if config.source is None:
        raise UsageError("no source: name a folder of images, or write 'source:' in the config")
    splitting = Splitting.of_config(config)
    targets = targets_of(config)
    match source_kind(config.source):
        case "csv":
            return Table(
                config.source,
                directory=table_directory(config, config.source),
                columns=Columns.of_config(config),
                labels=Labels.of_texts(config),
                splitting=splitting,
                targets=targets,
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
                targets=targets,
            )


def open_reader(config: Config, targets: Targets | None = None) -> Reader:
    """What reads samples that are known already, without listing those there are.

    Args:
        config: The resolved config.
        targets: Masks and annotations to read with them.

    Raises:
        UsageError: There is no source.
    """
    if config.source is None:
        raise UsageError("no source: name a folder of images, or write 'source:' in the config")
    if source_kind(config.source) == "npz":
        return ArrayReader(config.source, config.x_col or "x", is_channels_first(config))
    reader = None if targets is None else targets.reader
    return FileReader(images_folder(config, config.source), reader)


def image_reader(data: DataSet) -> Reader:
    """What reads the samples of a data set without masks and annotations."""
    reader = data.reader
    return FileReader(reader.root) if isinstance(reader, FileReader) else reader


def targets_of(config: Config) -> Targets | None:
    """The masks and annotations of a config's source; None where it has neither.

    Raises:
        UsageError: They are not there.
        ConfigError: A file of annotations does not hold.
    """
    source = config.source
    if source is None or source_kind(source) == "npz":
        return None
    return open_targets(config, images_folder(config, source))


def images_folder(config: Config, source: str) -> str:
    """The folder that the paths of images are relative to."""
    return table_directory(config, source) if source_kind(source) == "csv" else source


def table_directory(config: Config, source: str) -> str:
    """The folder that the paths in a CSV are relative to."""
    return os.path.dirname(source) if config.directory is None else config.directory
