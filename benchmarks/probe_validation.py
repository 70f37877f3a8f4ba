"""Holds `augcli probe` against small convolutional networks: does it foresee what they gain?

    python benchmarks/probe_validation.py --python ENV/bin/python
        [--data FOLDER ...] [--draw IMAGES FOLDER] [--draw IMAGES FOLDER] ...

ENV has what `probe_cnn/requirements.txt` asks for; each FOLDER is a folder of class folders. Those
of `--data` have few images: one part after the other is held out, and networks that learn from the
rest are judged on it. From those of `--draw`, which have many, IMAGES are drawn to learn from, and
networks are judged on thousands of others; scikit-learn's digits come so without being asked for.
All that was done stays in `--work`, and is not done again. Prints the tables of docs/probe.md as
Markdown, and writes `probe_validation.json` with every number.
"""

import argparse
import json
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
from probe_agreement import (
    Agreement,
    Baseline,
    Row,
    agreements,
    compare_seeds,
    compare_splits,
    print_agreements,
    print_baselines,
    print_rows,
)
from probe_drawing import draw

_HERE = os.path.dirname(os.path.abspath(__file__))
_COPIES = 2

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


@dataclass(frozen=True)
class Source:
    """Where the images of a data set are.

    Attributes:
        name: What the tables call it.
        folder: Of the images to learn from, in class folders.
        untouched: Of others that networks are judged on; None if parts of the first are held out.
    """

    name: str
    folder: str
    untouched: str | None = None


def main() -> None:
    """Draws, makes copies, trains, probes, and compares."""
    parser = _parser()
    arguments = parser.parse_args()
    os.makedirs(arguments.work, exist_ok=True)
    try:
        benches = [_Bench(source, arguments) for source in _sources(arguments)]
    except ValueError as error:
        parser.error(str(error))
    unknown = set(arguments.chosen_on) - {bench.name for bench in benches}
    if unknown:
        parser.error(f"--chosen-on: no such data sets: {', '.join(sorted(unknown))}")
    for bench in benches:
        bench.expand()
    _run_all([bench.start_training for bench in benches], arguments.jobs)
    if arguments.train_only:
        return
    for bench in benches:
        bench.probe()
    baselines = [bench.baseline() for bench in benches]
    rows = [row for bench in benches for row in bench.rows()]
    found = agreements(rows, arguments.chosen_on)
    print_baselines(baselines)
    print()
    print_rows(rows)
    print()
    print_agreements(found)
    _write(os.path.join(arguments.work, "probe_validation.json"), baselines, rows, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--python", required=True, metavar="FILE", help="interpreter that has PyTorch")
    add("--data", nargs="*", default=[], metavar="FOLDER", help="folders of few images")
    words = "draw so many from a folder of many; may be repeated"
    add("--draw", nargs=2, action="append", default=[], metavar=("IMAGES", "FOLDER"), help=words)
    sizes = [50, 100]
    add("--digits", type=int, nargs="*", default=sizes, help="draw so many (default: 50 100)")
    words = "data sets that settings of the probe were chosen on"
    add("--chosen-on", nargs="*", default=[], metavar="NAME", help=words)
    add("--train-only", action="store_true", help="train the networks, and no more")
    add("--steps", type=int, default=300, help="of the optimiser (default: 300)")
    add("--folds", type=int, default=5, help="parts of few images (default: 5)")
    add("--repeats", type=int, default=3, help="how often they are cut anew (default: 3)")
    words = "networks, each from other first weights, for drawn images (default: 5)"
    add("--seeds", type=int, default=5, help=words)
    words = "of training, for each data set; 0 for no more than is done (default: 60)"
    add("--minutes", type=float, default=60, help=words)
    add("--jobs", type=int, default=2, help="data sets trained on at once (default: 2)")
    work = os.path.join(default_folder(), "probe")
    add("--work", default=work, metavar="DIR", help="what was done (default: %(default)s)")
    return parser


def _sources(arguments: argparse.Namespace) -> list[Source]:
    """The data sets; what is to be drawn is drawn."""
    sources = [
        Source(os.path.basename(os.path.abspath(folder)), os.path.abspath(folder))
        for folder in arguments.data
    ]
    drawn = [(int(images), folder) for images, folder in arguments.draw]
    if arguments.digits:
        digits = _digits(arguments)
        drawn += [(images, digits) for images in arguments.digits]
    return sources + [_drawn(folder, images, arguments.work) for images, folder in drawn]


def _digits(arguments: argparse.Namespace) -> str:
    """The folder of all digits, which are written if they are not there."""
    folder = os.path.join(arguments.work, "digits")
    if not os.path.exists(folder):
        script = os.path.join(_HERE, "probe_cnn", "digits.py")
        subprocess.run([arguments.python, script, folder], check=True)
    return folder


def _drawn(folder: str, images: int, work: str) -> Source:
    """A data set of so many images of a folder."""
    name = f"{os.path.basename(os.path.abspath(folder))}-{images}"
    drawn = os.path.abspath(os.path.join(work, name))
    source = Source(name, drawn, f"{drawn}-untouched")
    draw(folder, images, drawn, f"{drawn}-untouched")
    return source


def _arm(key: str, value: Any) -> str:
    """A range as a person writes it."""
    return f"{key}: {json.dumps(value)}"


class _Bench:
    """What is done with one data set.

    Args:
        source: Its images.
        arguments: The command line's.
    """

    def __init__(self, source: Source, arguments: argparse.Namespace) -> None:
        self.name = source.name
        self._source = source
        self._arguments = arguments
        self._folder = os.path.join(arguments.work, f"of-{source.name}")
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
                command = [
                    "expand",
                    self._source.folder,
                    output,
                    "-c",
                    file,
                    "-n",
                    str(_COPIES),
                    "-q",
                ]
                _augcli(command)

    def start_training(self) -> "subprocess.Popen[bytes]":
        """Starts the training, which goes on where it was."""
        is_drawn = self._source.untouched is not None
        task = {
            "source": self._source.folder,
            "untouched": self._source.untouched,
            "outputs": self._outputs,
            "steps": self._arguments.steps,
            "folds": self._arguments.folds,
            "repeats": self._arguments.seeds if is_drawn else self._arguments.repeats,
            "minutes": self._arguments.minutes,
            "results": self._results,
        }
        file = os.path.join(self._folder, "task.json")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump(task, stream, indent=1)
        script = os.path.join(_HERE, "probe_cnn", "train.py")
        return subprocess.Popen([self._arguments.python, script, file])

    def probe(self) -> None:
        """Probes each config at the default budget."""
        for config, ranges in CONFIGS.items():
            if os.path.exists(self._probed(config)):
                continue
            file = self._write_config(config, ranges)
            command = ["probe", self._source.folder, "-c", file, "--json", "--no-audit"]
            found = _augcli(command)
            with open(self._probed(config), "w", encoding="utf-8") as answer:
                answer.write(found)

    def rows(self) -> list[Row]:
        """One for each range."""
        found: list[Row] = []
        for config, ranges in CONFIGS.items():
            probed = {one["arm"]: one["alone"]["effect"] for one in self._found(config)["ranges"]}
            for key, value in ranges.items():
                change, error = self._network_change(_arm(key, value))
                effect = probed[key]
                row = Row(
                    data=self.name,
                    arm=_arm(key, value),
                    network=change,
                    error=error,
                    probed=effect["change"],
                    low=effect["interval"]["low"],
                    high=effect["interval"]["high"],
                    verdict=effect["verdict"],
                )
                found.append(row)
        return found

    def baseline(self) -> Baseline:
        """What both read right without augmentation."""
        found = self._found("first")
        reads = self._reads()[""]
        judged = sum(len(right) for (repeat, _), right in reads.items() if repeat == 0)
        return Baseline(
            data=self.name,
            images=found["settings"]["images"],
            classes=len(os.listdir(self._source.folder)),
            splits=len(reads),
            judged=judged,
            network=100 * float(np.mean([right.mean() for right in reads.values()])),
            probe=found["baseline"],
        )

    @property
    def _results(self) -> str:
        return os.path.join(self._folder, f"networks-{self._arguments.steps}.jsonl")

    def _network_change(self, arm: str) -> tuple[float, float]:
        """How much better networks are with copies, and the standard error, in points."""
        reads = self._reads()
        if self._source.untouched is not None:
            return compare_seeds(reads[arm], reads[""])
        return compare_splits(reads[arm], reads[""], self._arguments.folds)

    def _reads(self) -> dict[str, dict[tuple[int, int], NDArray[np.bool_]]]:
        """Of each arm, what the network of each repeat and fold read right."""
        reads: dict[str, dict[tuple[int, int], NDArray[np.bool_]]] = defaultdict(dict)
        with open(self._results, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                right = np.frombuffer(line["right"].encode(), np.uint8) == ord("1")
                reads[line["arm"]][line["repeat"], line["fold"]] = right
        return reads

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


def _write(
    file: str, baselines: Sequence[Baseline], rows: Sequence[Row], found: Sequence[Agreement]
) -> None:
    numbers = {
        "baselines": [asdict(baseline) for baseline in baselines],
        "rows": [asdict(row) for row in rows],
        "agreements": [asdict(agreement) for agreement in found],
    }
    with open(file, "w", encoding="utf-8") as stream:
        json.dump(numbers, stream, indent=1)


if __name__ == "__main__":
    main()
