"""`flow` and `NumpyArrayIterator`."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.keras import ImageDataGenerator, NumpyArrayIterator

Images = NDArray[np.uint8]


def same(found: Any, expected: Any) -> bool:
    """Whether two batches hold equal arrays in an equal structure."""
    if isinstance(expected, tuple | list):
        assert isinstance(found, type(expected))
        return len(found) == len(expected) and all(map(same, found, expected))
    return found.dtype == expected.dtype and np.array_equal(found, expected)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"y": np.arange(10)},
        {"y": np.eye(10)},
        {"y": list("abcdefghij")},
        {"y": np.arange(10), "sample_weight": np.linspace(0, 1, 10)},
    ],
)
@pytest.mark.parametrize("misc", [None, np.arange(20).reshape(10, 2), [np.ones(10), np.zeros(10)]])
@pytest.mark.parametrize("batch_size", [3, 5, 32])
def test_batches_are_the_references(
    reference: ModuleType, images: Images, arguments: dict[str, Any], misc: Any, batch_size: int
) -> None:
    """x, y, sample weights and further inputs come in the reference's structure and dtypes."""
    x = images if misc is None else (images, misc)
    ours, theirs = (
        cls(rescale=0.5).flow(x, **arguments, batch_size=batch_size, shuffle=False)
        for cls in (ImageDataGenerator, reference.ImageDataGenerator)
    )
    assert len(ours) == len(theirs)
    for _ in range(len(ours) + 1):
        assert same(next(ours), next(theirs))


def test_shuffled_batches_stay_together(images: Images) -> None:
    """An image's label, weight and further inputs stay beside it."""
    ids = np.arange(10)
    flow = ImageDataGenerator().flow((images, ids), ids, batch_size=4, sample_weight=ids)
    for _ in range(5):
        [pictures, misc], labels, weights = next(flow)
        assert np.array_equal(pictures, images[labels])
        assert np.array_equal(misc, labels)
        assert np.array_equal(weights, labels)


def test_channels_first(images: Images) -> None:
    """Batches keep the axes of the array."""
    x = np.moveaxis(images, -1, 1)
    flow = ImageDataGenerator(rotation_range=9, data_format="channels_first").flow(x, batch_size=4)
    assert next(flow).shape == (4, 3, 8, 6)


def test_an_array_on_disk_stays_there(images: Images, tmp_path: Path) -> None:
    """A memory-mapped array is not copied: memory holds a batch at a time."""
    np.save(tmp_path / "x.npy", images)
    x = np.load(tmp_path / "x.npy", mmap_mode="r")
    flow = ImageDataGenerator(validation_split=0.5).flow(x, batch_size=4, subset="training")
    assert np.shares_memory(flow.x, x)
    assert next(flow).shape == (4, 8, 6, 3)


def test_the_array_is_not_changed(images: Images) -> None:
    """Standardising in place is about the batch alone."""
    x = images.astype(np.float32)
    next(ImageDataGenerator(samplewise_center=True).flow(x))
    assert np.array_equal(x, images)


@pytest.mark.parametrize(
    "arguments",
    [
        {"x": (np.zeros((10, 4, 4, 3)), np.zeros(9))},
        {"x": (np.zeros((10, 4, 4, 3)), [np.zeros(10), np.zeros(9)])},
        {"x": np.zeros((10, 4, 4, 3)), "y": np.zeros(11)},
        {"x": np.zeros((10, 4, 4, 3)), "sample_weight": np.zeros(11)},
    ],
)
def test_unequal_lengths_are_refused(arguments: dict[str, Any]) -> None:
    """Everything that is given has one entry an image."""
    with pytest.raises(ValueError, match="one entry an image"):
        ImageDataGenerator().flow(**arguments)


def test_rank_4_is_asked_for() -> None:
    """One image alone is no batch."""
    with pytest.raises(ValueError, match=r"rank 4.*\(8, 8, 3\)"):
        ImageDataGenerator().flow(np.zeros((8, 8, 3)))


def test_channels_in_the_wrong_place_warn() -> None:
    """An array of the other data format is most likely a mistake."""
    with pytest.warns(UserWarning, match="with 8 channels there"):
        ImageDataGenerator(data_format="channels_first").flow(np.zeros((2, 8, 8, 3)))


def test_subsets_are_the_references(reference: ModuleType, images: Images) -> None:
    """The first part of the arrays is for validation, the rest for training."""
    y = np.tile([0, 1], 5)
    for subset, length in (("validation", 2), ("training", 8)):
        ours, theirs = (
            cls(validation_split=0.25).flow(images, y, shuffle=False, subset=subset)
            for cls in (ImageDataGenerator, reference.ImageDataGenerator)
        )
        assert ours.n == length
        assert same(next(ours), next(theirs))


def test_sample_weights_follow_their_subset(images: Images) -> None:
    """The reference leaves the weights whole, so that training images get those of others."""
    ids = np.arange(10)
    flow = ImageDataGenerator(validation_split=0.2).flow(
        images, sample_weight=ids, y=ids, subset="training", ignore_class_split=True
    )
    _, labels, weights = next(flow)
    assert np.array_equal(labels, weights)
    assert sorted(weights) == list(range(2, 10))


def test_subsets_with_other_classes(images: Images) -> None:
    """Labels that are sorted cannot be split so, unless they are no classes."""
    generator = ImageDataGenerator(validation_split=0.5)
    y = np.repeat([0, 1], 5)
    with pytest.raises(ValueError, match="different classes"):
        generator.flow(images, y, subset="training")
    flow = generator.flow(images, y, subset="training", ignore_class_split=True)
    assert sorted(next(flow)[1]) == [1] * 5


def test_wrong_subset(images: Images) -> None:
    """There are two subsets."""
    with pytest.raises(ValueError, match="`subset` should be"):
        ImageDataGenerator(validation_split=0.5).flow(images, subset="test")


def test_the_class_itself(images: Images) -> None:
    """The iterator can be made without `flow`, by position, as the reference's."""
    iterator = NumpyArrayIterator(images, np.arange(10), ImageDataGenerator(), 5, True, None, 7)
    x, y = next(iterator)
    assert (x.shape, y.shape, iterator.seed) == ((5, 8, 6, 3), (5,), 7)
