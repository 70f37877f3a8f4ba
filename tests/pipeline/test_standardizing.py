"""The last stage of a copy, in the worker."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.pipeline.rendering import render
from augcli.pipeline.standardizing import standardized
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step
from augcli.transforms.statistics import Statistics

IMAGE = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


def config(save_format: Any = "npy", **settings: Any) -> Config:
    """A config with one step of these settings."""
    return Config(save_format=save_format, transforms=[Step(transform=Ranges(**settings))])


def rendered(wanted: Config, copy: int | None = 0, **more: Any) -> NDArray[Any]:
    """The array in the file of a copy."""
    picture = Picture(IMAGE.copy(), None, ())
    copied = render(wanted, Item("a.png", None, None), picture, copy, **more)
    array: NDArray[Any] = np.load(io.BytesIO(copied.data))
    return array


def test_without_settings_the_image_is_as_it_was() -> None:
    """The very same array comes back, in its dtype."""
    assert standardized(IMAGE, config(rotation_range=5.0), None) is IMAGE


def test_rescaled_copies_and_originals() -> None:
    """Both are floats, float32 unless the config says otherwise, and so are single-step recipes."""
    for copy in (0, None):
        found = rendered(config(rescale=1 / 255), copy)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, IMAGE / 255, rtol=1e-6)
    assert rendered(config(rescale=0.5, dtype="float64")).dtype == np.float64
    assert rendered(config(rescale=0.5, dtype="float16")).dtype == np.float16


def test_nothing_is_rounded_on_the_way() -> None:
    """A standardised copy is computed in floats from the warp on."""
    found = rendered(config(rescale=1.0, rotation_range=45.0, data_format="channels_first"))
    assert found.shape == (3, 2, 4)
    assert not np.array_equal(found, np.round(found))


def test_a_copy_that_the_step_passes_over() -> None:
    """Standardisation is no matter of chance: `p` is for what is drawn."""
    step = Step(transform=Ranges(rescale=0.5, rotation_range=45.0), p=0.0)
    found = rendered(Config(save_format="npy", transforms=[step]))
    np.testing.assert_array_equal(found, IMAGE / 2)


def test_by_the_data_set() -> None:
    """Mean and deviation of each channel are those of the statistics."""
    statistics = Statistics(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0]))
    found = rendered(config(featurewise_std_normalization=True), statistics=statistics)
    np.testing.assert_allclose(found, (IMAGE - [1, 2, 3]) / 2, rtol=1e-5)


def test_a_picture_of_the_numbers() -> None:
    """With `save_scale: minmax` any format takes it, stretched to 8 bits."""
    wanted = config("npy", samplewise_center=True).model_copy(update={"save_scale": "minmax"})
    found = rendered(wanted)
    assert found.dtype == np.uint8
    assert (found.min(), found.max()) == (0, 255)


def test_an_image_unlike_the_measured_ones() -> None:
    """It is a failure of that image, with what would help."""
    with pytest.raises(SourceError, match="not of images of 3 channels: set color_mode") as error:
        standardized(IMAGE, config(featurewise_center=True), Statistics(mean=np.zeros(1)))
    assert error.value.stage == "transform"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("1 / 0", "failed: ZeroDivisionError: division by zero"),
        ("image.ravel()", r"gave shape \(24,\)"),
        ("None", r"gave shape \(\)"),
        ("object()", "float"),
    ],
)
def test_functions_that_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, problem: str
) -> None:
    """Whatever is wrong with what it gives is a failure of the image at hand."""
    name = f"function_{abs(hash(body))}"
    (tmp_path / f"{name}.py").write_text(f"def f(image): return {body}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SourceError, match=problem):
        standardized(IMAGE, config(preprocessing_function=f"{name}:f"), None)


def test_a_function_of_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets floats of the levels, and what it gives is what is rescaled."""
    (tmp_path / "function_good.py").write_text("def f(image): return 255 - image", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = standardized(IMAGE, config(preprocessing_function="function_good:f", rescale=2.0), None)
    np.testing.assert_array_equal(found, 2 * (255.0 - IMAGE))
