"""The statistics that a run standardises with: given, taken over, or measured first."""

import os
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import StatisticsFile
from augcli.pipeline.origin import for_training, origin_of, sources_of
from augcli.pipeline.progress import Progress
from augcli.pipeline.records import STATISTICS
from augcli.pipeline.settings import has_statistics, read_run
from augcli.pipeline.statistics import fit
from augcli.pipeline.statistics_file import Fitted, check_fits, load, save


def standing_statistics(config: Config, used: dict[str, str], output: str) -> Fitted | None:
    """The statistics that a run has, before it measures any.

    Args:
        config: The resolved config; its seed is a number.
        used: The versions of what shapes the pixels.
        output: The output folder, where an earlier run may have left some.

    Returns:
        Those of the file that the config names; else those of an earlier run, if measuring again
        would give the same; None when there are none.

    Raises:
        UsageError: The named file does not fit the config.
    """
    if config.statistics is not None:
        fitted = load(config.statistics)
        check_fits(config.statistics, fitted, config)
        return fitted
    path = os.path.join(output, STATISTICS)
    if not os.path.exists(path):
        return None
    try:
        fitted = load(path)
    except UsageError:  # damaged: measured again
        return None
    measured = {key: value for key, value in fitted.origin.items() if key != "measured"}
    if measured | {"sources": None} != origin_of(config, used, {}) | {"sources": None}:
        return None
    return fitted if measured["sources"] == sources_of(for_training(config)) else None


@dataclass(frozen=True, slots=True, eq=False)
class RunStatistics:
    """The statistics that a run standardises with.

    Attributes:
        fitted: The statistics.
        images: How many images were measured for them by this run; 0 when they stood already.
        warnings: What a person should know of the numbers, in words.
    """

    fitted: Fitted
    images: int
    warnings: tuple[str, ...]

    def keep(self, output: str) -> StatisticsFile:
        """Puts them beside the manifest, from where workers, and later runs, read them.

        Raises:
            OutputError: The file cannot be written.
        """
        path = os.path.join(output, STATISTICS)
        if not os.path.exists(path) or _digest_of(path) != self.fitted.digest:
            save(path, self.fitted)
        return StatisticsFile(path, self.fitted.digest)


def run_statistics(
    config: Config,
    *,
    used: dict[str, str],
    output: str,
    workers: int,
    progress: Progress,
    interruption: Interruption,
) -> RunStatistics:
    """The statistics of a run, measured now unless they stand already.

    Raises:
        UsageError: As `fit` and `standing_statistics`; or somebody else's file is in the way.
        InterruptedRunError: The run was told to stop.
    """
    path = os.path.join(output, STATISTICS)
    if os.path.lexists(path) and not _is_ours(path, output):
        raise UsageError(
            f"{path} was not written by augcli, and the statistics are to be kept there; move it, "
            f"or choose another output"
        )
    fitted = standing_statistics(config, used, output)
    if fitted is not None:
        return RunStatistics(fitted, 0, ())
    measured = fit(config, used=used, workers=workers, progress=progress, interruption=interruption)
    images = measured.fitted.origin["measured"]["images"]
    return RunStatistics(measured.fitted, images, measured.warnings)


def _is_ours(path: str, output: str) -> bool:
    """Whether augcli wrote the file: an earlier run says so, or the file itself."""
    return has_statistics(read_run(output)) or _digest_of(path) is not None


def _digest_of(path: str) -> str | None:
    """Digest of the statistics in a file; None when it is none of ours, or damaged."""
    try:
        return load(path).digest
    except UsageError:
        return None
