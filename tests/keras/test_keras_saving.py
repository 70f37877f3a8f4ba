"""`save_to_dir`: nothing is overwritten, stretched or lost."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from augcli.keras import ImageDataGenerator

Images = NDArray[np.uint8]


def saved(folder: Path) -> dict[str, NDArray[np.uint8]]:
    """The pictures in a folder, by name."""
    return {path.name: np.array(Image.open(path)) for path in sorted(folder.iterdir())}


def test_names_and_pixels(images: Images, tmp_path: Path) -> None:
    """Names are prefix, index and hash; pixels are those of the batch, not stretched."""
    dim = images // 4 + 60
    flow = ImageDataGenerator().flow(
        dim, batch_size=4, shuffle=False, save_to_dir=tmp_path, save_prefix="aug"
    )
    next(flow)
    found = saved(tmp_path)
    assert [name.split("_")[:2] for name in found] == [["aug", str(i)] for i in range(4)]
    assert all(name.endswith(".png") for name in found)
    assert all(np.array_equal(a, b) for a, b in zip(found.values(), dim, strict=False))


@pytest.mark.parametrize("save_format", ["png", "jpeg", "jpg", "bmp", "tif", "webp"])
def test_formats(images: Images, tmp_path: Path, save_format: str) -> None:
    """The format is that of the suffix, which is what was asked for."""
    x = np.concatenate([images, images[..., :1]], axis=-1)
    next(ImageDataGenerator().flow(x, save_to_dir=tmp_path, save_format=save_format))
    names = list(saved(tmp_path))
    assert len(names) == 10
    assert all(name.endswith(f".{save_format}") for name in names)


def test_unknown_format(images: Images, tmp_path: Path) -> None:
    """A format that cannot be written is an error at once, not after the first batch."""
    with pytest.raises(ValueError, match="`save_format` should be"):
        ImageDataGenerator().flow(images, save_to_dir=tmp_path, save_format="gif")


@pytest.mark.parametrize("seed", [None, 1])
def test_no_picture_takes_anothers_name(images: Images, tmp_path: Path, seed: int | None) -> None:
    """One image at a time into one folder, many times over, as old scripts do: all are kept."""
    generator = ImageDataGenerator(rotation_range=40, width_shift_range=0.2)
    for image in images:
        flow = generator.flow(image[None], save_to_dir=tmp_path, save_prefix="cat", seed=seed)
        for _ in range(20):
            next(flow)
    assert len(saved(tmp_path)) == 200


def test_pictures_that_look_alike_are_all_there(images: Images, tmp_path: Path) -> None:
    """Twenty epochs leave twenty files an image, also when nothing is changed."""
    flow = ImageDataGenerator().flow(images[:1], save_to_dir=tmp_path)
    for _ in range(20):
        next(flow)
    assert len(saved(tmp_path)) == 20


def test_a_seeded_run_that_is_repeated(images: Images, tmp_path: Path) -> None:
    """It writes the files that are there already."""
    for _ in range(2):
        next(ImageDataGenerator(rotation_range=40).flow(images, save_to_dir=tmp_path, seed=2))
    assert len(saved(tmp_path)) == 10


@pytest.mark.parametrize(
    "settings", [{"rescale": 1 / 255}, {"samplewise_center": True}, {"featurewise_center": True}]
)
def test_pictures_are_those_before_standardisation(
    images: Images, tmp_path: Path, settings: dict[str, Any]
) -> None:
    """What the transforms made can be looked at, whatever numbers the network is fed."""
    generator = ImageDataGenerator(**settings)
    generator.fit(images)
    next(generator.flow(images[:2], shuffle=False, save_to_dir=tmp_path))
    assert all(np.array_equal(a, b) for a, b in zip(saved(tmp_path).values(), images, strict=False))


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (np.array([0.0, 0.5, 1.0]), [0, 128, 255]),
        (np.array([0.0, 100.4, 200.0]), [0, 100, 200]),
        (np.array([-1.0, 0.0, 1.0]), [0, 128, 255]),
        (np.array([0, 100, 200], np.int64), [0, 100, 200]),
        (np.array([0, 32768, 65535], np.uint16), [0, 128, 255]),
    ],
)
def test_levels(tmp_path: Path, x: NDArray[Any], expected: list[int]) -> None:
    """Values of 0 to 1 and of 0 to 255 are such levels; others are stretched to be seen at all."""
    next(ImageDataGenerator().flow(x.reshape(1, 1, 3, 1), save_to_dir=tmp_path))
    [picture] = saved(tmp_path).values()
    assert picture.ravel().tolist() == expected


def test_the_folder_is_made(images: Images, tmp_path: Path) -> None:
    """A folder that is not there yet is made, with those above it."""
    next(ImageDataGenerator().flow(images, save_to_dir=str(tmp_path / "new" / "folder")))
    assert len(saved(tmp_path / "new" / "folder")) == 10


@pytest.mark.filterwarnings("ignore:.*1, 3 or 4 channels")
def test_what_is_no_picture_cannot_be_saved(tmp_path: Path) -> None:
    """Images of five channels are an error at once, not after the first batch."""
    with pytest.raises(ValueError, match="1 to 4 channels, not 5"):
        ImageDataGenerator().flow(np.zeros((2, 4, 4, 5)), save_to_dir=tmp_path)
