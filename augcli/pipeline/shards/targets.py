"""The `y` of shards: what the labels of a data set become in arrays, batched as Keras does it.

Nothing of NumPy is loaded before arrays are made, so that the parent of a run stays light.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from augcli.config.schema import Config
from augcli.datasets.arrays import Arrays
from augcli.datasets.base import DataSet
from augcli.datasets.items import Item, Label
from augcli.datasets.labels import CLASS_MODES
from augcli.datasets.open import open_dataset
from augcli.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Targets:
    """How `y` is made of labels.

    Attributes:
        class_mode: As in the config; None where there are no labels, and so no `y`.
        classes: The classes of one-hot rows, in the order of their columns; None for other modes,
            and for the labels of an .npz, which stay as they are.
        dtypes: NumPy's names of the dtypes of an .npz' labels, one for each array; None where
            they follow from the labels.
    """

    class_mode: str | None
    classes: tuple[str, ...] | None = None
    dtypes: tuple[str, ...] | None = None

    def plain(self) -> dict[str, Any]:
        """The same as JSON and YAML hold it."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def of_plain(cls, values: object) -> "Targets":
        """The targets that `plain` has made values of.

        Raises:
            ValueError: They are none of those.
        """
        if not isinstance(values, dict) or values.keys() != {"class_mode", "classes", "dtypes"}:
            raise ValueError("no targets")
        mode = values["class_mode"]
        if mode is not None and not isinstance(mode, str):
            raise ValueError("class_mode is no text")
        return cls(mode, _texts(values["classes"]), _texts(values["dtypes"]))


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError("neither null nor a list of texts")
    return tuple(value)


def find_targets(config: Config, data: DataSet) -> Targets:
    """How the labels of a data set become `y`. The classes are those of both sides of a split.

    Raises:
        UsageError: Some images have a label, and others have none.
    """
    mode = config.class_mode
    if isinstance(data, Arrays):
        dtypes = data.label_dtypes
        is_numbered = mode in {"binary", "sparse"}
        return Targets(mode, None, None if is_numbered else dtypes) if dtypes else Targets(None)
    if mode not in CLASS_MODES:
        return Targets(None if mode == "input" else mode)
    found = _found_classes(config)
    if mode != "categorical" or not found:
        return Targets(mode if found else None)
    return Targets(mode, tuple(map(str, config.classes or sorted(found))))


def _found_classes(config: Config) -> set[str]:
    """The classes of all samples, for training and for validation.

    Raises:
        UsageError: A sample has none, and others have.
    """
    found: set[str] = set()
    without: str | None = None
    with closing(open_dataset(config.model_copy(update={"subset": "both"}))) as data:
        for item in _items(data):
            if item.label is None:
                without = item.path
            else:
                found.update(map(str, _several(item.label)))
    if found and without is not None:
        raise UsageError(
            f"{without!r} in {config.source} is in no folder, and so has no label, while others "
            f"have one: move it into the folder of its class, or write class_mode: null"
        )
    return found


def _several(label: Label) -> list[Label]:
    """The labels of a sample, which may have one or several."""
    return label if isinstance(label, list) else [label]


def _items(data: DataSet) -> Iterator[Item]:
    for group in data.groups():
        yield from group.samples()


def target_arrays(targets: Targets, labels: Sequence[Label]) -> "dict[str, NDArray[Any]]":
    """The arrays of a shard's labels, by name: `y`; of multi_output, `y_0` and so on; or none.

    One-hot rows are float32, as are the numbers of `binary`; those of `sparse` are int64. Rows of
    several labels have several ones.

    Args:
        targets: How they are made.
        labels: A label for each sample.
    """
    import numpy as np  # noqa: PLC0415  the parent makes no arrays

    if targets.class_mode is None:
        return {}
    if targets.classes is not None:
        return {"y": _one_hot(targets.classes, labels)}
    if targets.class_mode == "binary":
        return {"y": np.array(labels, np.float32)}
    if targets.class_mode == "sparse":
        return {"y": np.array(labels, np.int64)}
    if targets.class_mode == "multi_output":
        outputs = [np.array(values) for values in zip(*map(_several, labels), strict=True)]
        dtypes = targets.dtypes or [output.dtype.str for output in outputs]
        return {
            f"y_{number}": output.astype(dtype)
            for number, (output, dtype) in enumerate(zip(outputs, dtypes, strict=True))
        }
    dtype = np.result_type(*map(np.dtype, targets.dtypes)) if targets.dtypes else None
    return {"y": np.array(labels, dtype)}


def _one_hot(classes: Sequence[str], labels: Sequence[Label]) -> "NDArray[Any]":
    """A row for each label, 1 in the columns of its classes and 0 elsewhere."""
    import numpy as np  # noqa: PLC0415  the parent makes no arrays

    columns = {name: column for column, name in enumerate(classes)}
    rows = np.zeros((len(labels), len(classes)), np.float32)
    for row, label in zip(rows, labels, strict=True):
        for name in _several(label):
            row[columns[str(name)]] = 1
    return rows
