"""The transforms that are a map of the plane, and how several of them are done in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from augcli.fields import FillMode, Model
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.maps import FieldMap, Fill, PlaneMap, Projective, Resized
from augcli.transforms.params import integer, number, text

__all__ = [
    "FieldMap",
    "Fill",
    "Filled",
    "Geometric",
    "Move",
    "PlaneMap",
    "Projective",
    "Resized",
    "fill_of",
    "joined",
    "moved",
]


@dataclass(frozen=True, slots=True)
class Move:
    """A map, and what is shown where it leads out of the input.

    Attributes:
        plane_map: From output to input.
        fill: None where it never leads out.
        joins_earlier: Whether it may be done in one with the move before it.
    """

    plane_map: PlaneMap
    fill: Fill | None
    joins_earlier: bool = True


def joined(earlier: Move, later: Move) -> Move | None:
    """Both moves as one, so that pixels are interpolated once; None where they have to stay two.

    Beyond the edges of what the earlier one has cut away, the later one then finds real pixels.
    """
    first, second = earlier.plane_map, later.plane_map
    if not later.joins_earlier or type(first) is not Projective or type(second) is not Projective:
        return None
    if earlier.fill and later.fill and earlier.fill != later.fill:
        return None
    return Move(second.after(first), later.fill or earlier.fill, earlier.joins_earlier)


class Geometric(Transform):
    """Moves pixels, and with them the mask's, boxes and points."""

    @classmethod
    def move(cls, params: Params, size: Size) -> Move:
        """Where `params` move the pixels of an image of `size`."""
        raise NotImplementedError

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """Image, mask and instances, moved."""
        return moved(sample, cls.move(params, sample.size))


class Filling(Model):
    """The settings of what may have to fill up."""

    fill_mode: FillMode = "nearest"
    """What stands where the source has no pixels; `constant` takes `cval`."""
    cval: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    """Level of `fill_mode: constant`."""
    interpolation_order: Annotated[int, Field(ge=0, le=5)] = 1
    """Order of the spline between pixels: 0 nearest, 1 linear, 3 cubic."""

    @property
    def filling(self) -> Params:
        """The three settings as parameters, as `fill_of` reads them."""
        return {
            "fill_mode": self.fill_mode,
            "cval": self.cval,
            "interpolation_order": self.interpolation_order,
        }


class Filled(Filling, Geometric):
    """Moves pixels, and may have to fill up."""


def fill_of(params: Params) -> Fill:
    """The fill that `Filling.filling` has written."""
    fill_mode: FillMode = text(params, "fill_mode")  # type: ignore[assignment]  # of the four
    return Fill(fill_mode, number(params, "cval"), integer(params, "interpolation_order"))


def moved(sample: Sample, move: Move) -> Sample:
    """Image, mask and instances, moved."""
    from augcli.transforms.sampling import sampled_image, sampled_mask  # noqa: PLC0415  numba
    from augcli.transforms.targets import moved_instances  # noqa: PLC0415  see there

    plane_map, fill = move.plane_map, move.fill or Fill()
    return replace(
        sample,
        image=sampled_image(sample, plane_map, fill),
        mask=None if sample.mask is None else sampled_mask(sample, plane_map, fill),
        instances=moved_instances(sample, plane_map),
    )
