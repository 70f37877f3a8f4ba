"""Every transform, by the name it has in YAML and in recipes.

A module is loaded when one of its transforms is asked for: a run pays for those of its config.
Other packages add transforms by entry points of the group `augcli.transforms`; installed packages
are searched when a name is not built in, or when all are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from augcli.errors import UsageError
from augcli.transforms.base import Operation, Transform

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "augcli.transforms"
"""Group of the entry points: the name in YAML, and "package.module:Class"."""

BUILT_IN: dict[str, str] = {
    "ranges": "ranges:Ranges",
    # several steps, of which some are drawn
    "one_of": "composites:OneOf",
    "some_of": "composites:SomeOf",
    "sequence": "composites:Sequence",
    # where pixels are
    "horizontal_flip": "spatial:HorizontalFlip",
    "vertical_flip": "spatial:VerticalFlip",
    "rot90": "spatial:Rot90",
    "transpose": "spatial:Transpose",
    "d4": "spatial:D4",
    "affine": "spatial:Affine",
    "perspective": "spatial:Perspective",
    "crop": "cropping:Crop",
    "random_resized_crop": "cropping:RandomResizedCrop",
    "center_crop": "cropping:CenterCrop",
    "pad": "cropping:Pad",
    "resize": "cropping:Resize",
    "elastic": "distortion:Elastic",
    "grid_distortion": "distortion:GridDistortion",
    "optical_distortion": "distortion:OpticalDistortion",
    "piecewise_affine": "distortion:PiecewiseAffine",
    # how light they are
    "brightness": "tones:Brightness",
    "contrast": "tones:Contrast",
    "gamma": "tones:Gamma",
    "exposure": "tones:Exposure",
    "clahe": "tones:Clahe",
    "equalize": "tones:Equalize",
    "autocontrast": "tones:Autocontrast",
    "posterize": "tones:Posterize",
    "solarize": "tones:Solarize",
    "invert": "tones:Invert",
    "tone_curve": "tones:ToneCurve",
    # and of what colour
    "hue": "colors:Hue",
    "saturation": "colors:Saturation",
    "color_jitter": "colors:ColorJitter",
    "rgb_shift": "colors:RgbShift",
    "channel_shuffle": "colors:ChannelShuffle",
    "channel_dropout": "colors:ChannelDropout",
    "grayscale": "colors:Grayscale",
    "sepia": "colors:Sepia",
    "color_temperature": "colors:ColorTemperature",
    # how sharp
    "gaussian_blur": "blur:GaussianBlur",
    "box_blur": "blur:BoxBlur",
    "median_blur": "blur:MedianBlur",
    "motion_blur": "blur:MotionBlur",
    "defocus": "blur:Defocus",
    "zoom_blur": "blur:ZoomBlur",
    "sharpen": "sharpening:Sharpen",
    "sharpness": "sharpening:Sharpness",
    "unsharp_mask": "sharpening:UnsharpMask",
    "emboss": "sharpening:Emboss",
    # how clean
    "gaussian_noise": "noise:GaussianNoise",
    "shot_noise": "noise:ShotNoise",
    "speckle_noise": "noise:SpeckleNoise",
    "iso_noise": "noise:IsoNoise",
    "salt_and_pepper": "noise:SaltAndPepper",
    "jpeg_compression": "compression:JpegCompression",
    "webp_compression": "compression:WebpCompression",
    "downscale": "compression:Downscale",
    # what is hidden
    "cutout": "dropout:Cutout",
    "random_erasing": "dropout:RandomErasing",
    "pixel_dropout": "dropout:PixelDropout",
    "grid_dropout": "dropout:GridDropout",
    "coarse_dropout": "dropout:CoarseDropout",
    # and by what weather
    "fog": "weather:Fog",
    "rain": "weather:Rain",
    "snow": "weather:Snow",
    "shadow": "weather:Shadow",
    "sun_flare": "weather:SunFlare",
    # published policies
    "auto_augment": "policies:AutoAugment",
    "rand_augment": "policies:RandAugment",
    "trivial_augment": "policies:TrivialAugment",
    "augmix": "policies:AugMix",
}
"""Module of this package, and class in it."""


class PluginError(UsageError):
    """A transform of another package that cannot be used; names the package."""


@cache
def _built_in(name: str) -> type[Operation]:
    module, _, attribute = BUILT_IN[name].partition(":")
    operation: type[Operation] = getattr(import_module(f"augcli.transforms.{module}"), attribute)
    return operation


@cache
def _plugins() -> Mapping[str, EntryPoint]:
    """The entry points of installed packages, none of them loaded.

    Raises:
        PluginError: A name is taken.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415  slow, and seldom needed

    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=_package):
        if entry.name in BUILT_IN:
            raise PluginError(
                f"{_package(entry)} has a transform {entry.name!r}, which augcli has itself; "
                f"uninstall it, or give it another name"
            )
        if entry.name in found:
            raise PluginError(
                f"both {_package(found[entry.name])} and {_package(entry)} have a transform "
                f"{entry.name!r}; uninstall one of them"
            )
        found[entry.name] = entry
    return found


@cache
def _plugin(name: str) -> type[Operation]:
    """The transform of an installed package.

    Raises:
        KeyError: There is none of that name.
        PluginError: It cannot be loaded, or is no transform of that name.
    """
    entry = _plugins()[name]
    try:
        found = entry.load()
    except Exception as error:  # somebody else's code, which may raise anything
        raise PluginError(
            f"{_package(entry)}, which has the transform {name!r}, cannot be imported "
            f"({type(error).__name__}: {error})"
        ) from error
    if not isinstance(found, type) or not issubclass(found, Transform):
        raise PluginError(
            f"{_package(entry)}: {entry.value} is no subclass of augcli.transforms.base.Transform"
        )
    if getattr(found, "op", None) != name:
        raise PluginError(
            f"{_package(entry)}: {entry.value} is installed as {name!r}, so its op must be that"
        )
    return found


def _package(entry: EntryPoint) -> str:
    """The package of an entry point, with its version."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unnamed package"


class _Registry(Mapping[str, type[Operation]]):
    """The operations by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> type[Operation]:
        return _built_in(name) if name in BUILT_IN else _plugin(name)

    def __contains__(self, name: object) -> bool:
        return name in BUILT_IN or name in _plugins()

    def __iter__(self) -> Iterator[str]:
        yield from BUILT_IN
        yield from sorted(_plugins())

    def __len__(self) -> int:
        return len(BUILT_IN) + len(_plugins())


TRANSFORMS: Mapping[str, type[Operation]] = _Registry()


def transform_of(name: str) -> type[Transform]:
    """The transform that steps of a recipe call `name`.

    Raises:
        KeyError: There is none.
        PluginError: It is another package's, and cannot be used.
    """
    found = TRANSFORMS[name]
    if not issubclass(found, Transform):
        raise KeyError(name)
    return found


def plugin_packages() -> dict[str, str]:
    """Version of each installed package that brings transforms, by its name; none is loaded.

    Raises:
        PluginError: A name is taken.
    """
    dists = [entry.dist for entry in _plugins().values()]
    return {dist.name: dist.version for dist in dists if dist}


def package_of(name: str) -> tuple[str, str] | None:
    """Name and version of the package that a transform comes from; None if it is built in."""
    if name in BUILT_IN:
        return None
    dist = _plugins()[name].dist
    return (dist.name, dist.version) if dist else None
