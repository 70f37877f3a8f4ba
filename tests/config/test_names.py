"""Nearest names, and lists of them."""

from augcli.config.names import listed, nearest


def test_nearest_names() -> None:
    """Typing errors and case find their name; what is far off or endless finds none."""
    assert nearest("Rotation_Rnge", ["rotation_range", "zoom_range"]) == "rotation_range"
    assert nearest("x", ["rotation_range"]) is None
    assert nearest("rotation_range" * 99, ["rotation_range"]) is None


def test_names_are_listed_as_a_person_would() -> None:
    """Commas, and a word before the last."""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert listed(["a", "b"], last="and") == "a and b"
