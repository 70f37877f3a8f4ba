"""Times the kernels against the libraries that people use, on one core.

    python benchmarks/kernels.py [--image FILE] [--rounds 30]
    python benchmarks/kernels.py --sizes FOLDER

Prints the median, minimum and maximum of each in milliseconds. OpenCV is measured where it is
installed; augcli does not need it. With --sizes it prints instead what the images of a folder
come to as PNG files, as a share of Pillow's by its defaults.
"""

import argparse
import io
import os
import statistics
import time
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from augcli.kernels import deflate, packed
from augcli.kernels.edges import FillMode
from augcli.kernels.png import Compression, encode_png
from augcli.kernels.warp import warp_affine

try:
    import cv2  # type: ignore[import-not-found] # not a dependency
except ImportError:
    cv2 = None
else:
    cv2.setNumThreads(1)

Array = NDArray[Any]
SIZES = ((224, 224), (375, 500), (1500, 2000))
MODES: tuple[FillMode, ...] = ("nearest", "reflect", "constant", "wrap")
COMPRESSIONS: tuple[Compression, ...] = ("fast", "balanced", "smallest")
PILLOW_LEVEL = 6  # its default
OPENCV_BORDERS = {"nearest": 1, "reflect": 2, "constant": 0, "wrap": 3}


def procedural_photo(height: int, width: int) -> Image.Image:
    """Blurred noise at several scales: edges, texture and grain as in a photo."""
    rng = np.random.default_rng(0)
    layers: Array = np.zeros((height, width, 3))
    for scale in (64, 16, 4, 1):
        grid = rng.normal(size=(height // scale + 2, width // scale + 2, 3))
        layers += scale**0.6 * ndimage.zoom(grid, (scale, scale, 1), order=1)[:height, :width]
    low, high = layers.min(), layers.max()
    return Image.fromarray(((layers - low) / (high - low) * 255).astype(np.uint8))


def measure(what: str, who: str, rounds: int, function: Callable[[], object]) -> None:
    """Calls `function` once, then `rounds` times, and prints a row of the table."""
    result = function()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1e3)
    numbers = (statistics.median(times), min(times), max(times))
    note = f"{len(result)} bytes" if isinstance(result, bytes) else ""
    print(f"{what:24} {who:9}" + "".join(f"{number:9.2f}" for number in numbers) + f"  {note}")


def rotation_about_center(height: int, width: int) -> tuple[Array, Array]:
    """Matrix and offset of 12 degrees and a zoom of 1.1: a tenth of the result is outside."""
    angle = np.deg2rad(12)
    matrix = 1.1 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    center = np.array([height / 2 - 0.5, width / 2 - 0.5])
    return matrix, center - matrix @ center


def scipy_warp(pixels: Array, matrix: Array, offset: Array, mode: Any) -> list[Array]:
    """SciPy's, a channel at a time."""
    mode = "grid-wrap" if mode == "wrap" else mode
    return [
        ndimage.affine_transform(pixels[..., channel], matrix, offset, order=1, mode=mode)
        for channel in range(3)
    ]


def opencv_warp(pixels: Array, xy_matrix: Array, mode: str) -> Array:
    """OpenCV's; its matrix has x before y."""
    size = (pixels.shape[1], pixels.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    result: Array = cv2.warpAffine(
        pixels, xy_matrix, size, flags=flags, borderMode=OPENCV_BORDERS[mode]
    )
    return result


def time_warps(photo: Image.Image, height: int, width: int, rounds: int) -> None:
    """The same warp by each library, in each fill mode."""
    source = photo.resize((width, height))
    pixels = np.asarray(source)
    image = packed.empty(height, width, 3)
    image[...] = pixels
    matrix, offset = rotation_about_center(height, width)
    xy_matrix = np.column_stack([matrix[::-1, ::-1], offset[::-1]])
    slow_rounds = max(rounds // 10, 3)
    for mode in MODES:
        what = f"warp {width}x{height} {mode}"
        ours = partial(warp_affine, image, matrix, offset, fill_mode=mode)
        measure(what, "augcli", rounds, ours)
        measure(what, "SciPy", slow_rounds, partial(scipy_warp, pixels, matrix, offset, mode))
        if cv2 is not None:
            measure(what, "OpenCV", rounds, partial(opencv_warp, pixels, xy_matrix, mode))
    transform = partial(
        source.transform,
        source.size,
        Image.Transform.AFFINE,
        tuple(xy_matrix.ravel()),
        Image.Resampling.BILINEAR,
    )
    measure(f"warp {width}x{height} constant", "Pillow", rounds, transform)


def pillow_png(source: Image.Image, level: int) -> bytes:
    """Pillow's, at a level of zlib."""
    with io.BytesIO() as file:
        source.save(file, "png", compress_level=level)
        return file.getvalue()


def opencv_png(pixels: Array) -> bytes:
    """OpenCV's, by its defaults."""
    data: bytes = cv2.imencode(".png", pixels)[1].tobytes()
    return data


def time_png(photo: Image.Image, height: int, width: int, rounds: int) -> None:
    """PNG by each library, with the size it comes to."""
    source = photo.resize((width, height))
    image = packed.empty(height, width, 3)
    image[...] = np.asarray(source)
    what = f"PNG {width}x{height}"
    slow_rounds = max(rounds // 10, 3)
    measure(what, "fast", rounds, partial(encode_png, image, compression="fast"))
    measure(what, "balanced", rounds, partial(encode_png, image, compression="balanced"))
    measure(what, "smallest", slow_rounds, partial(encode_png, image, compression="smallest"))
    for level in (1, PILLOW_LEVEL, 9):
        measure(what, f"Pillow {level}", slow_rounds, partial(pillow_png, source, level))
    if cv2 is not None:
        measure(what, "OpenCV", rounds, partial(opencv_png, np.ascontiguousarray(image)))


def zlib_runs(data: Array) -> bytes:
    """zlib's, told to look for nothing but runs."""
    stream = zlib.compressobj(strategy=zlib.Z_RLE)
    return stream.compress(data.data) + stream.flush()


def time_deflate(photo: Image.Image, height: int, width: int, rounds: int) -> None:
    """Deflate of differences to the pixels above, by each library, with its size."""
    pixels = np.asarray(photo.resize((width, height)))
    data = np.diff(pixels, axis=0, prepend=np.uint8(0)).reshape(-1)
    what = f"deflate {width}x{height}"
    measure(what, "augcli", rounds, partial(deflate.compress, data))
    measure(what, "ISA-L 1", rounds, partial(isal_zlib.compress, data.data, 1))
    measure(what, "ISA-L 2", rounds, partial(isal_zlib.compress, data.data, 2))
    measure(what, "zlib runs", max(rounds // 10, 3), partial(zlib_runs, data))


def print_sizes(folder: str) -> None:
    """The sizes of a folder's images, in total and of the worst one."""
    by_pillow = []
    ours: dict[Compression, list[int]] = {compression: [] for compression in COMPRESSIONS}
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        with Image.open(entry.path) as opened:
            source = opened.convert("L" if opened.mode in {"L", "P"} else "RGB")
        pixels = np.asarray(source).reshape(source.height, source.width, -1)
        by_pillow.append(len(pillow_png(source, PILLOW_LEVEL)))
        for compression in COMPRESSIONS:
            ours[compression].append(len(encode_png(pixels, compression=compression)))
    for compression in COMPRESSIONS:
        total = sum(ours[compression]) / sum(by_pillow)
        worst = max(own / other for own, other in zip(ours[compression], by_pillow, strict=True))
        print(f"{compression:9} {total:.3f} of Pillow's, at worst {worst:.3f}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", help="a photo; drawn when left out")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--sizes", metavar="FOLDER", help="of images, to compare in size alone")
    arguments = parser.parse_args()
    if arguments.sizes:
        print_sizes(arguments.sizes)
        return
    if arguments.image:
        with Image.open(arguments.image) as opened:
            photo = opened.convert("RGB")
    else:
        photo = procedural_photo(1500, 2000)
    print(f"{'':24} {'':9}{'median':>9}{'min':>9}{'max':>9}  ms")
    for height, width in SIZES:
        time_warps(photo, height, width, arguments.rounds)
    for height, width in SIZES:
        time_png(photo, height, width, arguments.rounds)
    for height, width in SIZES:
        time_deflate(photo, height, width, arguments.rounds)


if __name__ == "__main__":
    main()
