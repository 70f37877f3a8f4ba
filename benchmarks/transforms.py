"""Times single transforms against Albumentations' of the same work, and against bare OpenCV.

    python benchmarks/transforms.py [--only NAME ...] [--image FILE] [--rounds 5]

Prints a Markdown table of medians in milliseconds: a photo of 500x375, 8 bits, RGB, one thread.
A call of augcli's or of Albumentations' draws its parameters and applies them; one of OpenCV's is
the bare function. `peers/pairs.py` says what is compared with what.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import Self

import numpy as np
from environment import default_folder, peers_python
from peers.pairs import PAIRS, Pair
from photos import draw_photo
from PIL import Image, ImageOps

_PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
_HEIGHT, _WIDTH = 375, 500


class Contender:
    """A script that times transforms when it is asked to, in a process of its own.

    Args:
        python: The interpreter that runs it.
        script: Its file name in `peers/`.
        photo: Path of the photo, as .npy.
    """

    def __init__(self, python: str, script: str, photo: str) -> None:
        self._process = subprocess.Popen(
            [python, os.path.join(_PEERS, script), photo],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._process.communicate()  # the end of its input is its end

    def milliseconds(self, name: str) -> float | None:
        """How long a call of a transform takes; None if it has no such transform.

        Raises:
            RuntimeError: The script failed; it has said why.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the script has no pipes")
        print(name, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} failed at {name}")
        answer: float | None = json.loads(line)
        return answer


def main() -> None:
    """Asks the three in turn for each transform, and prints the table."""
    arguments = _parse()
    python = peers_python(arguments.env)
    with tempfile.TemporaryDirectory() as folder:
        photo = os.path.join(folder, "photo.npy")
        np.save(photo, np.asarray(_photo(arguments.image)))
        with (
            Contender(sys.executable, "own_transforms.py", photo) as own,
            Contender(python, "albumentations_transforms.py", photo) as albumentations,
            Contender(python, "opencv_transforms.py", photo) as opencv,
        ):
            print("| transform | augcli | Albumentations | ratio | OpenCV alone | |")
            print("|---|---|---|---|---|---|")
            for name in arguments.only:
                times = _medians([own, albumentations, opencv], name, arguments.rounds)
                print(_line(name, PAIRS[name], times), flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--only", metavar="NAME", nargs="+", choices=PAIRS, default=list(PAIRS))
    add("--image", metavar="FILE", help="a photo to use instead of a drawn one")
    add("--rounds", type=int, default=5, help="how often each is asked (default: 5)")
    environment = os.path.join(default_folder(), "peers")
    add("--env", metavar="DIR", default=environment, help="peers' environment")
    arguments = parser.parse_args()
    arguments.env = os.path.abspath(arguments.env)
    return arguments


def _photo(path: str | None) -> Image.Image:
    if path is None:
        return draw_photo(_HEIGHT, _WIDTH, seed=0)
    with Image.open(path) as photo:
        return ImageOps.fit(ImageOps.exif_transpose(photo).convert("RGB"), (_WIDTH, _HEIGHT))


def _medians(contenders: list[Contender], name: str, rounds: int) -> list[float | None]:
    """Each one's median over rounds in which all are asked in turn; None for who has none."""
    answers = [[each.milliseconds(name) for each in contenders] for _ in range(rounds)]
    return [_median(list(of_one)) for of_one in zip(*answers, strict=True)]


def _median(answers: list[float | None]) -> float | None:
    times = [answer for answer in answers if answer is not None]
    return statistics.median(times) if times else None


def _line(name: str, pair: Pair, times: list[float | None]) -> str:
    """A row of the table."""
    own, albumentations, opencv = times
    ratio = "" if own is None or albumentations is None else f"{albumentations / own:.1f}"
    cells = [f"`{name}`", *map(_digits, (own, albumentations)), ratio, _digits(opencv)]
    return f"| {' | '.join(cells)} | {pair.differs} |".replace("|  |", "| |")


def _digits(milliseconds: float | None) -> str:
    return "" if milliseconds is None else f"{milliseconds:.2f}"


if __name__ == "__main__":
    main()
