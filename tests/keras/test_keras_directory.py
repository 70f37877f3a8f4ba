"""`flow_from_directory` and `DirectoryIterator`."""

import contextlib
import io
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augcli.errors import SourceError
from augcli.keras import DirectoryIterator, ImageDataGenerator


def pair(reference: ModuleType, folder: Path, **arguments: Any) -> tuple[Any, Any]:
    """Our iterator and the reference's, of images of 5 x 4 pixels, in order."""
    split = arguments.pop("validation_split", 0.0)
    made = []
    for cls in (ImageDataGenerator, reference.ImageDataGenerator):
        generator = cls(rescale=1 / 255, validation_split=split)
        with contextlib.redirect_stdout(io.StringIO()):  # the reference prints what it found
            flow = generator.flow_from_directory(
                str(folder), target_size=(5, 4), shuffle=False, **arguments
            )
        made.append(flow)
    return made[0], made[1]


def same(found: Any, expected: Any) -> bool:
    """Whether two batches are equal, dtypes included."""
    if isinstance(expected, tuple):
        return len(found) == len(expected) and all(map(same, found, expected))
    return found.dtype == expected.dtype and np.array_equal(found, expected)


@pytest.mark.parametrize("class_mode", ["categorical", "binary", "sparse", "input", None])
@pytest.mark.parametrize("color_mode", ["rgb", "rgba", "grayscale"])
def test_batches_are_the_references(
    reference: ModuleType, folders: Path, class_mode: str | None, color_mode: str
) -> None:
    """Every class mode and colour mode gives the reference's batches, in its order."""
    ours, theirs = pair(
        reference, folders, class_mode=class_mode, color_mode=color_mode, batch_size=5
    )
    assert (len(ours), ours.n, ours.samples) == (3, 12, 12)
    for _ in range(3):
        assert same(next(ours), next(theirs))


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos"])
def test_interpolation_is_the_references(
    reference: ModuleType, folders: Path, interpolation: str
) -> None:
    """Images are resized by the filter of that name."""
    ours, theirs = pair(reference, folders, interpolation=interpolation)
    assert same(next(ours), next(theirs))


@pytest.mark.parametrize("interpolation", ["bilinear", "lanczos"])
def test_large_jpegs_are_the_references(
    reference: ModuleType, large_jpeg: Path, interpolation: str
) -> None:
    """A JPEG many times its target gives the reference's numbers."""
    ours, theirs = pair(reference, large_jpeg.parents[1], interpolation=interpolation)
    assert same(next(ours), next(theirs))


@pytest.mark.parametrize("subset", ["training", "validation", None])
def test_nothing_public_is_missing(
    reference: ModuleType, folders: Path, subset: str | None
) -> None:
    """Each public attribute of the reference's iterator is there; `split` has the same value."""
    ours, theirs = pair(reference, folders, subset=subset, validation_split=0.4)
    assert [name for name in dir(theirs) if name[0] != "_" and not hasattr(ours, name)] == []
    assert ours.split == theirs.split


def test_processing_may_be_changed_later(reference: ModuleType, folders: Path) -> None:
    """`set_processing_attrs` has the reference's arguments, and its effect on the next batch."""
    ours, theirs = pair(reference, folders)
    for flow in (ours, theirs):
        flow.set_processing_attrs(
            image_data_generator=flow.image_data_generator,
            target_size=(3, 6),
            color_mode="grayscale",
            data_format="channels_last",
            save_to_dir=None,
            save_prefix="",
            save_format="png",
            subset=None,
            interpolation="bilinear",
        )
    assert (ours.target_size, ours.image_shape) == ((3, 6), (3, 6, 1))
    assert same(next(ours), next(theirs))


@pytest.mark.parametrize(
    "wrong",
    [
        {"subset": "test"},
        {"color_mode": "cmyk"},
        {"target_size": None},
        {"data_format": "channels_middle"},
        {"save_to_dir": "pictures", "save_format": "gif"},
        {"keep_aspect_ratio": 1},
    ],
)
def test_a_wrong_processing_changes_nothing(folders: Path, wrong: dict[str, Any]) -> None:
    """A value that an argument cannot have leaves the iterator as it was, generator included."""
    flow = ImageDataGenerator().flow_from_directory(folders, target_size=(3, 6))
    before = dict(vars(flow))
    arguments: dict[str, Any] = {
        "image_data_generator": ImageDataGenerator(rescale=2),
        "target_size": (5, 5),
        "color_mode": "grayscale",
        "data_format": "channels_first",
        "save_to_dir": None,
        "save_prefix": "a",
        "save_format": "jpeg",
        "subset": None,
        "interpolation": "box",
    }
    with pytest.raises(ValueError, match=r"expected|should be"):
        flow.set_processing_attrs(**arguments | wrong)
    after = vars(flow)
    assert [name for name in after if after[name] is not before[name]] == []


def test_what_is_known_of_the_files(reference: ModuleType, folders: Path) -> None:
    """Names, paths, classes and their indices are the reference's."""
    ours, theirs = pair(reference, folders)
    for name in ("filenames", "filepaths", "class_indices", "num_classes", "image_shape"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.classes.tolist() == theirs.classes.tolist() == ours.labels.tolist()
    assert ours.classes.dtype == np.int32
    assert ours.class_indices == {"bird": 0, "cat": 1, "dog": 2}


@pytest.mark.parametrize("classes", [["dog", "bird"], ("cat",)])
def test_classes_are_taken_in_the_order_given(
    reference: ModuleType, folders: Path, classes: Any
) -> None:
    """`classes` says which folders, and which index each has."""
    ours, theirs = pair(reference, folders, classes=classes)
    assert ours.filenames == theirs.filenames
    assert list(ours.class_indices) == list(classes)
    assert same(next(ours), next(theirs))


def test_a_class_may_be_a_folder_below(folders: Path) -> None:
    """A class is named as it is given, also with a folder above it."""
    name = os.path.join("cat", "deep")
    flow = ImageDataGenerator().flow_from_directory(folders, classes=[name, "dog"])
    assert flow.class_indices == {name: 0, "dog": 1}
    assert flow.filenames[0] == os.path.join(name, "er", "d.png")


@pytest.mark.parametrize("validation_split", [0.25, 0.5, 0.99])
def test_subsets_are_the_references(
    reference: ModuleType, folders: Path, validation_split: float
) -> None:
    """The first images of each class are for validation, and no image is in both."""
    names = []
    for subset in ("validation", "training"):
        arguments: dict[str, Any] = {"validation_split": validation_split, "subset": subset}
        ours, theirs = pair(reference, folders, **arguments)
        assert ours.filenames == theirs.filenames
        assert ours.classes.tolist() == theirs.classes.tolist()
        names += ours.filenames
    assert len(names) == len(set(names)) == 12


def test_shuffled_batches_keep_their_labels(folders: Path) -> None:
    """Whatever the order, an image has its own class."""
    flow = ImageDataGenerator().flow_from_directory(
        folders, target_size=(9, 7), class_mode="sparse", batch_size=5
    )
    for _ in range(6):
        order = flow.index_array
        x, y = next(flow)
        assert len(x) == len(y) <= 5
    assert order is not None
    assert sorted(order) == list(range(12))
    x, y = flow[0]
    assert y.tolist() == flow.classes[flow.index_array[:5]].tolist()


def test_transforms_and_channels_first(folders: Path) -> None:
    """Transformed images have the target's size, with the channels where they should be."""
    generator = ImageDataGenerator(rotation_range=90, data_format="channels_first")
    flow = generator.flow_from_directory(folders, target_size=(6, 5), batch_size=12, seed=1)
    x, y = next(flow)
    assert (x.shape, y.shape) == ((12, 3, 6, 5), (12, 3))
    assert flow.image_shape == (3, 6, 5)
    again = generator.flow_from_directory(folders, target_size=(6, 5), batch_size=12, seed=1)
    assert np.array_equal(next(again)[0], x)


def test_input_mode_gives_a_copy(folders: Path) -> None:
    """With class mode "input", the targets are the images, in an array of their own."""
    x, y = next(ImageDataGenerator().flow_from_directory(folders, class_mode="input"))
    assert np.array_equal(x, y)
    assert not np.shares_memory(x, y)


def test_preprocessing_function(folders: Path) -> None:
    """It gets each image in its target size."""
    shapes = []

    def remember(image: Any) -> Any:
        shapes.append(image.shape)
        return image

    generator = ImageDataGenerator(preprocessing_function=remember)
    next(generator.flow_from_directory(folders, target_size=(26, 27), color_mode="rgb"))
    assert shapes == [(26, 27, 3)] * 12


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"color_mode": "cmyk"}, "color_mode"),
        ({"class_mode": "output"}, "class_mode"),
        ({"subset": "test"}, "subset"),
        ({"interpolation": "sinc"}, "interpolation"),
        ({"save_to_dir": "x", "save_format": "gif"}, "save_format"),
    ],
)
def test_wrong_arguments_are_named(
    folders: Path, arguments: dict[str, Any], complaint: str
) -> None:
    """A value that an argument cannot have is a ValueError that names the argument."""
    with pytest.raises(ValueError, match=f"`{complaint}` should be"):
        ImageDataGenerator().flow_from_directory(folders, **arguments)


@pytest.mark.parametrize("target_size", [None, 224, (224, 224, 3), (0, 5), (2.5, 5), "ab"])
def test_target_size_is_checked(folders: Path, target_size: Any) -> None:
    """What is no height and width is a ValueError that says so."""
    with pytest.raises(
        ValueError, match=r"`target_size`: expected \(height, width\), .* Received:"
    ):
        ImageDataGenerator().flow_from_directory(folders, target_size=target_size)


def test_beyond_the_epoch(folders: Path) -> None:
    """An epoch has as many batches as its length says."""
    flow = ImageDataGenerator().flow_from_directory(folders, batch_size=5)
    with pytest.raises(ValueError, match="has 3 batches"):
        flow[9]


def test_hidden_names_are_passed_over(folders: Path) -> None:
    """`.ipynb_checkpoints` is no class, and the `._a.png` that macOS leaves is no image."""
    (folders / ".ipynb_checkpoints").mkdir()
    (folders / "cat" / ".hidden").mkdir()
    for name in ("._a.png", ".hidden/b.png"):
        (folders / "cat" / name).write_bytes(b"no image")
    flow = ImageDataGenerator().flow_from_directory(folders)
    assert (flow.num_classes, flow.samples) == (3, 12)


def test_other_suffixes_warn(folders: Path) -> None:
    """Images of a format that is not on the list are passed over aloud; notes, in silence."""
    Image.new("RGB", (4, 4)).save(folders / "cat" / "x.webp")
    (folders / "cat" / "notes.txt").write_text("png")
    with pytest.warns(UserWarning, match=r"1 images in cat are passed over, such as cat.x\.webp"):
        flow = ImageDataGenerator().flow_from_directory(folders)
    assert flow.samples == 12


def test_the_list_of_suffixes_may_be_longer(folders: Path) -> None:
    """A subclass that knows more suffixes reads more images."""
    Image.new("RGB", (4, 4)).save(folders / "cat" / "x.webp")

    class More(DirectoryIterator):
        white_list_formats = (*DirectoryIterator.white_list_formats, "webp")

    assert More(folders, ImageDataGenerator()).samples == 13


def test_links_are_followed_when_asked(folders: Path, tmp_path: Path) -> None:
    """`follow_links` goes behind links to folders, and not round in circles."""
    (tmp_path / "elsewhere").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "elsewhere" / "far.png")
    (folders / "cat" / "link").symlink_to(tmp_path / "elsewhere")
    (folders / "cat" / "circle").symlink_to(folders / "cat")
    names = {
        follow: ImageDataGenerator().flow_from_directory(folders, follow_links=follow).filenames
        for follow in (False, True)
    }
    assert set(names[True]) - set(names[False]) == {os.path.join("cat", "link", "far.png")}


def test_no_images_warn(tmp_path: Path) -> None:
    """A folder without images is most likely the wrong one."""
    (tmp_path / "cat").mkdir()
    with pytest.warns(UserWarning, match="no image"):
        flow = ImageDataGenerator().flow_from_directory(tmp_path)
    assert len(flow) == 0


@pytest.mark.parametrize("arguments", [{"directory": "gone"}, {"classes": ["cat", "cow"]}])
def test_a_missing_folder_is_an_error(folders: Path, arguments: dict[str, Any]) -> None:
    """A folder that is not there is named; the reference finds no image in it and goes on."""
    with pytest.raises(FileNotFoundError, match=r"gone|cow"):
        ImageDataGenerator().flow_from_directory(**{"directory": folders, **arguments})


def test_a_broken_image_is_named(folders: Path) -> None:
    """The error of a file that cannot be decoded starts with its path."""
    (folders / "cat" / "a.png").write_bytes(b"no image")
    flow = ImageDataGenerator().flow_from_directory(folders)
    with pytest.raises(SourceError, match=r"cat.a\.png: "):
        next(flow)


def test_saving(folders: Path, tmp_path: Path) -> None:
    """`save_to_dir` has the pictures, in levels, whatever the batch has."""
    generator = ImageDataGenerator(rescale=1 / 255)
    flow = generator.flow_from_directory(
        folders, (9, 7), save_to_dir=tmp_path / "seen", save_prefix="p", shuffle=False
    )
    x, _ = next(flow)
    found = sorted((tmp_path / "seen").iterdir(), key=lambda path: int(path.name.split("_")[1]))
    assert len(found) == 12
    for picture, image in zip(found, x, strict=True):
        assert np.allclose(np.array(Image.open(picture)), image * 255, atol=1e-3)


def test_without_a_generator(folders: Path) -> None:
    """The iterator alone gives the images as they are read."""
    x, y = next(DirectoryIterator(folders, None, (9, 7), batch_size=2, shuffle=False))
    assert np.array_equal(x[0], np.array(Image.open(folders / "bird" / "a.png")))
    assert y.tolist() == [[1, 0, 0], [1, 0, 0]]
