"""A run as its run.yaml has it: the config, and the versions of what shaped the pixels."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

from augcli.config.loader import Flag, load_config
from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.config.tree import Layer, Mark, Problems, to_plain
from augcli.config.yaml_text import read_yaml
from augcli.errors import AugcliError, UsageError
from augcli.pipeline.jobs import StatisticsFile
from augcli.pipeline.manifest import finished_manifest
from augcli.pipeline.records import RUN, STATISTICS
from augcli.pipeline.settings import PLUGIN, run_digest
from augcli.pipeline.shards.targets import Targets
from augcli.transforms.registry import plugin_packages

_PATHS = ("source", "directory", "statistics")  # relative to the output
_MAPPINGS = ("masks", "annotations")  # whose "path" is


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """What run.yaml says.

    Attributes:
        output: The folder that the run wrote to.
        config: Its settings, without an output; paths are seen from the current folder.
        versions: Versions of augcli, its libraries and codecs, by name.
        digest: Digest of settings, versions, statistics and targets.
        targets: How the `y` of its shards was made; None where it made no shards.
        annotations: Digest of what annotations said of classes and keypoints for all images at
            once; None where the run had neither masks nor annotations.
    """

    output: str
    config: Config
    versions: dict[str, str]
    digest: str
    targets: Targets | None = None
    annotations: str | None = None


def read_recorded_run(output: str, source: str | None = None) -> RecordedRun:
    """The run that wrote to `output`. Nothing that it names is opened or imported.

    Args:
        output: The folder it wrote to.
        source: Where its source is now; None for where run.yaml says. Where the source was a CSV,
            this may also be the folder that the paths in it are relative to.

    Raises:
        AugcliError: A run is not done with it.
        UsageError: There is no manifest, no run.yaml, or it does not say how the copies were made;
            or they were made with a package that is not installed.
        ConfigError: Its config does not hold.
    """
    finished_manifest(output)
    path = os.path.join(output, RUN)
    values = _read(path)
    config, versions, digest = (values.get(key) for key in ("config", "versions", "digest"))
    if not isinstance(config, dict) or not _are_versions(versions) or not isinstance(digest, str):
        raise UsageError(f"{path} does not say how the copies were made; was it edited?")
    _check_packages(path, versions)
    config = {**config, **_placed(config, output)}
    if source is not None:
        config |= _moved(config, source)
    flags = {key: Flag(path, value) for key, value in config.items()}
    loaded = load_config(flags=flags)
    targets = _targets(path, values) if loaded.save_format == "npz" else None
    annotations = values.get("annotations")
    if annotations is not None and not isinstance(annotations, str):
        raise UsageError(f"{path} does not say how the copies were made; was it edited?")
    return RecordedRun(output, loaded, versions, digest, targets, annotations)


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            text = file.read().decode()
    except FileNotFoundError:
        raise UsageError(
            f"there is no {path}, which says how the copies were made; without it they cannot be "
            f"rebuilt"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    values = to_plain(read_yaml(text, Mark(Layer.FILE, path, 1, 1), Problems()))
    return values if isinstance(values, dict) else {}


def _targets(path: str, values: dict[str, Any]) -> Targets:
    """How the `y` of shards was made.

    Raises:
        UsageError: It does not say.
    """
    try:
        return Targets.of_plain(values.get("targets"))
    except ValueError as error:
        raise UsageError(f"{path} does not say how y was made: {error}; was it edited?") from error


def _are_versions(value: object) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _check_packages(path: str, versions: dict[str, str]) -> None:
    """Makes sure that the packages are installed whose transforms the run used.

    Without them their transforms would be unknown keys of its config.

    Raises:
        UsageError: One is not.
    """
    installed = plugin_versions(versions)
    missing = [
        f"{name.removeprefix(PLUGIN)} {version}"
        for name, version in versions.items()
        if name.startswith(PLUGIN) and name not in installed
    ]
    if missing:
        packages = " and ".join(missing)
        raise UsageError(
            f"{path}: the copies were made with transforms of {packages}, not installed here; "
            f"install {packages}, and run this again"
        )


def plugin_versions(recorded: Iterable[str]) -> dict[str, str]:
    """Versions of the packages with transforms that are installed, named as in run.yaml.

    Args:
        recorded: The names in a run.yaml. Where there is no such package among them, none is looked
            for: how those that are installed get on with each other does not concern that run.

    Raises:
        UsageError: Two of them have a transform of the same name, or one has one of augcli's.
    """
    if not any(name.startswith(PLUGIN) for name in recorded):
        return {}
    return {f"{PLUGIN}{name}": version for name, version in plugin_packages().items()}


def _placed(config: dict[str, Any], output: str) -> dict[str, Any]:
    """The paths of the config, which are relative to the output, seen from the current folder."""

    def placed(path: str) -> str:
        return os.path.normpath(os.path.join(os.path.abspath(output), path))

    plain = {key: placed(config[key]) for key in _PATHS if isinstance(config.get(key), str)}
    nested = {key: config[key] | {"path": placed(config[key]["path"])} for key in _nested(config)}
    return plain | nested


def _nested(config: dict[str, Any]) -> list[str]:
    """The keys of mappings that have a path."""
    return [
        key
        for key in _MAPPINGS
        if isinstance(config.get(key), dict) and isinstance(config[key].get("path"), str)
    ]


def _moved(config: dict[str, Any], source: str) -> dict[str, Any]:
    """What the config says instead, now that its source is elsewhere.

    Masks and annotations are taken from where they are as seen from the source, if they are there.

    Raises:
        UsageError: The new source is of another kind.
    """
    before = source_kind(str(config.get("source")))
    now = source_kind(source)
    if before == "csv" and now == "folder":
        return {"directory": source, **_moved_along(config, config.get("directory"), source)}
    if now != before:
        what = "a folder" if before == "folder" else f"a .{before}"
        raise UsageError(f"--source: the copies were made of {what}, and {source} is none")
    return {"source": source, **_moved_along(config, config.get("source"), source)}


def _moved_along(config: dict[str, Any], before: object, now: str) -> dict[str, Any]:
    """Masks and annotations beside or in a folder that was `before` and is `now`."""
    moved: dict[str, Any] = {}
    if not isinstance(before, str):
        return moved
    for key in _nested(config):
        path = os.path.normpath(os.path.join(now, os.path.relpath(config[key]["path"], before)))
        if os.path.exists(path):
            moved[key] = config[key] | {"path": path}
    return moved


def differences(
    run: RecordedRun, used: dict[str, str], statistics: str | None, annotations: str | None
) -> list[str]:
    """What has changed since the run, of all that shapes a copy; in words, and empty for nothing.

    Args:
        run: The run.
        used: The versions of today.
        statistics: Digest of the statistics that stand beside the manifest; None for none.
        annotations: Digest of what annotations say now of classes and keypoints.
    """
    found = [
        f"{name}: then {run.versions.get(name, 'absent')}, now {used.get(name, 'absent')}"
        for name in sorted({*run.versions, *used})
        if run.versions.get(name) != used.get(name)
    ]
    if annotations != run.annotations:
        found.append("the classes or keypoints that the annotations name have changed")
    if not is_as_digested(run, statistics):
        among = RUN if statistics is None else f"{RUN} or {STATISTICS}"
        found.append(f"the settings or numbers in {among} are not those that the run had")
    return found


def is_as_digested(run: RecordedRun, statistics: str | None) -> bool:
    """Whether settings and versions are those of the digest, and the statistics of this one."""
    digest = run_digest(run.config, run.versions, statistics, run.targets, run.annotations)
    return digest == run.digest


def recorded_statistics(run: RecordedRun) -> StatisticsFile | None:
    """The statistics that the run standardised with; None where it needed none.

    Raises:
        UsageError: They are gone, or damaged.
    """
    settings = run.config.standardization
    if settings is None or not settings.needs_statistics:
        return None
    from augcli.pipeline.statistics_file import load  # noqa: PLC0415  loads numpy

    path = os.path.join(run.output, STATISTICS)
    try:
        return StatisticsFile(path, load(path).digest)
    except AugcliError as error:
        raise UsageError(
            f"the copies were standardised with {path}, which is gone or damaged; put it back"
        ) from error
