"""The rule on images of the same content: counted twice, labelled twice, or leaking."""

from collections.abc import Iterator

from augcli.config.traps import Finding
from augcli.inspection.catalogue import SHOWN, Twins
from augcli.inspection.known import Known, listed, shown


class _Sets:
    """Sets of images of one content, counted, with the first few kept."""

    def __init__(self) -> None:
        self._sets = 0
        self.images = 0
        self._first: list[str] = []

    def add(self, twins: Twins) -> None:
        self._sets += 1
        self.images += twins.number
        if len(self._first) < SHOWN:
            self._first.append(_same(twins))

    def __str__(self) -> str:
        return listed(self._first, self._sets)


def _same(twins: Twins) -> str:
    paths = [shown(path) for path in twins.paths]
    if len(paths) == 1:
        return f"{paths[0]} listed {twins.number} times"
    more = " = ..." if twins.number > len(paths) else ""
    return " = ".join(paths) + more


def duplicates(known: Known) -> Iterator[Finding]:
    """Images that are there more than once; what is worse than that is not said twice."""
    across_labels, across_splits, plain = _Sets(), _Sets(), _Sets()
    for twins in known.catalogue.twins():
        if twins.differ_in_label:
            across_labels.add(twins)
        if twins.differ_in_split:
            across_splits.add(twins)
        if not (twins.differ_in_label or twins.differ_in_split):
            plain.add(twins)
    if across_splits.images:
        yield Finding(
            "split-leakage",
            "validation_split",
            f"{across_splits.images:,} images of the same content are on both sides of the split, "
            f"so validation sees what was trained on: {across_splits}",
            "keep one of each, or bring them to one side with group_by",
        )
    if across_labels.images:
        yield Finding(
            "label-conflict",
            "source",
            f"{across_labels.images:,} images of the same content have different labels: "
            f"{across_labels}",
            "keep the one that is labelled right",
        )
    if plain.images:
        yield Finding(
            "duplicates",
            "source",
            f"{plain.images:,} images have the content of another one, which so counts twice: "
            f"{plain}",
            "keep one of each",
        )
