"""Standardisation: pixels into the numbers a network is fed, by Keras' formulas.

A fixed last stage: nothing of it is drawn. The reference is Keras-Preprocessing 1.1.2, in its
order: preprocessing_function, rescale, samplewise, featurewise, ZCA.
"""

import numpy as np
from numpy.typing import NDArray

from augcli.transforms.standardization import Preprocess, Standardization
from augcli.transforms.statistics import Statistics

STD_EPSILON = 1e-6  # the reference adds it to a standard deviation before it divides


def standardize(
    image: NDArray[np.floating],
    settings: Standardization,
    statistics: Statistics | None = None,
    preprocess: Preprocess | None = None,
) -> NDArray[np.floating]:
    """What the settings make of an image.

    Each step is computed in the dtype of `image`, ZCA in float64:

        x = preprocess(x)
        x = x * rescale
        x = x - mean(x)                     one number for the whole image
        x = x / (std(x) + 1e-6)
        x = x - statistics.mean             one number for each channel
        x = x / (statistics.std + 1e-6)
        x = (x as a row) @ ZCA matrix

    The settings are taken as they are: see `implied`. A step whose statistics are missing is left
    out, as the reference does (it warns); `Statistics.lacks` says which are.

    Args:
        image: float16, float32 or float64, shape (height, width, channels); left as it is. With
            further axes before these, `mean(x)` and `std(x)` are over all of the array, as in the
            reference's `standardize` of a batch.
        settings: Which steps to take. The name in `preprocessing_function` is not looked at.
        statistics: What was measured over the data set.
        preprocess: The function that `preprocessing_function` names.

    Returns:
        An array of its own, of the same shape and dtype.

    Raises:
        ValueError: `preprocess` gave an array of another shape.
    """
    x = image.copy() if preprocess is None else _preprocessed(image, preprocess)
    if settings.rescale:
        x *= settings.rescale
    if settings.samplewise_center:
        x -= x.mean(keepdims=True)
    if settings.samplewise_std_normalization:
        x /= x.std(keepdims=True) + STD_EPSILON
    if statistics is None:
        return x
    if settings.featurewise_center and statistics.mean is not None:
        x -= statistics.mean
    if settings.featurewise_std_normalization and statistics.std is not None:
        x /= statistics.std + STD_EPSILON
    if settings.zca_whitening and statistics.whitening is not None:
        rows = x.reshape(-1, x.shape[-3] * x.shape[-2] * x.shape[-1])
        x = statistics.whitening.apply(rows).reshape(x.shape).astype(x.dtype, copy=False)
    return x


def _preprocessed(image: NDArray[np.floating], preprocess: Preprocess) -> NDArray[np.floating]:
    """The function's result in the image's dtype, as an array that nobody else holds."""
    result = np.array(preprocess(image.copy()), dtype=image.dtype)
    if result.shape != image.shape:
        raise ValueError(
            f"preprocessing_function gave shape {result.shape}; expected {image.shape}, "
            f"the shape it was given"
        )
    return result
