# ruff: noqa: INP001 - a script, no package
"""Draws images/overview.png: four photos of `augcli demo`, each with its copies beside it.

Run it from anywhere: python docs/overview.py
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from grid import save_grid
from PIL import Image

_SHOWN = ("balloon/balloon_2.jpg", "boat/boat_2.jpg", "house/house_1.jpg", "tree/tree_1.jpg")
_TILE = (176, 132)


def _tile(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").resize(_TILE, Image.Resampling.LANCZOS)


def main() -> None:
    """Runs the demo in a temporary folder, and draws what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "demo")
        command = [sys.executable, "-m", "augcli", "demo", os.fspath(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own
        copies = folder / "photos-augmented"
        records = [json.loads(line) for line in (copies / "manifest.jsonl").open("rb")]
        rows = [
            [_tile(folder / "photos" / source)]
            + [_tile(copies / r["file_name"]) for r in records if r["source"] == source]
            for source in _SHOWN
        ]
    save_grid(rows, os.fspath(Path(__file__).parent / "images" / "overview.png"))


if __name__ == "__main__":
    main()
