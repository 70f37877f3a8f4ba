"""run.yaml: the resolved config, its digest, and the versions of what shaped the pixels."""

import hashlib
import importlib.metadata
import json
import os
from typing import Any

import yaml

from augcli import __version__
from augcli.config.schema import Config, pixel_digest, resolved
from augcli.config.yaml_text import dump_yaml
from augcli.pipeline.records import RUN

PIXEL_LIBRARIES = ("numpy", "scipy", "pillow", "numba", "isal")
"""Distributions whose version may change the bytes of a copy."""
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


def run_digest(config: Config, used: dict[str, str]) -> str:
    """SHA-256 of all that shapes a copy, but for its source: settings and versions."""
    text = json.dumps([pixel_digest(config), used], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def run_text(config: Config, used: dict[str, str], *, source: str, output: str) -> bytes:
    """The content of run.yaml.

    The output's own path is not in it, and the source's is relative to it: source and output can
    be moved together, and it does not matter which folder the command was run in.
    """
    settings = resolved(config)
    del settings["output"]
    settings["source"] = _relative(source, output)
    values = {"digest": run_digest(config, used), "versions": used, "config": settings}
    head = "# How this folder was made. Written by augcli; `manifest.jsonl` lists its files.\n"
    return (head + dump_yaml(values)).encode("utf-8", "backslashreplace")


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
