"""Small convolutional networks, and how they are trained.

Two convolutions (5 x 5 at every other pixel, then 3 x 3), each followed by max pooling, batch
normalisation (Ioffe & Szegedy 2015) and ReLU; dropout; a linear layer; softmax. Trained by AdamW
(Loshchilov & Hutter 2019) for a number of steps, however many pictures there are, so that all
that are compared have had the same training.

They are written here since a framework for networks is hundreds of times the size of augcli, and
networks as small as these take a fraction of a second without one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from augcli import kernels
from augcli.probe.pictures import SIDE

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_Shapes = dict[str, tuple[int, ...]]
_Table = Mapping[str, Floats]

FILTERS = (8, 16)
"""Of the two convolutions."""

BATCH = 32
"""Pictures in a step."""

_FIRST, _SECOND = 5, 3  # height and width of the filters
_STRIDE = 2  # of the first
_MARGIN = _SECOND // 2  # of 0, around what the second sees
_HIDDEN = SIDE // 4  # height and width of what the first gives, halved by stride and pooling
_LAST = _HIDDEN // 2  # of what the second gives, and the linear layer sees
_RATE = 1e-2  # the highest
_WARM_UP = 0.3  # share of the steps in which the rate rises
_DECAY = 1e-4
_BETAS = (0.9, 0.99)
_DROPOUT = 0.3
_MOMENTUM = 0.1  # of the running means of batch normalisation
_TINY = 1e-5
_AT_ONCE = 64  # pictures that are read at once


@dataclass(frozen=True, slots=True)
class Standard:
    """What takes bytes to values around 0.

    Attributes:
        mean: Of all values of the originals.
        deviation: Their standard deviation and 1 level, so that it is never 0.
    """

    mean: float
    deviation: float

    @classmethod
    def of(cls, pictures: NDArray[np.uint8]) -> "Standard":
        """That of some pictures."""
        return cls(float(pictures.mean()), float(pictures.std()) + 1.0)

    def apply(self, pictures: NDArray[np.uint8]) -> Floats:
        """(n, SIDE + 4, SIDE + 4, 3): with a margin of 0 that the first convolution needs."""
        margin = (_FIRST - 1) // 2
        out = np.zeros((len(pictures), SIDE + 2 * margin, SIDE + 2 * margin, 3), np.float32)
        inside = out[:, margin:-margin, margin:-margin]
        np.subtract(pictures, np.float32(self.mean), out=inside)
        inside /= np.float32(self.deviation)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """All that some networks have learned.

    The moments of AdamW are no part of it: each training begins with new ones.

    Attributes:
        values: Their weights, in one row.
        running: The running means and variances of batch normalisation, in one row.
    """

    values: Floats
    running: Floats


class Networks:
    """Some networks that are trained side by side: on the same pictures, from other weights.

    That is quicker than one after the other, as the pictures are cut into patches but once.

    Args:
        classes: How many there are.
        number: Of networks.
        rng: Draws the first weights, and later the order of the pictures and what is dropped.
        state: Of networks of the same numbers, whose training these go on with; None begins.
    """

    def __init__(
        self, classes: int, number: int, rng: np.random.Generator, state: State | None = None
    ) -> None:
        self._rng = rng
        self._number = number
        first, second = FILTERS
        features = _LAST * _LAST * second
        norms: _Shapes = {"first": (1, 1, number * first), "second": (number, 1, second)}
        shapes: _Shapes = {
            "first": (1, number * first, _FIRST * _FIRST * 3),
            "second": (number, second, _SECOND * _SECOND * first),
            "last": (number, classes, features),
            "last_shift": (number, 1, classes),
            **{f"{name}_scale": shape for name, shape in norms.items()},
            **{f"{name}_shift": shape for name, shape in norms.items()},
        }
        self._values, weights = _views(shapes)
        self._gradient, self._gradients = _views(shapes)
        self._running, running = _views(
            {f"{name}_{what}": norms[name] for name in norms for what in ("mean", "variance")}
        )
        if state is None:
            for name in ("first", "second", "last"):
                reach = 1 / math.sqrt(weights[name].shape[2])
                weights[name][:] = rng.uniform(-reach, reach, weights[name].shape)
            for name in norms:
                weights[f"{name}_scale"][:] = 1
                running[f"{name}_variance"][:] = 1
        else:
            self._values[:] = state.values
            self._running[:] = state.running
        tables = weights, self._gradients, running
        self._first = _Layer("first", *tables, side=_FIRST, stride=_STRIDE)
        self._second = _Layer("second", *tables, side=_SECOND, stride=1)
        self._last, self._last_shift = weights["last"], weights["last_shift"]

    @property
    def state(self) -> State:
        """What they have learned so far."""
        return State(self._values.copy(), self._running.copy())

    def train(self, pictures: Floats, labels: Indices, weights: Floats, steps: int) -> float:
        """Fits them.

        Args:
            pictures: As `Standard.apply` gives them, one at least.
            labels: (n,), from 0.
            weights: (n,), what each counts for, with a mean of 1.
            steps: Of BATCH pictures each, one at least.

        Returns:
            The mean loss of the last quarter of the steps.
        """
        moments = np.zeros((2, len(self._values)), np.float32)
        order = np.empty(0, np.intp)
        losses = []
        for step in range(steps):
            while len(order) < BATCH:
                order = np.concatenate([order, self._rng.permutation(len(pictures))])
            batch, order = order[:BATCH], order[BATCH:]
            losses.append(self._learn(pictures[batch], labels[batch], weights[batch]))
            _adam_step(self._values, self._gradient, moments, step, _rate(step / steps))
        return float(np.mean(losses[3 * steps // 4 :]))

    def probabilities(self, pictures: Floats) -> Floats:
        """What they read pictures as: (networks, n, classes), rows add up to 1."""
        parts = [
            self._read(pictures[start : start + _AT_ONCE])
            for start in range(0, len(pictures), _AT_ONCE)
        ]
        return np.concatenate(parts, axis=1)

    def _read(self, pictures: Floats) -> Floats:
        found = self._first.read(pictures)
        features = self._second.read(self._hidden(found, len(pictures)))
        return self._classify(features.reshape(self._number, len(pictures), -1))

    def _classify(self, features: Floats) -> Floats:
        """Probabilities, (networks, n, classes), from (networks, n, features)."""
        return _softmax(features @ self._last.transpose(0, 2, 1) + self._last_shift)

    def _hidden(self, found: Floats, number: int) -> Floats:
        """What each network's first layer found, with the margin that its second needs.

        Args:
            found: (1, n * height * width, networks * filters).
            number: n.

        Returns:
            (networks * n, height + 2, width + 2, filters).
        """
        padded_side = _HIDDEN + 2 * _MARGIN
        shape = (self._number * number, padded_side, padded_side, FILTERS[0])
        padded = np.zeros(shape, np.float32)
        inside = padded[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
        by_network = found.reshape(number, _HIDDEN, _HIDDEN, self._number, FILTERS[0])
        inside[:] = by_network.transpose(3, 0, 1, 2, 4).reshape(inside.shape)
        return padded

    def _learn(self, pictures: Floats, labels: Indices, weights: Floats) -> float:
        """The loss of some pictures; the gradients are written."""
        number = len(pictures)
        hidden = self._hidden(self._first.train(pictures), number)
        features = self._second.train(hidden).reshape(self._number, number, -1)
        kept = (self._rng.random(features.shape, np.float32) >= _DROPOUT).astype(np.float32)
        kept /= np.float32(1 - _DROPOUT)
        features *= kept
        found = self._classify(features)

        rows = np.arange(number)
        losses = -weights * np.log(found[:, rows, labels] + np.float32(1e-12))
        found[:, rows, labels] -= 1
        gradient = found * (weights / np.float32(number))[:, None]
        np.matmul(gradient.transpose(0, 2, 1), features, out=self._gradients["last"])
        gradient.sum(axis=1, keepdims=True, out=self._gradients["last_shift"])
        of_features: Floats = (gradient @ self._last) * kept
        self._second.back(of_features)
        of_hidden = self._second.gradient_of_images()
        of_hidden = of_hidden[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
        by_network = of_hidden.reshape(self._number, number, _HIDDEN, _HIDDEN, FILTERS[0])
        self._first.back(by_network.transpose(1, 2, 3, 0, 4))
        return float(losses.mean())


class _Seen(NamedTuple):
    """What `_Layer.back` needs to know of what `_Layer.train` was given last.

    Attributes:
        shape: Of the images.
        patches: (groups, responses, values), of the images.
        rows: (groups * pooled, filters), the responses that the pooled ones come from.
        inverse: (groups, 1, filters), 1 over the standard deviation of the pooled ones.
        normalised: (groups, pooled, filters), with mean 0 and deviation 1.
        is_on: Of the same shape, where the layer gave more than 0.
    """

    shape: tuple[int, ...]
    patches: Floats
    rows: NDArray[np.int32]
    inverse: Floats
    normalised: Floats
    is_on: NDArray[np.bool_]


class _Layer:
    """A convolution, max pooling, batch normalisation and ReLU, of some networks.

    Its filters are (groups, filters, values), and its images (groups * n, height, width,
    channels): the filters of a group are applied to the images of that group alone.
    """

    def __init__(
        self,
        name: str,
        weights: _Table,
        gradients: _Table,
        running: _Table,
        *,
        side: int,
        stride: int,
    ) -> None:
        self._filters, self._of_filters = weights[name], gradients[name]
        self._scale, self._of_scale = weights[f"{name}_scale"], gradients[f"{name}_scale"]
        self._shift, self._of_shift = weights[f"{name}_shift"], gradients[f"{name}_shift"]
        self._mean, self._variance = running[f"{name}_mean"], running[f"{name}_variance"]
        self._side, self._stride = side, stride
        # Kept from step to step, as taking memory anew costs as much as filling it.
        self._patches = np.empty((len(self._filters), 0, self._filters.shape[2]), np.float32)
        self._seen: _Seen | None = None
        self._gradient = np.empty((0, 0, 0), np.float32)  # of the pooled responses, from `back`

    def train(self, images: Floats) -> Floats:
        """What it makes of images: (groups, pooled, filters), normalised by what they are."""
        pooled, rows = self._respond(images)
        number = np.float32(pooled.shape[1])
        mean = pooled.sum(axis=1, keepdims=True) / number
        centred = pooled - mean
        variance = np.einsum("gij,gij->gj", centred, centred)[:, None] / number
        self._mean += np.float32(_MOMENTUM) * (mean - self._mean)
        self._variance += np.float32(_MOMENTUM) * (variance - self._variance)
        inverse = 1 / np.sqrt(variance + np.float32(_TINY))
        normalised = centred * inverse
        out: Floats = np.maximum(normalised * self._scale + self._shift, 0)
        self._seen = _Seen(images.shape, self._patches, rows, inverse, normalised, out > 0)
        return out

    def read(self, images: Floats) -> Floats:
        """The same, normalised by the running mean and variance."""
        factor = self._scale / np.sqrt(self._variance + np.float32(_TINY))
        shift = self._shift - self._mean * factor
        out: Floats = np.maximum(self._respond(images)[0] * factor + shift, 0)
        return out

    def back(self, gradient: Floats) -> None:
        """Writes the gradients of filters, scale and shift, from that of what `train` gave."""
        seen = self._trained()
        gradient = gradient.reshape(seen.normalised.shape) * seen.is_on
        gradient.sum(axis=1, keepdims=True, out=self._of_shift)
        self._of_scale[:] = np.einsum("gij,gij->gj", gradient, seen.normalised)[:, None]
        shared = self._of_shift + seen.normalised * self._of_scale
        gradient -= shared / np.float32(gradient.shape[1])
        gradient *= self._scale * seen.inverse
        patches = seen.patches.reshape(-1, seen.patches.shape[2])
        rows = seen.rows.reshape(gradient.shape)
        for group, out in enumerate(self._of_filters):
            kernels.convolution.fill_gradient_of_filters(gradient[group], rows[group], patches, out)
        self._gradient = gradient

    def gradient_of_images(self) -> Floats:
        """That of what `train` was given, once `back` is done."""
        seen = self._trained()
        groups, count, values = seen.patches.shape
        flat = self._gradient.reshape(-1, self._gradient.shape[2])
        responses: Floats = kernels.convolution.unpooled(flat, seen.rows, groups * count)
        patches = responses.reshape(groups, count, -1) @ self._filters
        images: Floats = kernels.convolution.sum_of_patches(
            patches.reshape(-1, values), seen.shape, self._side, self._stride
        )
        return images

    def _trained(self) -> _Seen:
        if self._seen is None:
            raise ValueError("a layer that was not trained has no gradient")
        return self._seen

    def _respond(self, images: Floats) -> tuple[Floats, NDArray[np.int32]]:
        """The pooled responses, (groups, pooled, filters), and where they come from."""
        groups, filters, values = self._filters.shape
        count = kernels.convolution.patch_count(images.shape, self._side, self._stride)
        if self._patches.shape[1] != count // groups:
            self._patches = np.empty((groups, count // groups, values), np.float32)
        kernels.convolution.fill_patches(
            images, self._side, self._stride, self._patches.reshape(count, values)
        )
        responses = self._patches @ self._filters.transpose(0, 2, 1)
        across = (images.shape[1] - self._side) // self._stride + 1
        pooled, rows = kernels.convolution.max_pooled(
            responses.reshape(count, filters), across, across
        )
        return pooled.reshape(groups, -1, filters), rows.reshape(-1, filters)


def _views(shapes: _Shapes) -> tuple[Floats, dict[str, Floats]]:
    """Zeros in one row, and parts of them by name and shape."""
    values = np.zeros(sum(math.prod(shape) for shape in shapes.values()), np.float32)
    views: dict[str, Floats] = {}
    start = 0
    for name, shape in shapes.items():
        end = start + math.prod(shape)
        views[name] = values[start:end].reshape(shape)
        start = end
    return values, views


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _rate(progress: float) -> float:
    """The rate at which it learns: up from little, and down to nothing, along half waves."""
    if progress < _WARM_UP:
        return _RATE * (0.52 - 0.48 * math.cos(math.pi * progress / _WARM_UP))
    down = (progress - _WARM_UP) / (1 - _WARM_UP)
    return _RATE * (0.5 + 0.5 * math.cos(math.pi * down))


def _adam_step(values: Floats, gradient: Floats, moments: Floats, step: int, rate: float) -> None:
    """One step of AdamW; values and moments are changed."""
    first, second = _BETAS
    moments[0] += np.float32(1 - first) * (gradient - moments[0])
    moments[1] += np.float32(1 - second) * (gradient * gradient - moments[1])
    mean = moments[0] / np.float32(1 - first ** (step + 1))
    square = moments[1] / np.float32(1 - second ** (step + 1))
    values *= np.float32(1 - rate * _DECAY)
    values -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))
