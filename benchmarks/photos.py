"""The data sets: drawn photos in a folder of classes, or the photos of a folder that is given.

What a photo costs to decode and encode depends on its statistics, so these follow those of
photographs: amplitudes that fall with frequency, objects with edges, light from one side, colour
that varies less and more slowly than brightness, and the grain of a sensor. As JPEG of quality 95
and as PNG they come to the sizes of camera photos scaled down to 500x375.
"""

import glob
import io
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

_CLASSES = 10
_QUALITIES = (92, 93, 94, 95)  # a camera's
_PHOTO_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
_DRAWING_VERSION = 1  # part of a folder's name; changes with what is drawn

_TEXTURE = 36.0  # standard deviation of brightness, in levels
_COLOR = 12.0  # the same of the two colour differences
_TEXTURE_SLOPE = 1.6  # with this, file sizes are those of photos scaled down to 500x375
_COLOR_SLOPE = 2.0
_GRAIN = 1.6
_LIGHT = 45.0  # levels from one side of the picture to the other

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DataSet:
    """A folder of JPEG photos, in class folders.

    Attributes:
        name: What the tables call it.
        size: Height and width in pixels.
        count: How many files.
        distinct: How many of them differ; the others repeat them.
    """

    name: str
    size: tuple[int, int]
    count: int
    distinct: int


def make_data_set(data: DataSet, folder: str, images: str | None = None) -> str:
    """Writes a data set below `folder`, unless it stands there from an earlier run.

    Args:
        data: What to write.
        folder: Where data sets are kept.
        images: A folder of photos to take instead of drawing them, cut and resized to the size.

    Returns:
        The data set's folder.

    Raises:
        ValueError: There are no photos in `images`.
    """
    target = os.path.join(folder, f"{data.name}-{data.count}-{_origin(images)}")
    if os.path.isdir(target):
        return target
    unfinished = f"{target}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    for number in range(_CLASSES):
        os.makedirs(os.path.join(unfinished, f"class_{number}"))
    photos = list(_drawn(data) if images is None else _given(data, images))
    for index in range(data.count):
        path = os.path.join(unfinished, f"class_{index % _CLASSES}", f"photo_{index:06}.jpg")
        with open(path, "wb") as file:
            file.write(photos[index % len(photos)])
    os.rename(unfinished, target)
    return target


def _origin(images: str | None) -> str:
    """What tells a folder's data set from one of other photos."""
    if images is None:
        return f"drawn{_DRAWING_VERSION}"
    path = os.path.abspath(images)
    return f"{os.path.basename(path)}-{zlib.crc32(path.encode()):08x}"


def _drawn(data: DataSet) -> Iterator[bytes]:
    """JPEG files of drawn photos."""
    for seed in range(min(data.count, data.distinct)):
        yield _as_jpeg(draw_photo(*data.size, seed=seed), seed)


def _given(data: DataSet, images: str) -> Iterator[bytes]:
    """JPEG files of the photos in a folder."""
    paths = sorted(
        path
        for path in glob.iglob(os.path.join(images, "**", "*"), recursive=True)
        if path.lower().endswith(_PHOTO_NAMES)
    )
    if not paths:
        raise ValueError(f"there are no photos in {images}")
    height, width = data.size
    for index, path in enumerate(paths[: data.count]):
        with Image.open(path) as photo:
            upright = ImageOps.exif_transpose(photo).convert("RGB")
        yield _as_jpeg(ImageOps.fit(upright, (width, height)), index)


def _as_jpeg(photo: Image.Image, index: int) -> bytes:
    with io.BytesIO() as file:
        photo.save(file, "JPEG", quality=_QUALITIES[index % len(_QUALITIES)])
        return file.getvalue()


def draw_photo(height: int, width: int, *, seed: int) -> Image.Image:
    """An RGB picture with the statistics of a photo."""
    rng = np.random.default_rng(seed)
    brightness = _light(height, width, rng) + _TEXTURE * _natural_noise(
        height, width, _TEXTURE_SLOPE, rng
    )
    brightness += _objects(height, width, rng)
    color = [_COLOR * _natural_noise(height, width, _COLOR_SLOPE, rng) for _ in range(2)]
    pixels = np.stack(
        [brightness + color[0], brightness - 0.4 * (color[0] + color[1]), brightness + color[1]],
        axis=-1,
    )
    pixels += rng.normal(0.0, _GRAIN, (height, width, 1))
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _light(height: int, width: int, rng: np.random.Generator) -> Array:
    """Brightness that falls off from one side to the other, (height, width)."""
    angle = rng.uniform(0.0, 2 * np.pi)
    rows = np.linspace(-0.5, 0.5, height)[:, np.newaxis]
    columns = np.linspace(-0.5, 0.5, width)
    result: Array = 120 + _LIGHT * (np.cos(angle) * rows + np.sin(angle) * columns)
    return result


def _natural_noise(height: int, width: int, slope: float, rng: np.random.Generator) -> Array:
    """Noise whose amplitude falls with frequency as 1/f^slope: mean 0, deviation 1.

    Field, "Relations between the statistics of natural images and the response properties of
    cortical cells", 1987, gives photographs a slope of about 1. Here it is steeper, since objects
    and grain are drawn on top.
    """
    frequency = np.hypot(np.fft.fftfreq(height)[:, np.newaxis], np.fft.rfftfreq(width))
    frequency[0, 0] = np.inf  # no constant part
    spectrum = np.fft.rfft2(rng.normal(size=(height, width))) / frequency**slope
    noise = np.fft.irfft2(spectrum, (height, width))
    result: Array = noise / noise.std()
    return result


def _objects(height: int, width: int, rng: np.random.Generator) -> Array:
    """Some ellipses and polygons lighter or darker than what is behind them, some out of focus."""
    total = np.zeros((height, width))
    side = min(height, width)
    for index in range(12):
        mask = Image.new("L", (width, height))
        draw = ImageDraw.Draw(mask)
        center = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        radius = side * rng.uniform(0.04, 0.3)
        if index % 2:
            low, high = center - radius, center + radius * rng.uniform(0.3, 1.0, 2)
            draw.ellipse([*low, *high], fill=255)
        else:
            angles = np.sort(rng.uniform(0, 2 * np.pi, 5))
            corners = center + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
            draw.polygon([tuple(corner) for corner in corners], fill=255)
        blurred = mask.filter(
            ImageFilter.GaussianBlur(side * float(rng.choice([0.002, 0.004, 0.02])))
        )
        total += rng.uniform(-60, 60) / 255 * np.asarray(blurred)
    return total
