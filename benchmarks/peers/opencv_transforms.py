"""OpenCV's own functions, where one or two of them are the whole transform.

Parameters are those of `pairs`, and are not drawn: tables, matrices and maps are made beforehand.
OpenCV has one thread.
"""

from collections.abc import Callable

import cv2
import numpy as np
from timing import Call, Photo, answer_questions

_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 65]
_WEBP = [cv2.IMWRITE_WEBP_QUALITY, 65]


def _prepare(name: str, photo: Photo) -> Call | None:
    function = _FUNCTIONS.get(name)
    return None if function is None else lambda: function(photo)


def _affine(photo: Photo) -> Photo:
    return cv2.warpAffine(photo, _MATRIX[:2], _size(photo), borderMode=cv2.BORDER_REPLICATE)


def _perspective(photo: Photo) -> Photo:
    return cv2.warpPerspective(photo, _MATRIX, _size(photo), borderMode=cv2.BORDER_REPLICATE)


def _size(photo: Photo) -> tuple[int, int]:
    """Width and height, OpenCV's order."""
    return photo.shape[1], photo.shape[0]


def _pad(photo: Photo) -> Photo:
    return cv2.copyMakeBorder(photo, 20, 20, 20, 20, cv2.BORDER_CONSTANT)


def _resize(photo: Photo) -> Photo:
    return cv2.resize(photo, (224, 224), interpolation=cv2.INTER_AREA)


def _equalize(photo: Photo) -> Photo:
    return cv2.merge([cv2.equalizeHist(channel) for channel in cv2.split(photo)])


def _look_up(photo: Photo) -> Photo:
    return cv2.LUT(photo, _TABLE)


def _gray(photo: Photo) -> Photo:
    return cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def _gaussian_blur(photo: Photo) -> Photo:
    return cv2.GaussianBlur(photo, (7, 7), 1.0, borderType=cv2.BORDER_REFLECT_101)


def _coded(extension: str, options: list[int]) -> Callable[[Photo], Photo]:
    def call(photo: Photo) -> Photo:
        _, data = cv2.imencode(extension, photo, options)
        return cv2.imdecode(data, cv2.IMREAD_COLOR)

    return call


def _downscale(photo: Photo) -> Photo:
    small = cv2.resize(photo, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, _size(photo), interpolation=cv2.INTER_LINEAR)


_MATRIX = np.array([[1.08, -0.19, 10.0], [0.19, 1.08, 20.0], [0.0, 0.0, 1.0]])
_TABLE = np.clip(np.arange(256) * 1.2, 0, 255).astype(np.uint8)
_SHARPENING = np.array([[-0.2, -0.2, -0.2], [-0.2, 2.6, -0.2], [-0.2, -0.2, -0.2]])
_EMBOSSING = np.array([[-0.45, -0.15, 0.0], [-0.15, 1.0, 0.15], [0.0, 0.15, 0.45]])
_LINE = np.diag(np.full(9, 1 / 9))

_FUNCTIONS: dict[str, Callable[[Photo], Photo]] = {
    "horizontal_flip": lambda photo: cv2.flip(photo, 1),
    "vertical_flip": lambda photo: cv2.flip(photo, 0),
    "transpose": cv2.transpose,
    "affine": _affine,
    "perspective": _perspective,
    "pad": _pad,
    "resize": _resize,
    "brightness": _look_up,
    "gamma": _look_up,
    "equalize": _equalize,
    "posterize": _look_up,
    "solarize": _look_up,
    "invert": cv2.bitwise_not,
    "tone_curve": _look_up,
    "grayscale": _gray,
    "gaussian_blur": _gaussian_blur,
    "box_blur": lambda photo: cv2.blur(photo, (5, 5)),
    "median_blur": lambda photo: cv2.medianBlur(photo, 5),
    "motion_blur": lambda photo: cv2.filter2D(photo, -1, _LINE),
    "sharpen": lambda photo: cv2.filter2D(photo, -1, _SHARPENING),
    "emboss": lambda photo: cv2.filter2D(photo, -1, _EMBOSSING),
    "jpeg_compression": _coded(".jpg", _JPEG),
    "webp_compression": _coded(".webp", _WEBP),
    "downscale": _downscale,
}


if __name__ == "__main__":
    cv2.setNumThreads(0)
    answer_questions(_prepare)
