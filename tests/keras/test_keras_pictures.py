"""The helper functions: `load_img`, `img_to_array`, `array_to_img`, `save_img`."""

import io
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from augcli.errors import SourceError
from augcli.keras import array_to_img, img_to_array, load_img, save_img
from augcli.keras.pictures import levels_of

Images = NDArray[np.uint8]


@pytest.fixture
def photo(images: Images, tmp_path: Path) -> Path:
    """A colour picture of 6 x 8 pixels."""
    Image.fromarray(images[0]).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


@pytest.mark.parametrize("color_mode", ["rgb", "rgba", "grayscale"])
@pytest.mark.parametrize("target_size", [None, (16, 12), (3, 5)])
def test_load_img_is_the_references(
    reference: ModuleType, photo: Path, color_mode: str, target_size: Any
) -> None:
    """Mode, size and pixels of what is loaded are the reference's."""
    arguments = {"color_mode": color_mode, "target_size": target_size}
    found = load_img(photo, **arguments)
    expected = reference.load_img(str(photo), **arguments)
    assert (found.mode, found.size) == (expected.mode, expected.size)
    assert np.array_equal(np.array(found), np.array(expected))


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos", "box"])
@pytest.mark.parametrize("color_mode", ["rgb", "grayscale"])
def test_a_large_jpeg_is_the_references(
    reference: ModuleType, large_jpeg: Path, color_mode: str, interpolation: str
) -> None:
    """A JPEG many times its target is decoded in full, so its pixels are the reference's too."""
    arguments = {"color_mode": color_mode, "interpolation": interpolation}
    found = load_img(large_jpeg, target_size=(30, 40), **arguments)
    expected = reference.load_img(str(large_jpeg), target_size=(30, 40), **arguments)
    assert np.array_equal(np.array(found), np.array(expected))


@pytest.mark.parametrize("dtype", [np.uint16, np.int32])
def test_deep_grey_keeps_its_levels(tmp_path: Path, dtype: type) -> None:
    """Grey of 16 and 32 bits is not reduced where grey is asked for."""
    levels = np.array([[0, 300], [40000, 65535]], dtype)
    Image.fromarray(levels).save(tmp_path / "deep.tif")
    found = load_img(tmp_path / "deep.tif", color_mode="grayscale")
    assert np.array_equal(img_to_array(found)[..., 0], levels)


def test_deep_colour_has_8_bits(tmp_path: Path) -> None:
    """Files of 16 bits share the levels of the others where colour is asked for."""
    Image.fromarray(np.full((2, 2), 65535, np.uint16)).save(tmp_path / "deep.png")
    assert img_to_array(load_img(tmp_path / "deep.png")).max() == 255


def test_a_photo_stands_upright(photo: Path) -> None:
    """EXIF's orientation is applied, which the reference ignores."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(photo).save(photo.with_suffix(".jpg"), exif=exif)
    assert load_img(photo.with_suffix(".jpg")).size == (8, 6)


def test_keep_aspect_ratio_crops(photo: Path) -> None:
    """The middle of the picture fills the target, undistorted."""
    found = load_img(photo, target_size=(6, 6), keep_aspect_ratio=True)
    assert np.array_equal(np.array(found), np.array(Image.open(photo))[1:7])


def test_grayscale_is_deprecated(photo: Path) -> None:
    """The old argument still works, with a warning."""
    with pytest.warns(DeprecationWarning, match="color_mode"):
        assert load_img(photo, grayscale=True).mode == "L"


def test_load_img_names_what_is_wrong(photo: Path) -> None:
    """A wrong argument and a file that is not there are named."""
    with pytest.raises(ValueError, match="`keep_aspect_ratio`: expected True or False"):
        load_img(photo, target_size=(2, 2), keep_aspect_ratio=1)
    with pytest.raises(ValueError, match="`interpolation`"):
        load_img(photo, target_size=(2, 2), interpolation="unsupported")
    with pytest.raises(ValueError, match="`color_mode`"):
        load_img(photo, color_mode="cmyk")
    with pytest.raises(ValueError, match=r"`target_size`: expected \(height, width\), .*\(0, 2\)"):
        load_img(photo, target_size=(0, 2))
    with pytest.raises(SourceError, match=r"gone\.png: the file is gone"):
        load_img(photo.with_name("gone.png"))


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_arrays_and_images(reference: ModuleType, photo: Path, data_format: str, mode: str) -> None:
    """An image becomes the reference's array, and comes back from it."""
    image = Image.open(photo).convert(mode)
    array = img_to_array(image, data_format)
    assert np.array_equal(array, reference.img_to_array(image, data_format))
    assert array.dtype == np.float32
    back = array_to_img(array, data_format, scale=False)
    assert back.mode == mode
    assert np.array_equal(np.array(back), np.array(image))


def test_array_to_img_scales() -> None:
    """By default colours are stretched to 0-255, as Keras has it, and rounded."""
    stretched = array_to_img(np.array([[[-1.0], [0.0], [3.0]]]))
    assert np.array(stretched).tolist() == [[0, 64, 255]]


def test_array_to_img_beyond_255() -> None:
    """Grey levels beyond 255 become an image of whole numbers."""
    image = array_to_img(np.array([[[1.0], [70000.0]]]), scale=False)
    assert image.mode == "I"
    assert np.array(image).tolist() == [[1, 70000]]


@pytest.mark.parametrize(
    ("array", "complaint"),
    [
        (np.zeros((4, 4)), "rank 3"),
        (np.zeros((2, 2, 5)), "channels"),
    ],
)
def test_what_is_no_image(array: NDArray[Any], complaint: str) -> None:
    """An array of another shape is refused."""
    with pytest.raises(ValueError, match=complaint):
        array_to_img(array)
    with pytest.raises(ValueError, match="data_format"):
        array_to_img(array, data_format="unknown")


def test_save_img(images: Images, tmp_path: Path) -> None:
    """A file or an open one, in a format by its suffix or by name; JPEG drops transparency."""
    save_img(tmp_path / "a.png", images[0], scale=False)
    assert np.array_equal(np.array(Image.open(tmp_path / "a.png")), images[0])
    out = io.BytesIO()
    with pytest.warns(UserWarning, match="transparency"):
        save_img(out, np.zeros((4, 4, 4)), file_format="jpeg", quality=50)
    assert Image.open(out).mode == "RGB"


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (np.array([1], np.uint8), (0, 255)),
        (np.array([1], np.uint16), (0, 65535)),
        (np.array([0.0, 1.0]), (0, 1)),
        (np.array([0.0, 1.5]), (0, 255)),
        (np.array([0, 200]), (0, 255)),
        (np.array([0.0, 255.5]), None),
        (np.array([-0.1, 1.0]), None),
        (np.array([np.nan, 1.0]), None),
        (np.array([]), None),
    ],
)
def test_levels_of(x: NDArray[Any], expected: tuple[int, int] | None) -> None:
    """uint8 and uint16 say what black and white are; of other numbers the values do."""
    assert levels_of(x) == expected
