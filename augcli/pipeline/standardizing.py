"""The fixed last stage of every image that is written: standardisation, where it is asked for."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.errors import SourceError
from augcli.pipeline.jobs import StatisticsFile
from augcli.pipeline.statistics_file import load
from augcli.transforms.standardization import Preprocess, load_function
from augcli.transforms.standardize import standardize
from augcli.transforms.statistics import Statistics

_load_function = cache(load_function)


@lru_cache(maxsize=1)
def read_statistics(file: StatisticsFile | None) -> Statistics | None:
    """The statistics of a run, read once by each worker; None where it needs none."""
    return None if file is None else load(file.path).statistics


@dataclass(frozen=True, slots=True)
class _Guarded:
    """Somebody else's function, whose errors become those of the image at hand."""

    name: str
    function: Preprocess

    def __call__(self, image: NDArray[np.floating]) -> object:
        try:
            return self.function(image)
        except Exception as error:
            raise SourceError(
                "transform",
                f"preprocessing_function {self.name} failed: {type(error).__name__}: {error}",
            ) from error


def standardized(
    image: NDArray[np.generic], config: Config, statistics: Statistics | None
) -> NDArray[np.generic]:
    """The image as it is written: as it is, or standardised in floats.

    Args:
        image: (height, width, channels), of any dtype.
        config: The config; that it has a preprocessing_function is leave to call it.
        statistics: What was measured over the data set; steps that miss theirs are left out.

    Raises:
        SourceError: Stage "transform"; preprocessing_function failed, or the image is not like
            those that were measured.
    """
    settings = config.standardization
    if settings is None:
        return image
    if statistics is not None and (misfit := statistics.misfit(image.shape)):
        raise SourceError("transform", misfit)
    name = settings.preprocessing_function
    preprocess = None if name is None else _Guarded(name, _load_function(name))
    floats = image.astype(np.dtype(settings.float_dtype), copy=False)
    try:
        return standardize(floats, settings, statistics, preprocess)
    except (TypeError, ValueError) as error:  # what the function gave is no such image
        raise SourceError("transform", str(error)) from error
