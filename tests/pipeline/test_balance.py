"""Whether both sides of a split have every class."""

from augcli.datasets.items import Item, Label
from augcli.pipeline.balance import Balance


def balance(*samples: tuple[Label, str]) -> Balance:
    """What is noted of these labels and splits."""
    noted = Balance()
    for label, split in samples:
        noted.add(Item("a.png", label, split))
    return noted


def test_nothing_is_missing() -> None:
    """Classes on both sides are no reason for a warning; what is no class is not looked at."""
    noted = balance(("a", "training"), ("a", "validation"), (None, "training"), (0.5, "training"))
    assert noted.warnings() == ()


def test_a_class_on_one_side() -> None:
    """Each side that lacks classes is named with them, five at most."""
    noted = balance(
        ("a", "training"), (["a", "b"], "validation"), *((n, "training") for n in range(7))
    )
    assert noted.warnings() == (
        "no image is for training of class 'b'",
        "no image is for validation of class 0, 1, 2, 3, 4 and 2 more",
    )
