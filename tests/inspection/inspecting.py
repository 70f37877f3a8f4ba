"""Data sets to inspect, and what is found in them."""

from pathlib import Path

import numpy as np
from PIL import Image
from support import draw

from augcli.config.loader import load_config
from augcli.config.traps import Finding
from augcli.inspection.inspection import inspect


def draw_classes(root: Path, **numbers: int) -> Path:
    """A folder of classes, each with so many pictures, all of them different."""
    seed = 0
    for name, number in numbers.items():
        for index in range(number):
            seed += 1
            draw(root / name.lstrip("_") / f"{index}.png", seed=seed)
    return root


def save(path: Path, array: np.ndarray) -> Path:
    """A picture of an array."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)
    return path


def found(source: Path, *overrides: str) -> dict[str, Finding]:
    """What an inspection finds, by its kind, with these texts of `--set`."""
    config = load_config(overrides=[f"source={source}", *overrides])
    findings = inspect(config).findings
    kinds = {finding.kind: finding for finding in findings}
    assert len(kinds) == len(findings), "one kind twice"
    return kinds
