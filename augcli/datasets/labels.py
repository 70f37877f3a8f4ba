"""What the labels of a data set become, by `class_mode` and `classes`."""

from collections.abc import Sequence
from typing import Any

from augcli.config.names import nearest
from augcli.config.schema import Config
from augcli.datasets.items import Label
from augcli.errors import UsageError

CLASS_MODES = frozenset({"categorical", "binary", "sparse"})
"""The class modes whose labels are classes, rather than targets of another kind, or none."""


class Labels:
    """The labels of one data set: taken in one by one, checked, and then given out.

    Args:
        class_mode: As in the config.
        classes: The classes that there may be, in order; None for all that are found.
    """

    def __init__(self, class_mode: str | None, classes: Sequence[str | int] | None) -> None:
        self._mode = class_mode
        self._classes = classes
        self._allowed = None if classes is None else frozenset(classes)
        self._found: set[Any] = set()
        self._numbers: dict[Any, int] = {}

    @classmethod
    def of_texts(cls, config: Config) -> "Labels":
        """The labels of a data set that writes all of them as text: a folder, a CSV."""
        classes = None if config.classes is None else [str(name) for name in config.classes]
        return cls(config.class_mode, classes)

    @property
    def are_asked_for(self) -> bool:
        """Whether samples get a label at all."""
        return self._mode not in {None, "input"}

    @property
    def are_classes(self) -> bool:
        """Whether labels are names of classes."""
        return self._mode in CLASS_MODES

    @property
    def are_counted(self) -> bool:
        """Whether all classes have to be known before any label is given out."""
        return self._mode in {"binary", "sparse"} or self._classes is not None

    def take(self, label: Label) -> Label:
        """Takes note of a label; None when `classes` leaves its sample out.

        Of several labels, those that `classes` does not have are left out, as in
        Keras-Preprocessing.
        """
        if not self.are_classes:
            return label
        if isinstance(label, list):
            return [name for name in label if self.take(name) is not None] or None
        if self._allowed is not None and label not in self._allowed:
            return None
        if self.are_counted:
            self._found.add(label)
        return label

    def settle(self, source: str) -> None:
        """Checks the classes, once all labels have been taken.

        Raises:
            UsageError: A class of `classes` is not there, or not two are and the mode is binary.
        """
        if not self.are_counted:
            return
        if self._classes is not None:
            self._check_all_are_there(source)
        if self._mode == "binary" and len(self._found) != 2:
            raise UsageError(
                f"class_mode: binary needs 2 classes, and {source} has {len(self._found)}; choose "
                f"two of them with classes, or write class_mode: categorical"
            )
        ordered = sorted(self._found) if self._classes is None else self._classes
        self._numbers = {name: number for number, name in enumerate(ordered)}

    def _check_all_are_there(self, source: str) -> None:
        for name in self._classes or ():
            if name not in self._found:
                meant = nearest(str(name), map(str, self._found))
                hint = f"; did you mean {meant!r}?" if meant else ""
                raise UsageError(f"classes: nothing in {source} has the class {name!r}{hint}")

    def of(self, label: Label) -> Label:
        """What stands in the manifest for a label that has been taken.

        The number of the class for `sparse` and `binary`, as these modes have it; else the label.
        """
        if self._mode in {"sparse", "binary"} and not isinstance(label, list):
            return self._numbers.get(label)
        return label
