"""Batches in order: epochs, shuffling, and where each sample's randomness comes from."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from augcli.keras.sequence import loaded_bases, with_bases
from augcli.pipeline.seeds import copy_seed, generator, random_seed

Batch = Any
"""x, (x, y) or (x, y, sample_weight); x and y are arrays or lists of arrays."""


class ImageGenerator(Protocol):
    """What an iterator asks of an ImageDataGenerator."""

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """The parameters of one random transform."""

    def apply_transform(
        self, x: NDArray[Any], transform_parameters: dict[str, Any]
    ) -> NDArray[Any]:
        """The image that the parameters make of `x`."""

    def standardize(self, x: NDArray[Any]) -> NDArray[Any]:
        """The image, standardised."""


class Iterator:
    """Batches of the samples 0 to n - 1, for ever; also a Keras Sequence, if Keras is loaded.

    Iterated over, it goes from epoch to epoch and never ends. Indexed, `it[i]` is batch i of the
    current epoch; `on_epoch_end` begins the next one, in a new order if shuffled.

    Each sample of each epoch has a seed of its own, made of the iterator's seed, the number of
    the epoch and the sample's index: what it looks like depends on neither the batch size nor the
    order in which batches are asked for, and two iterators of one seed stay in step (images and
    their masks, say). NumPy's global random state is neither used nor changed.

    Subclasses implement `_get_batches_of_transformed_samples`.

    Args:
        n: Number of samples.
        batch_size: Samples a batch; the last one of an epoch may have fewer.
        shuffle: Whether each epoch has an order of its own.
        seed: Of the order and of the transforms; None for one that nobody has chosen.

    Attributes:
        index_array: The order of the current epoch, shape (n,); None before the first batch.
        batch_index: Which batch `next` takes, counted from 0.
        total_batches_seen: How many batches have been given out.
    """

    white_list_formats: tuple[str, ...] = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """An iterator that the Keras versions loaded by now know as theirs."""
        made: Self = object.__new__(with_bases(cls, loaded_bases()))
        return made

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None) -> None:
        super().__init__()  # Keras 3 keeps its settings of workers there
        if not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(
                f"`batch_size`: expected a whole number from 1 on. Received: {batch_size!r}"
            )
        self.n = n
        self.batch_size = batch_size
        self.seed = seed
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array: NDArray[np.intp] | None = None
        self.index_generator = self._flow_index()
        self._key = random_seed() if seed is None else int(seed)
        self._epoch = -1  # none has begun

    def __len__(self) -> int:
        """Batches an epoch."""
        return (self.n + self.batch_size - 1) // self.batch_size

    def __getitem__(self, idx: int) -> Batch:
        """Batch `idx` of the current epoch.

        Raises:
            ValueError: There is no such batch.
        """
        if not 0 <= idx < len(self):
            raise ValueError(f"asked for batch {idx}, but an epoch has {len(self)} batches")
        with self.lock:
            order = self._begin_epoch() if self.index_array is None else self.index_array
            self.total_batches_seen += 1
        return self._get_batches_of_transformed_samples(self._slice(order, idx))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Batch:
        return self.next()

    def next(self) -> Batch:
        """The next batch, of the next epoch when this one is over. Threads may share it."""
        with self.lock:
            index_array = next(self.index_generator)
        return self._get_batches_of_transformed_samples(index_array)

    def reset(self) -> None:
        """Has `next` begin an epoch of its own with its next batch."""
        self.batch_index = 0

    def on_epoch_end(self) -> None:
        """Begins the next epoch: a new order if shuffled, and new transforms."""
        with self.lock:
            self._begin_epoch()

    def sample_seed(self, index: int) -> int:
        """The seed of the sample `index` in the current epoch."""
        return copy_seed(self._key, str(index), self._epoch)

    def _begin_epoch(self) -> NDArray[np.intp]:
        self._epoch += 1
        self.index_array = np.arange(self.n)
        if self.shuffle:
            rng = generator(copy_seed(self._key, "order", self._epoch))
            self.index_array = rng.permutation(self.n)
        return self.index_array

    def _slice(self, order: NDArray[np.intp], batch: int) -> NDArray[np.intp]:
        return order[batch * self.batch_size : (batch + 1) * self.batch_size]

    def _flow_index(self) -> Generator[NDArray[np.intp], None, None]:
        """The indices of each batch that `next` makes, for ever."""
        while True:
            batch, order = self.batch_index, self.index_array
            if batch == 0 or order is None:
                order = self._begin_epoch()
            is_last = batch + 1 >= len(self)
            self.batch_index = 0 if is_last else batch + 1
            self.total_batches_seen += 1
            yield self._slice(order, batch)

    def _get_batches_of_transformed_samples(self, index_array: NDArray[np.intp]) -> Batch:
        """The batch of the samples `index_array`."""
        raise NotImplementedError
