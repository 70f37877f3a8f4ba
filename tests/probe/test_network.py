"""The small networks: their gradients, what they learn, and what their state holds."""

# ruff: noqa: SLF001  wrong gradients still learn a little: only a look at them shows that they are

import pickle
from copy import deepcopy

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from augcli.probe import network
from augcli.probe.network import BATCH, FILTERS, Networks, Standard, State
from augcli.probe.pictures import SIDE

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

BAR = 3  # pixels
STEP = 3e-4  # of finite differences: less drowns in rounding, more changes which pixel is highest
TABLES = (
    *("first", "first_scale", "first_shift", "second", "second_scale", "second_shift"),
    *("last", "last_shift"),
)


def bars(count: int, seed: int) -> tuple[Floats, Indices]:
    """Pictures of a white bar on dark noise that in turn lies (0) and stands (1) anywhere."""
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 60, (count, SIDE, SIDE, 3), np.uint8)
    labels = np.arange(count) % 2
    for picture, label in zip(pictures, labels, strict=True):
        start = rng.integers(0, SIDE - BAR + 1)
        lying = picture.swapaxes(0, 1) if label else picture
        lying[start : start + BAR] = 255
    return Standard(60.0, 80.0).apply(pictures), labels


def alike(count: int) -> Floats:
    """The weights of pictures that all count the same."""
    return np.ones(count, np.float32)


def trained(*, number: int = 2, steps: int = 5, seed: int = 3) -> Networks:
    """Networks that have seen some bars."""
    networks = Networks(2, number, np.random.default_rng(seed))
    networks.train(*bars(40, seed=0), alike(40), steps)
    return networks


def equal(one: State, other: State) -> bool:
    return np.array_equal(one.values, other.values) and np.array_equal(one.running, other.running)


def accuracy(networks: Networks, pictures: Floats, labels: Indices) -> list[float]:
    """The share that each network reads rightly."""
    found = networks.probabilities(pictures).argmax(axis=2)
    return [float(share) for share in (found == labels).mean(axis=1)]


def tables(networks: Networks) -> dict[str, tuple[Floats, Floats]]:
    """Weights and gradients by name, (networks, ...) each: the networks' own, to be changed."""
    held = {
        "last": (networks._last, networks._gradients["last"]),
        "last_shift": (networks._last_shift, networks._gradients["last_shift"]),
    }
    for name, layer in (("first", networks._first), ("second", networks._second)):
        held[name] = (layer._filters, layer._of_filters)
        held[f"{name}_scale"] = (layer._scale, layer._of_scale)
        held[f"{name}_shift"] = (layer._shift, layer._of_shift)
    for name in ("first", "first_scale", "first_shift"):  # all networks' filters in one group
        filters = FILTERS[0] if name == "first" else 1
        weights, gradient = held[name]
        shape = (networks._number, filters, -1)
        held[name] = weights.reshape(shape), gradient.reshape(shape)
    return held


def uneven(networks: Networks) -> Networks:
    """Gives scales and shifts values of their own: at 1 and 0 a forgotten one would not show."""
    rng = np.random.default_rng(8)
    for name, (weights, _) in tables(networks).items():
        if name.endswith(("scale", "shift")):
            weights[:] += rng.uniform(-0.4, 0.4, weights.shape).astype(np.float32)
    return networks


def test_a_standard_is_of_all_values() -> None:
    """One mean and one deviation for all colours, and even of one colour it divides by no 0."""
    pictures = np.array([[[[0, 10, 20]]], [[[30, 40, 50]]]], np.uint8)
    standard = Standard.of(pictures)
    assert standard.mean == 25
    assert standard.deviation == pytest.approx(17.078 + 1, abs=1e-3)
    assert Standard.of(np.full((2, 1, 1, 3), 9, np.uint8)) == Standard(9.0, 1.0)


def test_standard_values_lie_around_0() -> None:
    """Within a margin of 0 the mean is 0 and the deviation near 1; the bytes stay as they are."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(50, 200, (4, SIDE, SIDE, 3), np.uint8)
    before = pictures.copy()
    values = Standard.of(pictures).apply(pictures)
    assert values.dtype == np.float32
    assert values.shape == (4, SIDE + 4, SIDE + 4, 3)
    inside = values[:, 2:-2, 2:-2]
    assert inside.mean() == pytest.approx(0, abs=1e-5)
    assert inside.std() == pytest.approx(1, abs=0.03)
    assert np.count_nonzero(values) == np.count_nonzero(inside)
    assert values[1, 2, 3, 0] == pytest.approx(
        (pictures[1, 0, 1, 0] - pictures.mean()) / (pictures.std() + 1), abs=1e-6
    )
    assert np.array_equal(pictures, before)


@pytest.mark.parametrize("name", TABLES)
def test_gradients_are_those_of_the_loss(name: str) -> None:
    """A small change of a weight changes the loss by as much as its gradient says."""
    pictures, labels = bars(24, seed=1)
    counts = np.linspace(0.5, 1.5, 24, dtype=np.float32)
    networks = uneven(Networks(3, 2, np.random.default_rng(2)))
    weights, gradient = tables(networks)[name]

    def loss() -> float:
        """The sum of both networks' losses, of which the mean is given; the same are dropped."""
        networks._rng = np.random.default_rng(0)
        return 2 * networks._learn(pictures, labels, counts)

    loss()
    steepest = np.argsort(np.abs(gradient), axis=None)[-24:]
    slopes = gradient.ravel()[steepest]
    differences = []
    for place in zip(*np.unravel_index(steepest, weights.shape), strict=True):
        before = weights[place]
        weights[place] = before + np.float32(STEP)
        above = loss()
        weights[place] = before - np.float32(STEP)
        differences.append((above - loss()) / (2 * STEP))
        weights[place] = before
    assert np.linalg.norm(slopes - differences) < 0.03 * np.linalg.norm(slopes)


def test_gradients_of_one_do_not_touch_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side, each network has the gradients that it has when it is alone."""
    monkeypatch.setattr(network, "_DROPOUT", 0.0)
    pictures, labels = bars(BATCH, seed=1)
    together = uneven(Networks(3, 3, np.random.default_rng(2)))
    losses = []
    for chosen in range(3):
        alone = Networks(3, 1, np.random.default_rng(9))
        for name, (weights, _) in tables(alone).items():
            weights[0] = tables(together)[name][0][chosen]
        losses.append(alone._learn(pictures, labels, alike(BATCH)))
        together._learn(pictures, labels, alike(BATCH))
        for name, (_, gradient) in tables(alone).items():
            of_chosen = tables(together)[name][1][chosen]
            np.testing.assert_allclose(gradient[0], of_chosen, rtol=1e-3, atol=1e-6, err_msg=name)
    of_all = together._learn(pictures, labels, alike(BATCH))
    assert of_all == pytest.approx(np.mean(losses), rel=1e-5)


def test_features_are_dropped_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in ten are 0, and the others grow so that their sum is what it was."""
    pictures, labels = bars(1, seed=4)

    def features() -> Floats:
        """Of one picture: its last gradients are the products of its features and its errors."""
        networks = Networks(2, 40, np.random.default_rng(5))
        networks._learn(pictures, labels, alike(1))
        held = tables(networks)
        return (held["last"][1][:, 0] / held["last_shift"][1][:, 0, :1]).round(4)

    some = features()
    monkeypatch.setattr(network, "_DROPOUT", 0.0)
    every = features()
    is_kept = some != 0
    np.testing.assert_allclose(some[is_kept], every[is_kept] / 0.7, rtol=1e-3, atol=2e-3)
    assert is_kept.sum() / np.count_nonzero(every) == pytest.approx(0.7, abs=0.03)


GROUPED = pytest.mark.parametrize(("groups", "side", "stride"), [(1, 5, 2), (3, 3, 1)])


def layer(groups: int, side: int, stride: int) -> tuple[network._Layer, dict[str, Floats]]:
    """A layer of 4 filters on 2 channels a group, and all its tables by name."""
    rng = np.random.default_rng(6)
    shapes = {"it": (groups, 4, side * side * 2)}
    shapes |= {f"it_{what}": (groups, 1, 4) for what in ("scale", "shift", "mean", "variance")}
    held = {name: rng.uniform(0.2, 1, shape).astype(np.float32) for name, shape in shapes.items()}
    gradients = {name: np.zeros_like(table) for name, table in held.items()}
    return network._Layer("it", held, gradients, held, side=side, stride=stride), held


def pooled_responses(images: Floats, filters: Floats, side: int, stride: int) -> Floats:
    """(groups, n * 2 * 2, filters) of images whose responses are 4 x 4, by SciPy and NumPy."""
    groups, number = len(filters), len(images) // len(filters)
    kernels = filters.reshape(groups, -1, side, side, images.shape[3])
    responses = np.array(
        [
            [signal.correlate(image, kernel, "valid")[::stride, ::stride, 0] for kernel in group]
            for image, group in zip(images, np.repeat(kernels, number, axis=0), strict=True)
        ]
    )
    highest: Floats = responses.reshape(groups, number, -1, 2, 2, 2, 2).max(axis=(4, 6))
    return highest.transpose(0, 1, 3, 4, 2).reshape(groups, number * 4, -1)


@GROUPED
def test_a_layer_normalises_by_the_batch(groups: int, side: int, stride: int) -> None:
    """Training: by mean and variance of the filter's responses to all images of its group."""
    it, held = layer(groups, side, stride)
    width = side + 3 * stride
    images = np.random.default_rng(7).standard_normal((groups * 5, width, width, 2), np.float32)
    running = held["it_mean"].copy(), held["it_variance"].copy()
    found = it.train(images)

    pooled = pooled_responses(images, held["it"], side, stride)
    mean, variance = pooled.mean(axis=1, keepdims=True), pooled.var(axis=1, keepdims=True)
    normal = (pooled - mean) / np.sqrt(variance + 1e-5)
    expected = np.maximum(normal * held["it_scale"] + held["it_shift"], 0)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(held["it_mean"], 0.9 * running[0] + 0.1 * mean, rtol=1e-4)
    np.testing.assert_allclose(held["it_variance"], 0.9 * running[1] + 0.1 * variance, rtol=1e-4)


@GROUPED
def test_a_layer_reads_by_running_means(groups: int, side: int, stride: int) -> None:
    """Reading: by what training has left, which reading does not change."""
    it, held = layer(groups, side, stride)
    width = side + 3 * stride
    images = np.random.default_rng(7).standard_normal((groups * 2, width, width, 2), np.float32)
    before = deepcopy(held)
    found = it.read(images)

    pooled = pooled_responses(images, held["it"], side, stride)
    normal = (pooled - held["it_mean"]) / np.sqrt(held["it_variance"] + 1e-5)
    expected = np.maximum(normal * held["it_scale"] + held["it_shift"], 0)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert all(np.array_equal(table, before[name]) for name, table in held.items())


def test_a_rate_rises_and_falls() -> None:
    """From a twenty-fifth of the highest up to it at three tenths, and down to nothing."""
    rates = [network._rate(step / 100) for step in range(101)]
    assert rates[0] == pytest.approx(0.0004)
    assert max(rates) == rates[30] == pytest.approx(0.01)
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)
    assert rates[100] == pytest.approx(0, abs=1e-12)


def test_a_step_is_that_of_adamw() -> None:
    """Two steps by the paper's formula, decay apart from the gradient."""
    values = np.array([2.0, -3.0, 0.5], np.float32)
    gradients = np.array([[0.1, -4.0, 0.0], [0.3, 2.0, 1.0]], np.float32)
    moments = np.zeros((2, 3), np.float32)
    exact, first, second = values.astype(float), np.zeros(3), np.zeros(3)
    for step, gradient in enumerate(gradients):
        network._adam_step(values, gradient, moments, step, 0.5)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        mean, square = first / (1 - 0.9 ** (step + 1)), second / (1 - 0.99 ** (step + 1))
        exact -= 0.5 * (mean / (np.sqrt(square) + 1e-8) + 1e-4 * exact)
    np.testing.assert_allclose(values, exact, rtol=1e-4)


def test_every_picture_is_seen_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five batches of 32 are four rounds through 40 pictures, each in another order."""
    seen: list[Indices] = []

    def learn(_: Networks, pictures: Floats, labels: Indices, weights: Floats) -> float:
        assert np.array_equal(pictures[:, 0, 0, 0], labels)
        assert np.array_equal(weights, labels + 1)
        seen.append(labels)
        return float(len(seen))

    monkeypatch.setattr(Networks, "_learn", learn)
    numbers = np.arange(40)
    pictures = np.broadcast_to(numbers[:, None, None, None], (40, SIDE + 4, SIDE + 4, 3))
    networks = Networks(40, 1, np.random.default_rng(0))
    networks.train(pictures.astype(np.float32), numbers, (numbers + 1).astype(np.float32), 5)
    assert [len(batch) for batch in seen] == [BATCH] * 5
    rounds = np.concatenate(seen).reshape(4, 40)
    assert all(sorted(each) == numbers.tolist() for each in rounds)
    assert len({tuple(each) for each in rounds}) == 4


@pytest.mark.parametrize(("steps", "expected"), [(1, 1), (4, 4), (8, 7.5), (10, 9)])
def test_the_loss_is_that_of_the_last_quarter(
    steps: int, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mean of its steps' losses, of at least one step."""
    losses = iter(range(1, steps + 1))
    monkeypatch.setattr(Networks, "_learn", lambda *_: float(next(losses)))
    networks = Networks(2, 1, np.random.default_rng(0))
    assert networks.train(*bars(8, seed=0), alike(8), steps) == expected


@pytest.mark.parametrize("number", [1, 3])
def test_it_learns_lying_from_standing(number: int) -> None:
    """Each of the networks reads every bar that it has not seen."""
    networks = Networks(2, number, np.random.default_rng(1))
    loss = networks.train(*bars(160, seed=0), alike(160), 60)
    assert loss < 0.05
    assert accuracy(networks, *bars(100, seed=1)) == [1.0] * number


def test_a_few_pictures_are_enough() -> None:
    """Fewer than a batch are taken more than once."""
    networks = Networks(2, 1, np.random.default_rng(1))
    assert networks.train(*bars(6, seed=0), alike(6), 40) < 0.05


def test_of_random_labels_it_learns_nothing() -> None:
    """What it has by heart says nothing of other pictures."""
    rng = np.random.default_rng(2)
    pictures, _ = bars(40, seed=0)
    networks = Networks(2, 4, rng)
    networks.train(pictures, rng.permutation(np.arange(40) % 2), alike(40), 40)
    others, _ = bars(200, seed=1)
    found = accuracy(networks, others, rng.permutation(np.arange(200) % 2))
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)


def test_a_class_without_weight_is_never_learned() -> None:
    """Its pictures are read as of the class that counts."""
    pictures, labels = bars(40, seed=0)
    networks = Networks(2, 2, np.random.default_rng(1))
    networks.train(pictures, labels, np.where(labels == 0, 2, 0).astype(np.float32), 40)
    assert networks.probabilities(pictures)[..., 0].min() > 0.5


def test_probabilities_add_up_to_1() -> None:
    """For each picture and network, and even where exponents of scores would be infinite."""
    networks = trained()
    pictures, _ = bars(5, seed=1)
    found = networks.probabilities(pictures * 1000)
    assert found.shape == (2, 5, 2)
    assert found.dtype == np.float32
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=2), 1, rtol=1e-6)


def test_pictures_are_read_each_for_itself() -> None:
    """More than are read at once are read as one by one, and again the same."""
    networks = trained()
    pictures, _ = bars(70, seed=1)
    found = networks.probabilities(pictures)
    for index in (0, 63, 64, 69):
        alone = networks.probabilities(pictures[index : index + 1])
        np.testing.assert_allclose(found[:, index : index + 1], alone, rtol=1e-4)
    assert np.array_equal(networks.probabilities(pictures), found)


def test_the_same_seed_gives_the_same_state() -> None:
    """To the last bit; another seed gives another."""
    assert equal(trained().state, trained().state)
    assert not equal(trained().state, trained(seed=4).state)


def test_networks_side_by_side_differ() -> None:
    """Their first weights differ, and so does what they read."""
    networks = trained(number=3)
    found = networks.probabilities(bars(4, seed=1)[0])
    assert len({each.tobytes() for each in found}) == 3


def test_a_state_is_all_that_goes_on() -> None:
    """Networks from a state that was pickled train on to the very state of those it is of."""
    networks = trained()
    state = pickle.loads(pickle.dumps(networks.state))  # noqa: S301  its own
    others = Networks(2, 2, deepcopy(networks._rng), state)
    assert equal(others.state, networks.state)
    more = bars(40, seed=5)
    assert networks.train(*more, alike(40), 3) == others.train(*more, alike(40), 3)
    assert equal(others.state, networks.state)
    assert np.array_equal(networks.probabilities(more[0]), others.probabilities(more[0]))


def test_a_state_stays_what_it_was() -> None:
    """Neither the networks it is of nor those that it begins change it."""
    networks = trained()
    state = networks.state
    kept = deepcopy(state)
    for each in (networks, Networks(2, 2, np.random.default_rng(0), state)):
        each.train(*bars(40, seed=5), alike(40), 2)
        assert not equal(each.state, kept)
    assert equal(state, kept)
