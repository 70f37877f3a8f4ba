"""What the published policies consist of: operations, what a magnitude means, and sub-policies.

Operations have the names of the papers in lower case; `policies` says which transform each is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from augcli.transforms.base import significant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from augcli.transforms.base import Size

Learned = Literal["imagenet", "cifar10", "svhn"]
Chance = tuple[str, float, int | None]
"""An operation, its probability, and its magnitude: 0 to 9, None where it has none."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What magnitudes mean for one operation; all zeros where they mean nothing.

    Attributes:
        weakest: The value at the lowest magnitude.
        strongest: The value at the highest one; between them, values are linear.
        is_mirrored: Whether half of the values are as far to the other side of the weakest.
    """

    weakest: float = 0.0
    strongest: float = 0.0
    is_mirrored: bool = False

    def value(self, share: float, u_sign: float) -> float:
        """The value at a magnitude, to six significant digits.

        Args:
            share: The magnitude, from 0 to 1.
            u_sign: A uniform number in [0, 1) that chooses the side.
        """
        reach = (self.strongest - self.weakest) * share
        is_other_side = self.is_mirrored and u_sign < 0.5
        return significant(self.weakest - reach if is_other_side else self.weakest + reach)


_NO_MAGNITUDE = Scale()

LEVELS = 9
"""The highest magnitude of AutoAugment: the paper tells ten of them apart, 0 to 9."""
BINS = 30
"""The highest magnitude of RandAugment, as torchvision counts, and of TrivialAugment."""


def narrow(size: Size) -> Mapping[str, Scale]:
    """The operations of AutoAugment's sub-policies and of RandAugment, and their magnitudes.

    Values are slopes, pixels, degrees, factors, bits and levels, as `wide` and `augmix` have them.
    """
    factors = Scale(1.0, 1.9, is_mirrored=True)
    slopes = Scale(0.0, 0.3, is_mirrored=True)
    return {
        "identity": _NO_MAGNITUDE,
        "autocontrast": _NO_MAGNITUDE,
        "equalize": _NO_MAGNITUDE,
        "rotate": Scale(0.0, 30.0, is_mirrored=True),
        "solarize": Scale(256.0, 0.0),
        "color": factors,
        "posterize": Scale(8.0, 4.0),
        "contrast": factors,
        "brightness": factors,
        "sharpness": factors,
        "shear_x": slopes,
        "shear_y": slopes,
        "translate_x": Scale(0.0, 150 / 331 * size.width, is_mirrored=True),
        "translate_y": Scale(0.0, 150 / 331 * size.height, is_mirrored=True),
    }


def auto_augment(size: Size) -> Mapping[str, Scale]:
    """The operations of AutoAugment's sub-policies: RandAugment's, and `invert`."""
    return {**narrow(size), "invert": _NO_MAGNITUDE}


def wide(_: Size) -> Mapping[str, Scale]:
    """The same operations with the magnitudes of TrivialAugment, "TA (Wide)"."""
    factors = Scale(1.0, 1.99, is_mirrored=True)
    slopes = Scale(0.0, 0.99, is_mirrored=True)
    pixels = Scale(0.0, 32.0, is_mirrored=True)
    return {
        "identity": _NO_MAGNITUDE,
        "autocontrast": _NO_MAGNITUDE,
        "equalize": _NO_MAGNITUDE,
        "rotate": Scale(0.0, 135.0, is_mirrored=True),
        "solarize": Scale(256.0, 0.0),
        "color": factors,
        "posterize": Scale(8.0, 2.0),
        "contrast": factors,
        "brightness": factors,
        "sharpness": factors,
        "shear_x": slopes,
        "shear_y": slopes,
        "translate_x": pixels,
        "translate_y": pixels,
    }


def augmix(size: Size) -> Mapping[str, Scale]:
    """The operations of AugMix, at severities of 0 to 10."""
    slopes = Scale(0.0, 0.3, is_mirrored=True)
    return {
        "autocontrast": _NO_MAGNITUDE,
        "equalize": _NO_MAGNITUDE,
        "posterize": Scale(4.0, 0.0),
        "rotate": Scale(0.0, 30.0, is_mirrored=True),
        "solarize": Scale(256.0, 0.0),
        "shear_x": slopes,
        "shear_y": slopes,
        "translate_x": Scale(0.0, size.width / 3, is_mirrored=True),
        "translate_y": Scale(0.0, size.height / 3, is_mirrored=True),
    }


def augmix_all(size: Size) -> Mapping[str, Scale]:
    """Those of AugMix, and the four that corruptions of ImageNet-C resemble."""
    factors = dict.fromkeys(("color", "contrast", "brightness", "sharpness"), Scale(0.1, 1.9))
    return {**augmix(size), **factors}


AUTO_AUGMENT: dict[Learned, list[tuple[Chance, Chance]]] = {
    "imagenet": [
        (("posterize", 0.4, 8), ("rotate", 0.6, 9)),
        (("solarize", 0.6, 5), ("autocontrast", 0.6, None)),
        (("equalize", 0.8, None), ("equalize", 0.6, None)),
        (("posterize", 0.6, 7), ("posterize", 0.6, 6)),
        (("equalize", 0.4, None), ("solarize", 0.2, 4)),
        (("equalize", 0.4, None), ("rotate", 0.8, 8)),
        (("solarize", 0.6, 3), ("equalize", 0.6, None)),
        (("posterize", 0.8, 5), ("equalize", 1.0, None)),
        (("rotate", 0.2, 3), ("solarize", 0.6, 8)),
        (("equalize", 0.6, None), ("posterize", 0.4, 6)),
        (("rotate", 0.8, 8), ("color", 0.4, 0)),
        (("rotate", 0.4, 9), ("equalize", 0.6, None)),
        (("equalize", 0.0, None), ("equalize", 0.8, None)),
        (("invert", 0.6, None), ("equalize", 1.0, None)),
        (("color", 0.6, 4), ("contrast", 1.0, 8)),
        (("rotate", 0.8, 8), ("color", 1.0, 2)),
        (("color", 0.8, 8), ("solarize", 0.8, 7)),
        (("sharpness", 0.4, 7), ("invert", 0.6, None)),
        (("shear_x", 0.6, 5), ("equalize", 1.0, None)),
        (("color", 0.4, 0), ("equalize", 0.6, None)),
        (("equalize", 0.4, None), ("solarize", 0.2, 4)),
        (("solarize", 0.6, 5), ("autocontrast", 0.6, None)),
        (("invert", 0.6, None), ("equalize", 1.0, None)),
        (("color", 0.6, 4), ("contrast", 1.0, 8)),
        (("equalize", 0.8, None), ("equalize", 0.6, None)),
    ],
    "cifar10": [
        (("invert", 0.1, None), ("contrast", 0.2, 6)),
        (("rotate", 0.7, 2), ("translate_x", 0.3, 9)),
        (("sharpness", 0.8, 1), ("sharpness", 0.9, 3)),
        (("shear_y", 0.5, 8), ("translate_y", 0.7, 9)),
        (("autocontrast", 0.5, None), ("equalize", 0.9, None)),
        (("shear_y", 0.2, 7), ("posterize", 0.3, 7)),
        (("color", 0.4, 3), ("brightness", 0.6, 7)),
        (("sharpness", 0.3, 9), ("brightness", 0.7, 9)),
        (("equalize", 0.6, None), ("equalize", 0.5, None)),
        (("contrast", 0.6, 7), ("sharpness", 0.6, 5)),
        (("color", 0.7, 7), ("translate_x", 0.5, 8)),
        (("equalize", 0.3, None), ("autocontrast", 0.4, None)),
        (("translate_y", 0.4, 3), ("sharpness", 0.2, 6)),
        (("brightness", 0.9, 6), ("color", 0.2, 8)),
        (("solarize", 0.5, 2), ("invert", 0.0, None)),
        (("equalize", 0.2, None), ("autocontrast", 0.6, None)),
        (("equalize", 0.2, None), ("equalize", 0.6, None)),
        (("color", 0.9, 9), ("equalize", 0.6, None)),
        (("autocontrast", 0.8, None), ("solarize", 0.2, 8)),
        (("brightness", 0.1, 3), ("color", 0.7, 0)),
        (("solarize", 0.4, 5), ("autocontrast", 0.9, None)),
        (("translate_y", 0.9, 9), ("translate_y", 0.7, 9)),
        (("autocontrast", 0.9, None), ("solarize", 0.8, 3)),
        (("equalize", 0.8, None), ("invert", 0.1, None)),
        (("translate_y", 0.7, 9), ("autocontrast", 0.9, None)),
    ],
    "svhn": [
        (("shear_x", 0.9, 4), ("invert", 0.2, None)),
        (("shear_y", 0.9, 8), ("invert", 0.7, None)),
        (("equalize", 0.6, None), ("solarize", 0.6, 6)),
        (("invert", 0.9, None), ("equalize", 0.6, None)),
        (("equalize", 0.6, None), ("rotate", 0.9, 3)),
        (("shear_x", 0.9, 4), ("autocontrast", 0.8, None)),
        (("shear_y", 0.9, 8), ("invert", 0.4, None)),
        (("shear_y", 0.9, 5), ("solarize", 0.2, 6)),
        (("invert", 0.9, None), ("autocontrast", 0.8, None)),
        (("equalize", 0.6, None), ("rotate", 0.9, 3)),
        (("shear_x", 0.9, 4), ("solarize", 0.3, 3)),
        (("shear_y", 0.8, 8), ("invert", 0.7, None)),
        (("equalize", 0.9, None), ("translate_y", 0.6, 6)),
        (("invert", 0.9, None), ("equalize", 0.6, None)),
        (("contrast", 0.3, 3), ("rotate", 0.8, 4)),
        (("invert", 0.8, None), ("translate_y", 0.0, 2)),
        (("shear_y", 0.7, 6), ("solarize", 0.4, 8)),
        (("invert", 0.6, None), ("rotate", 0.8, 4)),
        (("shear_y", 0.3, 7), ("translate_x", 0.9, 3)),
        (("shear_x", 0.1, 6), ("invert", 0.6, None)),
        (("solarize", 0.7, 2), ("translate_y", 0.6, 7)),
        (("shear_y", 0.8, 4), ("invert", 0.8, None)),
        (("shear_x", 0.7, 9), ("translate_y", 0.8, 3)),
        (("shear_y", 0.8, 5), ("autocontrast", 0.7, None)),
        (("shear_x", 0.7, 2), ("invert", 0.1, None)),
    ],
}
"""The sub-policies of AutoAugment's appendix, by the data that they were learned on."""
