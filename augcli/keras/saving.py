"""`save_to_dir`: what the transforms made, as picture files."""

import hashlib
import os
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from augcli.images.encode import encode
from augcli.images.files import write_atomic
from augcli.images.options import SAVE_OPTIONS, SaveFormat, Saving
from augcli.images.pixels import Pixels, pack, stretch, to_levels

_OTHER_NAMES = {"jpg": "jpeg", "tif": "tiff"}

Levels = tuple[int, int] | None


class PictureWriter:
    """Writes transformed images to a folder, which is made if need be.

    Names are `<prefix>_<index>_<hash>.<format>`. The hash is one of the sample's seed and of the
    file's content, so no picture takes another's name, and a seeded run that is repeated writes
    the same files.

    Args:
        folder: Where to.
        prefix: Start of each name.
        save_format: "png", "jpeg" or another format of augcli's; also the suffix.

    Raises:
        ValueError: There is no such format.
    """

    def __init__(self, folder: str | os.PathLike[str], prefix: str, save_format: str) -> None:
        name = _OTHER_NAMES.get(save_format.lower(), save_format.lower())
        if name not in SAVE_OPTIONS:
            raise ValueError(
                f"`save_format` should be one of {tuple(SAVE_OPTIONS)}. Received: {save_format}"
            )
        self._folder = os.fspath(folder)
        self._prefix = prefix
        self._suffix = save_format
        self._saving = Saving(save_format=cast(SaveFormat, name))
        os.makedirs(self._folder, exist_ok=True)

    def write(self, image: NDArray[Any], levels: Levels, index: int, seed: int) -> None:
        """Writes one picture.

        Args:
            image: (height, width, channels), any dtype.
            levels: What is black and what is white; None has the image's own lowest and highest
                value stand for them.
            index: Of the sample.
            seed: Of the sample.

        Raises:
            OutputError: It cannot be written.
            SourceError: The format cannot hold it.
        """
        data = encode(pack(_as_8_bit(image, levels)), self._saving, None)
        digest = hashlib.sha256(b"%d\n" % seed + data).hexdigest()[:16]
        name = f"{self._prefix}_{index}_{digest}.{self._suffix}"
        write_atomic(os.path.join(self._folder, name), data)


def _as_8_bit(image: NDArray[Any], levels: Levels) -> Pixels:
    if levels is None:
        return stretch(image)
    low, high = levels
    scaled = (image.astype(np.float64) - low) * (255 / (high - low))
    return to_levels(scaled, (0, 255), np.uint8)
