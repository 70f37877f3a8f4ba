"""Batches of images that are in memory: what `ImageDataGenerator.flow` gives."""

import os
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from augcli.keras.iterator import Batch, ImageGenerator, Iterator
from augcli.keras.pictures import check_data_format, levels_of, to_channels_last
from augcli.keras.saving import PictureWriter
from augcli.keras.subsets import check_subset, subset_slice, validation_split_of

USUAL_CHANNELS = frozenset({1, 3, 4})


class NumpyArrayIterator(Iterator):
    """Batches of transformed images from an array, and what belongs to them.

    A batch is x, (x, y) or (x, y, sample_weight), by what is given. x is an array of `dtype`, or
    a list of it and the arrays that came with it.

    Args:
        x: Images, rank 4, or (images, array) or (images, [array, ...]); the further arrays go
            into the batches as they are. An array is not copied: one that is mapped from a file
            stays there.
        y: Targets, one a sample.
        image_data_generator: Transforms and standardises.
        batch_size: Samples a batch.
        shuffle: Whether each epoch has an order of its own.
        sample_weight: One number a sample.
        seed: Of the order and of the transforms.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder for pictures of what the transforms made, before it is standardised.
        save_prefix: Start of their names.
        save_format: Their format.
        subset: "training" or "validation", by the generator's `validation_split`: the first part
            of the array is for validation.
        dtype: Of the images in a batch.
        ignore_class_split: Allow that the two subsets have different values in y, as they do in
            regression.

    Raises:
        ValueError: The arrays do not fit each other, or an argument has none of its values.
    """

    def __init__(
        self,
        x: Any,
        y: ArrayLike | None,
        image_data_generator: ImageGenerator,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: ArrayLike | None = None,
        seed: int | None = None,
        data_format: str = "channels_last",
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        dtype: DTypeLike = "float32",
        *,
        ignore_class_split: bool = False,
    ) -> None:
        images, self.x_misc = _split_inputs(x)
        self.x = images
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self.image_data_generator = image_data_generator
        self.data_format = check_data_format(data_format)
        self.dtype = np.dtype(dtype)
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self._check_lengths()
        check_subset(subset)
        if subset is not None:
            self._keep_subset(subset, ignore_class_split)
        check_images(self.x, self.data_format, "`flow`")
        self._writer = None
        if save_to_dir is not None:
            channels = to_channels_last(self.x, self.data_format).shape[3]
            if not 1 <= channels <= 4:
                raise ValueError(f"`save_to_dir`: pictures have 1 to 4 channels, not {channels}")
            self._writer = PictureWriter(save_to_dir, save_prefix, save_format)
            self._levels = levels_of(self.x)
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _check_lengths(self) -> None:
        others: list[tuple[str, NDArray[Any] | None]] = [
            *(("further input", array) for array in self.x_misc),
            ("y", self.y),
            ("sample_weight", self.sample_weight),
        ]
        for name, array in others:
            if array is not None and len(array) != len(self.x):
                raise ValueError(
                    "every array should have one entry an image. "
                    f"Found {len(self.x)} images, and {name} of length {len(array)}"
                )

    def _keep_subset(self, subset: str, ignore_class_split: bool) -> None:
        fraction = validation_split_of(self.image_data_generator)
        part = subset_slice(len(self.x), fraction, subset)
        if self.y is not None and not ignore_class_split:
            first = subset_slice(len(self.x), fraction, "validation").stop
            if not np.array_equal(np.unique(self.y[:first]), np.unique(self.y[first:])):
                raise ValueError(
                    "the training and the validation subset have different classes in `y`. "
                    "Shuffle arrays that are sorted by class before you split them, or pass "
                    "ignore_class_split=True where y is no class"
                )
        self.x = self.x[part]
        self.x_misc = [array[part] for array in self.x_misc]
        self.y = None if self.y is None else self.y[part]
        self.sample_weight = None if self.sample_weight is None else self.sample_weight[part]

    def _get_batches_of_transformed_samples(self, index_array: NDArray[np.intp]) -> Batch:
        batch_x = np.zeros((len(index_array), *self.x.shape[1:]), self.dtype)
        for place, index in enumerate(index_array.tolist()):
            batch_x[place] = self._sample(index)
        misc = [array[index_array] for array in self.x_misc]
        inputs = [batch_x, *misc] if misc else batch_x
        if self.y is None:
            return inputs
        if self.sample_weight is None:
            return inputs, self.y[index_array]
        return inputs, self.y[index_array], self.sample_weight[index_array]

    def _sample(self, index: int) -> NDArray[Any]:
        """One image, transformed and standardised."""
        seed = self.sample_seed(index)
        image = self.x[index].astype(self.dtype)
        params = self.image_data_generator.get_random_transform(image.shape, seed)
        image = self.image_data_generator.apply_transform(image, params)
        if self._writer is not None:
            picture = to_channels_last(image, self.data_format)
            self._writer.write(picture, self._levels, index, seed)
        return self.image_data_generator.standardize(image)


def _split_inputs(x: Any) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """The images, and the arrays that go with them."""
    if not isinstance(x, tuple | list):
        return np.asanyarray(x), []
    images, misc = x[0], x[1]
    return np.asanyarray(images), [
        np.asarray(m) for m in (misc if isinstance(misc, list) else [misc])
    ]


def check_images(x: NDArray[Any], data_format: str, place: str) -> None:
    """Warns of an unusual number of channels.

    Args:
        x: What should be images.
        data_format: Where the channels should be.
        place: Who asks, for the message.

    Raises:
        ValueError: The array has not rank 4.
    """
    if x.ndim != 4:
        raise ValueError(
            f"{place} takes images as an array of rank 4 (samples, and the axes of an image). "
            f"Received shape: {x.shape}"
        )
    axis = 3 if data_format == "channels_last" else 1
    if x.shape[axis] not in USUAL_CHANNELS:
        warnings.warn(
            f"{place} expects images of 1, 3 or 4 channels on axis {axis}, by the data_format "
            f'"{data_format}". Received shape: {x.shape}, with {x.shape[axis]} channels there',
            stacklevel=4,
        )
