"""Pixels moved by affine maps: the reference way, by SciPy, and the quick way, by our kernels.

Imported where pixels are at hand and not before: numba takes long to load.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from augcli.fields import FillMode
from augcli.kernels import packed
from augcli.kernels.tables import apply_table, color_range
from augcli.kernels.warp import warp_affine
from augcli.transforms.base import Sample
from augcli.transforms.geometry import AffineMap, SplineOrder, flipped

ScipyMode = Literal["nearest", "reflect", "constant", "grid-wrap"]

SCIPY_MODES: dict[FillMode, ScipyMode] = {
    "nearest": "nearest",
    "reflect": "reflect",
    "constant": "constant",
    "wrap": "grid-wrap",  # scipy's plain "wrap" is no tiling: it repeats with a period of n - 1
}


def resample_reference(
    image: NDArray[np.floating],
    affine: AffineMap,
    *,
    order: SplineOrder,
    fill_mode: FillMode,
    cval: float,
) -> NDArray[np.floating]:
    """The reference path: `image`, shape (h, w, c), resampled by SciPy, a channel at a time.

    Args:
        image: float32 or float64 pixels.
        affine: Map from output to input.
        order: Order of the spline, 0 to 5.
        fill_mode: How the image goes on beyond its edges.
        cval: Level beyond the edges for `constant`.

    Returns:
        Pixels of the same shape and dtype.
    """
    from scipy import ndimage  # noqa: PLC0415  takes long to load, and most runs need none of it

    planes = [
        ndimage.affine_transform(
            image[..., channel],
            affine.matrix,
            affine.offset,
            order=order,
            mode=SCIPY_MODES[fill_mode],
            cval=cval,
        )
        for channel in range(image.shape[2])
    ]
    return np.stack(planes, axis=-1)


def is_8_bit(sample: Sample, order: SplineOrder) -> bool:
    """Whether `resample_8_bit` can take this sample."""
    return sample.image.dtype == np.uint8 and order <= 1


def resample_8_bit(
    sample: Sample,
    affine: AffineMap,
    *,
    order: SplineOrder,
    fill_mode: FillMode,
    cval: float,
    shift: float,
    gain: float,
    flip_horizontal: bool,
    flip_vertical: bool,
) -> Sample:
    """The quick path: 8-bit pixels moved, shifted and brightened without ever being floats.

    Equals the reference path after rounding, within one level, as long as `gain` is at most 2
    or there is no `shift`: pixels are rounded before they are shifted.

    Args:
        sample: A sample that `is_8_bit` accepts.
        affine: Map from output to input.
        order: 0 or 1.
        fill_mode: How the image goes on beyond its edges.
        cval: Level beyond the edges for `constant`.
        shift: Levels added to all colour channels, within the moved image's own range.
        gain: Factor of the colour channels, after the shift.
        flip_horizontal: Mirror left and right.
        flip_vertical: Mirror top and bottom.
    """
    colors = sample.color_channels
    flips = {"horizontal": flip_horizontal, "vertical": flip_vertical}
    # Folded into the map, flips cost nothing, but its coordinates round otherwise: where the last
    # bit decides (a tie at order 0, an edge in `constant`), whole pixels would differ.
    flips_fold = order == 1 and fill_mode != "constant"
    if flips_fold:
        affine = flipped(affine, sample.size, **flips)
    image = sample.image.astype(np.uint8, copy=False)
    if not affine.is_identity or (gain != 1 and shift == 0):
        image = warp_affine(
            image,
            affine.matrix,
            affine.offset,
            order=order,
            fill_mode=fill_mode,
            cval=cval,
            gain=1.0 if shift else gain,
            color_channels=colors,
        )
    if shift:  # its bounds are known only when all pixels have been moved
        low, high = color_range(image, colors)
        levels = np.clip(np.arange(256) + shift, low, high) * gain
        table = np.floor(np.clip(levels, 0, 255) + 0.5).astype(np.uint8)
        image = apply_table(image, table, colors)
    if not flips_fold and any(flips.values()):
        image = _mirrored(image, **flips)
    return Sample(image, sample.levels)


def _mirrored(image: NDArray[np.uint8], *, horizontal: bool, vertical: bool) -> NDArray[np.uint8]:
    """A packed mirror image."""
    out = packed.empty(*image.shape)
    words = packed.as_words(image)[:: -1 if vertical else 1, :: -1 if horizontal else 1]
    packed.output_words(out, image.shape)[...] = words
    return out
