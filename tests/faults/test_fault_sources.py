"""Every odd, broken or hostile source through the command: what becomes of each, by name."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zoo
from PIL import Image, ImageOps
from support import augcli, augcli_process, command, draw, environment, files, with_hooks

MOVED = ("--set", "rotation_range=30", "--set", "zoom_range=0.2", "--set", "shear_range=5")


def unusable() -> dict[str, tuple[bytes, str]]:
    """Files that no picture can be made of, and a part of what is said of each."""
    found = {
        "zero.jpg": (b"", "the file is empty"),
        "zeros.png": (bytes(5000), "zero bytes only"),
        "text.jpg": (b"This is no picture.\n", "not an image that augcli reads"),
        "page.png": (b"<!DOCTYPE html><html></html>", "a web page"),
        "drawing.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        "document.png": (b"%PDF-1.7\n%%EOF\n", "a PDF or PostScript file"),
        "vector.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
        "vector-dos.png": (b"\xc5\xd0\xd3\xc6" + bytes(60), "not an image"),
        "metafile.png": (b"\xd7\xcd\xc6\x9a" + bytes(60), "not an image"),
        "archive.jpg": (b"PK\x03\x04" + bytes(60), "a ZIP archive"),
    }
    for name, data in zoo.bombs().items():
        found[name] = (data, "more than max_pixels")
    photo = zoo.encoded(zoo.PICTURE.resize((90, 60)), "JPEG")
    for step in range(20):
        length = 24 + step * (len(photo) - 26) // 19
        found[f"cut-{step}.jpg"] = (photo[:length], "truncated JPEG")
    return found


Check = Callable[[Image.Image], bool]


def is_picture(image: Image.Image) -> bool:
    """Whether it is the zoo's picture, pixel for pixel."""
    return np.array_equal(np.asarray(image), zoo.NOISE)


def has_size(*size: int) -> Check:
    """Whether it has this width and height."""
    return lambda image: image.size == size


def has_color(*color: int) -> Check:
    """Whether it has about this colour everywhere; CMYK is converted without a profile."""
    return lambda image: bool((np.abs(np.asarray(image).astype(int) - color) < 6).all())


def upright_only_by_exif(orientation: int) -> bytes:
    """The picture as a camera held that way stores it."""
    undoing = Image.Exif()
    undoing[0x0112] = {6: 8, 8: 6}.get(orientation, orientation)
    stored = ImageOps.exif_transpose(
        Image.open(io.BytesIO(zoo.encoded(zoo.PICTURE, "PNG", exif=undoing)))
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    return zoo.encoded(stored, "PNG", exif=exif)


def usable() -> dict[str, tuple[bytes, Check]]:
    """Odd files that pictures are made of, and whether the right ones are."""
    frames = {"save_all": True, "append_images": [Image.new("RGB", zoo.PICTURE.size, "red")]}
    palette = zoo.PICTURE.quantize(8)
    grey = Image.fromarray(np.array([[0, 255, 257, 65_535]], np.uint16))
    cmyk = (20, 200, 40, 0)
    as_rgb = (235, 55, 215)
    found: dict[str, tuple[bytes, Check]] = {
        "animated.gif": (zoo.encoded(zoo.PICTURE, "GIF", **frames), has_size(9, 6)),
        "animated.png": (zoo.encoded(zoo.PICTURE, "PNG", **frames), is_picture),
        "animated.webp": (zoo.encoded(zoo.PICTURE, "WEBP", lossless=True, **frames), is_picture),
        "cmyk.jpg": (
            zoo.encoded(Image.new("CMYK", (16, 16), cmyk), "JPEG", quality=100),
            has_color(*as_rgb),
        ),
        "ycck.jpg": (zoo.ycck_jpeg(cmyk), has_color(*as_rgb)),
        "grey-16.png": (
            zoo.encoded(grey, "PNG"),
            lambda image: np.array_equal(np.asarray(image), np.asarray(grey)),
        ),
        "rgb-16.png": (zoo.deep_rgb_png(), has_size(2, 1)),
        "palette.png": (
            zoo.encoded(palette, "PNG", transparency=bytes([0, 128, *[255] * 6])),
            lambda image: (
                image.mode == "RGBA" and {0, 128, 255} == set(np.asarray(image)[..., 3].flat)
            ),
        ),
        "one-pixel.png": (zoo.encoded(Image.new("RGB", (1, 1), "blue"), "PNG"), has_size(1, 1)),
        "one-pixel.jpg": (zoo.encoded(Image.new("L", (1, 1)), "JPEG"), has_size(1, 1)),
        "column.png": (zoo.encoded(Image.new("RGB", (1, 20_000)), "PNG"), has_size(1, 20_000)),
        "row.png": (zoo.encoded(Image.new("L", (20_000, 1)), "PNG"), has_size(20_000, 1)),
        "panorama.jpg": (zoo.encoded(Image.new("RGB", (30_000, 20)), "JPEG"), has_size(30_000, 20)),
        "profile.png": (
            zoo.encoded(zoo.PICTURE, "PNG", icc_profile=zoo.SRGB),
            lambda image: is_picture(image) and image.info.get("icc_profile") == zoo.SRGB,
        ),
        "broken-profile.png": (
            zoo.encoded(zoo.PICTURE, "PNG", icc_profile=zoo.SRGB[:100]),
            lambda image: is_picture(image) and "icc_profile" not in image.info,
        ),
    }
    for orientation in range(1, 9):
        found[f"turned-{orientation}.png"] = (upright_only_by_exif(orientation), is_picture)
    return found


@pytest.fixture(scope="module")
def zoo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in `in`, the usable ones and the others, and a class for each kind."""
    folder = tmp_path_factory.mktemp("zoo")
    for kind, animals in (("bad", unusable()), ("good", usable())):
        (folder / "in" / kind).mkdir(parents=True)
        for name, (data, _) in animals.items():
            (folder / "in" / kind / name).write_bytes(data)
    return folder


def failures(output: Path) -> dict[str, dict[str, str]]:
    """The lines of failures.jsonl, by their sources."""
    text = (output / "failures.jsonl").read_text(encoding="utf-8")
    return {line["source"]: line for line in map(json.loads, text.splitlines())}


def test_what_becomes_of_each_source(zoo_folder: Path) -> None:
    """In one run: bad files are named with their reason, odd ones give the right picture."""
    before = files(zoo_folder / "in")
    programs = zoo_folder / "programs"
    augcli_process(
        *("expand", zoo_folder / "in", zoo_folder / "same", "-j", 2),
        code=3,
        env=with_hooks(AUGCLI_TEST_PROGRAMS=str(programs)),
    )
    assert not programs.exists()  # no external program was started
    assert files(zoo_folder / "in") == before
    found = failures(zoo_folder / "same")
    expected = unusable()
    assert found.keys() == {f"bad/{name}" for name in expected}
    for name, (_, words) in expected.items():
        assert words in found[f"bad/{name}"]["message"], name
        assert found[f"bad/{name}"]["stage"] == "decode"
    manifest = (zoo_folder / "same" / "manifest.jsonl").read_text(encoding="utf-8")
    copies = {line["source"]: line["file_name"] for line in map(json.loads, manifest.splitlines())}
    for name, (_, check) in usable().items():
        with Image.open(zoo_folder / "same" / copies.pop(f"good/{name}")) as image:
            assert check(image), name
    assert copies == {}
    deep = (zoo_folder / "same" / "good" / "rgb-16_0.png").read_bytes()
    assert deep[24] == 16  # its bit depth


def test_odd_sources_can_be_augmented(zoo_folder: Path) -> None:
    """Turned and zoomed, each of them still gives its copies; the output holds."""
    augcli_process(
        *("expand", zoo_folder / "in", zoo_folder / "moved", "-j", 2, "-n", 2, *MOVED), code=3
    )
    assert len(failures(zoo_folder / "moved")) == len(unusable())
    manifest = (zoo_folder / "moved" / "manifest.jsonl").read_bytes()
    assert len(manifest.splitlines()) == 2 * len(usable())
    augcli("verify", "--strict", zoo_folder / "moved")


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="asks the system how much memory was used")
def test_bombs_take_no_memory(tmp_path: Path) -> None:
    """Pictures that claim gigabytes, and those that unpack to 256 MiB, cost less than 100 MiB."""
    draw(tmp_path / "few" / "1.png")
    draw(tmp_path / "bombs" / "1.png")
    for name, data in {**zoo.bombs(), **zoo.hidden_bombs()}.items():
        (tmp_path / "bombs" / name).write_bytes(data)
    usual, _ = peak_memory(tmp_path / "few", tmp_path / "out-few")
    used, code = peak_memory(tmp_path / "bombs", tmp_path / "out-bombs")
    assert code == 3
    assert used - usual < 100 * 2**20
    assert zoo.bombs().keys() <= failures(tmp_path / "out-bombs").keys()


def peak_memory(source: Path, output: Path) -> tuple[int, int]:
    """The most bytes in use while the command expands the source, and its exit code."""
    with subprocess.Popen(
        command("expand", source, output, "-j", 0), stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 2**10), process.returncode
