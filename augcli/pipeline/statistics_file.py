"""The file of `augcli fit`: statistics, and what they were computed from.

An .npz without pickles, which `numpy.load` reads: `mean` and `std`, `zca_matrix` or the three
factors of it, and `origin.json`. The same statistics give the same bytes: its parts carry no time.
"""

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.images.files import atomic_file
from augcli.images.npz import timeless_member
from augcli.images.options import Loading
from augcli.transforms.ranges import Ranges
from augcli.transforms.statistics import FactoredWhitening, FullWhitening, Statistics, Whitening

FORMAT = 1
_ORIGIN = "origin.json"
_LONGEST_ORIGIN = 2**20  # bytes; a settings text is a few hundred
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Statistics and their origin.

    Attributes:
        statistics: The numbers.
        origin: What they were computed from, as JSON holds it: `format`, `settings` (of reading,
            and `rescale`), `zca_epsilon`, `how` (augment, rounds, ...), `sources` (number and
            digest), `measured` (images, pixels, shape) and `versions`.
    """

    statistics: Statistics
    origin: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the numbers and their origin, in lower-case hexadecimal."""
        digest = hashlib.sha256(_json(self.origin))
        for name, array in _arrays(self.statistics).items():
            digest.update(f"{name} {array.shape}\n".encode())
            digest.update(array.data)
        return digest.hexdigest()


def reading_settings(config: Config) -> dict[str, Any]:
    """The settings that decide which pixels are measured; those of a run have to be the same."""
    settings = {key: getattr(config, key) for key in Loading.model_fields if key != "max_pixels"}
    return settings | {"rescale": (config.standardization or Ranges()).rescale or None}


def save(path: str, fitted: Fitted) -> None:
    """Writes the file, whole or not at all.

    Raises:
        OutputError: It cannot be written.
    """
    with atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(timeless_member(_ORIGIN), _json(fitted.origin))
        for name, array in _arrays(fitted.statistics).items():
            with archive.open(timeless_member(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, indent=1, allow_nan=False).encode() + b"\n"


def _arrays(statistics: Statistics) -> dict[str, NDArray[np.float64]]:
    """The parts of the file, contiguous, in its order."""
    arrays = {"mean": statistics.mean, "std": statistics.std}
    zca = statistics.whitening
    if isinstance(zca, FullWhitening):
        arrays["zca_matrix"] = zca.matrix
    elif zca is not None:
        arrays |= {"zca_basis": zca.basis, "zca_scales": zca.scales, "zca_rest": np.array(zca.rest)}
    return {
        name: np.asarray(array, np.float64, order="C")
        for name, array in arrays.items()
        if array is not None
    }


def load(path: str) -> Fitted:
    """What the file holds.

    Raises:
        UsageError: There is no such file, or it is none of `augcli fit`.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_ORIGIN) as member:
            origin = json.loads(member.read(_LONGEST_ORIGIN))
        with np.load(path, allow_pickle=False) as arrays:
            statistics = _statistics(arrays)
        _check_origin(origin)
    except _OtherFormatError as error:
        raise UsageError(f"{path} was written by another version of augcli: fit again") from error
    except FileNotFoundError as error:
        raise UsageError(f"there is no {path}: write it with `augcli fit -o {path}`") from error
    except _UNREADABLE as error:
        raise UsageError(f"{path} is no whole file of `augcli fit` ({error}): fit again") from error
    return Fitted(statistics, origin)


def _statistics(arrays: Any) -> Statistics:
    """The statistics in a mapping of arrays.

    Raises:
        KeyError: A part is missing.
        ValueError: A part is not what it should be.
    """
    mean = _checked(arrays["mean"], "mean", 1)
    std = _checked(arrays["std"], "std", 1)
    if mean.shape != std.shape:
        raise ValueError("mean and std have different shapes")
    return Statistics(mean, std, _whitening(arrays))


def _whitening(arrays: Any) -> Whitening | None:
    if "zca_matrix" in arrays:
        matrix = _checked(arrays["zca_matrix"], "zca_matrix", 2)
        if matrix.shape[0] != matrix.shape[1]:
            raise ValueError("zca_matrix is not square")
        return FullWhitening(matrix)
    if "zca_basis" in arrays:
        basis = _checked(arrays["zca_basis"], "zca_basis", 2)
        scales = _checked(arrays["zca_scales"], "zca_scales", 1)
        if basis.shape[1] != len(scales):
            raise ValueError("zca_basis and zca_scales do not go together")
        return FactoredWhitening(basis, scales, float(_checked(arrays["zca_rest"], "zca_rest", 0)))
    return None


def _checked(array: NDArray[Any], name: str, dimensions: int) -> NDArray[np.float64]:
    if array.dtype != np.float64 or array.ndim != dimensions or not np.isfinite(array).all():
        raise ValueError(f"{name} is not what it should be")
    return array


class _OtherFormatError(Exception):
    """A file of augcli's, but not of this version."""


def _check_origin(origin: Any) -> None:
    if not isinstance(origin, dict):
        raise ValueError("its origin is incomplete")  # noqa: TRY004  of a file, as the others
    if origin["format"] != FORMAT:
        raise _OtherFormatError
    groups = ("settings", "how", "sources", "measured", "versions")
    if not all(isinstance(origin[group], dict) for group in groups):
        raise ValueError("its origin is incomplete")


def check_fits(path: str, fitted: Fitted, config: Config) -> None:
    """Makes sure that a file's statistics are those of what a run standardises.

    Which images they were measured on is left to whoever names the file.

    Raises:
        UsageError: A part is missing, or they were measured with other settings of reading.
    """
    settings = config.standardization or Ranges()
    lacking = fitted.statistics.lacks(settings)
    if lacking:
        raise UsageError(
            f"{path} has no numbers for {', '.join(lacking)}: fit again with the present config"
        )
    then, now = dict(fitted.origin["settings"]), reading_settings(config)
    if settings.zca_whitening:
        then["zca_epsilon"], now["zca_epsilon"] = fitted.origin["zca_epsilon"], settings.zca_epsilon
    for key, value in now.items():
        if then.get(key) != value:
            raise UsageError(
                f"{path} was fitted with {key}: {json.dumps(then.get(key))}, and the config has "
                f"{json.dumps(value)}: fit again, or set {key} as it was"
            )
