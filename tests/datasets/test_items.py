"""The words for samples."""

import os

from augcli.datasets.items import Item


def test_names_and_keys() -> None:
    """A sample goes by the last part of its path; one with an alias differs in name and key."""
    item, repeated = Item("a/b.png", None, None), Item("a/b.png", None, None, alias="b~2.png")
    assert (item.name, item.key) == ("b.png", "a/b.png")
    assert (repeated.name, repeated.key) == ("b~2.png", "a/b.png\nb~2.png")


def test_where_the_file_is() -> None:
    """A path is relative to the folder, unless it says itself where it is."""
    absolute = os.path.abspath("x.png")
    assert Item("a/b.png", None, None).file_in("root") == os.path.join("root", "a/b.png")
    assert Item(absolute, None, None).file_in("root") == absolute
