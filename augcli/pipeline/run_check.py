"""Whether run.yaml and the statistics, from which copies are rebuilt, are as the run left them."""

import os
from typing import Any

from augcli import __version__
from augcli.errors import ConfigError, UsageError
from augcli.pipeline.recorded import is_as_digested, plugin_versions, read_recorded_run
from augcli.pipeline.records import RUN, STATISTICS
from augcli.pipeline.settings import PLUGIN, has_statistics, read_run


def find_damage(output: str) -> tuple[str, str] | None:
    """The first of them that is not as the run left it, and why; None when all are.

    The settings are held against their digest only where augcli and the packages that bring
    transforms are those of the run: other versions may take them otherwise.

    Args:
        output: The output folder, in which all of them are, and whose run has come to its end.
    """
    written = read_run(output)
    statistics = None
    if has_statistics(written):
        from augcli.pipeline.statistics_file import load  # noqa: PLC0415  loads numpy

        try:
            statistics = load(os.path.join(output, STATISTICS)).digest
        except UsageError:
            return STATISTICS, "no whole file of statistics"
    if _is_of_other_code(written.get("versions")):
        return None
    try:
        run = read_recorded_run(output)
    except ConfigError as error:
        return RUN, error.problems[0].message
    except UsageError:
        return RUN, "does not say how the copies were made"
    if is_as_digested(run, statistics):
        return None
    or_numbers = "" if statistics is None else f" or the numbers in {STATISTICS}"
    return RUN, f"its settings{or_numbers} are not those that the run had"


def _is_of_other_code(versions: Any) -> bool:
    """Whether these are not the versions here of augcli and the packages with transforms."""
    if not isinstance(versions, dict):
        return False
    names = [str(name) for name in versions]
    here = {"augcli": __version__} | plugin_versions(names)
    of_code = [name for name in names if name == "augcli" or name.startswith(PLUGIN)]
    return any(versions.get(name) != here.get(name) for name in of_code)
