"""Batches of images that are files: what folders and tables of paths have in common."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from augcli.images.options import CHANNELS
from augcli.keras.iterator import Batch, ImageGenerator, Iterator
from augcli.keras.pictures import (
    check_data_format,
    from_channels_last,
    levels_of,
    make_loading,
    read_image,
    to_channels_last,
)
from augcli.keras.saving import PictureWriter
from augcli.keras.subsets import check_subset, subset_split, validation_split_of


class FileIterator(Iterator):
    """Batches of transformed images from files.

    A batch is x, (x, y) or (x, y, sample_weight). y follows from the class mode: "categorical" is
    one-hot, (samples, classes); "binary" and "sparse" are indices of classes, (samples,); "input"
    is a copy of x; "raw" and "multi_output" are the values of a table; None is no y.

    A file that cannot be read or decoded is a SourceError with its path when its batch is made.

    Args:
        filenames: Of the images, as they are shown.
        filepaths: Where they lie, in the same order.
        image_data_generator: Transforms and standardises; None leaves the images as they are.
        class_mode: What y is.
        class_indices: The index of each class by its name.
        labels: For each image the index of its class, or a list of them; of class mode "raw" an
            array of values, of "multi_output" a list of such arrays.
        sample_weight: One number an image.
        target_size: (height, width) in pixels.
        color_mode: "rgb", "rgba" or "grayscale".
        batch_size: Samples a batch.
        shuffle: Whether each epoch has an order of its own.
        seed: Of the order and of the transforms.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder for pictures of what the transforms made, before it is standardised.
        save_prefix: Start of their names.
        save_format: Their format.
        subset: "training", "validation" or None; which of them the images are.
        interpolation: Filter of the resize.
        dtype: Of the images in a batch.
        keep_aspect_ratio: Crop the centre to the target's aspect ratio before the resize.

    Attributes:
        samples: How many images.
        image_shape: Of one image, by `data_format`.
        split: From where to where the subset goes, as fractions of the images there were; None
            without a subset.

    Raises:
        ValueError: An argument has none of its values.
    """

    def __init__(
        self,
        filenames: list[str],
        filepaths: list[str],
        image_data_generator: ImageGenerator | None,
        *,
        class_mode: str | None,
        class_indices: dict[str, int],
        labels: Any,
        sample_weight: NDArray[Any] | None,
        target_size: Sequence[int],
        color_mode: str,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        data_format: str | None,
        save_to_dir: str | os.PathLike[str] | None,
        save_prefix: str,
        save_format: str,
        subset: str | None,
        interpolation: str,
        dtype: DTypeLike,
        keep_aspect_ratio: bool,
    ) -> None:
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            keep_aspect_ratio=keep_aspect_ratio,
        )
        self.filenames = filenames
        self.class_mode = class_mode
        self.class_indices = class_indices
        self.dtype = np.dtype(dtype)
        self.samples = len(filenames)
        self._filepaths = filepaths
        self._labels = labels
        self._sample_weight = sample_weight
        if not filenames:
            warnings.warn("there is no image to make batches of", stacklevel=4)
        super().__init__(self.samples, batch_size, shuffle, seed)

    def set_processing_attrs(
        self,
        image_data_generator: ImageGenerator | None,
        target_size: Sequence[int],
        color_mode: str,
        data_format: str | None,
        save_to_dir: str | os.PathLike[str] | None,
        save_prefix: str,
        save_format: str,
        subset: str | None,
        interpolation: str,
        *,
        keep_aspect_ratio: bool = False,
    ) -> None:
        """Sets how files become images; the arguments are those of the class.

        Called again, it changes the batches that follow. Which files there are stays as it was.

        Raises:
            ValueError: An argument has none of its values; nothing is set then.
        """
        check_subset(subset)
        loading = make_loading(color_mode, target_size, interpolation, keep_aspect_ratio)
        if loading.target_size is None:
            raise ValueError(
                "`target_size`: expected (height, width), as all images of a batch have one size. "
                "Received: None"
            )
        order = check_data_format(data_format)
        writer = None
        if save_to_dir is not None:
            writer = PictureWriter(save_to_dir, save_prefix, save_format)
        self.image_data_generator = image_data_generator
        self._loading = loading
        height, width = self.target_size = tuple(loading.target_size)
        self.color_mode = color_mode
        self.data_format = order
        channels = CHANNELS[color_mode]
        self.image_shape = (
            (channels, height, width)
            if self.data_format == "channels_first"
            else (height, width, channels)
        )
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self._writer = writer
        self.interpolation = interpolation
        self.subset = subset
        self.split = subset_split(validation_split_of(image_data_generator), subset)

    @property
    def filepaths(self) -> list[str]:
        """Where the images lie."""
        return self._filepaths

    @property
    def labels(self) -> Any:
        """The index of each image's class, or a list of them; or a table's values, by column."""
        return self._labels

    @property
    def sample_weight(self) -> NDArray[Any] | None:
        """One number an image, or None."""
        return self._sample_weight

    def _get_batches_of_transformed_samples(self, index_array: NDArray[np.intp]) -> Batch:
        batch_x = np.zeros((len(index_array), *self.image_shape), self.dtype)
        for place, index in enumerate(index_array.tolist()):
            batch_x[place] = self._sample(index)
        if self.class_mode is None:
            return batch_x
        batch_y = self._targets(index_array, batch_x)
        if self.sample_weight is None:
            return batch_x, batch_y
        return batch_x, batch_y, self.sample_weight[index_array]

    def _sample(self, index: int) -> NDArray[Any]:
        """One image: read, transformed and standardised."""
        pixels = read_image(self.filepaths[index], self._loading)
        image = from_channels_last(pixels, self.data_format).astype(self.dtype, order="C")
        if self.image_data_generator is None:
            return image
        seed = self.sample_seed(index)
        params = self.image_data_generator.get_random_transform(image.shape, seed)
        image = self.image_data_generator.apply_transform(image, params)
        if self._writer is not None:
            picture = to_channels_last(image, self.data_format)
            self._writer.write(picture, levels_of(pixels), index, seed)
        return self.image_data_generator.standardize(image)

    def _targets(self, index_array: NDArray[np.intp], batch_x: NDArray[Any]) -> Any:
        """The y of a batch."""
        if self.class_mode == "input":
            return batch_x.copy()
        if self.class_mode == "multi_output":
            return [values[index_array] for values in self.labels]
        if self.class_mode == "raw":
            return self.labels[index_array]
        if self.class_mode == "categorical":
            one_hot = np.zeros((len(index_array), len(self.class_indices)), self.dtype)
            for place, index in enumerate(index_array.tolist()):
                one_hot[place, self.labels[index]] = 1
            return one_hot
        return np.array([self.labels[index] for index in index_array.tolist()], self.dtype)
