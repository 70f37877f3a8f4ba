"""Decodes, augments and encodes thousands of damaged images: `mutants.py MUTANTS_PER_FORMAT`.

Prints how many there were, how many gave pixels, and by how much the most memory in use grew from
the first sound picture on, in MiB, as JSON: what compiling kernels takes is not the mutants' doing.
Anything but pixels or a `SourceError` ends it with a traceback, which names the mutant.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.decode import decode
from augcli.pipeline.rendering import render
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step

FORMATS = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("RGB", "RGBA", "P", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("RGB", "L", "I;16"),
    "GIF": ("RGB", "P"),
    "BMP": ("RGB", "L", "1"),
}
SEED = 20_240_229
CONFIG = Config(
    transforms=[Step(transform=Ranges(rotation_range=20, horizontal_flip=True))],
    max_pixels=1_000_000,
    depth=8,
)


def seeds_of(image_format: str) -> list[bytes]:
    """Sound files of a format, small, in the modes it has; two frames where it can."""
    noise = np.random.default_rng(SEED).integers(0, 256, (24, 32, 3), np.uint8)
    picture = Image.fromarray(noise).resize((32, 24), Image.Resampling.BICUBIC)
    found = []
    for mode in FORMATS[image_format]:
        data = io.BytesIO()
        image = picture.convert("L").convert("I;16") if mode == "I;16" else picture.convert(mode)
        frames = {"save_all": True, "append_images": [image.rotate(180)]}
        more = frames if image_format in {"GIF", "WEBP", "PNG"} and mode == "RGB" else {}
        exif = Image.Exif()
        exif[0x0112] = 6  # orientation
        image.save(data, image_format, exif=exif, **more)
        found.append(data.getvalue())
    return found


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The file with one or more of the usual kinds of damage; headers are hit more often."""
    out = bytearray(data)
    for _ in range(rng.integers(1, 6)):
        reach = min(len(out), int(rng.choice([32, 256, len(data)])))
        at = int(rng.integers(0, max(1, reach)))
        length = int(rng.integers(1, 17))
        kind = rng.integers(0, 6)
        if kind == 0:  # one bit
            out[at : at + 1] = bytes(
                byte ^ (1 << int(rng.integers(8))) for byte in out[at : at + 1]
            )
        elif kind == 1:  # some bytes
            out[at : at + length] = rng.bytes(len(out[at : at + length]))
        elif kind == 2:  # the ends of what a number can be
            out[at : at + 4] = rng.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
        elif kind == 3:
            del out[at : at + length]
        elif kind == 4:  # a part twice
            out[at:at] = out[at : at + length]
        elif rng.random() < 0.3:  # the rest gone
            del out[at:]
    return bytes(out)


def mutants(count: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged files of each format, the same ones each time."""
    for image_format in FORMATS:
        rng = np.random.default_rng([SEED, *image_format.encode()])
        seeds = seeds_of(image_format)
        for number in range(count):
            yield f"{image_format} {number}", mutated(seeds[number % len(seeds)], rng)


def gives_pixels(data: bytes) -> bool:
    """Whether the file can still be used; then it also survives what comes after decoding."""
    try:
        picture = decode(data, CONFIG)
        render(CONFIG, Item("mutant", None, None), picture, 0)
    except SourceError:
        return False
    return True


def peak_mebibytes() -> float:
    """The most memory that this process has had in use."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Goes through all mutants."""
    warnings.filterwarnings("ignore", module=r"PIL\.")
    for image_format in FORMATS:
        assert all(map(gives_pixels, seeds_of(image_format)))
    before = peak_mebibytes()
    tried = used = 0
    for name, data in mutants(int(sys.argv[1])):
        try:
            used += gives_pixels(data)
        except BaseException:
            sys.stderr.write(f"mutant {name}: {data.hex()}\n")
            raise
        tried += 1
    found = {"tried": tried, "used": used, "mebibytes": peak_mebibytes() - before}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
