"""Whether both sides of a split have images, and images of every class."""

from collections import defaultdict
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.datasets.items import TRAINING, VALIDATION, Item, Label
from augcli.datasets.labels import CLASS_MODES
from augcli.datasets.split import Splitting

_SHOWN = 5
_FEW_GROUPS = 20
"""So few groups may well all be on one side; of more it is the share that is to blame."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a side of a split lacks. `str()` is a line for a person.

    Attributes:
        kind: The same from version to version: "split-one-sided", "split-lacks-class".
        reason: What is missing.
        remedy: What to write or do instead.
    """

    kind: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}"


class Balance:
    """Takes note of the samples on either side of a split; memory does not grow with their number.

    Args:
        config: The resolved config, whose output has both sides.
    """

    def __init__(self, config: Config) -> None:
        self._splitting = Splitting.of_config(config)
        self._has_classes = config.class_mode in CLASS_MODES
        self._sides: set[str | None] = set()
        self._samples = 0
        self._sides_of_class: dict[Label, set[str | None]] = defaultdict(set)
        self._groups: set[str] = set()  # while one side is empty, and not many of them

    def add(self, item: Item) -> None:
        """Takes note of a sample, of each of its labels if it has several."""
        self._samples += 1
        self._sides.add(item.split)
        if len(self._sides) == 1 and len(self._groups) <= _FEW_GROUPS:
            self._groups.add(self._splitting.group_of(item.path))
        if self._has_classes:
            for label in item.label if isinstance(item.label, list) else [item.label]:
                if isinstance(label, str | int):
                    self._sides_of_class[label].add(item.split)

    def lacks(self) -> tuple[Lack, ...]:
        """What each side lacks: all images, or those of a class."""
        sides = (TRAINING, VALIDATION)
        if len(self._sides) == 1:
            return tuple(self._without_images(side) for side in sides if side not in self._sides)
        return tuple(lack for side in sides if (lack := self._without_classes(side)))

    def _without_images(self, side: str) -> Lack:
        reason = f"no image is for {side}, of {self._samples:,}"
        if self._splitting.group_by is None or len(self._groups) > _FEW_GROUPS:
            return Lack("split-one-sided", reason, f"write {self._splitting.other_share(side)}")
        if len(self._groups) == 1:
            reason += f": group_by finds the same text, {min(self._groups)!r}, in every path"
        else:
            reason += f": group_by makes only {len(self._groups)} groups of them"
        remedy = "write a group_by that tells more groups apart, or leave it out"
        return Lack("split-one-sided", reason, remedy)

    def _without_classes(self, side: str) -> Lack | None:
        missing = [repr(name) for name, sides in self._sides_of_class.items() if side not in sides]
        if not missing:
            return None
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        reason = f"no image is for {side} of class {', '.join(missing[:_SHOWN])}{more}"
        keys = f"{'' if self._splitting.group_by is None else 'group_by or '}validation_split"
        subset = "subset: training, or " if side == VALIDATION else ""
        return Lack(
            "split-lacks-class",
            reason,
            f"write {subset}another {keys}, or add images of it",
        )
