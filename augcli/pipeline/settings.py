"""run.yaml: the resolved config, its digest, and the versions of what shaped the pixels."""

import hashlib
import importlib.metadata
import json
import os
import sys
from typing import Any

import yaml

from augcli import __version__
from augcli.config.schema import Config, pixel_digest, resolved
from augcli.config.yaml_text import dump_yaml
from augcli.images.files import sha256_file
from augcli.pipeline.records import RUN, STATISTICS
from augcli.pipeline.shards.targets import Targets
from augcli.transforms.registry import package_of
from augcli.transforms.standardization import load_function
from augcli.transforms.step import walk

PIXEL_LIBRARIES = ("numpy", "scipy", "pillow", "simplejpeg", "numba")
"""Distributions whose version may change the bytes of a copy."""
PLUGIN = "plugin/"
"""What stands before the name of a package that brings transforms."""
CODECS = ("libjpeg_turbo", "jpg_2000", "zlib", "libtiff", "webp", "avif")
"""Codecs that Pillow brings or finds, by the names of `PIL.features`."""


def versions() -> dict[str, str]:
    """Versions of augcli, of the libraries and of the codecs that shape pixels and bytes."""
    from PIL import features  # noqa: PLC0415  a run with nothing to do needs no Pillow

    found = {"augcli": __version__}
    found |= {name: importlib.metadata.version(name) for name in PIXEL_LIBRARIES}
    for name in CODECS:
        version = features.version(name)
        if version is not None:
            found[f"pillow/{name}"] = version
    return found


def code_versions(config: Config) -> dict[str, str]:
    """What else shapes the pixels of this config's copies: other packages, and a function's module.

    Returns:
        The version of each package whose transforms are used, and the SHA-256 of the module of
        `preprocessing_function`, where there is one; it is imported.

    Raises:
        UsageError: There is no such function.
    """
    found = {
        f"{PLUGIN}{package}": version
        for _, step in walk(config.transforms)
        for package, version in filter(None, [package_of(step.transform.op)])
    }
    settings = config.standardization
    if settings is None or settings.preprocessing_function is None:
        return found
    name = settings.preprocessing_function
    load_function(name)
    file = getattr(sys.modules[name.partition(":")[0]], "__file__", None)
    found["preprocessing_function"] = "built in" if file is None else sha256_file(file)
    return found


def run_digest(
    config: Config,
    used: dict[str, str],
    statistics: str | None = None,
    targets: Targets | None = None,
    annotations: str | None = None,
) -> str:
    """SHA-256 of all that shapes a copy, but for its source.

    That is: the settings, the versions, the statistics, of shards the form of `y`, and the digest
    of what annotations say of classes and keypoints for all images at once.
    """
    parts: list[Any] = [pixel_digest(config), used]
    parts += [] if statistics is None else [statistics]
    parts += [] if targets is None else [targets.plain()]
    parts += [] if annotations is None else [annotations]
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def run_text(
    config: Config,
    used: dict[str, str],
    *,
    source: str,
    output: str,
    statistics: str | None = None,
    targets: Targets | None = None,
    annotations: str | None = None,
    files: dict[str, str] | None = None,
) -> bytes:
    """The content of run.yaml.

    The output's own path is not in it, and the source's is relative to it: source and output can
    be moved together, and it does not matter which folder the command was run in.
    """
    settings = resolved(config)
    del settings["output"]
    settings["source"] = _relative(source, output)
    if config.directory is not None:
        settings["directory"] = _relative(config.directory, output)
    for key in ("masks", "annotations"):
        if settings[key] is not None:
            settings[key] |= {"path": _relative(settings[key]["path"], output)}
    settings["statistics"] = None if statistics is None else STATISTICS
    digest = run_digest(config, used, statistics, targets, annotations)
    values = {"digest": digest, "versions": used, "config": settings}
    if targets is not None:
        values["targets"] = targets.plain()
    if annotations is not None:
        values["annotations"] = annotations
    if files:
        values["files"] = files
    head = "# How this folder was made. Written by augcli; `manifest.jsonl` lists its files.\n"
    return (head + dump_yaml(values)).encode("utf-8", "backslashreplace")


def has_statistics(run: dict[str, Any]) -> bool:
    """Whether a run.yaml, as `read_run` gives it, says that statistics stand beside it."""
    config = run.get("config")
    return isinstance(config, dict) and config.get("statistics") == STATISTICS


def _relative(path: str, folder: str) -> str:
    """`path` seen from `folder`, with "/" between its parts."""
    try:
        relative = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    except ValueError:  # on another drive
        return os.path.realpath(path)
    return relative.replace(os.sep, "/")


def read_run(output: str) -> dict[str, Any]:
    """What run.yaml says; empty where there is none that can be read."""
    try:
        with open(os.path.join(output, RUN), "rb") as file:
            values = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, yaml.YAMLError, UnicodeError):
        return {}
    return values if isinstance(values, dict) else {}
