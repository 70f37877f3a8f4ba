"""Albumentations and OpenCV in a pool of processes, as an expert writes it by hand.

A task is one photo, decoded once for all of its copies, and a worker builds its pipeline once.
OpenCV's own threads are off, since the workers are what fills the processors. All geometry is one
`Affine`, so the pixels are interpolated once. Brightness is `RandomBrightnessContrast` with its
contrast alone, which multiplies the levels by a factor: of the transforms that do this it is the
quickest by far, a table look-up (`MultiplicativeNoise` takes twenty times as long, and the
brightness of this one adds).

With a target size, the variant `reduced` has OpenCV decode the JPEG at an eighth of its size
first; it asks for photos at least eight times as large as the target.

The variant `pipeline` has six steps instead, the same as augcli's, each with its own probability:

| p | augcli | Albumentations |
|---|---|---|
| 0.7 | affine: rotate 15, scale 0.9 to 1.1, translate 0.05, shear 5 | Affine: the same |
| 0.5 | horizontal_flip | HorizontalFlip |
| 0.8 | color_jitter: 0.2 each; hue 10 degrees | ColorJitter: 0.2 each; hue 10 / 360 |
| 0.3 | one_of: gaussian_blur: sigma 0.5 to 1.5 | OneOf: GaussianBlur: sigma_limit 0.5 to 1.5 |
|     | gaussian_noise: std 2 to 12 levels | GaussNoise: std_range 2 / 255 to 12 / 255 |
| 0.3 | coarse_dropout: 2 to 6 holes, sides 0.05 to 0.15 | CoarseDropout: the same |
| 0.3 | jpeg_compression: quality 50 to 90 | ImageCompression: quality_range 50 to 90 |

Colours have to be in the order RGB there. Fills are `nearest`, holes black, interpolation is
bilinear, on both sides.
"""

import multiprocessing
import os
from typing import Any

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it would ask the network for its latest version

import albumentations as A  # noqa: N812  the name that its users give it
import cv2
import numpy as np
from work import JPEG_QUALITY, Work, read_work

_CHUNK = 4

_work: Work
_pipeline: A.Compose

_READING = {"reduced": cv2.IMREAD_REDUCED_COLOR_8, "pipeline": cv2.IMREAD_COLOR_RGB}
_AFFINE: dict[str, Any] = {
    "rotate": (-15, 15),
    "interpolation": cv2.INTER_LINEAR,
    "border_mode": cv2.BORDER_REPLICATE,
}


def _ranges() -> list[A.BasicTransform]:
    """What `ranges` does in augcli's configuration."""
    return [
        A.Affine(
            translate_percent={"x": (-0.1, 0.1), "y": (-0.1, 0.1)},
            shear={"x": (-5, 5), "y": (0, 0)},
            scale={"x": (0.9, 1.1), "y": (0.9, 1.1)},
            p=1.0,
            **_AFFINE,
        ),
        A.HorizontalFlip(p=0.5),
        A.RandomBrightnessContrast(brightness_limit=(0.0, 0.0), contrast_limit=(-0.2, 0.2), p=1.0),
    ]


def _six_steps() -> list[A.BasicTransform]:
    """The variant `pipeline`."""
    return [
        A.Affine(
            translate_percent={"x": (-0.05, 0.05), "y": (-0.05, 0.05)},
            shear={"x": (-5, 5), "y": (-5, 5)},
            scale=(0.9, 1.1),
            keep_ratio=True,
            p=0.7,
            **_AFFINE,
        ),
        A.HorizontalFlip(p=0.5),
        A.ColorJitter(
            brightness=(0.8, 1.2),
            contrast=(0.8, 1.2),
            saturation=(0.8, 1.2),
            hue=(-10 / 360, 10 / 360),
            p=0.8,
        ),
        A.OneOf(
            [
                A.GaussianBlur(sigma_limit=(0.5, 1.5), p=1.0),
                A.GaussNoise(std_range=(2 / 255, 12 / 255), p=1.0),
            ],
            p=0.3,
        ),
        A.CoarseDropout(
            num_holes_range=(2, 6),
            hole_height_range=(0.05, 0.15),
            hole_width_range=(0.05, 0.15),
            fill=0,
            p=0.3,
        ),
        A.ImageCompression(compression_type="jpeg", quality_range=(50, 90), p=0.3),
    ]


def _prepare(work: Work) -> None:
    """Sets a worker up; each draws from a generator of its own."""
    global _work, _pipeline  # noqa: PLW0603  a pool's initializer has no other place to keep them
    cv2.setNumThreads(0)
    _work = work
    _pipeline = A.Compose(_six_steps() if work.variant == "pipeline" else _ranges())


def _expand(photo: str) -> None:
    """Writes the copies of one photo."""
    image = _read(photo)
    options = _write_options()
    for copy in range(_work.copies):
        augmented = _pipeline(image=image)["image"]
        if _work.variant == "pipeline":
            augmented = cv2.cvtColor(augmented, cv2.COLOR_RGB2BGR)
        cv2.imwrite(_work.copy_path(photo, copy), augmented, options)


def _read(photo: str) -> np.ndarray:
    """The photo, at the target size if there is one; channels in OpenCV's order if they may be."""
    image = cv2.imread(photo, _READING.get(_work.variant, cv2.IMREAD_COLOR))
    if _work.target_size is None:
        return image
    height, width = _work.target_size
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def _write_options() -> list[int]:
    """JPEG as augcli writes it; PNG by OpenCV's defaults."""
    if _work.save_format == "png":
        return []
    return [
        cv2.IMWRITE_JPEG_QUALITY,
        JPEG_QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]


def main() -> None:
    """Spreads the photos over the pool."""
    work = read_work()
    work.class_folders()
    with multiprocessing.Pool(work.workers, _prepare, (work,)) as pool:
        for _ in pool.imap_unordered(_expand, work.photos(), chunksize=_CHUNK):
            pass


if __name__ == "__main__":
    main()
