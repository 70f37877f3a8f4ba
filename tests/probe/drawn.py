"""Small data sets that are drawn, whose truths are known."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.probe.results import Settings

Images = NDArray[np.uint8]

# The segments of a calculator's digits: (top, bottom, left, right) in a frame of 12 x 8.
_SEGMENTS = {
    "top": (0, 2, 0, 8),
    "middle": (5, 7, 0, 8),
    "bottom": (10, 12, 0, 8),
    "upper left": (0, 7, 0, 2),
    "upper right": (0, 7, 6, 8),
    "lower left": (5, 12, 0, 2),
    "lower right": (5, 12, 6, 8),
}
_DIGITS = {
    2: ("top", "upper right", "middle", "lower left", "bottom"),
    5: ("top", "upper left", "middle", "lower right", "bottom"),  # a 2 in the mirror
    4: ("upper left", "upper right", "middle", "lower right"),
    7: ("top", "upper right", "lower right"),
}


def digits(number: int, seed: int, noise: float = 20) -> tuple[Images, NDArray[np.intp]]:
    """So many noisy digits, (n, 24, 20, 3), each somewhere else, and what they are."""
    rng = np.random.default_rng(seed)
    labels = np.array([list(_DIGITS)[n % len(_DIGITS)] for n in range(number)])
    pictures = np.full((number, 24, 20), 60.0)
    for picture, label in zip(pictures, labels, strict=True):
        down, right = rng.integers(2, 10), rng.integers(2, 10)
        for name in _DIGITS[int(label)]:
            top, bottom, left, end = _SEGMENTS[name]
            picture[down + top : down + bottom, right + left : right + end] = 180
    return _as_images(pictures, noise, rng), labels


def bars(number: int, seed: int, noise: float = 40) -> tuple[Images, NDArray[np.intp]]:
    """So many noisy bars, (n, 24, 24, 3): 0 where they lie, 1 where they stand."""
    rng = np.random.default_rng(seed)
    labels = np.arange(number) % 2
    pictures = np.full((number, 24, 24), 60.0)
    for picture, label in zip(pictures, labels, strict=True):
        start = rng.integers(6, 14)
        along = picture if label else picture.T
        along[2:22, start : start + 4] = 180
    return _as_images(pictures, noise, rng), labels


def _as_images(pictures: NDArray[np.float64], noise: float, rng: np.random.Generator) -> Images:
    noisy = pictures + rng.normal(0, noise, pictures.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[..., None], 3, axis=3)


def config_of(
    folder: Path, data: tuple[Images, NDArray[np.intp]], transforms: Any, **settings: Any
) -> Config:
    """A config whose source is the data, in an .npz."""
    path = folder / "drawn.npz"
    np.savez(path, x=data[0], y=data[1])
    values = {"source": str(path), "seed": 0, "transforms": transforms, **settings}
    return Config.model_validate(values)


def small_settings(images: int, *, seed: int = 0, copies: int = 1, steps: int = 40) -> Settings:
    """Settings of a probe that takes a moment."""
    return Settings(
        seconds=1,
        seed=seed,
        images=images,
        available=images,
        copies=copies,
        folds=4,
        repeats=1,
        steps=steps,
        networks=18,
        arms=0,
        memory_mib=0,
    )
