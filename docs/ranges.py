# ruff: noqa: INP001 - a script, no package
"""Draws the strips of ranges.md: each range at its low end, in its middle and at its high end.

Run it from anywhere: python docs/ranges.py
"""

import io
import os
from pathlib import Path

import numpy as np
from grid import save_grid
from PIL import Image

from augcli.report.samples import SAMPLE_PHOTOS
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.ranges import Ranges

_PHOTO = "house/house_1.jpg"
_TILE = (176, 132)  # width, height

STRIPS: dict[str, list[Params]] = {
    "rotation_range": [{"theta": angle} for angle in (-20.0, 0.0, 20.0)],
    "width_shift_range": [{"ty": 0.2 * sign * _TILE[0]} for sign in (-1, 0, 1)],
    "height_shift_range": [{"tx": 0.2 * sign * _TILE[1]} for sign in (-1, 0, 1)],
    "shear_range": [{"shear": angle} for angle in (-20.0, 0.0, 20.0)],
    "zoom_range": [{"zx": zoom, "zy": zoom} for zoom in (0.7, 1.0, 1.3)],
    "brightness_range": [{"brightness": factor} for factor in (0.6, 1.0, 1.4)],
    "channel_shift_range": [{"channel_shift_intensity": shift} for shift in (-50.0, 0.0, 50.0)],
    "flips": [{"flip_horizontal": True}, {}, {"flip_vertical": True}],
    "fill_mode": [
        {"zx": 1.5, "zy": 1.5, "theta": 10.0, "fill_mode": mode, "cval": 128.0}
        for mode in ("nearest", "reflect", "constant", "wrap")
    ],
}
"""What each strip shows: the parameters that differ from those that change nothing."""


def _photo() -> Sample:
    """The photo that all strips show."""
    [photo] = [photo for photo in SAMPLE_PHOTOS if photo.name == _PHOTO]
    with Image.open(io.BytesIO(photo.file_bytes())) as image:
        small = image.convert("RGB").resize(_TILE, Image.Resampling.LANCZOS)
    return Sample(np.array(small), (0, 255))


def main() -> None:
    """Draws all strips."""
    sample = _photo()
    unchanged = Ranges().draw(np.random.default_rng(0), Size(*reversed(_TILE)))
    for name, strip in STRIPS.items():
        results = [Ranges.apply(sample, unchanged | params).image for params in strip]
        path = Path(__file__).parent / "images" / f"{name}.png"
        save_grid(
            [[Image.fromarray(np.ascontiguousarray(image)) for image in results]], os.fspath(path)
        )


if __name__ == "__main__":
    main()
