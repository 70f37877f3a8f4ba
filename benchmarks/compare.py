"""Measures augcli against the ways people expand data sets today.

    python benchmarks/compare.py [--only ROW ...] [--out results.json]

See README.md in this folder for what each row is.
"""

import argparse
import dataclasses
import json
import os
import platform
import re
import sys
from typing import Any

from environment import default_folder, packages, peers_python
from measure import Bench, Settings
from results import Contestant, Finding, RowResult, Spread
from rows import ALONE, COMPARISONS


def main() -> None:
    """Measures the rows that are asked for, and prints each when it is done."""
    arguments = _parse()
    wanted = [name for name in (*COMPARISONS, *ALONE) if name in arguments.only]
    python = None
    if any(name in COMPARISONS for name in wanted):
        python = peers_python(arguments.env)
    fields = {field.name for field in dataclasses.fields(Settings)} - {"peers_python"}
    settings = Settings(peers_python=python, **{name: getattr(arguments, name) for name in fields})
    bench = Bench(settings)
    machine = _machine(python)
    print(f"{machine['cpu']}, {settings.workers} workers, Python {machine['python']}")
    results: list[RowResult] = []
    for name in wanted:
        result = bench.measure(name)
        _print_row(result)
        results.append(result)
        if arguments.out:
            _write_json(arguments.out, settings, machine, results)


def _parse() -> argparse.Namespace:
    cache = default_folder()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--images", metavar="DIR", help="photos to use instead of drawn ones")
    add("--sources", type=int, default=1000, help="photos in a data set (default: 1000)")
    add("--large-sources", type=int, default=200, help="the same of 12 megapixels (default: 200)")
    add("--nothing-sources", type=int, default=25_000, help="in row 'nothing' (default: 25000)")
    add("--memory-sources", type=int, default=100_000, help="in row 'memory' (default: 100000)")
    add("--copies", type=int, default=4, help="of every photo (default: 4)")
    add("--rounds", type=int, default=3, help="how often everyone runs (default: 3)")
    add("--workers", type=int, default=_usable_cpus(), help="default: the usable processors")
    rows = [*COMPARISONS, *ALONE]
    add("--only", metavar="ROW", nargs="+", choices=rows, default=rows, help=", ".join(rows))
    add("--out", metavar="FILE", help="write all numbers as JSON")
    add("--env", metavar="DIR", default=os.path.join(cache, "peers"), help="peers' environment")
    add("--work", metavar="DIR", default=os.path.join(cache, "work"), help="data sets, outputs")
    add("--keep", action="store_true", help="keep the last outputs, to look at them")
    arguments = parser.parse_args()
    arguments.work = os.path.abspath(arguments.work)
    arguments.env = os.path.abspath(arguments.env)
    return arguments


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _print_row(result: RowResult) -> None:
    """Prints what everyone did, and what follows from it."""
    print(f"\n{result.name}: {result.title}")
    print(f"{result.sources:,} sources, {result.copies} copies of each")
    print(
        f"  {'':24}{'wall s':>8} {'min':>8} {'max':>8} {'copies/s':>9} {'CPU ms/copy':>12}"
        f" {'kB/copy':>8}"
    )
    for contestant in result.contestants:
        print(_contestant_line(contestant))
    for finding in result.findings:
        print(_finding_line(finding))
    sys.stdout.flush()


def _contestant_line(contestant: Contestant) -> str:
    wall = Spread.of([run.wall for run in contestant.runs])
    cpu = [run.cpu for run in contestant.runs if run.cpu is not None]
    cpu_text = f"{1e3 * Spread.of(cpu).median / contestant.files:.2f}" if cpu else "?"
    return (
        f"  {contestant.name:24}{wall.median:8.2f} {wall.low:8.2f} {wall.high:8.2f}"
        f" {contestant.files / wall.median:9,.0f} {cpu_text:>12}"
        f" {contestant.bytes_per_file / 1e3:8.1f}"
    )


def _finding_line(finding: Finding) -> str:
    spread, unit = finding.spread, finding.unit
    text = f"  {finding.what:38} {spread.median:.2f} {unit}"
    text += f" (min {spread.low:.2f}, max {spread.high:.2f})"
    if finding.at_least is not None:
        text += f"; at least {finding.at_least:g} {unit}"
    if finding.at_most is not None:
        text += f"; at most {finding.at_most:g} {unit}"
    if finding.met is not None:
        text += ": met" if finding.met else ": MISSED"
    return text


def _machine(python: str | None) -> dict[str, Any]:
    """What the numbers depend on."""
    return {
        "system": platform.platform(),
        "cpu": _cpu_name(),
        "cpus": _usable_cpus(),
        "python": platform.python_version(),
        "packages": packages(sys.executable),
        "peers_packages": packages(python) if python else {},
    }


def _cpu_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    except FileNotFoundError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _write_json(
    path: str, settings: Settings, machine: dict[str, Any], results: list[RowResult]
) -> None:
    rows = []
    for result in results:
        row = dataclasses.asdict(result)
        for entry, finding in zip(row["findings"], result.findings, strict=True):
            entry["met"] = finding.met
        rows.append(row)
    content = {"machine": machine, "settings": dataclasses.asdict(settings), "rows": rows}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
