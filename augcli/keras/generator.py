"""`ImageDataGenerator`, for code that has outlived Keras' own."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from augcli.images.pixels import to_levels
from augcli.keras.arrays import NumpyArrayIterator, check_images
from augcli.keras.dataframe import DataFrameIterator
from augcli.keras.directory import DirectoryIterator
from augcli.keras.pictures import (
    check_data_format,
    from_channels_last,
    levels_of,
    to_channels_last,
)
from augcli.keras.settings import (
    Range,
    make_ranges,
    make_standardization,
    split_fraction,
    zoom_bounds,
)
from augcli.pipeline.seeds import copy_seed, generator, random_seed
from augcli.transforms.base import Sample, Size
from augcli.transforms.ranges import NEUTRAL, Ranges
from augcli.transforms.ranges_pixels import apply_ranges
from augcli.transforms.standardization import Preprocess, Standardization, implied
from augcli.transforms.standardize import standardize
from augcli.transforms.statistics import FullWhitening, Statistics, Whitening, fit_array

Image = NDArray[Any]

_SWITCHES = (
    "samplewise_center",
    "samplewise_std_normalization",
    "featurewise_center",
    "featurewise_std_normalization",
    "zca_whitening",
)


class ImageDataGenerator:
    """Keras' ImageDataGenerator: random transforms and standardisation of images, in batches.

    The arguments are those of Keras-Preprocessing 1.1.2, in its order and with its defaults, and
    `center`. They stay attributes of the same names, which may be changed later. What they mean is
    in docs/ranges.md and docs/standardize.md; what differs from Keras, in docs/keras.md.

    Args:
        featurewise_center: Take from each channel its mean over the data set; needs `fit`.
        samplewise_center: Take from each image its own mean.
        featurewise_std_normalization: Divide each channel by its standard deviation over the data
            set; needs `fit`. Turns featurewise_center on.
        samplewise_std_normalization: Divide each image by its own standard deviation. Turns
            samplewise_center on.
        zca_whitening: Take out the correlations between pixels; needs `fit`. Turns
            featurewise_center on and featurewise_std_normalization off.
        zca_epsilon: Added to each variance before ZCA divides by its root.
        rotation_range: Degrees.
        width_shift_range: A fraction of the width (a float below 1), pixels (a float from 1 on),
            whole pixels below it (an int), or the shifts to choose from.
        height_shift_range: The same of the height.
        brightness_range: (low, high) factors.
        shear_range: Degrees.
        zoom_range: z for (1 - z, 1 + z), or (low, high); below 1 magnifies.
        channel_shift_range: Levels.
        fill_mode: "nearest", "reflect", "constant" or "wrap".
        cval: The level of "constant".
        horizontal_flip: Mirror left and right in half of the cases.
        vertical_flip: Mirror top and bottom in half of the cases.
        rescale: Factor of all values after the transforms, a number or a text such as "1/255";
            none when None, 0 or False.
        preprocessing_function: Takes one image, rank 3, and gives one of the same shape; called
            after the transforms and before rescale.
        data_format: "channels_last" or "channels_first".
        validation_split: The fraction of the samples that is for validation.
        interpolation_order: Of the spline between pixels, 0 to 5.
        dtype: Of the images in a batch.
        center: What rotation, shear and zoom leave in place: "exact", the middle of the image; or
            "keras", a pixel off, as Keras-Preprocessing computes it.

    Attributes:
        mean: What `fit` found, (1, 1, channels) or (channels, 1, 1); may be set to anything that
            broadcasts against an image. None before.
        std: The same of the standard deviation.

    Raises:
        ValueError: An argument has none of its values.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Range = 0.0,
        height_shift_range: Range = 0.0,
        brightness_range: Sequence[float] | None = None,
        shear_range: float = 0.0,
        zoom_range: Range = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | str | None = None,
        preprocessing_function: Callable[[Image], Image] | None = None,
        data_format: str | None = "channels_last",
        validation_split: float | None = 0.0,
        interpolation_order: int = 1,
        dtype: DTypeLike = "float32",
        *,
        center: Literal["exact", "keras"] = "exact",
    ) -> None:
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.brightness_range = brightness_range
        self.shear_range = shear_range
        self.zoom_range = zoom_bounds(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.data_format = check_data_format(data_format)
        self.interpolation_order = interpolation_order
        self.dtype = _dtype_name(dtype)
        self.center = center
        self.mean: NDArray[Any] | None = None
        self.std: NDArray[Any] | None = None
        self._whitening: Whitening | None = None
        self.channel_axis, self.row_axis, self.col_axis = (
            (1, 2, 3) if self.data_format == "channels_first" else (3, 1, 2)
        )
        if preprocessing_function is not None and not callable(preprocessing_function):
            raise ValueError(
                "`preprocessing_function`: expected a function of one image. "
                f"Received: {preprocessing_function!r}"
            )
        self._validation_split = split_fraction(validation_split)
        self._key, self._draws = random_seed(), 0
        self._ranges()  # raises what is wrong now, rather than at the first batch
        self._turn_on_what_is_implied()

    @property
    def principal_components(self) -> NDArray[np.float64] | None:
        """ZCA's matrix, (d, d), d = height * width * channels; None before `fit`. May be set.

        It is one for images that are flattened with the channels last.
        """
        if self._whitening is None:
            return None
        if isinstance(self._whitening, FullWhitening):
            return self._whitening.matrix
        return self._whitening.apply(np.eye(self._whitening.dimensions))

    @principal_components.setter
    def principal_components(self, matrix: ArrayLike | None) -> None:
        self._whitening = None if matrix is None else FullWhitening(np.asarray(matrix, np.float64))

    def flow(
        self,
        x: Any,
        y: ArrayLike | None = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: ArrayLike | None = None,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        *,
        ignore_class_split: bool = False,
    ) -> NumpyArrayIterator:
        """Batches of transformed images from an array; see `NumpyArrayIterator`."""
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            dtype=self.dtype,
            ignore_class_split=ignore_class_split,
        )

    def flow_from_directory(
        self,
        directory: str | os.PathLike[str],
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        *,
        keep_aspect_ratio: bool = False,
    ) -> DirectoryIterator:
        """Batches of transformed images from folders, one a class; see `DirectoryIterator`."""
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
            keep_aspect_ratio=keep_aspect_ratio,
        )

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        x_col: str = "filename",
        y_col: str | list[str] = "class",
        weight_col: str | None = None,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        *,
        keep_aspect_ratio: bool = False,
        **kwargs: Any,
    ) -> DataFrameIterator:
        """Batches of transformed images whose paths are in a table; see `DataFrameIterator`.

        Of `kwargs`, the arguments that Keras-Preprocessing 1.1.2 had given up by then (`has_ext`,
        `sort`, `drop_duplicates`) are met with a DeprecationWarning; others are a TypeError.
        """
        class_mode = _check_old_arguments(kwargs, class_mode)
        return DataFrameIterator(
            dataframe,
            directory,
            self,
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
            validate_filenames=validate_filenames,
            keep_aspect_ratio=keep_aspect_ratio,
        )

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """Draws the parameters of one transform.

        Args:
            img_shape: Of the image, rank 3, its axes by `data_format`.
            seed: One seed gives one result; None, another one at every call.

        Returns:
            theta and shear (degrees), tx and ty (pixels along the rows and the columns), zx, zy,
            flip_horizontal, flip_vertical, channel_shift_intensity and brightness; the last two
            are None where there is no range for them.
        """
        if seed is None:
            seed = copy_seed(self._key, "transform", self._draws)
            self._draws += 1
        size = Size(img_shape[self.row_axis - 1], img_shape[self.col_axis - 1])
        drawn = self._ranges().draw(generator(int(seed)), size)
        if not self.channel_shift_range:
            drawn["channel_shift_intensity"] = None
        if self.brightness_range is None:
            drawn["brightness"] = None
        return {name: drawn[name] for name in NEUTRAL}

    def apply_transform(self, x: Image, transform_parameters: dict[str, Any]) -> Image:
        """The image that some parameters make of `x`.

        Args:
            x: Rank 3, its axes by `data_format`. Brightness is clipped to black and white: of
                uint8 and uint16 the dtype's range; of all else 0 to 1 when all values lie within,
                else 0 to 255, and no bounds when some lie outside of that too.
            transform_parameters: As `get_random_transform` gives them; those left out do nothing.

        Returns:
            An image of the same shape and dtype. Integers are rounded, once.
        """
        image = to_channels_last(np.asarray(x), self.data_format)
        is_integer = np.issubdtype(image.dtype, np.integer)
        given = {
            name: value
            for name, value in transform_parameters.items()
            if name in NEUTRAL and value is not None
        }
        params = {
            **NEUTRAL,
            **given,
            "fill_mode": self.fill_mode,
            "cval": self.cval,
            "interpolation_order": self.interpolation_order,
            "center": self.center,
            "dtype": "float64" if is_integer else image.dtype.name,
        }
        moved: Image = apply_ranges(Sample(image, levels_of(image)), params).image
        if is_integer:
            info = np.iinfo(image.dtype)
            moved = to_levels(moved, (int(info.min), int(info.max)), image.dtype.type)
        return from_channels_last(moved, self.data_format)

    def random_transform(self, x: Image, seed: int | None = None) -> Image:
        """A random transform of `x`, rank 3; see `get_random_transform`, `apply_transform`."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def standardize(self, x: Image) -> Image:
        """Standardises an image, or each image of a batch.

        Args:
            x: Rank 3 or 4, its axes by `data_format`. An array of floats is changed in place.

        Returns:
            `x` itself, changed; of integers, a new array of the generator's dtype.
        """
        settings, statistics = self._standardization(), self._statistics()
        for name in statistics.lacks(settings):
            warnings.warn(
                f"`{name}` is left out: this ImageDataGenerator has not been fit on any data. "
                "Call `.fit(x)` before",
                stacklevel=2,
            )
        if not np.issubdtype(x.dtype, np.floating):
            x = x.astype(self.dtype)
        images = to_channels_last(x, self.data_format)
        looks_at_one = settings.samplewise_center or settings.samplewise_std_normalization
        one_by_one = looks_at_one or self.preprocessing_function is not None
        for place in np.ndindex(images.shape[:-3] if one_by_one else ()):
            images[place] = standardize(images[place], settings, statistics, self._preprocess())
        return x

    def fit(
        self, x: ArrayLike, augment: bool = False, rounds: int = 1, seed: int | None = None
    ) -> None:
        """Measures what the featurewise and ZCA settings need; the others need no `fit`.

        Args:
            x: Images, rank 4, its axes by `data_format`.
            augment: Measure transformed images instead.
            rounds: How many transforms of each image, when `augment` is set.
            seed: Of these transforms.

        Raises:
            ValueError: `x` is not of rank 4, or empty.
        """
        images = np.asarray(x)
        check_images(images, self.data_format, "`fit`")
        if not len(images):
            raise ValueError("`fit` needs at least one image")
        images = images.astype(self.dtype)
        if augment:
            images = self._augmented(images, rounds, random_seed() if seed is None else seed)
        settings = self._standardization()
        if settings.rescale:
            images *= settings.rescale
        found = fit_array(to_channels_last(images, self.data_format), settings)
        if found.mean is not None:
            self.mean = self._for_broadcast(found.mean)
        if found.std is not None:
            self.std = self._for_broadcast(found.std)
        if found.whitening is not None:
            self._whitening = found.whitening

    def _augmented(self, images: Image, rounds: int, seed: int) -> Image:
        """`rounds` transforms of each image, (rounds * n, ...), as Keras lines them up."""
        out = np.empty((rounds * len(images), *images.shape[1:]), images.dtype)
        for place in range(len(out)):
            turn, index = divmod(place, len(images))
            out[place] = self.random_transform(
                images[index], copy_seed(int(seed), str(index), turn)
            )
        return out

    def _for_broadcast(self, values: NDArray[np.float64]) -> NDArray[Any]:
        """One number a channel, shaped to be taken from an image."""
        shape = (-1, 1, 1) if self.data_format == "channels_first" else (1, 1, -1)
        return values.reshape(shape).astype(self.dtype)

    def _ranges(self) -> Ranges:
        """The transforms that the attributes, as they are now, ask for."""
        return make_ranges(
            rotation_range=self.rotation_range,
            width_shift_range=self.width_shift_range,
            height_shift_range=self.height_shift_range,
            shear_range=self.shear_range,
            zoom_range=self.zoom_range,
            brightness_range=self.brightness_range,
            channel_shift_range=self.channel_shift_range,
            horizontal_flip=self.horizontal_flip,
            vertical_flip=self.vertical_flip,
            fill_mode=self.fill_mode,
            cval=self.cval,
            interpolation_order=self.interpolation_order,
            center=self.center,
        )

    def _standardization(self) -> Standardization:
        """The standardisation that the attributes, as they are now, ask for."""
        return make_standardization(
            **{name: bool(getattr(self, name)) for name in _SWITCHES},
            rescale=self.rescale,
            zca_epsilon=self.zca_epsilon,
        )

    def _turn_on_what_is_implied(self) -> None:
        settings, reasons = implied(self._standardization())
        for name in _SWITCHES:
            setattr(self, name, getattr(settings, name))
        for reason in reasons:
            warnings.warn(f"ImageDataGenerator: {reason}", stacklevel=3)

    def _statistics(self) -> Statistics:
        """What has been measured, or set by hand, in the form that `standardize` takes."""
        mean, std = self._channels_last(self.mean), self._channels_last(self.std)
        return Statistics(mean, std, self._whitening)

    def _channels_last(self, values: ArrayLike | None) -> NDArray[np.float64] | None:
        if values is None:
            return None
        array = np.asarray(values, np.float64)
        return to_channels_last(array, self.data_format) if array.ndim == 3 else array

    def _preprocess(self) -> Preprocess | None:
        """The preprocessing function, which sees images by `data_format`, for channels last."""
        function = self.preprocessing_function
        if function is None or self.data_format == "channels_last":
            return function

        def preprocess(image: Image) -> Image:
            return to_channels_last(
                function(from_channels_last(image, self.data_format)), self.data_format
            )

        return preprocess


def _dtype_name(dtype: DTypeLike) -> str:
    """The name of a dtype; None stands for float32."""
    try:
        return np.dtype("float32" if dtype is None else dtype).name
    except TypeError as error:
        raise ValueError(f"`dtype`: expected a dtype of NumPy's. Received: {dtype!r}") from error


def _check_old_arguments(kwargs: dict[str, Any], class_mode: str | None) -> str | None:
    """Warns of arguments that have been given up; the class mode that stands for an old one."""
    advice = {
        "has_ext": "the dataframe has to hold the file names as they are on disk",
        "sort": "pass shuffle=False for the order of the dataframe",
        "drop_duplicates": "call `drop_duplicates` of the dataframe",
    }
    unknown = kwargs.keys() - advice.keys()
    if unknown:
        raise TypeError(f"flow_from_dataframe has no argument {', '.join(sorted(unknown))}")
    for name in kwargs:
        warnings.warn(f"`{name}` does nothing: {advice[name]}", DeprecationWarning, stacklevel=3)
    if class_mode != "other":
        return class_mode
    warnings.warn('class_mode "other" is now called "raw"', DeprecationWarning, stacklevel=3)
    return "raw"
