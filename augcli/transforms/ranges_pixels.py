"""What the parameters of `ranges` do to pixels.

Apart from `ranges`, so that a run's parent, which touches no pixel, need not load NumPy, SciPy
and numba: `ranges` imports this when there are pixels.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from augcli.fields import FillMode
from augcli.images.pixels import to_levels
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.geometry import IDENTITY, AffineMap, SplineOrder, flipped, keras_affine
from augcli.transforms.moves import Fill, Projective
from augcli.transforms.resample import is_8_bit, resample_8_bit, resample_reference


class RangesParams(TypedDict, total=False):
    """The parameters that `Ranges.draw` gives."""

    theta: float
    tx: float
    ty: float
    shear: float
    zx: float
    zy: float
    flip_horizontal: bool
    flip_vertical: bool
    channel_shift_intensity: float
    brightness: float
    fill_mode: FillMode
    cval: float
    interpolation_order: SplineOrder
    center: str
    dtype: str


def apply_ranges(sample: Sample, params: Params) -> Sample:
    """Affine, channel shift, flips and brightness; see `Ranges.apply`.

    Mask and instances go through the affine and the flips.
    """
    p = cast(RangesParams, params)
    is_quick = _suits_8_bit(sample, p)
    affine = keras_affine(
        sample.size,
        theta=p["theta"],
        tx=p["tx"],
        ty=p["ty"],
        shear=p["shear"],
        zx=p["zx"],
        zy=p["zy"],
        center=p["center"],
        like_reference=not is_quick,
    )
    if is_quick:
        applied = resample_8_bit(
            sample,
            affine,
            order=p["interpolation_order"],
            fill_mode=p["fill_mode"],
            cval=p["cval"],
            shift=p["channel_shift_intensity"],
            gain=p["brightness"],
            flip_horizontal=p["flip_horizontal"],
            flip_vertical=p["flip_vertical"],
        )
    else:
        applied = _apply_reference(sample, affine, p)
    return _with_targets(applied, sample, affine, p) if sample.has_targets else applied


def _with_targets(applied: Sample, sample: Sample, affine: AffineMap, p: RangesParams) -> Sample:
    """`applied` with the mask and the instances of `sample`, moved as its image was."""
    from augcli.transforms.sampling import sampled_mask  # noqa: PLC0415  few samples have any
    from augcli.transforms.targets import moved_instances  # noqa: PLC0415  the same

    fill = Fill(p["fill_mode"])
    for plane_map in _plane_maps(sample.size, affine, p):
        sample = replace(
            sample,
            mask=None if sample.mask is None else sampled_mask(sample, plane_map, fill),
            instances=moved_instances(sample, plane_map),
        )
    return replace(sample, image=applied.image, levels=applied.levels)


def _plane_maps(size: Size, affine: AffineMap, p: RangesParams) -> Iterator[Projective]:
    """The affine, then the flips: of both in one, coordinates would round otherwise."""
    flips = {"horizontal": p["flip_horizontal"], "vertical": p["flip_vertical"]}
    for part in (affine, flipped(IDENTITY, size, **flips)):
        if not part.is_identity:
            rows = [(*line, shift) for line, shift in zip(part.matrix, part.offset, strict=True)]
            yield Projective(np.array([*rows, (0.0, 0.0, 1.0)]), size)


def _suits_8_bit(sample: Sample, p: RangesParams) -> bool:
    """Whether the 8-bit path gives what is asked for, within a level."""
    if p.get("dtype") is not None or not is_8_bit(sample, p["interpolation_order"]):
        return False
    if p["channel_shift_intensity"] == 0:
        return True
    # The 8-bit path rounds and clips before it shifts: that may not be magnified, nor cut `cval`.
    return p["brightness"] <= 2 and (p["fill_mode"] != "constant" or 0 <= p["cval"] <= 255)


def _working_dtype(source: np.dtype[np.generic], dtype: str | None) -> type[np.floating]:
    """The float type to compute in: SciPy has no float16; int32 does not fit in float32."""
    if dtype == "float64" or (dtype is None and source == np.int32):
        return np.float64
    return np.float32


def _apply_reference(sample: Sample, affine: AffineMap, p: RangesParams) -> Sample:
    """Keras-Preprocessing's `apply_transform` in floats, with its brightness mended."""
    dtype = p.get("dtype")
    image: NDArray[np.floating] = sample.image.astype(_working_dtype(sample.image.dtype, dtype))
    if not affine.is_identity:
        image = resample_reference(
            image,
            affine,
            order=p["interpolation_order"],
            fill_mode=p["fill_mode"],
            cval=p["cval"],
        )
    color = image[..., : sample.color_channels]
    if p["channel_shift_intensity"] != 0:
        low, high = color.min(), color.max()
        color[...] = np.clip(color + p["channel_shift_intensity"], low, high)
    if p["brightness"] != 1:
        color *= p["brightness"]
        if sample.levels is not None:
            np.clip(color, *sample.levels, out=color)
    image = image[:: -1 if p["flip_vertical"] else 1, :: -1 if p["flip_horizontal"] else 1]
    if dtype is not None:
        return Sample(image.astype(dtype), sample.levels)
    if sample.levels is None:
        return Sample(np.ascontiguousarray(image), None)
    integer = cast(type[np.integer], sample.image.dtype.type)
    return Sample(to_levels(image, sample.levels, integer), sample.levels)
