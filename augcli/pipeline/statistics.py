"""The statistics of a data set: measured in one pass, by all workers, in memory that stays flat.

The images go to the workers in portions whose boundaries depend on the data set alone, and what
comes back is merged in their order. So the numbers do not depend on how many workers there are.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.base import DataSet
from augcli.datasets.open import image_reader, open_dataset
from augcli.errors import AugcliError, SourceError, UsageError
from augcli.pipeline.executors import ProcessExecutor, SerialExecutor, WorkerDiedError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.jobs import Job, failure_of
from augcli.pipeline.measure import Exemplar, Measured, Measuring, Portion, measure
from augcli.pipeline.origin import SourcesDigest, for_training, measured_items, origin_of
from augcli.pipeline.progress import Progress
from augcli.pipeline.records import Failure
from augcli.pipeline.statistics_file import Fitted
from augcli.transforms.ranges import Ranges
from augcli.transforms.statistics import (
    Moments,
    SecondMoment,
    Statistics,
    Vector,
    Whitening,
    factored_whitening,
    whitening,
)

_PORTION = 32  # images
_PORTIONS_AHEAD = 3  # for each worker, so that none waits for what is merged
_LOOK_SECONDS = 0.1  # how often a fit looks whether it is to stop
_GIB = 2**30

# Bytes that ZCA takes for each number of its (d, d) matrix: the matrix itself in float64, and
# twice that for LAPACK's eigenvectors by divide and conquer.
_FULL_BYTES = 3 * 8
# Of its images, kept where they are fewer than dimensions: float32 and float64, and the factors.
_FACTORED_BYTES = 4 + 3 * 8


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What a fit came to.

    Attributes:
        fitted: The statistics and their origin.
        failures: The sources that could not be used, in the order of the data set.
        warnings: What a person should know of the numbers, in words.
    """

    fitted: Fitted
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]


def fit(
    config: Config,
    *,
    used: dict[str, str],
    workers: int,
    progress: Progress,
    interruption: Interruption,
) -> Fit:
    """Measures the data set of `config`, its training images alone if it is split.

    Mean and standard deviation are always measured, ZCA where the config asks for it. As in
    Keras-Preprocessing, of all stages of standardisation `rescale` alone comes before.

    Args:
        config: The resolved config; its seed is a number.
        used: The versions of what shapes the pixels, for the record.
        workers: How many processes; 0 for none but this one.
        progress: Shows how it goes; an image counts as a copy.
        interruption: Tells the fit to stop.

    Raises:
        UsageError: There is nothing to measure, images are not alike, or ZCA needs too much
            memory.
        InterruptedRunError: The fit was told to stop.
    """
    config = for_training(config)
    executor = ProcessExecutor(workers) if workers else SerialExecutor()
    try:
        with closing(open_dataset(config)) as data:
            fitting = _Fitting(
                config, data, executor=executor, ahead=_PORTIONS_AHEAD * max(1, workers),
                progress=progress, interruption=interruption,
            )  # fmt: skip
            result = fitting.run(used)
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown(wait=True)
    return result


class _Fitting:
    """One fit: its portions handed out, and what comes back merged in their order."""

    def __init__(
        self,
        config: Config,
        data: DataSet,
        *,
        executor: Executor,
        ahead: int,
        progress: Progress,
        interruption: Interruption,
    ) -> None:
        self._config = config
        self._settings = config.standardization or Ranges()
        self._data = data
        self._executor = executor
        self._ahead = ahead
        self._progress = progress
        self._interruption = interruption
        augment = config.fit.augment
        self._copies: Sequence[int | None] = range(config.fit.rounds) if augment else [None]
        self._failures: dict[str, Failure] = {}
        self._sources = SourcesDigest()

    def run(self, used: dict[str, str]) -> Fit:
        """Measures all images."""
        most = self._count()
        exemplar = self._exemplar()
        zca = self._zca(exemplar, most) if self._settings.zca_whitening else None
        measuring = Measuring(
            self._config, image_reader(self._data), exemplar, whole=zca is not None
        )
        moments: Moments | None = None
        images = 0
        for measured in self._measured(measuring):
            self._note(measured)
            images += measured.images
            if measured.moments is not None:
                moments = measured.moments if moments is None else moments.merged(measured.moments)
            if zca is not None and measured.rows is not None:
                zca.add(measured.rows)
        if moments is None:
            raise self._nothing_measured()
        whitened = None if zca is None else zca.whitening(moments.mean, self._settings.zca_epsilon)
        statistics = Statistics(moments.mean, moments.std, whitened)
        origin = origin_of(self._config, used, self._sources.value())
        origin["measured"] = {
            "images": images,
            "pixels": moments.count,
            "shape": list(exemplar.shape) if zca else [None, None, exemplar.shape[2]],
        }
        dimensions = math.prod(exemplar.shape) if zca else 0
        warnings = (_few_images(images, dimensions, self._settings),) if images < dimensions else ()
        return Fit(Fitted(statistics, origin), tuple(self._failures.values()), warnings)

    def _count(self) -> int:
        """How many images there are to measure, at most."""
        for group in self._data.groups():
            if group.error is not None:
                message = f"the folder cannot be listed: {group.error}"
                self._failures[group.path] = Failure(group.path or ".", "read", "OSError", message)
        sources = sum(1 for _ in measured_items(self._data))
        if sources == 0:
            raise UsageError(self._data.explain_empty())
        images = sources * len(self._copies)
        self._progress.start(copies=images, sources=sources, unit="images")
        return images

    def _exemplar(self) -> Exemplar:
        """The first image that can be used, which says what the others have to be like."""
        measuring = Measuring(self._config, image_reader(self._data))
        for item in measured_items(self._data):
            measured = self._result(measuring, [(item, self._copies[0])], None)
            if measured.exemplar is not None:
                return measured.exemplar
            self._note_failures(measured)
        raise self._nothing_measured()

    def _nothing_measured(self) -> UsageError:
        first = next(iter(self._failures.values()))
        return UsageError(
            f"none of the images could be used; the first of them, {first.source}: {first.message}"
        )

    def _zca(self, exemplar: Exemplar, most: int) -> "_StreamedZca | _KeptZca":
        """How ZCA is measured: streamed if its matrix fits in memory, else from few images."""
        dimensions = math.prod(exemplar.shape)
        limit = self._config.fit.max_memory * _GIB
        if _FULL_BYTES * dimensions**2 <= limit:
            return _StreamedZca(dimensions)
        if most < dimensions and _FACTORED_BYTES * most * dimensions <= limit:
            return _KeptZca()
        height, width, channels = exemplar.shape
        side = math.isqrt(int(math.sqrt(limit / _FULL_BYTES) / channels))
        gib = _FULL_BYTES * dimensions**2 / _GIB
        raise UsageError(
            f"zca_whitening of {width} x {height} images of {channels} channels takes {gib:,.1f} "
            f"GiB of memory, and fit.max_memory is {self._config.fit.max_memory:g}: the largest "
            f"square that fits is target_size: [{side}, {side}]"
        )

    # -- handing out and taking in

    def _measured(self, measuring: Measuring) -> Iterator[Measured]:
        """What all portions come to, in their order."""
        under_way: deque[tuple[Portion, Future[Measured]]] = deque()
        for portion in self._portions():
            under_way.append((portion, self._executor.submit(measure, measuring, portion)))
            if len(under_way) >= self._ahead:
                yield self._result(measuring, *under_way.popleft())
        while under_way:
            yield self._result(measuring, *under_way.popleft())

    def _portions(self) -> Iterator[Portion]:
        entries = ((item, copy) for item in measured_items(self._data) for copy in self._copies)
        while portion := list(islice(entries, _PORTION)):
            yield portion

    def _result(
        self, measuring: Measuring, portion: Portion, future: Future[Measured] | None
    ) -> Measured:
        """What a portion comes to, without the images that end a worker."""
        future = future or self._executor.submit(measure, measuring, portion)
        self._interruption.check()
        while not future.done():
            wait([future], timeout=_LOOK_SECONDS)
            self._interruption.check()
        try:
            return future.result()
        except WorkerDiedError as error:
            sources = [item for item, _ in groupby(portion, itemgetter(0))]
            if len(sources) > 1:
                return self._without_deadly(measuring, portion, error)
            [item] = sources
            failure = failure_of(Job(item, ()), SourceError("worker", str(error)))
            digest = measuring.reader.digest(item)
            return Measured(None, 0, None, None, ((item.key, digest),), (failure,))

    def _without_deadly(
        self, measuring: Measuring, portion: Portion, error: WorkerDiedError
    ) -> Measured:
        """Tries each source alone, and then all together that ended no worker."""
        alone = [
            self._result(measuring, list(entries), None)
            for _, entries in groupby(portion, itemgetter(0))
        ]
        failures = tuple(failure for measured in alone for failure in measured.failures)
        deadly = {failure.source for failure in failures if failure.stage == "worker"}
        if not deadly:
            raise AugcliError(f"{error} on images that it can measure one by one") from error
        others = [(item, copy) for item, copy in portion if item.path not in deadly]
        digests = tuple(digest for measured in alone for digest in measured.digests)
        if not others:
            return Measured(None, 0, None, None, digests, failures)
        return replace(self._result(measuring, others, None), digests=digests, failures=failures)

    def _note(self, measured: Measured) -> None:
        """Takes down what is to be known of a portion besides its numbers."""
        self._sources.add(measured.digests)
        before = len(self._failures)
        self._note_failures(measured)
        settled = measured.images + len(measured.failures) * len(self._copies)
        self._progress.advance(settled, failures=len(self._failures) - before)

    def _note_failures(self, measured: Measured) -> None:
        self._failures |= {failure.source: failure for failure in measured.failures}


class _StreamedZca:
    """ZCA from sums over the images: memory for (d, d) matrices, whatever the number of images."""

    def __init__(self, dimensions: int) -> None:
        self._moment = SecondMoment(dimensions)

    def add(self, rows: NDArray[np.floating]) -> None:
        self._moment.add(rows)

    def whitening(self, mean: Vector, epsilon: float) -> Whitening:
        moment = self._moment.about(np.tile(mean, self._moment.dimensions // len(mean)))
        return whitening(moment, epsilon)


class _KeptZca:
    """ZCA from the images themselves, kept: for fewer images than dimensions."""

    def __init__(self) -> None:
        self._rows: list[NDArray[np.floating]] = []

    def add(self, rows: NDArray[np.floating]) -> None:
        self._rows.append(rows)

    def whitening(self, mean: Vector, epsilon: float) -> Whitening:
        rows = np.concatenate(self._rows).astype(np.float64)
        self._rows.clear()
        rows.reshape(len(rows), -1, len(mean))[...] -= mean
        return factored_whitening(rows, epsilon)


def _few_images(images: int, dimensions: int, settings: Ranges) -> str:
    return (
        f"zca_whitening of {dimensions:,} numbers an image was measured on {images:,} images: "
        f"what they do not vary in is amplified {settings.zca_epsilon**-0.5:,.0f} times; take as "
        f"many images, a smaller target_size, or a larger zca_epsilon"
    )
