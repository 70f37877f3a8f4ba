"""Whether both sides of a split have images of every class."""

from collections import defaultdict

from augcli.datasets.items import TRAINING, VALIDATION, Item, Label

_SHOWN = 5


class Balance:
    """Takes note of the classes on either side of a split."""

    def __init__(self) -> None:
        self._sides: dict[Label, set[str | None]] = defaultdict(set)

    def add(self, item: Item) -> None:
        """Takes note of a sample, of each of its labels if it has several."""
        for label in item.label if isinstance(item.label, list) else [item.label]:
            if isinstance(label, str | int):
                self._sides[label].add(item.split)

    def warnings(self) -> tuple[str, ...]:
        """A sentence for each side that lacks a class."""
        found = []
        for side in (TRAINING, VALIDATION):
            missing = [repr(label) for label, sides in self._sides.items() if side not in sides]
            if missing:
                more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
                found.append(f"no image is for {side} of class {', '.join(missing[:_SHOWN])}{more}")
        return tuple(found)
