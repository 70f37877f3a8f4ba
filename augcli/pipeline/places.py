"""Source and output of a run: checked before anything is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.config.targets import target_paths
from augcli.errors import OutputError, UsageError
from augcli.images.files import check_folder_place


def source_path(config: Config) -> str:
    """The folder, the CSV or the .npz that the data set is in.

    Raises:
        UsageError: None is named, or it is not there, or cannot be read.
    """
    source = config.source
    if source is None:
        raise UsageError(
            "no source: name a folder of images, a .csv or an .npz, or write 'source:' in the "
            "config"
        )
    if not os.path.exists(source):
        raise UsageError(f"the source {source} does not exist")
    if source_kind(source) == "folder":
        _check_folder(source)
    elif not os.path.isfile(source):
        raise UsageError(f"the source {source} is no file; expected a .csv or an .npz")
    return source


def _check_folder(source: str) -> None:
    if not os.path.isdir(source):
        raise UsageError(f"the source {source} is no folder, no .csv and no .npz")
    if not os.access(source, os.R_OK | os.X_OK):
        raise UsageError(f"the source {source} cannot be read: no permission")


def output_folder(config: Config, source: str) -> str:
    """The folder to write to, which need not exist.

    Raises:
        UsageError: None is named, a file stands there, source and output are inside one another,
            or it may not be written to.
    """
    if config.output is None:
        raise UsageError("no output: name a folder to write to, or write 'output:' in the config")
    if os.path.lexists(config.output) and not os.path.isdir(config.output):
        raise UsageError(f"the output {config.output} is no folder")
    if source_kind(source) == "folder":
        _check_not_inside(config.output, source)
    _check_not_around(config.output, source)
    if config.directory is not None:
        _check_not_around(config.output, config.directory)
    for path in target_paths(config):
        _check_not_around(config.output, path)
        if os.path.isdir(path):
            _check_not_inside(config.output, path)
    check_folder_place(config.output)
    return config.output


def _check_not_inside(output: str, source: str) -> None:
    """Makes sure that the output is not in a source that is listed anew each time."""
    real_source, real_output = os.path.realpath(source), os.path.realpath(output)
    if real_source == real_output:
        raise UsageError(f"source and output are the same folder, {output}")
    if os.path.commonpath([real_source, real_output]) == real_source:
        raise UsageError(
            f"the output {output} is inside the source {source}, where the next run would "
            f"read it; choose a folder beside it"
        )


def _check_not_around(output: str, source: str) -> None:
    real_source, real_output = os.path.realpath(source), os.path.realpath(output)
    if os.path.commonpath([real_source, real_output]) == real_output:
        raise UsageError(
            f"the source {source} is inside the output {output}; choose another output"
        )


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
