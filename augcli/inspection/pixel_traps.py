"""Rules on pixels: their levels, and what writing them loses. Each yields what it finds."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from augcli.config.sources import source_kind
from augcli.config.traps import Finding, faint_channel_shift
from augcli.datasets.items import TRAINING
from augcli.images.encode import WRITERS
from augcli.inspection.known import Decoded, Known, count, listed_names, shown

_LEVELS_OF_16_BITS = 257  # of 65,536, in one level of 8 bits


def jpeg_again(known: Known) -> Iterator[Finding]:
    """JPEG copies of a lower quality than the JPEGs they are made of."""
    config = known.config
    jpegs = known.catalogue.jpegs()
    if config.save_format != "jpeg" or not jpegs:
        return
    quality, median = int(config.save_options["quality"]), known.catalogue.median_quality()
    if quality < median:
        yield Finding(
            "jpeg-again",
            "save_options.quality",
            f"{jpegs:,} of {count(known.catalogue.images(), 'image')} come as JPEG, half of them "
            f"of quality {median} or above, so copies of {quality} lose detail a second time",
            f"write quality: {median}, or save_format: png, which loses nothing",
        )


def not_held(known: Known) -> Iterator[Finding]:
    """Pixels that the format of the copies cannot hold."""
    config = known.config
    writer = WRITERS[config.save_format]
    if writer.dtypes is None or config.save_scale == "minmax":
        return
    failing = [
        image
        for image in known.decoded
        if (kind := np.dtype(image.dtype).type) not in writer.dtypes
        and not (kind in writer.gray_dtypes and image.shape[2] == 1)
    ]
    if failing:
        is_deep = all(image.dtype == "uint16" for image in failing)
        yield Finding(
            "depth-not-held",
            "save_format",
            f"{config.save_format} cannot hold the {_dtypes(failing)} pixels of "
            f"{len(failing):,} of {count(len(known.decoded), 'image')} tried "
            f"({listed_names([image.path for image in failing], len(failing))}), which will fail",
            "write depth: 8, or save_format: png" if is_deep else "write save_format: npy",
        )


def channel_shift(known: Known) -> Iterator[Finding]:
    """Channel shifts that are next to nothing, or everything, on the levels that images have."""
    is_npz = known.config.source is not None and source_kind(known.config.source) == "npz"
    has_bytes = any(image.dtype == "uint8" for image in known.decoded)
    deep = [image for image in known.decoded if image.dtype == "uint16"]
    unit = [image for image in known.decoded if _is_unit(image)]
    for subject, ranges in known.ranges:
        key, shift = f"{subject}.channel_shift_range", ranges.channel_shift_range
        if is_npz and has_bytes and 0 < shift < 1:  # of other sources the config alone tells
            kind, _, reason, remedy = faint_channel_shift(shift)
            yield Finding(kind, key, reason, remedy)
        if deep and 0 < shift < _LEVELS_OF_16_BITS:
            least = max(shift, 1)
            yield Finding(
                "faint-channel-shift-16-bit",
                key,
                f"{shift:g} of 65,535 levels is nothing to see in images of 16 bits, such as "
                f"{shown(deep[0].path)}",
                f"write {round(least * _LEVELS_OF_16_BITS)}, which is as {least:g} of 255",
            )
        if unit and shift >= 1:
            yield Finding(
                "strong-channel-shift",
                key,
                f"{shift:g} blackens or whitens images whose levels go from 0 to 1, such as "
                f"{shown(unit[0].path)}",
                "write 0.05 or so",
            )


def zca(known: Known) -> Iterator[Finding]:
    """ZCA of fewer images than numbers in each, where it would be measured anew."""
    config = known.config
    settings = config.standardization
    is_measured = settings is not None and settings.zca_whitening and config.statistics is None
    if not is_measured or not known.decoded:
        return
    images = known.catalogue.images(split=TRAINING if config.validation_split else None)
    images *= config.fit.rounds if config.fit.augment else 1
    dimensions = math.prod(known.decoded[0].shape)
    if images < dimensions:
        yield Finding(
            "zca-few-images",
            f"transforms[{len(config.transforms) - 1}].ranges.zca_whitening",
            f"{count(images, 'image')} cannot tell how {dimensions:,} numbers an image go "
            f"together: what they do not vary in is noise, amplified",
            "take more images, a smaller target_size, or a larger zca_epsilon",
        )


def _is_unit(image: Decoded) -> bool:
    return image.dtype.startswith("float") and image.highest <= 1


def _dtypes(images: Sequence[Decoded]) -> str:
    names = {"uint16": "16-bit"}
    return " and ".join(sorted({names.get(image.dtype, image.dtype) for image in images}))
