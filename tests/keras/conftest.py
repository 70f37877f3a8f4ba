"""Small images, as arrays and as files, and Keras-Preprocessing 1.1.2 to hold augcli against."""

from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from keras_preprocessing import image as keras_image
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`keras_preprocessing.image`, finding SciPy's functions where they are today."""
    affine_transformations = keras_image.affine_transformations
    monkeypatch.setattr(affine_transformations, "ndimage", SimpleNamespace(interpolation=ndimage))
    return keras_image


@pytest.fixture
def images() -> NDArray[np.uint8]:
    """Ten small pictures of noise, (10, 8, 6, 3)."""
    return np.random.default_rng(0).integers(0, 256, (10, 8, 6, 3), np.uint8)


@pytest.fixture
def large_jpeg(tmp_path: Path) -> Path:
    """A JPEG of 480 x 320 pixels, of soft shapes and noise, in a folder of its own: a class."""
    rng = np.random.default_rng(2)
    shapes = Image.fromarray(rng.integers(0, 256, (8, 12, 3), np.uint8)).resize((480, 320))
    noise = rng.integers(-30, 31, (320, 480, 3))
    pixels = (np.asarray(shapes).astype(int) + noise).clip(0, 255).astype(np.uint8)
    path = tmp_path / "photos" / "large" / "photo.jpg"
    path.parent.mkdir(parents=True)
    Image.fromarray(pixels).save(path, quality=95)
    return path


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Three classes of 3, 4 and 5 pictures, some of them in folders below; see `PICTURES`."""
    rng = np.random.default_rng(1)
    for name, mode in PICTURES.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (9, 7, 3), np.uint8)
        Image.fromarray(pixels).convert(mode).save(path)
    return tmp_path / "data"


PICTURES = {
    "bird/a.png": "RGB",
    "bird/b.png": "L",
    "bird/more/c.PNG": "RGB",
    "cat/a.png": "RGB",
    "cat/b.bmp": "RGB",
    "cat/deep/er/d.png": "L",
    "cat/z.png": "RGB",
    "dog/1.png": "RGB",
    "dog/10.png": "RGB",
    "dog/2.ppm": "RGB",
    "dog/3.png": "RGB",
    "dog/4.tif": "RGB",
}
