"""`Iterator`: epochs, order, seeds, and indexing."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.keras import ImageDataGenerator, Iterator

Images = NDArray[np.uint8]
MOVES: dict[str, Any] = {"rotation_range": 90, "zoom_range": 0.5, "horizontal_flip": True}


class Indices(Iterator):
    """An iterator whose batches are the indices in them."""

    def _get_batches_of_transformed_samples(self, index_array: NDArray[np.intp]) -> list[int]:
        return [int(index) for index in index_array]


def epoch(iterator: Iterator) -> list[Any]:
    """The batches of one epoch, by `next`."""
    return [next(iterator) for _ in range(len(iterator))]


def test_batches_without_shuffling() -> None:
    """Samples come in order, the last batch is what is left, and then it begins again."""
    iterator = Indices(5, 2, shuffle=False, seed=None)
    assert len(iterator) == 3
    assert epoch(iterator) * 2 == [[0, 1], [2, 3], [4]] * 2
    assert epoch(iterator) == [[0, 1], [2, 3], [4]]


def test_shuffling_takes_each_sample_once_an_epoch() -> None:
    """Every epoch has all samples, in an order of its own."""
    iterator = Indices(50, 8, shuffle=True, seed=None)
    first, second = ([*chain(*epoch(iterator))] for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second != list(range(50))


def test_one_seed_one_order() -> None:
    """The order of all epochs follows from the seed."""
    runs = [Indices(50, 8, shuffle=True, seed=seed) for seed in (1, 1, 2)]
    orders = [[epoch(run) for _ in range(2)] for run in runs]
    assert orders[0] == orders[1] != orders[2]


def test_indexing_gives_the_batches_of_an_epoch() -> None:
    """`it[i]` is what `next` gives; `on_epoch_end` begins the next epoch."""
    by_index, by_next = (Indices(50, 8, shuffle=True, seed=3) for _ in range(2))
    for _ in range(2):
        assert [by_index[i] for i in range(len(by_index))] == epoch(by_next)
        by_index.on_epoch_end()


@pytest.mark.parametrize("index", [3, 100, -1])
def test_indexing_beyond_the_epoch(index: int) -> None:
    """There is no batch beyond the last one, nor before the first."""
    with pytest.raises(ValueError, match="has 3 batches"):
        Indices(5, 2, shuffle=False, seed=None)[index]


def test_reset_begins_anew() -> None:
    """After `reset`, `next` begins with the first samples."""
    iterator = Indices(5, 2, shuffle=False, seed=None)
    next(iterator)
    iterator.reset()
    assert next(iterator) == [0, 1]


def test_counters_and_order_are_to_be_seen() -> None:
    """`batch_index`, `total_batches_seen` and `index_array` say where an iterator is."""
    iterator = Indices(5, 2, shuffle=False, seed=None)
    assert iterator.index_array is None
    seen = []
    for _ in range(4):
        next(iterator)
        seen.append((iterator.batch_index, iterator.total_batches_seen))
    assert seen == [(1, 1), (2, 2), (0, 3), (1, 4)]
    assert iterator.index_array is not None
    assert iterator.index_array.tolist() == [0, 1, 2, 3, 4]


def test_threads_may_share_an_iterator() -> None:
    """However many ask for batches at once, each sample is given once an epoch."""
    iterator = Indices(200, 3, shuffle=True, seed=1)
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: next(iterator), range(2 * len(iterator))))
    assert sorted(chain(*batches)) == sorted(2 * list(range(200)))


def test_an_empty_iterator_gives_empty_batches() -> None:
    """Without samples there are no batches to index, and `next` gives empty ones."""
    iterator = Indices(0, 2, shuffle=True, seed=None)
    assert len(iterator) == 0
    assert next(iterator) == []


@pytest.mark.parametrize("batch_size", [0, "all", None])
def test_batch_size_is_checked(batch_size: Any) -> None:
    """A batch has at least one sample."""
    with pytest.raises(ValueError, match=f"`batch_size`: expected .* Received: {batch_size!r}"):
        Indices(5, batch_size, shuffle=False, seed=None)


def test_a_subclass_has_to_make_batches() -> None:
    """The base class makes none."""
    with pytest.raises(NotImplementedError):
        next(Iterator(5, 2, False, None))


def test_a_seed_repeats_the_transforms(images: Images) -> None:
    """Two iterators of one seed give the same images, and another seed others."""
    generator = ImageDataGenerator(**MOVES)
    first, same, other = (epoch(generator.flow(images, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first[0], same[0])
    assert not np.array_equal(first[0], other[0])


def test_every_epoch_transforms_anew(images: Images) -> None:
    """A sample looks otherwise in the next epoch, by `next` and by index."""
    iterator = ImageDataGenerator(**MOVES).flow(images, shuffle=False, seed=1)
    first, second = epoch(iterator), epoch(iterator)
    assert not np.array_equal(first[0], second[0])
    iterator.on_epoch_end()
    assert not np.array_equal(iterator[0], second[0])


def test_transforms_do_not_depend_on_the_order_of_batches(images: Images) -> None:
    """Workers may ask for batches in any order, and for batches of any size."""
    generator = ImageDataGenerator(**MOVES)
    small = generator.flow(images, batch_size=3, seed=5)
    backwards = [small[i] for i in reversed(range(len(small)))][::-1]
    large = generator.flow(images, batch_size=10, seed=5)
    assert np.array_equal(np.concatenate(backwards), large[0])


def test_images_and_masks_stay_in_step(images: Images) -> None:
    """Two generators with one seed shuffle and move alike, so masks follow their images."""
    moves = {**MOVES, "fill_mode": "constant"}
    masks = (images[..., :1] > 127).astype(np.uint8) * 255
    pictures = ImageDataGenerator(**moves, brightness_range=(0.5, 1.5)).flow(images, seed=9)
    targets = ImageDataGenerator(**moves, interpolation_order=0).flow(masks, seed=9)
    for _ in range(2):
        next(pictures), next(targets)
        assert np.array_equal(pictures.index_array, targets.index_array)
        for index in range(len(images)):
            params = [
                it.image_data_generator.get_random_transform((8, 6, 1), it.sample_seed(index))
                for it in (pictures, targets)
            ]
            assert params[0] == {**params[1], "brightness": params[0]["brightness"]}


def test_numpys_global_state_has_no_part(images: Images) -> None:
    """`np.random.seed` neither fixes what an unseeded iterator draws, nor is it undone."""
    outcomes = []
    for _ in range(2):
        np.random.seed(0)  # noqa: NPY002  the global state is what is tested
        outcomes.append(next(ImageDataGenerator(**MOVES).flow(images)))
        assert np.random.random() == pytest.approx(0.5488135)  # noqa: NPY002  see above
    assert not np.array_equal(*outcomes)
