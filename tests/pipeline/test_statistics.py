"""Fitting a data set: the same numbers by any workers, and what cannot be measured."""

import signal
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras_preprocessing.image import ImageDataGenerator
from numpy.typing import NDArray
from PIL import Image
from support import draw

from augcli.config.schema import Config, Fitting
from augcli.errors import InterruptedRunError, UsageError
from augcli.images.decode import decode
from augcli.pipeline import statistics as module
from augcli.pipeline.executors import SerialExecutor, WorkerDiedError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.progress import SilentProgress
from augcli.pipeline.statistics import Fit, fit
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step
from augcli.transforms.statistics import FactoredWhitening, FullWhitening

USED = {"augcli": "1"}
SIZE = (4, 3)  # width and height


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures of 4 x 3 pixels in two classes: more than one portion."""
    for number in range(40):
        folder = "cat" if number % 2 else "dog"
        draw(tmp_path / "photos" / folder / f"{number:02}.png", seed=number, size=SIZE)
    return tmp_path / "photos"


def config(source: Path, fitting: Fitting | None = None, **ranges: Any) -> Config:
    """A config that standardises by the data set."""
    settings = Ranges(**({"featurewise_std_normalization": True} | ranges))
    return Config(
        source=str(source),
        save_format="npy",
        transforms=[Step(transform=settings)],
        fit=fitting or Fitting(),
    )


def fitted(wanted: Config, workers: int = 0) -> Fit:
    """The fit of a config."""
    return fit(
        wanted,
        used=USED,
        workers=workers,
        progress=SilentProgress(),
        interruption=Interruption(),
    )


def array(source: Path) -> NDArray[np.float64]:
    """The pictures of a folder as the reference takes them."""
    paths = sorted(source.rglob("*.png"))
    return np.stack([decode(path.read_bytes(), Config()).pixels for path in paths]).astype(float)


def test_mean_and_deviation_are_the_reference_s(photos: Path) -> None:
    """On the same images, after rescale, they are those that Keras' fit computes."""
    keras = ImageDataGenerator(
        featurewise_center=True,
        featurewise_std_normalization=True,
        rescale=1 / 255,
        dtype="float64",
    )
    keras.fit(array(photos))
    statistics = fitted(config(photos, rescale=1 / 255)).fitted.statistics
    np.testing.assert_allclose(statistics.mean, keras.mean.ravel(), rtol=1e-6)
    np.testing.assert_allclose(statistics.std, keras.std.ravel(), rtol=1e-6)


@pytest.mark.parametrize(
    ("images", "max_memory", "form"),
    [(40, 2.0, FullWhitening), (20, 2.0, FullWhitening), (20, 25_000 / 2**30, FactoredWhitening)],
)
def test_whitening_is_the_reference_s(
    photos: Path, images: int, max_memory: float, form: type
) -> None:
    """Streamed, and kept where the matrix would be too large, ZCA gives the reference's images."""
    everything = array(photos)
    for path in sorted(photos.rglob("*.png"))[images:]:
        path.unlink()
    keras = ImageDataGenerator(
        featurewise_center=True, zca_whitening=True, zca_epsilon=0.1, dtype="float64"
    )
    keras.fit(array(photos))
    wanted = config(
        photos,
        Fitting(max_memory=max_memory),
        featurewise_std_normalization=False,
        zca_whitening=True,
        zca_epsilon=0.1,
    )
    result = fitted(wanted)
    whitening = result.fitted.statistics.whitening
    assert isinstance(whitening, form)
    rows = (everything - keras.mean).reshape(40, -1)
    expected = rows @ keras.principal_components
    np.testing.assert_allclose(whitening.apply(rows), expected, rtol=1e-6, atol=1e-6)
    assert len(result.warnings) == int(images < 36)
    assert all("36 numbers an image" in warning for warning in result.warnings)


def test_whitening_that_does_not_fit_in_memory(photos: Path) -> None:
    """The error says how much it takes, and which target_size would fit."""
    wanted = config(photos, Fitting(max_memory=7000 / 2**30), zca_whitening=True)
    with pytest.raises(UsageError, match=r"4 x 3 images of 3 .* target_size: \[2, 2\]"):
        fitted(wanted)
    smaller = wanted.model_copy(update={"target_size": [2, 2]})
    assert fitted(smaller).fitted.statistics.whitening is not None


@pytest.mark.parametrize("whiten", [False, True])
def test_workers_do_not_matter(photos: Path, whiten: bool) -> None:
    """In this process and in two others, the numbers are the same to the last bit."""
    wanted = config(photos, Fitting(augment=True, rounds=3), rotation_range=20.0)
    if whiten:
        wanted = config(photos, zca_whitening=True)
    assert fitted(wanted).fitted.digest == fitted(wanted, workers=2).fitted.digest


def test_augmented_copies_are_those_of_a_run(photos: Path) -> None:
    """With `augment`, what is measured is what a run writes: copies 0 to rounds - 1."""
    wanted = config(photos, Fitting(augment=True, rounds=2), vertical_flip=True, cval=200.0,
                    fill_mode="constant", height_shift_range=0.4)  # fmt: skip
    result = fitted(wanted)
    measured = result.fitted.origin["measured"]
    assert (measured["images"], measured["pixels"]) == (80, 80 * 12)
    one_round = wanted.model_copy(update={"fit": Fitting(augment=True)})
    plain = wanted.model_copy(update={"fit": Fitting()})
    digests = {fitted(each).fitted.digest for each in (wanted, one_round, plain)}
    assert len(digests) == 3
    assert fitted(wanted.model_copy(update={"seed": 1})).fitted.digest not in digests


def test_images_of_other_channels(photos: Path) -> None:
    """Grey among colour is an error that names both, and color_mode, which mends it."""
    Image.new("L", SIZE).save(photos / "dog" / "grey.png")
    with pytest.raises(UsageError, match=r"01\.png has 3 channels and dog/grey\.png has 1"):
        fitted(config(photos))
    wanted = config(photos).model_copy(update={"color_mode": "grayscale"})
    assert fitted(wanted).fitted.origin["measured"]["shape"] == [None, None, 1]


def test_images_of_other_sizes(photos: Path) -> None:
    """They have a mean; for ZCA they are an error that names target_size."""
    draw(photos / "dog" / "large.png", size=(6, 6))
    assert fitted(config(photos)).fitted.origin["measured"]["pixels"] == 40 * 12 + 36
    with pytest.raises(UsageError, match=r"4 x 3 pixels and dog/large\.png has 6 x 6.*target_size"):
        fitted(config(photos, zca_whitening=True))


def test_broken_images(photos: Path) -> None:
    """They are told of and left out; when there are no others, that is an error."""
    (photos / "cat" / "00 broken.png").write_bytes(b"no picture")
    result = fitted(config(photos))
    assert [failure.source for failure in result.failures] == ["cat/00 broken.png"]
    assert result.fitted.origin["measured"]["images"] == 40
    assert result.fitted.origin["sources"]["number"] == 41
    for path in photos.rglob("[0-9][0-9].png"):
        path.unlink()
    with pytest.raises(UsageError, match=r"none of the images could be used.*00 broken\.png"):
        fitted(config(photos))


def test_no_images(tmp_path: Path) -> None:
    """An empty data set is the usage error that it is to a run."""
    with pytest.raises(UsageError, match="no images"):
        fitted(config(tmp_path))


class _Mortal(SerialExecutor):
    """Dies of one source, with all that was asked for along with it."""

    deadly = "cat/05.png"

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        portion = args[1]
        if any(item.path == self.deadly for item, _ in portion):
            future: Future[Any] = Future()
            future.set_exception(WorkerDiedError("its worker process was killed by SIGKILL"))
            return future
        return super().submit(fn, *args, **kwargs)


def test_an_image_that_ends_workers(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left out like a broken one, and the others count as if it were."""
    (photos / "cat" / "05.png").write_bytes(b"no picture")
    expected = fitted(config(photos))
    monkeypatch.setattr(module, "SerialExecutor", _Mortal)
    result = fitted(config(photos))
    assert result.fitted.digest == expected.fitted.digest
    [failure] = result.failures
    assert (failure.source, failure.stage) == ("cat/05.png", "worker")


def test_only_training_images_count(photos: Path) -> None:
    """With a split, the images for validation are not measured, whichever subset a run is for."""
    split = config(photos).model_copy(update={"validation_split": 0.5})
    results = [
        fitted(split.model_copy(update={"subset": subset}))
        for subset in ("training", "validation", "both")
    ]
    assert len({result.fitted.digest for result in results}) == 1
    assert 0 < results[0].fitted.origin["measured"]["images"] < 40


def test_a_fit_can_be_stopped(photos: Path) -> None:
    """Told to stop, it does so with the error that says it."""
    interruption = Interruption()
    interruption.signal_number = signal.SIGINT
    with pytest.raises(InterruptedRunError):
        fit(
            config(photos),
            used=USED,
            workers=0,
            progress=SilentProgress(),
            interruption=interruption,
        )
