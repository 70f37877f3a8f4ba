"""What is lost on the way: lossy formats, and resolution.

Alpha stays as it is, and colour is treated as if there were none.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

import numpy as np

from augcli import kernels
from augcli.errors import SourceError
from augcli.images.options import Interpolation, Loading
from augcli.transforms.base import Params, Sample, Size, uniform, whole
from augcli.transforms.params import integer, number, text
from augcli.transforms.settings import Span, WholeSpan, within
from augcli.transforms.tonal import Tonal, from_unit, to_unit, with_color

if TYPE_CHECKING:
    from numpy.typing import NDArray


class JpegCompression(Tonal):
    """Saves the image as a JPEG of low quality and reads it back: blocks, ringing, dull colours.

    Other depths are reduced to 8 bits on the way, as JPEG has no others. The last levels depend on
    the version of libjpeg-turbo that Pillow brings, which `run.yaml` records.
    """

    op: ClassVar[str] = "jpeg_compression"

    quality: Annotated[WholeSpan, within(1, 100)] = [40, 90]
    """Quality from 1 to 100, as in `save_options`; below 30 the blocks are plain to see."""
    subsampling: Literal["4:4:4", "4:2:2", "4:2:0"] = "4:2:0"
    """Resolution of the colour channels; 4:2:0, half of it in both directions, is what most JPEGs
    have."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One quality."""
        return {"quality": whole(rng.random(), *self.quality), "subsampling": self.subsampling}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image as its JPEG.

        Raises:
            SourceError: A side has more than 65500 pixels, or black and white of the source are
                not known.
        """
        return _through_file(
            sample,
            "jpeg",
            quality=integer(params, "quality"),
            subsampling=text(params, "subsampling"),
        )


class WebpCompression(Tonal):
    """Saves the image as a lossy WebP of low quality and reads it back: smears and soft edges.

    Other depths are reduced to 8 bits on the way, as WebP has no others. The last levels depend on
    the version of libwebp that Pillow brings, which `run.yaml` records.
    """

    op: ClassVar[str] = "webp_compression"

    quality: Annotated[WholeSpan, within(0, 100)] = [40, 90]
    """Quality from 0 to 100, as in `save_options`."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One quality."""
        return {"quality": whole(rng.random(), *self.quality)}

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image as its WebP.

        Raises:
            SourceError: A side has more than 16383 pixels, or black and white of the source are
                not known.
        """
        return _through_file(
            sample, "webp", quality=integer(params, "quality"), method=_WEBP_METHOD
        )


class Downscale(Tonal):
    """Makes the image smaller and then as large as before, so that its details are lost.

    As Albumentations' Downscale, whose default is the nearest pixel both ways: blocks.
    """

    op: ClassVar[str] = "downscale"

    scale: Annotated[Span, within(0.01, 1)] = [0.25, 0.5]
    """Size in between, as a share of height and width; 1 changes nothing."""
    interpolation_down: Interpolation = "bilinear"
    """Filter on the way down; all but nearest average over the pixels that are made one."""
    interpolation_up: Interpolation = "bilinear"
    """Filter on the way up; nearest gives blocks, bilinear a blur."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """One scale."""
        return {
            "scale": uniform(rng.random(), *self.scale),
            "interpolation_down": self.interpolation_down,
            "interpolation_up": self.interpolation_up,
        }

    @classmethod
    def toned(cls, sample: Sample, params: Params) -> NDArray[Any]:
        """The image at a lower resolution, in its own size."""
        scale = number(params, "scale")
        height, width = sample.size
        small = Size(max(round(height * scale), 1), max(round(width * scale), 1))
        if small == sample.size:
            return sample.image
        color = _resized(_color(sample.image, sample.color_channels), small, params, "down")
        return _with_alpha(sample, _resized(color, sample.size, params, "up"))


# Effort from 0 to 6. Most files are made with 4, which takes twice the time for 8 % less bytes.
_WEBP_METHOD = 2


def _resized(pixels: NDArray[Any], size: Size, params: Params, way: str) -> NDArray[Any]:
    from augcli.images.orientation import Box  # noqa: PLC0415  loads Pillow
    from augcli.images.resize import resize  # noqa: PLC0415  loads Pillow

    height, width = pixels.shape[:2]
    interpolation = cast("Interpolation", text(params, f"interpolation_{way}"))
    if pixels.dtype == np.uint8 and interpolation == "bilinear":  # a third of Pillow's time
        return kernels.resizing.resize_bilinear(pixels, *size, (0, 0, width, height))
    return resize(pixels, *size, interpolation, Box(0, 0, width, height))


def _color(image: NDArray[Any], channels: int) -> NDArray[Any]:
    """An image's first channels, packed where they have 8 bits."""
    if image.dtype != np.uint8 or image.shape[2] == channels:
        return image[..., :channels]
    color = kernels.packed.empty(image.shape[0], image.shape[1], channels)
    color[...] = image[..., :channels]
    return color


def _with_alpha(sample: Sample, color: NDArray[Any]) -> NDArray[Any]:
    """New colours, with the alpha of the sample's image if it has one."""
    has_alpha = color.shape != sample.image.shape
    return with_color(sample.image, color) if has_alpha else color


def _through_file(sample: Sample, name: str, **options: int | str) -> NDArray[Any]:
    """The image after it was saved in a format and read back."""
    if sample.image.dtype != np.uint8:
        in_8_bits = np.floor(to_unit(sample) * 255 + 0.5).astype(np.uint8)
        return from_unit(sample, _saved_and_read(in_8_bits, name, options).astype(np.float64) / 255)
    color = _saved_and_read(_color(sample.image, sample.color_channels), name, options)
    return _with_alpha(sample, color)


def _saved_and_read(
    color: NDArray[np.uint8], name: str, options: dict[str, int | str]
) -> NDArray[Any]:
    """Pixels (height, width, 1 or 3) as the file of a format has them."""
    from augcli.images import turbojpeg  # noqa: PLC0415  loads simplejpeg
    from augcli.images.decode import decode  # noqa: PLC0415  loads Pillow
    from augcli.images.encode import WRITERS  # noqa: PLC0415  loads Pillow and numba
    from augcli.images.pillow import as_image  # noqa: PLC0415  loads Pillow

    height, width, channels = color.shape
    longest = WRITERS[name].longest_side
    if max(height, width) > longest:
        raise SourceError(
            "transform",
            f"{width} x {height} pixels: a side of {name} may have {longest} at most; "
            f"set a smaller target_size, or do without {name}_compression",
        )
    file = io.BytesIO()
    as_image(color).save(file, name, **options)
    if name == "jpeg":
        pixels = turbojpeg.read(file.getvalue(), height, width, channels)
        if pixels is not None:
            return pixels
    loading = Loading(color_mode="grayscale" if channels == 1 else "rgb", max_pixels=height * width)
    return decode(file.getvalue(), loading).pixels
