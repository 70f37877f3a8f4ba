"""Sampling: labelled images, some of each class."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import UsageError
from augcli.probe.sampling import Labelled, choose_classes, draw_sample, list_labelled


def listed(**counts: int) -> list[Labelled]:
    """So many images of each class, each in a group of its own."""
    return [
        Labelled(Item(f"{label}/{n}.png", label, None), label, f"{label}/{n}")
        for label, count in counts.items()
        for n in range(count)
    ]


def folder(root: Path, *names: str) -> Config:
    """A config whose source has files of these names, which nobody opens."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    return Config(source=str(root))


def test_folders_are_labels_and_groups_are_matches(tmp_path: Path) -> None:
    """The folder is the class; what group_by finds keeps images together."""
    data = open_dataset(folder(tmp_path, "cat/tom_1.png", "cat/tom_2.png", "dog/rex_1.png"))
    found = list_labelled(data, r"(\w+)_\d")
    assert [(one.label, one.group) for one in found] == [
        ("cat", "tom"),
        ("cat", "tom"),
        ("dog", "rex"),
    ]


def test_a_path_without_a_group_is_an_error(tmp_path: Path) -> None:
    """Every path has to say which group it belongs to."""
    data = open_dataset(folder(tmp_path, "cat/tom.png"))
    with pytest.raises(UsageError, match=r"not found in 'cat/tom\.png'"):
        list_labelled(data, r"_\d")


def test_images_without_labels_are_an_error(tmp_path: Path) -> None:
    """A folder without sub-folders has no classes to tell apart."""
    with pytest.raises(UsageError, match="needs labelled images"):
        list_labelled(open_dataset(folder(tmp_path, "a.png", "b.png")), None)


def test_small_classes_are_left_out() -> None:
    """A class with fewer images than folds cannot be held out; two others can."""
    classes = choose_classes(listed(a=30, b=4, c=30), 100)
    assert (classes.labels, classes.left_out) == (("a", "c"), 1)


def test_images_of_one_group_do_not_make_a_class() -> None:
    """Thirty frames of one video are one image, as far as folds go."""
    frames = [Labelled(one.item, one.label, "video") for one in listed(b=30)]
    with pytest.raises(UsageError, match=r"two classes or more, each with at least 5"):
        choose_classes(listed(a=30) + frames, 100)


def test_many_small_classes_are_all_looked_at_where_there_is_time_for_all_images() -> None:
    """Ten classes of five images are fifty images, of which no class has to go."""
    assert choose_classes(listed(**dict.fromkeys("abcdefghij", 5)), 50).left_out == 0
    assert choose_classes(listed(**dict.fromkeys("abcdefghij", 12)), 60).left_out == 4


def test_too_few_images_are_an_error_that_says_how_many_it_takes() -> None:
    """Twelve images say nothing; the error names the least number."""
    with pytest.raises(UsageError, match="needs 40 labelled images or more, not 12"):
        choose_classes(listed(a=6, b=6), 100)


def test_of_many_classes_the_most_frequent_are_taken() -> None:
    """Rather three classes with enough images each than thirty with one."""
    counts = {f"class{n:02}": 50 + n for n in range(30)}
    classes = choose_classes(listed(**counts), 30)
    assert classes.labels == ("class27", "class28", "class29")


def test_a_sample_has_each_class_by_its_share() -> None:
    """Half of the images: half of each class, but no class below what its folds need."""
    everything = listed(a=100, b=60, c=6)
    classes = choose_classes(everything, 1000)
    sample = draw_sample(everything, classes, 83, np.random.default_rng(0))
    assert Counter(one.label for one in sample) == {"a": 50, "b": 30, "c": 5}
    assert len({one.item.key for one in sample}) == 85


def test_the_seed_draws_the_sample() -> None:
    """One seed, one sample; another seed, another."""
    everything = listed(a=100, b=100)
    classes = choose_classes(everything, 1000)
    first, again, other = (
        draw_sample(everything, classes, 20, np.random.default_rng(seed)) for seed in (0, 0, 1)
    )
    assert first == again != other
