"""What is found of the sizes of images."""

from pathlib import Path

from inspecting import found
from support import draw


def test_upscaling(tmp_path: Path) -> None:
    """Images below the target in either direction are counted; the target's own size is fine."""
    draw(tmp_path / "a.png", size=(12, 8))
    draw(tmp_path / "b.png", size=(16, 16), seed=1)
    finding = found(tmp_path, "target_size=[9, 12]")["upscaled"]
    assert "1 of 2 images (a.png) is smaller than 9 x 12" in finding.reason
    assert "smaller target_size" in finding.remedy
    assert found(tmp_path, "target_size=[8, 12]") == {}
    assert found(tmp_path) == {}


def test_distortion(tmp_path: Path) -> None:
    """A panorama squeezed into a square is found, unless it is cropped."""
    draw(tmp_path / "a.png", size=(40, 20))
    finding = found(tmp_path, "target_size=[10, 10]")["distorted"]
    assert "1 of 1 image (a.png)" in finding.reason
    assert "keep_aspect_ratio" in finding.remedy
    assert found(tmp_path, "target_size=[10, 10]", "keep_aspect_ratio=true") == {}
    assert found(tmp_path, "target_size=[10, 11]") == {}


def test_distortion_of_tall_images(tmp_path: Path) -> None:
    """Height counts as width does."""
    draw(tmp_path / "a.png", size=(20, 40))
    assert "distorted" in found(tmp_path, "target_size=[10, 10]")
    assert found(tmp_path, "target_size=[11, 10]") == {}


def test_mixed_sizes(tmp_path: Path) -> None:
    """Arrays of several sizes make no batch; with a target_size, or as pictures, they are fine."""
    draw(tmp_path / "a.png", size=(12, 8))
    assert found(tmp_path, "save_format=npy") == {}
    draw(tmp_path / "b.png", size=(8, 12), seed=1)
    finding = found(tmp_path, "save_format=npy")["mixed-sizes"]
    assert "2 sizes" in finding.reason
    assert "target_size" in finding.remedy
    assert found(tmp_path, "save_format=npy", "target_size=[8, 8]") == {}
    assert found(tmp_path, "save_format=npy", "transforms=[{resize: {height: 8, width: 8}}]") == {}
    assert found(tmp_path) == {}


def test_shifts_out_of_sight(tmp_path: Path) -> None:
    """A shift by more than half of the smallest image is found; rows and columns each count."""
    draw(tmp_path / "a.png", size=(40, 20))
    for setting in ("height_shift_range=11.0", "width_shift_range=[-30, 0, 30]"):
        finding = found(tmp_path, setting)["shift-out-of-sight"]
        assert finding.subject.endswith(setting.partition("=")[0])
        assert "fraction" in finding.remedy
    assert "shift-out-of-sight" in found(tmp_path, "width_shift_range=0.6")
    for setting in ("height_shift_range=10.0", "width_shift_range=11.0", "width_shift_range=0.5"):
        assert found(tmp_path, setting) == {}


def test_unlike_sizes(tmp_path: Path) -> None:
    """A blur in pixels is said to be uneven over images of very different sizes, and only then."""
    draw(tmp_path / "a.png", size=(12, 8))
    draw(tmp_path / "b.png", size=(48, 32), seed=1)
    blur = "transforms=[{gaussian_blur: {sigma: 1}}]"
    finding = found(tmp_path, blur)["unlike-sizes"]
    assert "from 8 x 12 to 32 x 48 (height x width)" in finding.reason
    assert "(transforms[0].gaussian_blur)" in finding.reason
    assert "target_size" in finding.remedy
    assert "unlike-sizes" not in found(tmp_path, blur, "target_size=[8, 8]")
    assert found(tmp_path) == {}
    draw(tmp_path / "b.png", size=(47, 32), seed=1)
    assert found(tmp_path, blur) == {}
