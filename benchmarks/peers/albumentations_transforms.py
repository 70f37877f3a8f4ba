"""Albumentations' transforms, one by one: the transform is called as it is, with no `Compose`.

A call draws its parameters and applies them. OpenCV has one thread.
"""

import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it would ask the network for its latest version

import albumentations as A  # noqa: N812  the name that its users give it
import cv2
from pairs import PAIRS
from timing import Call, Photo, answer_questions


def _prepare(name: str, photo: Photo) -> Call:
    pair = PAIRS[name]
    transform = getattr(A, pair.name)(p=1.0, **pair.theirs)
    transform.set_random_seed(0)
    return lambda: transform(image=photo)


if __name__ == "__main__":
    cv2.setNumThreads(0)
    answer_questions(_prepare)
