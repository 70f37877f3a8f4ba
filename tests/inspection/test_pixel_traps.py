"""What is found of levels, and of what writing them loses."""

from pathlib import Path

import numpy as np
import pytest
from inspecting import found, save
from PIL import Image
from support import draw

DEEP = np.linspace(0, 65535, 96).reshape(8, 12).astype(np.uint16)


def photo(path: Path, quality: int, seed: int) -> None:
    """A JPEG of noise."""
    noise = np.random.default_rng(seed).integers(0, 256, (8, 12, 3), np.uint8)
    Image.fromarray(noise).save(path, quality=quality)


def test_jpeg_of_jpeg(tmp_path: Path) -> None:
    """Copies of a lower quality than half of the sources are found, with the one to write."""
    for seed, quality in enumerate((80, 96, 97)):
        photo(tmp_path / f"{seed}.jpg", quality, seed)
    finding = found(tmp_path, "save_format=jpeg", "save_options.quality=90")["jpeg-again"]
    assert finding.subject == "save_options.quality"
    assert "3 of 3 images" in finding.reason
    assert "quality: 96" in finding.remedy
    assert found(tmp_path, "save_format=jpeg", "save_options.quality=96") == {}
    assert found(tmp_path) == {}


def test_jpeg_of_png(tmp_path: Path) -> None:
    """The first loss is no second one."""
    draw(tmp_path / "a.png")
    assert found(tmp_path, "save_format=jpeg", "save_options.quality=10") == {}


@pytest.mark.parametrize("save_format", ["jpeg", "webp", "bmp"])
def test_deep_images(tmp_path: Path, save_format: str) -> None:
    """16 bits that the format cannot hold are found; reduced, or in another format, they fit."""
    save(tmp_path / "a.png", DEEP)
    finding = found(tmp_path, f"save_format={save_format}")["depth-not-held"]
    assert "16-bit pixels of 1 of 1 image tried (a.png)" in finding.reason
    assert "depth: 8" in finding.remedy
    assert found(tmp_path, f"save_format={save_format}", "depth=8") == {}
    assert found(tmp_path, f"save_format={save_format}", "save_scale=minmax") == {}
    for other in ("png", "tiff", "npy"):
        assert found(tmp_path, f"save_format={other}") == {}


def test_float_images(tmp_path: Path) -> None:
    """So are floats, which a shift of levels blackens when they end at 1."""
    np.savez(tmp_path / "a.npz", x=np.linspace(0, 1, 96, dtype=np.float32).reshape(2, 4, 4, 3))
    shared = (tmp_path / "a.npz", "class_mode=null")
    assert "npy" in found(*shared)["depth-not-held"].remedy
    assert found(*shared, "save_format=npy", "channel_shift_range=0.1") == {}
    finding = found(*shared, "save_format=npy", "channel_shift_range=10")["strong-channel-shift"]
    assert "0.05" in finding.remedy


def test_channel_shift_of_deep_images(tmp_path: Path) -> None:
    """A shift of 10 is nothing among 65,536 levels, and much among 256."""
    save(tmp_path / "a" / "a.png", DEEP)
    finding = found(tmp_path / "a", "channel_shift_range=10")["faint-channel-shift-16-bit"]
    assert "write 2570, which is as 10 of 255" in finding.remedy
    assert found(tmp_path / "a", "channel_shift_range=2570") == {}
    assert found(tmp_path / "a", "channel_shift_range=10", "depth=8") == {}
    draw(tmp_path / "b" / "b.png")
    assert found(tmp_path / "b", "channel_shift_range=10") == {}


def test_channel_shift_of_arrays(tmp_path: Path) -> None:
    """Bytes in an .npz have 256 levels, as pictures have."""
    np.savez(tmp_path / "a.npz", x=np.arange(96, dtype=np.uint8).reshape(2, 4, 4, 3))
    shared = (tmp_path / "a.npz", "class_mode=null")
    assert "10" in found(*shared, "channel_shift_range=0.1")["faint-channel-shift"].remedy
    assert found(*shared, "channel_shift_range=1") == {}


def test_zca_of_few_images(tmp_path: Path) -> None:
    """Fewer images than numbers in each are found; enough of them, and a finished fit, are not."""
    for seed in range(4):
        draw(tmp_path / f"{seed}.png", seed=seed)
    zca = ("zca_whitening=true", "featurewise_center=true", "save_format=npy")
    finding = found(tmp_path, *zca, "target_size=[2, 2]")["zca-few-images"]
    assert "4 images cannot tell how 12 numbers" in finding.reason
    assert "target_size" in finding.remedy
    assert found(tmp_path, *zca, "target_size=[1, 1]") == {}
    assert found(tmp_path, *zca, "target_size=[2, 2]", "statistics=a.npz") == {}
    rounds = ("fit.augment=true", "fit.rounds=3")
    assert found(tmp_path, *zca, "target_size=[2, 2]", *rounds) == {}
    assert found(tmp_path, "target_size=[2, 2]") == {}
