"""The two folders of a run: checked before anything is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from augcli.config.schema import Config
from augcli.errors import OutputError, UsageError


def source_folder(config: Config) -> str:
    """The folder of the data set.

    Raises:
        UsageError: None is named, or it is no folder that can be listed.
    """
    if config.source is None:
        raise UsageError("no source: name a folder of images, or write 'source:' in the config")
    if not os.path.exists(config.source):
        raise UsageError(f"the source {config.source} does not exist")
    if not os.path.isdir(config.source):
        raise UsageError(f"the source {config.source} is no folder")
    if not os.access(config.source, os.R_OK | os.X_OK):
        raise UsageError(f"the source {config.source} cannot be read: no permission")
    return config.source


def output_folder(config: Config, source: str) -> str:
    """The folder to write to, which need not exist.

    Raises:
        UsageError: None is named, a file stands there, or one folder is inside the other.
    """
    if config.output is None:
        raise UsageError("no output: name a folder to write to, or write 'output:' in the config")
    if os.path.lexists(config.output) and not os.path.isdir(config.output):
        raise UsageError(f"the output {config.output} is no folder")
    real_source, real_output = os.path.realpath(source), os.path.realpath(config.output)
    if real_source == real_output:
        raise UsageError(f"source and output are the same folder, {config.output}")
    common = os.path.commonpath([real_source, real_output])
    if common == real_source:
        raise UsageError(
            f"the output {config.output} is inside the source {source}, where the next run would "
            f"read it; choose a folder beside it"
        )
    if common == real_output:
        raise UsageError(
            f"the source {source} is inside the output {config.output}; choose another output"
        )
    return config.output


@contextmanager
def made(folder: str) -> Iterator[None]:
    """The folder, with its parents; what is still empty of it goes again on a usage error.

    Raises:
        OutputError: It cannot be made.
    """
    missing = []
    path = os.path.abspath(folder)
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}") from error
    try:
        yield
    except UsageError:
        with suppress(OSError):
            for path in missing:
                os.rmdir(path)
        raise
