"""Albumentations and OpenCV in a pool of processes, as an expert writes it by hand.

A task is one photo, decoded once for all of its copies, and a worker builds its pipeline once.
OpenCV's own threads are off, since the workers are what fills the processors. All geometry is one
`Affine`, so the pixels are interpolated once. Brightness is `RandomBrightnessContrast` with its
contrast alone, which multiplies the levels by a factor: of the transforms that do this it is the
quickest by far, a table look-up (`MultiplicativeNoise` takes twenty times as long, and the
brightness of this one adds).

With a target size, the variant `reduced` has OpenCV decode the JPEG at an eighth of its size
first; it asks for photos at least eight times as large as the target.
"""

import multiprocessing
import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it would ask the network for its latest version

import albumentations as A  # noqa: N812  the name that its users give it
import cv2
import numpy as np
from work import JPEG_QUALITY, Work, read_work

_CHUNK = 4

_work: Work
_pipeline: A.Compose


def _prepare(work: Work) -> None:
    """Sets a worker up; each draws from a generator of its own."""
    global _work, _pipeline  # noqa: PLW0603  a pool's initializer has no other place to keep them
    cv2.setNumThreads(0)
    _work = work
    _pipeline = A.Compose(
        [
            A.Affine(
                rotate=(-15, 15),
                translate_percent={"x": (-0.1, 0.1), "y": (-0.1, 0.1)},
                shear={"x": (-5, 5), "y": (0, 0)},
                scale={"x": (0.9, 1.1), "y": (0.9, 1.1)},
                interpolation=cv2.INTER_LINEAR,
                border_mode=cv2.BORDER_REPLICATE,
                p=1.0,
            ),
            A.HorizontalFlip(p=0.5),
            A.RandomBrightnessContrast(
                brightness_limit=(0.0, 0.0), contrast_limit=(-0.2, 0.2), p=1.0
            ),
        ]
    )


def _expand(photo: str) -> None:
    """Writes the copies of one photo."""
    image = _read(photo)
    options = _write_options()
    for copy in range(_work.copies):
        augmented = _pipeline(image=image)["image"]
        cv2.imwrite(_work.copy_path(photo, copy), augmented, options)


def _read(photo: str) -> np.ndarray:
    """The photo, at the target size if there is one; channels stay in OpenCV's order."""
    reduced = _work.variant == "reduced"
    image = cv2.imread(photo, cv2.IMREAD_REDUCED_COLOR_8 if reduced else cv2.IMREAD_COLOR)
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
