"""Writes scikit-learn's 1,797 digits as a folder of class folders.

    python digits.py FOLDER

They are 8x8 and come as 32x32 PNGs, so that a shift by a tenth is more than a pixel.
"""

import os
import sys

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

_SIDE = 32
_HIGHEST = 16  # level of the digits as they come


def main() -> None:
    """Writes them."""
    folder = sys.argv[1]
    digits = load_digits()
    for label in np.unique(digits.target):
        os.makedirs(os.path.join(folder, str(label)), exist_ok=True)
    for number, label in enumerate(digits.target):
        levels = (digits.images[number] * (255 / _HIGHEST)).round().astype(np.uint8)
        picture = Image.fromarray(levels).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
        picture.save(os.path.join(folder, str(label), f"{number:04}.png"))


if __name__ == "__main__":
    main()
