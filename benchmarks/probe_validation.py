"""Holds `augcli probe` against small convolutional networks: does it foresee what they gain?

    python benchmarks/probe_validation.py --python ENV/bin/python --data FOLDER [FOLDER ...]

ENV has what `probe_cnn/requirements.txt` asks for; each FOLDER is a folder of class folders, and
scikit-learn's digits are there without being asked for. All that was done stays in `--work`, and
is not done again. Prints the tables of docs/probe.md as Markdown, and writes
`probe_validation.json` with every number.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from environment import default_folder
from numpy.typing import NDArray
from scipy.stats import spearmanr

_HERE = os.path.dirname(os.path.abspath(__file__))
_COPIES = 2
_BEYOND = 2.0  # standard errors

# One run of the probe each: the default budget is for a config of a handful of ranges.
CONFIGS: dict[str, dict[str, Any]] = {
    "first": {
        "horizontal_flip": True,
        "rotation_range": 15,
        "width_shift_range": 0.1,
        "shear_range": 15,
        "zoom_range": 0.2,
        "brightness_range": [0.5, 1.5],
    },
    "second": {
        "vertical_flip": True,
        "rotation_range": 180,
        "width_shift_range": 0.4,
        "height_shift_range": 0.1,
        "channel_shift_range": 40,
        "brightness_range": [0.2, 4],
    },
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What the networks and the probe say of one range.

    Attributes:
        data: The data set.
        arm: The range, as a person writes it.
        network: Change of the networks' accuracy on held-out images, in points.
        error: Its standard error.
        probed: Change that the probe gives, in points.
        low: Lower end of the probe's interval.
        high: Upper end.
        verdict: The probe's.
    """

    data: str
    arm: str
    network: float
    error: float
    probed: float
    low: float
    high: float
    verdict: str

    @property
    def is_beyond_noise(self) -> bool:
        """Whether the networks' change is."""
        return abs(self.network) > _BEYOND * self.error

    @property
    def agrees(self) -> bool:
        """Whether both changes have the same sign."""
        return self.network * self.probed > 0


@dataclass(frozen=True)
class Agreement:
    """How far the two agree on some rows.

    Attributes:
        data: The data set; "all" for all rows together.
        rows: How many ranges.
        spearman: Rank correlation of the changes.
        beyond: Ranges whose change is beyond the networks' noise.
        agreeing: Those of them where the probe's change has the same sign.
        verdicts: Ranges that the probe has a verdict on, helps or hurts.
        borne_out: Those of them where the networks' change has the same sign.
    """

    data: str
    rows: int
    spearman: float
    beyond: int
    agreeing: int
    verdicts: int
    borne_out: int


def main() -> None:
    """Makes copies, trains, probes, and compares."""
    arguments = _parse()
    os.makedirs(arguments.work, exist_ok=True)
    sources = {os.path.basename(os.path.abspath(path)): path for path in arguments.data}
    sources |= {f"digits-{images}": _digits(arguments, images) for images in arguments.digits}
    benches = [_Bench(name, source, arguments) for name, source in sources.items()]
    for bench in benches:
        bench.expand()
    for bench in benches:
        bench.probe()
    _run_all([bench.start_training for bench in benches], arguments.jobs)
    rows = [row for bench in benches for row in bench.rows()]
    agreements = [_agreement(name, [row for row in rows if row.data == name]) for name in sources]
    agreements.append(_agreement("all", rows))
    _print_tables(rows, agreements)
    baselines = {bench.name: bench.baselines() for bench in benches}
    _write(os.path.join(arguments.work, "probe_validation.json"), baselines, rows, agreements)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--python", required=True, metavar="FILE", help="interpreter that has PyTorch")
    add("--data", nargs="*", default=[], metavar="FOLDER", help="folders of class folders")
    sizes = [300, 100]
    add("--digits", type=int, nargs="*", default=sizes, help="sets of so many (default: 300 100)")
    add("--steps", type=int, default=200, help="of the optimiser (default: 200)")
    add("--folds", type=int, default=5, help="parts of the images (default: 5)")
    add("--repeats", type=int, default=3, help="how often they are cut anew (default: 3)")
    add("--minutes", type=float, default=60, help="of training, for each data set (default: 60)")
    add("--jobs", type=int, default=2, help="data sets trained on at once (default: 2)")
    work = os.path.join(default_folder(), "probe")
    add("--work", default=work, metavar="DIR", help="what was done (default: %(default)s)")
    return parser.parse_args()


def _digits(arguments: argparse.Namespace, images: int) -> str:
    """The folder of so many digits, which are written if they are not there."""
    folder = os.path.join(arguments.work, f"digits-{images}")
    if not os.path.exists(folder):
        script = os.path.join(_HERE, "probe_cnn", "digits.py")
        command = [arguments.python, script, folder, str(images)]
        subprocess.run(command, check=True)
    return folder


def _arm(key: str, value: Any) -> str:
    """A range as a person writes it."""
    return f"{key}: {json.dumps(value)}"


class _Bench:
    """What is done with one data set.

    Args:
        name: What the tables call it.
        source: Its folder.
        arguments: The command line's.
    """

    def __init__(self, name: str, source: str, arguments: argparse.Namespace) -> None:
        self.name = name
        self._source = os.path.abspath(source)
        self._arguments = arguments
        self._folder = os.path.join(arguments.work, f"of-{name}")
        self._outputs = {
            _arm(key, value): os.path.join(self._folder, f"{config}-{key}")
            for config, ranges in CONFIGS.items()
            for key, value in ranges.items()
        }

    def expand(self) -> None:
        """Writes the copies of each range alone, with the main command."""
        os.makedirs(self._folder, exist_ok=True)
        for config, ranges in CONFIGS.items():
            for key, value in ranges.items():
                output = os.path.join(self._folder, f"{config}-{key}")
                file = self._write_config(f"{config}-{key}", {key: value})
                command = ["expand", self._source, output, "-c", file, "-n", str(_COPIES), "-q"]
                _augcli(command)

    def probe(self) -> None:
        """Probes each config at the default budget."""
        for config, ranges in CONFIGS.items():
            if os.path.exists(self._probed(config)):
                continue
            file = self._write_config(config, ranges)
            found = _augcli(["probe", self._source, "-c", file, "--json", "--no-audit"])
            with open(self._probed(config), "w", encoding="utf-8") as answer:
                answer.write(found)

    def start_training(self) -> "subprocess.Popen[bytes]":
        """Starts the training, which goes on where it was."""
        task = {
            "source": self._source,
            "outputs": self._outputs,
            "steps": self._arguments.steps,
            "folds": self._arguments.folds,
            "repeats": self._arguments.repeats,
            "minutes": self._arguments.minutes,
            "results": self._results,
        }
        file = os.path.join(self._folder, "task.json")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump(task, stream, indent=1)
        script = os.path.join(_HERE, "probe_cnn", "train.py")
        return subprocess.Popen([self._arguments.python, script, file])

    def rows(self) -> list[Row]:
        """One for each range."""
        accuracies = self._accuracies()
        found: list[Row] = []
        for config, ranges in CONFIGS.items():
            probed = {one["arm"]: one["alone"]["effect"] for one in self._found(config)["ranges"]}
            for key, value in ranges.items():
                arm = _arm(key, value)
                change, error = compare(accuracies[arm], accuracies[""], self._arguments.folds)
                effect = probed[key]
                low, high = effect["interval"]["low"], effect["interval"]["high"]
                verdict = effect["verdict"]
                found.append(
                    Row(self.name, arm, change, error, effect["change"], low, high, verdict)
                )
        return found

    def baselines(self) -> dict[str, Any]:
        """What both read right without augmentation, and from how much that comes."""
        found = self._found("first")
        accuracies = self._accuracies()[""]
        return {
            "network": float(np.mean(list(accuracies.values()))),
            "splits": len(accuracies),
            "probe": found["baseline"],
            "images": found["settings"]["images"],
        }

    @property
    def _results(self) -> str:
        return os.path.join(self._folder, f"fits-{self._arguments.steps}.jsonl")

    def _accuracies(self) -> dict[str, dict[tuple[int, int], float]]:
        """Of each arm, the accuracy in each fold of each repeat, in points."""
        accuracies: dict[str, dict[tuple[int, int], float]] = defaultdict(dict)
        with open(self._results, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                share = 100 * line["correct"] / line["images"]
                accuracies[line["arm"]][line["repeat"], line["fold"]] = share
        return accuracies

    def _probed(self, config: str) -> str:
        return os.path.join(self._folder, f"probe-{config}.json")

    def _found(self, config: str) -> dict[str, Any]:
        with open(self._probed(config), encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
        return found

    def _write_config(self, name: str, ranges: dict[str, Any]) -> str:
        """A config file of these ranges. JSON is YAML."""
        file = os.path.join(self._folder, f"{name}.yaml")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump({"transforms": ranges}, stream)
        return file


def _augcli(arguments: Sequence[str]) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "augcli", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _run_all(starts: Sequence[Callable[[], "subprocess.Popen[bytes]"]], jobs: int) -> None:
    """Runs processes, so many at once.

    Raises:
        subprocess.CalledProcessError: One of them failed.
    """
    for first in range(0, len(starts), jobs):
        running = [start() for start in starts[first : first + jobs]]
        for process in running:
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, process.args)


def compare(
    with_copies: dict[tuple[int, int], float], without: dict[tuple[int, int], float], folds: int
) -> tuple[float, float]:
    """The mean change over splits that both were trained on, and its standard error.

    Training sets overlap, so splits are not independent: the variance of the mean is
    (1 / splits + 1 / (folds - 1)) times that between splits (Nadeau & Bengio 2003).

    Args:
        with_copies: Accuracy by (repeat, fold), in points.
        without: The same without copies.
        folds: Parts that the images were cut into.

    Raises:
        ValueError: There are fewer than two such splits.
    """
    splits = sorted(with_copies.keys() & without.keys())
    if len(splits) < 2:
        raise ValueError("two splits are the least: give the training more --minutes")
    changes = np.array([with_copies[split] - without[split] for split in splits])
    factor = 1 / len(splits) + 1 / (folds - 1)
    return float(changes.mean()), math.sqrt(factor * float(changes.var(ddof=1)))


def _agreement(data: str, rows: Sequence[Row]) -> Agreement:
    beyond = [row for row in rows if row.is_beyond_noise]
    judged = [row for row in rows if row.verdict != "no evidence"]
    changes = [row.network for row in rows], [row.probed for row in rows]
    return Agreement(
        data=data,
        rows=len(rows),
        spearman=float(spearmanr(*changes).statistic),
        beyond=len(beyond),
        agreeing=sum(row.agrees for row in beyond),
        verdicts=len(judged),
        borne_out=sum(row.agrees for row in judged),
    )


def _print_tables(rows: Sequence[Row], agreements: Sequence[Agreement]) -> None:
    print("| data | range | networks | probe | its verdict |\n|---|---|---|---|---|")
    for row in rows:
        network = f"{row.network:+.1f} ± {row.error:.1f}"
        network = f"**{network}**" if row.is_beyond_noise else network
        probed = f"{row.probed:+.1f} ({row.low:+.1f} to {row.high:+.1f})"
        print(f"| {row.data} | `{row.arm}` | {network} | {probed} | {row.verdict} |")
    print("\n| data | ranges | Spearman | same sign, beyond noise | verdicts borne out |")
    print("|---|---|---|---|---|")
    for found in agreements:
        signs = f"{found.agreeing} of {found.beyond}"
        verdicts = f"{found.borne_out} of {found.verdicts}"
        print(f"| {found.data} | {found.rows} | {found.spearman:+.2f} | {signs} | {verdicts} |")


def _write(
    file: str, baselines: dict[str, Any], rows: Sequence[Row], agreements: Sequence[Agreement]
) -> None:
    numbers = {
        "baselines": baselines,
        "rows": [asdict(row) for row in rows],
        "agreements": [asdict(found) for found in agreements],
    }
    with open(file, "w", encoding="utf-8") as stream:
        json.dump(numbers, stream, indent=1)


if __name__ == "__main__":
    main()
