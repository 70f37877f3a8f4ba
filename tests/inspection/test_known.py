"""The words that the rules share."""

from augcli.inspection.catalogue import Some
from augcli.inspection.known import classes, count, images_are, listed, shown


def test_names() -> None:
    """A name stays on its line; a number is a name as well."""
    assert shown("a b é.png") == "a b é.png"
    assert shown("a\nb") == r"'a\nb'"
    assert shown(3) == "3"


def test_lists() -> None:
    """Three are shown, and the rest is counted."""
    assert listed(["a", "b", "c"], 3) == "a, b, c"
    assert listed(["a", "b", "c"], 1004) == "a, b, c and 1,001 more"
    assert classes(["a"]) == "class a"
    assert classes(["a", "b", "c", "d"]) == "the classes a, b, c and 1 more"


def test_numbers() -> None:
    """Nouns and verbs go with their numbers."""
    assert count(1, "image") == "1 image"
    assert count(1200, "image") == "1,200 images"
    assert images_are(Some(1, ("a",)), 1) == "1 of 1 image (a) is"
    assert images_are(Some(2, ("a", "b")), 9) == "2 of 9 images (a, b) are"
