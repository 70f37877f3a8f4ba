"""The settings of standardisation, and what they imply; `standardize` does what they say.

Apart from it, so that a run's parent, which touches no pixel, need not load NumPy.
"""

import importlib
import re
from collections.abc import Callable
from operator import attrgetter
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field

from augcli.errors import UsageError
from augcli.fields import Model

Preprocess = Callable[[Any], Any]
"""What a `preprocessing_function` is: one image, (height, width, channels), to one like it."""

_FRACTION = r"^\s*([0-9.]+)\s*/\s*([0-9.]+)\s*$"
_FUNCTION = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def _read_fraction(value: object) -> object:
    """`1/255`, as Keras users know it and YAML does not, as a number."""
    if not isinstance(value, str):
        return value
    try:
        over, under = re.findall(_FRACTION, value)[0]
        return float(over) / float(under)
    except (IndexError, ValueError, ZeroDivisionError):
        raise ValueError("expected a factor, such as 0.00392 or 1/255") from None


def _check_function(value: str) -> str:
    if not _FUNCTION.fullmatch(value):
        raise ValueError("expected package.module:function")
    return value


Fraction = Annotated[str, Field(pattern=_FRACTION)]
Rescale = Annotated[
    Annotated[float, Field(ge=-1e9, le=1e9)],
    BeforeValidator(_read_fraction, json_schema_input_type=float | Fraction),
]
FunctionName = Annotated[str, AfterValidator(_check_function)]


class Standardization(Model):
    """The settings that turn pixels into other numbers, by the names Keras gives them."""

    preprocessing_function: FunctionName | None = None
    """`package.module:function`: called with each image as floats, (height, width, channels),
    before all else here; gives an array of the same shape. Runs with `--allow-python` alone."""
    rescale: Rescale | None = None
    """Factor of all values, such as 1/255; none when null or 0."""
    samplewise_center: bool = False
    """Take from each image its own mean."""
    samplewise_std_normalization: bool = False
    """Divide each image by its own standard deviation; turns samplewise_center on."""
    featurewise_center: bool = False
    """Take from each channel its mean over the data set."""
    featurewise_std_normalization: bool = False
    """Divide each channel by its standard deviation over the data set; turns featurewise_center
    on."""
    zca_whitening: bool = False
    """Take out the correlations between all pixels of the data set; turns featurewise_center on
    and featurewise_std_normalization off."""
    zca_epsilon: Annotated[float, Field(gt=0, le=1e6)] = 1e-6
    """Added to each variance before ZCA divides by its root: the larger, the less noise is
    amplified."""

    @property
    def asked(self) -> list[str]:
        """The settings, by name, that change any value; empty when there is nothing to do."""
        return [name for name in _STAGES if getattr(self, name)]

    @property
    def needs_statistics(self) -> bool:
        """Whether it takes numbers that are measured over the whole data set."""
        return self.featurewise_center or self.featurewise_std_normalization or self.zca_whitening


_STAGES = tuple(name for name in Standardization.model_fields if name != "zca_epsilon")

S = TypeVar("S", bound=Standardization)


def implied(settings: S) -> tuple[S, list[str]]:
    """The settings as they take effect, and in words what was turned on or off for that.

    The implications are those of Keras' ImageDataGenerator.

    Args:
        settings: As they were written; also any model that has these settings among its own.
    """
    changes: dict[str, bool] = {}
    reasons: list[str] = []

    def turn(name: str, *, on: bool, by: str) -> None:
        if changes.get(name, getattr(settings, name)) is not on:
            changes[name] = on
            reasons.append(f"{by} turns {name} {'on' if on else 'off'}")

    if settings.zca_whitening:
        turn("featurewise_center", on=True, by="zca_whitening")
        turn("featurewise_std_normalization", on=False, by="zca_whitening")
    if settings.featurewise_std_normalization:
        turn("featurewise_center", on=True, by="featurewise_std_normalization")
    if settings.samplewise_std_normalization:
        turn("samplewise_center", on=True, by="samplewise_std_normalization")
    return settings.model_copy(update=changes), reasons


def load_function(name: str) -> Preprocess:
    """The function that `preprocessing_function` names. Its module is imported: that runs code.

    Args:
        name: "package.module:function".

    Raises:
        UsageError: There is no such module or function, or the module cannot be imported.
    """
    module_name, _, path = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # somebody else's code, which may raise anything
        raise UsageError(
            f"preprocessing_function: {module_name} cannot be imported "
            f"({type(error).__name__}: {error})"
        ) from error
    try:
        function = attrgetter(path)(module)
    except AttributeError as error:
        raise UsageError(f"preprocessing_function: {module_name} has no {path}") from error
    if not callable(function):
        raise UsageError(f"preprocessing_function: {name} is no function")
    return cast(Preprocess, function)
