"""Images in an .npz as a data set, as Keras' `flow(x, y)` takes them.

An image goes by its index, without leading zeros, so that images that are appended rename none.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from augcli.config.schema import Config
from augcli.datasets.base import Loaded
from augcli.datasets.items import TRAINING, VALIDATION, Group, Item, Label
from augcli.datasets.labels import Labels
from augcli.datasets.split import Splitting
from augcli.datasets.targets import TargetDigests
from augcli.errors import SourceError, UsageError
from augcli.images.options import CHANNELS, Loading

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ArrayReader:
    """Reads images of an array; the digest of one is that of its dtype, shape and bytes.

    Attributes:
        path: The .npz.
        name: Name of the array in it.
        channels_first: Whether its axes are images, channels, rows, columns; else the channels
            come last, or there are none, of grey images.
    """

    path: str
    name: str
    channels_first: bool = False

    def load(self, item: Item, loading: Loading) -> Loaded:
        """The picture of an image.

        Raises:
            SourceError: Stage "read": the array is gone; "decode": it cannot be used.
        """
        from augcli.images.arrays import picture_of  # noqa: PLC0415  numpy, for workers alone

        image = self._image(item)
        return Loaded(picture_of(self._channels_last(image), loading), _digest(image))

    def digest(self, item: Item) -> str | None:
        """SHA-256 of the image's dtype, shape and bytes, None when it cannot be read."""
        try:
            return _digest(self._image(item))
        except SourceError:
            return None

    def target_digests(self, item: Item) -> TargetDigests:  # noqa: ARG002  no image has any
        """Those of nothing: an array has no masks and no annotations."""
        return TargetDigests()

    def _image(self, item: Item) -> "NDArray[Any]":
        from augcli.datasets.npz import open_array  # noqa: PLC0415  numpy, when it is needed

        try:
            image: NDArray[Any] = open_array(self.path, self.name)[int(item.path)]
        except (UsageError, IndexError) as error:
            raise SourceError("read", str(error)) from error
        return image

    def _channels_last(self, image: "NDArray[Any]") -> "NDArray[Any]":
        if image.ndim == 2:
            return image[..., None]
        return image.transpose(1, 2, 0) if self.channels_first else image


def _digest(image: "NDArray[Any]") -> str:
    digest = hashlib.sha256(f"{image.dtype.str} {image.shape}\n".encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


class Arrays:
    """The images in an .npz. A `DataSet`; all are in one group.

    Args:
        config: Names the arrays, by those of `flow` where it names none, and the class mode.
        path: The .npz.
        splitting: How images are split; a contiguous split takes the first ones.
        channels_first: Whether the channels come before the rows.

    Raises:
        UsageError: The arrays are not there, do not go together, or hold no images.
    """

    def __init__(
        self, config: Config, path: str, splitting: Splitting, channels_first: bool
    ) -> None:
        self._path = path
        self._splitting = splitting
        self._labels = Labels(config.class_mode, config.classes)
        self.reader = ArrayReader(path, config.x_col or "x", channels_first)
        self.targets = None
        self._images = self._open_images()
        self._targets = self._open_targets(config) if self._labels.are_asked_for else []
        self._is_list = isinstance(config.y_col, list)
        self._weights = self._open_weights(config.weight_col)
        self._indices = self._taken_indices()
        self._labels.settle(path)
        if not config.ignore_class_split:
            self._check_class_split()

    def groups(self) -> Iterator[Group]:
        """All images, in one group."""
        yield Group("", [str(index) for index in self._indices], self._samples)

    def files(self) -> Iterator[str]:
        """The .npz."""
        yield self._path

    @property
    def label_dtypes(self) -> tuple[str, ...]:
        """NumPy's names of the dtypes of the arrays of labels; empty without any."""
        return tuple(array.dtype.str for array in self._targets)

    def explain_empty(self) -> str:
        """What to say when there is no image at all."""
        return f"there are no images in {self._path}"

    def close(self) -> None:
        """Nothing is held open but memory."""

    def check_held(self, config: Config) -> None:
        """Makes sure that the format of the copies can hold the pixels, which are all of one kind.

        Raises:
            UsageError: It cannot, so that every copy would fail.
        """
        import numpy as np  # noqa: PLC0415  when it is needed

        name = self._images.dtype.name
        if name == "uint8" or (name == "uint16" and config.depth == 8):
            return
        if config.save_scale == "minmax":
            return
        from augcli.images.encode import explain_not_held  # noqa: PLC0415  loads numba

        dtype = np.dtype(np.uint16 if name == "uint16" else np.float32)
        channels = CHANNELS.get(config.color_mode) or self._channels_of(self._images)
        reason = explain_not_held(config.save_format, dtype, channels)
        if reason is not None:
            raise UsageError(f"{self.reader.name!r} in {self._path}: {reason}")

    # -- opening

    def _open_images(self) -> "NDArray[Any]":
        from augcli.images.arrays import DTYPES  # noqa: PLC0415  numpy, when it is needed

        images = self._open(self.reader.name)
        if images.dtype.name not in DTYPES:
            raise UsageError(
                f"{self.reader.name!r} in {self._path} holds {images.dtype}; save levels as uint8 "
                f"or uint16, other numbers as float32"
            )
        if images.ndim not in {3, 4}:
            raise UsageError(
                f"{self.reader.name!r} in {self._path} has the shape {images.shape}; expected "
                f"(images, rows, columns, channels), or (images, rows, columns) of grey images"
            )
        channels = self._channels_of(images)
        if not 1 <= channels <= 4:
            other = "channels_last" if self.reader.channels_first else "channels_first"
            raise UsageError(
                f"{self.reader.name!r} in {self._path} has the shape {images.shape}, with "
                f"{channels} channels; expected 1 to 4. Should it be data_format: {other}?"
            )
        return images

    def _open_targets(self, config: Config) -> "list[NDArray[Any]]":
        """The arrays of labels; none when the config names none and there is no `y`."""
        from augcli.datasets.npz import array_names  # noqa: PLC0415  numpy, when it is needed

        if config.y_col is None and config.classes is None and "y" not in array_names(self._path):
            return []
        names = config.y_col if isinstance(config.y_col, list) else [config.y_col or "y"]
        arrays = [self._open_beside(name) for name in names]
        return [a[:, 0] if a.ndim == 2 and a.shape[1] == 1 else a for a in arrays]

    def _open_weights(self, name: str | None) -> "NDArray[Any] | None":
        if name is None:
            return None
        weights = self._open_beside(name)
        if weights.ndim != 1 or weights.dtype.kind not in "iuf":
            raise UsageError(f"{name!r} in {self._path} has to be one number an image")
        return weights

    def _open_beside(self, name: str) -> "NDArray[Any]":
        """An array with an entry for each image."""
        import numpy as np  # noqa: PLC0415  when it is needed

        array = self._open(name)
        if array.ndim == 0 or len(array) != len(self._images):
            raise UsageError(
                f"{name!r} in {self._path} has the shape {array.shape}; expected one entry for "
                f"each of the {len(self._images)} images in {self.reader.name!r}"
            )
        if array.dtype.kind not in "biufU":
            raise UsageError(
                f"{name!r} in {self._path} holds {array.dtype}; expected numbers or texts"
            )
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise UsageError(f"{name!r} in {self._path} holds infinity, or what is no number")
        return array

    def _open(self, name: str) -> "NDArray[Any]":
        from augcli.datasets.npz import open_array  # noqa: PLC0415  numpy, when it is needed

        return open_array(self._path, name)

    def _channels_of(self, images: "NDArray[Any]") -> int:
        return 1 if images.ndim == 3 else images.shape[1 if self.reader.channels_first else 3]

    # -- labels

    def _target(self, index: int) -> Label:
        """What the arrays say of one image, in Python's own types."""
        if not self._targets:
            return None
        values: list[Label] = [array[index].tolist() for array in self._targets]
        return values if self._is_list else values[0]

    def _taken_indices(self) -> Sequence[int]:
        """The images whose class is among those that are asked for."""
        every = range(len(self._images))
        if not self._targets or not self._labels.are_counted:
            return every
        return [index for index in every if self._is_taken(self._target(index))]

    def _is_taken(self, target: Label) -> bool:
        if isinstance(target, list):
            raise UsageError(
                f"{self._path}: several numbers are the label of an image; class_mode: binary and "
                f"sparse, and classes, need one"
            )
        return self._labels.take(target) is not None

    def _check_class_split(self) -> None:
        """As `flow` does, makes sure that both subsets have the same classes.

        Raises:
            UsageError: They have not.
        """
        if not (self._splitting.fraction and self._targets and self._labels.are_classes):
            return
        classes: dict[str | None, set[str]] = {TRAINING: set(), VALIDATION: set()}
        for position, index in enumerate(self._indices):
            split = self._splitting.of(str(index), position, len(self._indices))
            classes[split].add(repr(self._target(index)))
        missing = sorted(classes[TRAINING] ^ classes[VALIDATION])
        if missing:
            remedy = "write split: hash, or " if self._splitting.is_contiguous else ""
            raise UsageError(
                f"training and validation have different classes: {missing[0]} is in one of them "
                f"alone; {remedy}accept it with ignore_class_split: true"
            )

    def _samples(self) -> Iterator[Item]:
        for position, index in enumerate(self._indices):
            split = self._splitting.of(str(index), position, len(self._indices))
            if self._splitting.wants(split):
                weight = None if self._weights is None else float(self._weights[index])
                yield Item(str(index), self._labels.of(self._target(index)), split, weight)
