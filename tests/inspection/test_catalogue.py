"""What is known of every source."""

from augcli.datasets.items import Item, Label
from augcli.inspection.catalogue import Catalogue, Look, Some, Twins

DIGESTS = ("00" * 32, "ff" * 32)


def item(path: str, label: Label = None, split: str | None = None) -> Item:
    """A source."""
    return Item(path, label, split)


def test_candidates() -> None:
    """Sources of the same file size that could be read, by position."""
    with Catalogue() as catalogue:
        for name, size in (("a", 5), ("b", 6), ("c", 5)):
            catalogue.add(item(name), Look(size, 1, 1))
        catalogue.add(item("broken"), Look())
        catalogue.add(item("broken too"), Look())
        assert list(catalogue.candidates()) == [(1, "a"), (3, "c")]
        assert catalogue.number_of_candidates() == 2
        assert catalogue.images() == 5


def test_twins() -> None:
    """Sets of one digest in the order of their first member, with what its members differ in."""
    with Catalogue() as catalogue:
        sources = [
            item("a", "cat", "training"),
            item("b", "dog", "training"),
            item("c", "dog", "validation"),
            item("d", "cat", "training"),
        ]
        for position, source in enumerate(sources, 1):
            catalogue.add(source, Look(5, 1, 1))
            catalogue.add_digest(position, DIGESTS[position in {1, 4}])
        assert list(catalogue.twins()) == [
            Twins(2, ("a", "d"), differ_in_label=False, differ_in_split=False),
            Twins(2, ("b", "c"), differ_in_label=False, differ_in_split=True),
        ]
        assert catalogue.images(split="validation") == 1


def test_classes() -> None:
    """Names, numbers and one-hot rows are a class each; a list of names is several."""
    with Catalogue() as catalogue:
        for label in ("cat", ["cat", "dog"], 3, [0, 1], None):
            catalogue.add(item("a", label), Look())
        assert catalogue.classes() == {"cat": 2, "dog": 1, 3: 1, "[0, 1]": 1}
        assert catalogue.without_label() == Some(1, ("a",))


def test_sizes() -> None:
    """Sources that could not be read have none."""
    with Catalogue() as catalogue:
        assert catalogue.smallest() is None
        for name, height, width in (("a", 2, 9), ("b", 4, 4), ("c", 4, 4)):
            catalogue.add(item(name), Look(1, height, width))
        catalogue.add(item("broken"), Look())
        assert catalogue.sizes() == 2
        assert catalogue.smallest() == (2, 4)
        assert catalogue.smaller_than(3, 4) == Some(1, ("a",))
        assert catalogue.distorted_by(2, 2, 4) == Some(1, ("a",))


def test_qualities() -> None:
    """The median is the upper one of two."""
    with Catalogue() as catalogue:
        for quality in (90, None, 70):
            catalogue.add(item("a"), Look(1, 1, 1, quality))
        assert (catalogue.jpegs(), catalogue.median_quality()) == (2, 90)
