"""Whether both sides of a split have images, and images of every class."""

from collections import Counter, defaultdict
from contextlib import closing

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.config.traps import Finding
from augcli.datasets.items import TRAINING, VALIDATION, Item, Label
from augcli.datasets.labels import CLASS_MODES
from augcli.datasets.open import open_dataset
from augcli.datasets.split import Splitting

_SHOWN = 5
_FEW_GROUPS = 20
"""So few groups may well all be on one side; of more it is the share that is to blame."""


def explain_empty_subset(config: Config) -> Finding:
    """Why no image is for the subset that a config asks for, found by a look at the others.

    Raises:
        UsageError: The data set cannot be opened any more.
    """
    balance = Balance(config)
    with closing(open_dataset(config.model_copy(update={"subset": "both"}))) as data:
        for group in data.groups():
            for item in group.samples():
                balance.add(item)
    return balance.without_images(config.subset)


class Balance:
    """Takes note of the samples on either side of a split; memory does not grow with their number.

    Args:
        config: The resolved config, which has a split.
    """

    def __init__(self, config: Config) -> None:
        self._splitting = Splitting.of_config(config)
        self._has_classes = config.class_mode in CLASS_MODES
        self._is_folder = config.source is not None and source_kind(config.source) == "folder"
        self._sides: set[str | None] = set()
        self._samples = 0
        self._sides_of_class: dict[Label, set[str | None]] = defaultdict(set)
        # While one side is empty:
        self._groups: set[str] = set()  # not many of them
        self._counts: Counter[str] = Counter()  # of what a contiguous split would divide each of

    def add(self, item: Item) -> None:
        """Takes note of a sample, of each of its labels if it has several."""
        self._samples += 1
        self._sides.add(item.split)
        if len(self._sides) == 1:
            self._note_place(item.path)
        if self._has_classes:
            for label in item.label if isinstance(item.label, list) else [item.label]:
                if isinstance(label, str | int):
                    self._sides_of_class[label].add(item.split)

    def _note_place(self, path: str) -> None:
        if len(self._groups) <= _FEW_GROUPS:
            self._groups.add(self._splitting.group_of(path))
        folder, _, name = path.partition("/")
        self._counts[folder if self._is_folder and name else ""] += 1

    def findings(self) -> tuple[Finding, ...]:
        """What each side lacks: all images, or those of a class."""
        sides = (TRAINING, VALIDATION)
        if len(self._sides) == 1:
            return tuple(self.without_images(side) for side in sides if side not in self._sides)
        return tuple(finding for side in sides if (finding := self._without_classes(side)))

    def without_images(self, side: str) -> Finding:
        """Why a side has no image, and what to write so that it has some."""
        kind = "split-one-sided"
        reason = f"no image is for {side}, of {self._samples:,}"
        if self._splitting.group_by is None or len(self._groups) > _FEW_GROUPS:
            return Finding(kind, "validation_split", reason, self._other_share(side))
        if len(self._groups) == 1:
            reason += f", as it finds the same text, {min(self._groups)!r}, in every path"
        else:
            reason += f", as it makes only {len(self._groups)} groups of them"
        remedy = "write a group_by that tells more groups apart, or leave it out"
        return Finding(kind, "group_by", reason, remedy)

    def _other_share(self, side: str) -> str:
        if self._samples == 1:
            return "add images, or leave it out"
        remedy = f"write a {'larger' if side == VALIDATION else 'smaller'} one"
        if self._splitting.group_by is not None:
            return f"{remedy}, or a group_by that tells more groups apart"
        first = sum(map(self._splitting.first, self._counts.values()))
        if self._splitting.is_contiguous or not 0 < first < self._samples:
            return remedy
        return f"{remedy}, or split: contiguous, which takes just that share"

    def _without_classes(self, side: str) -> Finding | None:
        missing = [repr(name) for name, sides in self._sides_of_class.items() if side not in sides]
        if not missing:
            return None
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        reason = f"no image is for {side} of class {', '.join(missing[:_SHOWN])}{more}"
        keys = f"{'' if self._splitting.group_by is None else 'group_by or '}validation_split"
        subset = "subset: training, or " if side == VALIDATION else ""
        return Finding(
            "split-lacks-class",
            "validation_split",
            reason,
            f"write {subset}another {keys}, or add images of it",
        )
