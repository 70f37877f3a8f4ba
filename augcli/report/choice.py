"""A few sources out of many, at random and spread over the classes."""

import hashlib
import heapq
from collections.abc import Iterable

from augcli.datasets.items import Label
from augcli.pipeline.plan import PlannedItem


def class_name(label: Label, folder: str) -> str:
    """What a source's class is called: its label; its folder, where that is no name."""
    if isinstance(label, list):
        return ", ".join(str(part) for part in label) or folder
    return label if isinstance(label, str) else folder


def choose(planned_items: Iterable[PlannedItem], count: int, *, seed: int) -> list[PlannedItem]:
    """`count` sources, fewer if there are not so many, ordered by class and path.

    Each class gives one before any gives two. Which ones depends on the seed and on the paths
    alone, not on the order of the items; only `count` of a class are held at a time.
    """
    by_class: dict[str, list[tuple[int, str, PlannedItem]]] = {}
    for planned in planned_items:
        key = planned.item.key
        entry = (-_lot(seed, key), key, planned)  # negative: the heap's first is the next to go
        kept = by_class.setdefault(class_name(planned.item.label, planned.folder), [])
        if len(kept) < count:
            heapq.heappush(kept, entry)
        else:
            heapq.heappushpop(kept, entry)
    turns = [
        (turn, _lot(seed, name), name, planned)
        for name, kept in by_class.items()
        for turn, (_, _, planned) in enumerate(sorted(kept, reverse=True))
    ]
    turns.sort(key=lambda entry: entry[:3])
    chosen = sorted(turns[:count], key=lambda entry: (entry[2], entry[3].item.key))
    return [planned for *_, planned in chosen]


def _lot(seed: int, text: str) -> int:
    """The number that `text` draws: a stable hash."""
    data = f"preview\n{seed}\n{text}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
