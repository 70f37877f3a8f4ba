"""What a config holds, and the two plain forms that a config is kept in: resolved and digested."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import InitErrorDetails, ValidationError

from augcli.config.sources import PathText, Sourcing, source_kind
from augcli.config.targets import Targeting, digested
from augcli.fields import Model
from augcli.images.options import ARRAY_FORMATS, Loading, Saving
from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges
from augcli.transforms.standardization import implied
from augcli.transforms.step import DEEPEST, Place, Step, too_deep, walk

MAX_SEED = 2**53 - 1  # the last integer that every JSON reader keeps
MAX_PREFIX_BYTES = 100
MOST_COPIES = 1_000_000  # of one image; their names are made at once


def _check_seed(value: object) -> object:
    is_seed = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEED
    if not is_seed and value != "random":
        raise ValueError(f"expected a whole number from 0 to {MAX_SEED}, or random")
    return value


def _check_prefix(value: str) -> str:
    if any(char in "/\\" or unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        raise ValueError("expected the start of a file name, without slashes or control characters")
    if value.startswith("."):
        raise ValueError("expected a prefix that starts with no dot, which would hide the files")
    if len(value.encode()) > MAX_PREFIX_BYTES:
        raise ValueError(f"expected at most {MAX_PREFIX_BYTES} bytes")
    return value


Seed = Annotated[
    Annotated[int, Field(ge=0, le=MAX_SEED)] | Literal["random"], BeforeValidator(_check_seed)
]
Prefix = Annotated[str, AfterValidator(_check_prefix)]


class Fitting(Model):
    """How the statistics of standardisation are measured."""

    augment: bool = False
    """Measure augmented copies, the ones that a run makes, rather than the images themselves."""
    rounds: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1
    """How many copies of every image `augment` measures."""
    max_memory: Annotated[float, Field(gt=0, le=2**20)] = 2.0
    """GiB that the matrices of zca_whitening may take."""


class Expansion(Model):
    """What is expanded, where to, and into how many copies."""

    source: PathText | None = None
    """Where the images come from: a folder (its sub-folders are classes), a .csv or a .npz;
    relative to the config's own folder."""
    output: PathText | None = None
    """Folder that the copies and the manifest are written to; relative to the config's own
    folder."""
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1
    """How many copies of every image."""
    seed: Seed = 0
    """Where the randomness starts: runs of one seed repeat. `random` draws a seed and records
    it."""
    save_prefix: Prefix = ""
    """Start of every copy's file name, before the source's name and the number of the copy."""
    include_originals: bool = False
    """Put the originals beside their copies, as they are."""
    statistics: PathText | None = None
    """File of `augcli fit` that featurewise_* and zca_whitening take their numbers from; relative
    to the config's own folder. Left out, a run that needs them measures them first."""
    fit: Fitting = Field(default_factory=Fitting)
    """How those numbers are measured, by `augcli fit` and by a run that measures them itself."""


def _errors(details: list[InitErrorDetails]) -> ValidationError:
    """An error that pydantic merges into its own, with paths relative to the field at hand."""
    return ValidationError.from_exception_data("Config", details)


def _needs_arrays(transform: Operation, source: str | None) -> list[str]:
    """The settings of a step whose result no picture format can hold."""
    if not isinstance(transform, Ranges):
        return []
    written = {
        "dtype": transform.dtype is not None,
        # Of the arrays in an .npz it says how they are to be read, whatever is written.
        "data_format": transform.data_format == "channels_first"
        and (source is None or source_kind(source) != "npz"),
    }
    return [key for key, is_written in written.items() if is_written]


def _needs_floats(transform: Operation) -> list[str]:
    """The settings of a step that make numbers of pixels; stretched, a picture can show them."""
    return transform.asked if isinstance(transform, Ranges) else []


def _of_all_copies(transform: Operation) -> list[str]:
    """The settings of a step that have to be the same for every copy, drawn or not."""
    if not isinstance(transform, Ranges):
        return []
    written = {
        "dtype": transform.dtype is not None,
        "data_format": transform.data_format != "channels_last",
    }
    return [*transform.asked, *(key for key, is_written in written.items() if is_written)]


def _setting_problems(
    steps: list[Step], values: Mapping[str, Any]
) -> Iterator[tuple[Place, str, str]]:
    """What the output cannot hold, and what does not stand at the end.

    Args:
        steps: The transforms.
        values: The settings before them, without those that were found wrong.

    Yields:
        Place of the step, name of the setting, and what is wrong with it.
    """
    save_format = values.get("save_format", "npy")
    save_scale = values.get("save_scale", "minmax")
    for place, step in walk(steps):
        if len(place) > 1:
            for key in _of_all_copies(step.transform):
                yield place, key, "every copy needs this; write it in the last step of the list"
            continue
        if save_format not in ARRAY_FORMATS:
            for key in _needs_arrays(step.transform, values.get("source")):
                remedy = "leave it out, or write 'save_format: npy'"
                yield place, key, f"{save_format} cannot hold this; {remedy}"
        for key in _needs_floats(step.transform):
            if place != (len(steps) - 1,):
                yield place, key, "this is done once, at the end; write it in the last step"
            elif save_format not in ARRAY_FORMATS and save_scale != "minmax":
                remedy = "write 'save_format: npy', or 'save_scale: minmax' for a picture of it"
                yield place, key, f"{save_format} cannot hold this; {remedy}"


def _check_depth(written: list[Any]) -> None:
    """Refuses steps in steps in steps, which nobody means and Python's stack does not hold."""
    if place := too_deep(written):
        problem = f"steps stand in one another more than {DEEPEST} deep; write them flatter"
        raise _errors([_problem(place, problem)])


def _problem(place: Place, text: str) -> InitErrorDetails:
    return InitErrorDetails(
        type="value_error", loc=place, input=None, ctx={"error": ValueError(text)}
    )


# Fields come in the order of the last base first.
class Config(Targeting, Saving, Loading, Sourcing, Expansion):
    """The settings of one expansion: what is read, what happens to it, what is written."""

    transforms: list[Step] = Field(default_factory=list)
    """What happens to each copy: the ranges of Keras' ImageDataGenerator as a mapping, or a list
    of steps in order, each with the `p` of its happening. Without any, images are converted."""

    @field_validator("transforms", mode="wrap")
    @classmethod
    def _read_transforms(
        cls, value: object, read_steps: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> list[Step]:
        """Both forms of `transforms`; a mapping is short for a list of one `ranges` step."""
        steps: list[Step]
        if value is None:  # all that stood under the key is commented out
            steps = []
        elif isinstance(value, dict):
            steps = [Step(transform=Ranges.model_validate(value))]
        elif isinstance(value, list):
            _check_depth(value)
            steps = read_steps(value)
        else:
            raise ValueError("expected a mapping of ranges, or a list of steps")

        details = [
            _problem((key,) if isinstance(value, dict) else (*place, "ranges", key), problem)
            for place, key, problem in _setting_problems(steps, info.data)
        ]
        if details:
            raise _errors(details)
        return steps

    @property
    def standardization(self) -> Ranges | None:
        """The settings of the standardisation as they take effect; None when none is asked for."""
        last = self.transforms[-1].transform if self.transforms else None
        return implied(last)[0] if isinstance(last, Ranges) and last.asked else None


_NOT_OF_PIXELS = {
    *Expansion.model_fields.keys() - {"seed"},
    *Sourcing.model_fields,
    "max_pixels",  # says which sources are refused, not what becomes of the others
    *("batch_size", "shuffle"),  # say which shard a copy is in
}


def is_channels_first(config: Config) -> bool:
    """Whether arrays, read and written, have their channels before their rows."""
    return any(
        isinstance(step.transform, Ranges) and step.transform.data_format == "channels_first"
        for step in config.transforms
    )


def resolved(config: Config) -> dict[str, Any]:
    """The config as plain JSON- and YAML-ready values, every default filled in.

    It loads back to an equal config; `transforms` is always in the form of a list.
    """
    return config.model_dump()


def pixel_digest(config: Config) -> str:
    """SHA-256 (64 hex digits) of the settings that shape the pixels or the bytes of a copy.

    Paths, names, the number of copies and the limits of what is read are not among them.
    `seed: random` should be replaced by the seed that was drawn, first.
    """
    settings = resolved(config)
    values = {key: value for key, value in settings.items() if key not in _NOT_OF_PIXELS}
    values |= digested(settings)
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
