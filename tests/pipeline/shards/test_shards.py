"""The plan of shards: every source once an epoch, in an order of its own."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from augcli.config.schema import Config
from augcli.datasets.base import Loaded, Reader
from augcli.datasets.files import FileReader
from augcli.datasets.items import TRAINING, VALIDATION, Group, Item
from augcli.datasets.targets import TargetDigests, Targets
from augcli.images.options import Loading
from augcli.pipeline.jobs import ShardJob
from augcli.pipeline.plan import Plan
from augcli.pipeline.shards.plan import ShardPlan, open_plan


class Samples:
    """A data set of one group."""

    reader: Reader = FileReader("nowhere")
    targets: Targets | None = None

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    def groups(self) -> Iterator[Group]:
        """All samples, in one group."""
        yield Group("", [item.name for item in self._items], lambda: self._items)

    def files(self) -> Iterator[str]:
        """There are none."""
        return iter(())

    def explain_empty(self) -> str:
        """Says that there are none."""
        return "no samples"

    def close(self) -> None:
        """Nothing is open."""


def shards_of(items: Sequence[Item], **settings: object) -> list[ShardJob]:
    """The shards of these samples."""
    config = Config.model_validate({"save_format": "npz", **settings})
    with closing(ShardPlan(config, Samples(items))) as plan:
        shards = list(plan.shards())
        assert plan.sources == len(items)
        assert plan.copies == sum(shard.copies for shard in shards)
        assert list(plan.contents()) == [(shard.name, shard.copies) for shard in shards]
    return shards


def order(shards: Sequence[ShardJob], copy: int | None = 0) -> list[str]:
    """The sources of one epoch, in order."""
    return [item.path for shard in shards if shard.copy == copy for item in shard.items]


names = st.sets(st.text(min_size=1).filter(lambda text: "\0" not in text), min_size=1, max_size=9)


@given(paths=names, size=st.integers(1, 5), copies=st.integers(1, 3))
def test_each_source_once_an_epoch(paths: set[str], size: int, copies: int) -> None:
    """Batches are full but for the last; epochs have all sources, each once."""
    items = [Item(path, [path, 1, 0.5], None, 0.25, "alias") for path in sorted(paths)]
    shards = shards_of(items, batch_size=size, copies=copies)
    for copy in range(copies):
        of_epoch = [shard for shard in shards if shard.copy == copy]
        assert all(shard.copies == size for shard in of_epoch[:-1])
        found = [item for shard in of_epoch for item in shard.items]
        assert sorted(found, key=lambda item: item.path) == items


@given(paths=names, more=names)
def test_added_sources_swap_no_others(paths: set[str], more: set[str]) -> None:
    """The order of an epoch does not depend on that of the data set, or on other sources."""
    few = order(shards_of([Item(path, None, None) for path in sorted(paths)]))
    many = order(shards_of([Item(p, None, None) for p in sorted(paths | more, reverse=True)]))
    assert [path for path in many if path in paths] == few


def test_orders() -> None:
    """They differ from epoch to epoch and from seed to seed; originals are in order."""
    items = [Item(str(number), None, None) for number in range(50)]
    in_order = [item.path for item in items]
    shards = shards_of(items, copies=2, include_originals=True)
    found = [order(shards, 0), order(shards, 1), order(shards_of(items, seed=1))]
    assert len({tuple(paths) for paths in (*found, in_order)}) == 4
    assert order(shards, None) == in_order
    assert order(shards_of(items, shuffle=False)) == in_order


def test_names() -> None:
    """They are the prefix, the epoch and the number of the batch, in folders of a split."""
    items = [Item(f"{n}", None, VALIDATION if n == 1 else TRAINING) for n in range(4)]
    both = shards_of(
        items, batch_size=2, save_prefix="aug", include_originals=True, validation_split=0.3
    )
    assert [shard.name for shard in both] == [
        "train/aug_0_0.npz",
        "train/aug_0_1.npz",
        "train/aug_original_0.npz",
        "train/aug_original_1.npz",
        "validation/aug_original_0.npz",
    ]
    assert order(both[-1:], None) == ["1"]
    one = shards_of(items[1:2], validation_split=0.3, subset="validation")
    assert [shard.name for shard in one] == ["original_0.npz"]


def test_each_source_is_read_once() -> None:
    """Its digest is known from then on, also that it has none."""

    class Counting:
        """A reader of one source that is there and one that is not."""

        def __init__(self) -> None:
            self.asked: list[str] = []

        def load(self, item: Item, loading: Loading) -> Loaded:
            """Never called."""
            raise AssertionError

        def digest(self, item: Item) -> str | None:
            """Takes note of the question."""
            self.asked.append(item.path)
            return "d" * 64 if item.path == "there" else None

        def target_digests(self, item: Item) -> TargetDigests:
            """Never called."""
            raise AssertionError

    items = [Item("there", None, None), Item("gone", None, None)]
    samples = Samples(items)
    samples.reader = reader = Counting()
    with closing(ShardPlan(Config(save_format="npz"), samples)) as plan:
        assert [plan.digest(item) for item in items * 2] == ["d" * 64, None] * 2
    assert reader.asked == ["there", "gone"]


def test_which_plan() -> None:
    """Shards are for npz alone."""
    samples = Samples([Item("a", None, None)])
    for save_format, kind in (("npz", ShardPlan), ("npy", Plan)):
        config = Config.model_validate({"save_format": save_format})
        with closing(open_plan(config, samples)) as plan:
            assert isinstance(plan, kind)
            assert list(plan.first_copies()) == [(Item("a", None, None), 0)]
            name = "0_0" if kind is ShardPlan else "a_0"
            assert list(plan.contents()) == [(f"{name}.{save_format}", 1)]
