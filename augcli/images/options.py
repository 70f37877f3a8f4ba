"""What a person may ask of reading and writing images. Each field is a key of the config."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from augcli.fields import Byte, Model

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
ColorMode = Literal["keep", "grayscale", "rgb", "rgba"]
CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
"""How many channels an image has by its colour mode, where that says so."""
SaveFormat = Literal["png", "jpeg", "webp", "tiff", "bmp", "npy", "npz"]
ARRAY_FORMATS = frozenset({"npy", "npz"})
"""The formats that hold arrays of any dtype, rather than pictures."""
Side = Annotated[int, Field(ge=1, le=100_000)]


class Loading(Model):
    """How a source becomes an array."""

    target_size: Annotated[list[Side], Field(min_length=2, max_length=2)] | None = None
    """Height and width to resize to, in pixels; the native size when left out."""
    interpolation: Interpolation = "bilinear"
    """Filter of that resize; all but nearest average over the source's pixels."""
    keep_aspect_ratio: bool = False
    """Crop the centre to the target's aspect ratio before the resize, rather than distort."""
    color_mode: ColorMode = "keep"
    """Convert to grayscale, rgb or rgba; `keep` leaves the source's channels as they are."""
    depth: Literal["keep", 8] = "keep"
    """`8` allows 16-bit sources to be reduced to 8 bits; `keep` never reduces."""
    max_pixels: Annotated[int, Field(ge=1, le=2**40)] = 178_956_970
    """Larger sources are refused before they are decoded."""


class JpegOptions(Model):
    """`save_options` of JPEG."""

    quality: Annotated[int, Field(ge=1, le=100)] = 95
    """1 to 100."""
    subsampling: Literal["4:4:4", "4:2:2", "4:2:0"] = "4:2:0"
    """Resolution of the colour channels."""
    progressive: bool = False
    """Write progressive scans."""
    optimize: bool = False
    """Compute Huffman tables for each picture: smaller and slower."""


class PngOptions(Model):
    """`save_options` of PNG."""

    compression: Literal["fast", "balanced", "smallest"] = "balanced"
    """How long to look for a smaller file; the pixels are the same."""


class WebpOptions(Model):
    """`save_options` of WebP."""

    quality: Annotated[int, Field(ge=0, le=100)] = 90
    """0 to 100; of a lossless picture, the effort instead."""
    lossless: bool = False
    """Keep every pixel."""
    method: Annotated[int, Field(ge=0, le=6)] = 4
    """Effort, 0 (fast) to 6 (small)."""


class TiffOptions(Model):
    """`save_options` of TIFF."""

    compression: Literal["none", "lzw", "deflate"] = "deflate"
    """All three are lossless."""


class BmpOptions(Model):
    """BMP has no save_options."""


class NpyOptions(Model):
    """npy has no save_options."""


class NpzOptions(Model):
    """npz has no save_options; batch_size and shuffle are keys of their own."""


SAVE_OPTIONS: dict[str, type[Model]] = {
    "png": PngOptions,
    "jpeg": JpegOptions,
    "webp": WebpOptions,
    "tiff": TiffOptions,
    "bmp": BmpOptions,
    "npy": NpyOptions,
    "npz": NpzOptions,
}

EXTENSIONS: dict[str, str] = {
    "png": "png",
    "jpeg": "jpg",
    "webp": "webp",
    "tiff": "tif",
    "bmp": "bmp",
    "npy": "npy",
    "npz": "npz",
}


class Saving(Model):
    """How an array becomes a file."""

    save_format: SaveFormat = "png"
    """Format of every copy; npz writes shards, of `batch_size` copies each."""
    save_options: dict[str, bool | int | str] = Field(default_factory=dict, validate_default=True)
    """Options of that format, such as `quality`; those left out are filled in from its entry in
    `SAVE_OPTIONS`."""
    save_scale: Literal["none", "minmax"] = "none"
    """`minmax` stretches each picture to 0-255, as a picture of numbers that are no levels."""
    background: Annotated[list[Byte], Field(min_length=3, max_length=3)] = Field(
        default_factory=lambda: [255, 255, 255]
    )
    """Red, green and blue that show through where a format cannot hold transparency."""
    batch_size: Annotated[int, Field(ge=1)] = 32
    """How many copies there are in a shard of `save_format: npz`; the last shard of an epoch takes
    what is left."""
    shuffle: bool = True
    """Shuffle the copies of each epoch of `save_format: npz`, by the seed; else they are in the
    order of the data set."""

    @field_validator("save_options", mode="before")
    @classmethod
    def _complete_options(cls, value: object, info: ValidationInfo) -> dict[str, Any]:
        """The options checked against their format; the errors name the option."""
        if "save_format" not in info.data:  # wrong itself, so nothing can be said of its options
            return {}
        model = SAVE_OPTIONS[info.data["save_format"]]
        return model.model_validate({} if value is None else value).model_dump()

    @field_validator("batch_size", "shuffle")
    @classmethod
    def _check_has_shards(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("save_format", "npz") != "npz":
            standard = cls.model_fields[str(info.field_name)].default
            if value != standard:
                raise ValueError("it goes with save_format: npz alone; leave it out")
        return value
