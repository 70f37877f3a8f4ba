"""Batches of images from folders: what `ImageDataGenerator.flow_from_directory` gives."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from augcli.images.formats import IMAGE_SUFFIXES
from augcli.keras.files import FileIterator
from augcli.keras.iterator import ImageGenerator
from augcli.keras.subsets import check_subset, subset_slice, validation_split_of


class DirectoryIterator(FileIterator):
    """Batches of transformed images from a folder with one folder a class.

    The images of a class may lie in folders below its own. Names that start with a dot, of
    folders or files, are passed over; so are files without one of the suffixes in
    `white_list_formats`, with a warning if they seem to be images.

    Args:
        directory: Holds the folders of the classes.
        image_data_generator: Transforms and standardises; None leaves the images as they are.
        target_size: (height, width) in pixels.
        color_mode: "rgb", "rgba" or "grayscale".
        classes: Folders of the classes, in the order of their indices; all, sorted, when left out.
        class_mode: What y is: "categorical", "binary", "sparse", "input" or None, see
            `FileIterator`.
        batch_size: Samples a batch.
        shuffle: Whether each epoch has an order of its own.
        seed: Of the order and of the transforms.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder for pictures of what the transforms made, before it is standardised.
        save_prefix: Start of their names.
        save_format: Their format.
        follow_links: Whether links to folders are followed.
        subset: "training" or "validation", by the generator's `validation_split`: the first
            images of each class, sorted, are for validation.
        interpolation: Filter of the resize.
        dtype: Of the images in a batch.
        keep_aspect_ratio: Crop the centre to the target's aspect ratio before the resize.

    Attributes:
        filenames: Path of each image, relative to `directory`.
        filepaths: Path of each image.
        classes: Index of each image's class, int32.
        class_indices: The index of each class by its folder's name.
        num_classes: How many classes.
        samples: How many images.

    Raises:
        OSError: A folder cannot be listed.
        ValueError: An argument has none of its values.
    """

    allowed_class_modes = ("categorical", "binary", "sparse", "input", None)

    def __init__(
        self,
        directory: str | os.PathLike[str],
        image_data_generator: ImageGenerator | None,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str = "channels_last",
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        dtype: DTypeLike = "float32",
        *,
        keep_aspect_ratio: bool = False,
    ) -> None:
        if class_mode not in self.allowed_class_modes:
            raise ValueError(
                f"`class_mode` should be one of {self.allowed_class_modes}. Received: {class_mode}"
            )
        check_subset(subset)
        self.directory = os.fspath(directory)
        names = list(classes) if classes else _folders_in(self.directory)
        self.num_classes = len(names)
        fraction = validation_split_of(image_data_generator)
        filenames: list[str] = []
        labels: list[int] = []
        for label, name in enumerate(names):
            found = self._images_of(name, follow_links)
            chosen = found[subset_slice(len(found), fraction, subset)]
            filenames += chosen
            labels += [label] * len(chosen)
        self.classes = np.array(labels, np.int32)
        super().__init__(
            filenames,
            [os.path.join(self.directory, name) for name in filenames],
            image_data_generator,
            class_mode=class_mode,
            class_indices={name: index for index, name in enumerate(names)},
            labels=self.classes,
            sample_weight=None,
            target_size=target_size,
            color_mode=color_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            dtype=dtype,
            keep_aspect_ratio=keep_aspect_ratio,
        )

    def _images_of(self, name: str, follow_links: bool) -> list[str]:
        """Paths of a class's images, relative to `directory`, in the reference's order."""
        suffixes = {f".{suffix}" for suffix in self.white_list_formats}
        images: list[str] = []
        others: list[str] = []
        for path in _files_below(os.path.join(self.directory, name), follow_links):
            suffix = os.path.splitext(path)[1].lower()
            if suffix in suffixes:
                images.append(os.path.join(name, path))
            elif suffix in IMAGE_SUFFIXES:
                others.append(os.path.join(name, path))
        if others:
            warnings.warn(
                f"{len(others)} images in {name} are passed over, such as {others[0]}: their "
                "suffixes are not in `white_list_formats` of the iterator's class",
                stacklevel=4,
            )
        return images


def _folders_in(directory: str) -> list[str]:
    with os.scandir(directory) as entries:
        return sorted(
            entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")
        )


def _files_below(folder: str, follow_links: bool) -> list[str]:
    """Paths of all files, relative to `folder`: sorted by their folder, then by their name."""
    found: list[tuple[str, list[str]]] = []
    for root, folders, names in os.walk(folder, onerror=_raise, followlinks=follow_links):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not _leads_up(os.path.join(root, name))
        ]
        found.append((root, sorted(name for name in names if not name.startswith("."))))
    found.sort()
    return [
        os.path.relpath(os.path.join(root, name), folder) for root, names in found for name in names
    ]


def _raise(error: OSError) -> None:
    raise error


def _leads_up(folder: str) -> bool:
    """Whether it is a link to a folder that it lies in: following it would never end."""
    if not os.path.islink(folder):
        return False
    target = os.path.join(os.path.realpath(folder), "")
    return os.path.join(os.path.realpath(os.path.dirname(folder)), "").startswith(target)
