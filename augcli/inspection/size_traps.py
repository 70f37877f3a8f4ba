"""Rules on the sizes of images. Each yields what it finds."""

from collections.abc import Iterator

import numpy as np

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.images.options import ARRAY_FORMATS
from augcli.inspection.known import Known, images_are, listed
from augcli.transforms.base import Size
from augcli.transforms.step import draw_steps

_DISTORTION = 2  # times as wide, or as high, as the target's ratio has it
_OUT_OF_SIGHT = 0.5  # share of a picture
_TWO_SIZES = (Size(480, 640), Size(700, 500))
_DRAWS = 16
_UNLIKE = 16  # times the pixels
_IN_PIXELS = frozenset(
    {"gaussian_blur", "box_blur", "median_blur", "motion_blur", "defocus", "unsharp_mask"}
)
"""Steps whose settings are pixels, of whatever size the image is."""


def upscaled(known: Known) -> Iterator[Finding]:
    """Images that the target size enlarges."""
    if known.config.target_size is None:
        return
    height, width = known.config.target_size
    some = known.catalogue.smaller_than(height, width)
    if some.number:
        yield Finding(
            "upscaled",
            "target_size",
            f"{images_are(some, known.catalogue.images())} smaller than {height} x {width} (height "
            f"x width), which enlarges and blurs",
            "write a smaller target_size, or leave small images out",
        )


def distorted(known: Known) -> Iterator[Finding]:
    """Images of quite another shape than the target."""
    if known.config.target_size is None or known.config.keep_aspect_ratio:
        return
    height, width = known.config.target_size
    some = known.catalogue.distorted_by(height, width, _DISTORTION)
    if some.number:
        yield Finding(
            "distorted",
            "target_size",
            f"{images_are(some, known.catalogue.images())} squeezed to half the width or height, "
            f"or less",
            "write keep_aspect_ratio: true, which crops instead",
        )


def mixed_sizes(known: Known) -> Iterator[Finding]:
    """Arrays that make no batch."""
    config = known.config
    sizes = known.catalogue.sizes()
    is_mixed = sizes > 1 and config.target_size is None and not _makes_one_size(config)
    if config.save_format in ARRAY_FORMATS and is_mixed:
        yield Finding(
            "mixed-sizes",
            "target_size",
            f"the images have {sizes:,} sizes, and arrays of different sizes make no batch",
            "write a target_size, such as [224, 224]",
        )


def unlike_sizes(known: Known) -> Iterator[Finding]:
    """Images of very different sizes, where something is said in pixels."""
    extremes = known.catalogue.extremes()
    if known.config.target_size is not None or extremes is None:
        return
    (height, width), (most_height, most_width) = extremes
    times = most_height * most_width / (height * width)
    subjects = [
        f"{subject}.{step.transform.op}"
        for subject, step in known.steps
        if step.transform.op in _IN_PIXELS
    ]
    if times >= _UNLIKE and subjects:
        yield Finding(
            "unlike-sizes",
            "target_size",
            f"the images are from {height:,} x {width:,} to {most_height:,} x {most_width:,} "
            f"(height x width), and settings in pixels ({listed(subjects, len(subjects))}) do much "
            f"to small ones and little to large ones",
            "write a target_size, such as [224, 224]",
        )


def _makes_one_size(config: Config) -> bool:
    """Whether the transforms give copies of all images one size, as a crop does."""
    after = {
        draw_steps(config.transforms, np.random.default_rng(seed), size)[1]
        for seed in range(_DRAWS)
        for size in _TWO_SIZES
    }
    return len(after) == 1


def out_of_sight(known: Known) -> Iterator[Finding]:
    """Shifts by more than half of an image."""
    sides = known.config.target_size or known.catalogue.smallest()
    if sides is None:
        return
    for subject, ranges in known.ranges:
        for key, side in zip(("height_shift_range", "width_shift_range"), sides, strict=True):
            shift = getattr(ranges, key)
            values = list(map(abs, shift)) if isinstance(shift, list) else [shift]
            reach = max(values) if max(values) < 1 else max(values) / side
            if reach > _OUT_OF_SIGHT:
                yield Finding(
                    "shift-out-of-sight",
                    f"{subject}.{key}",
                    f"a shift of {max(values):g} moves more than half of the smallest image, of "
                    f"{side:,} pixels this way, out of sight",
                    "write a fraction, such as 0.1",
                )
