"""The settings of standardisation, and the reference's implications."""

import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from keras_preprocessing.image import ImageDataGenerator
from pydantic import ValidationError

from augcli.errors import UsageError
from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import Standardization, implied, load_function

SWITCHES = (
    "samplewise_center",
    "samplewise_std_normalization",
    "featurewise_center",
    "featurewise_std_normalization",
    "zca_whitening",
)


def reference(**settings: Any) -> ImageDataGenerator:
    """The reference's generator, without what it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ImageDataGenerator(dtype="float64", **settings)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1/255", 1 / 255), (" 1. / 255. ", 1 / 255), (0.5, 0.5), (2, 2.0), (None, None), (0, 0.0)],
)
def test_rescale_takes_fractions(written: object, expected: float | None) -> None:
    """`1/255`, text in YAML, is the number that Keras users mean."""
    assert Standardization.model_validate({"rescale": written}).rescale == expected


@pytest.mark.parametrize("written", ["a", "1/0", "1/2/3", "", "./.", True, float("nan"), 1e10])
def test_a_rescale_that_is_no_factor(written: object) -> None:
    """It is refused as what it is."""
    with pytest.raises(ValidationError):
        Standardization.model_validate({"rescale": written})


@pytest.mark.parametrize("written", ["os", "os:", ":f", "a b:c", "os:f()", "os:f;g", "1a:b"])
def test_a_function_needs_module_and_name(written: str) -> None:
    """Anything but `package.module:function` is refused, before anything is imported."""
    with pytest.raises(ValidationError, match=r"expected package\.module:function"):
        Standardization(preprocessing_function=written)


def test_what_is_asked_for() -> None:
    """Only settings that change values count; epsilon alone, and a rescale of 0, do not."""
    assert Ranges(rotation_range=10.0, zca_epsilon=0.1, rescale=0.0).asked == []
    assert Standardization(rescale=2.0, zca_whitening=True).asked == ["rescale", "zca_whitening"]
    assert Standardization(zca_whitening=True).needs_statistics
    assert not Standardization(rescale=2.0, samplewise_center=True).needs_statistics


@pytest.mark.parametrize("mask", range(2 ** len(SWITCHES)))
def test_implications_are_the_reference_s(mask: int) -> None:
    """Every combination of switches ends as in the reference, and each change is said."""
    written = {name: bool(mask >> bit & 1) for bit, name in enumerate(SWITCHES)}
    settings, reasons = implied(Standardization(**written))
    keras = reference(**written)
    took = {name: getattr(settings, name) for name in SWITCHES}
    assert took == {name: getattr(keras, name) for name in SWITCHES}
    changed = {name for name in SWITCHES if took[name] != written[name]}
    assert {reason.split()[2] for reason in reasons} == changed
    assert len(reasons) == len(changed)


def test_implications_keep_the_model() -> None:
    """The other settings of a larger model come along."""
    settings, reasons = implied(Ranges(rotation_range=10.0, zca_whitening=True))
    assert settings == Ranges(rotation_range=10.0, zca_whitening=True, featurewise_center=True)
    assert reasons == ["zca_whitening turns featurewise_center on"]


def test_functions_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules, methods, and what is wrong with a name in words."""
    assert load_function("os.path:basename")("a/b") == "b"
    assert load_function("builtins:str.upper")("a") == "A"
    with pytest.raises(UsageError, match="no_such_module cannot be imported"):
        load_function("no_such_module:f")
    with pytest.raises(UsageError, match="os has no nothing"):
        load_function("os:nothing")
    with pytest.raises(UsageError, match="os:sep is no function"):
        load_function("os:sep")
    (tmp_path / "broken_module.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match=r"broken_module .* \(ZeroDivisionError"):
        load_function("broken_module:f")
    assert "broken_module" not in sys.modules
