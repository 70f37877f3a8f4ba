"""Contiguous splits and numbers of classes, side by side with those of the reference."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from support import draw

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import UsageError


def samples(source: Path, **values: Any) -> list[Item]:
    """The samples of a source whose split is the reference's way."""
    split = {"split": "contiguous"} if "validation_split" in values else {}
    data = open_dataset(Config.model_validate({"source": str(source), **split, **values}))
    try:
        return [item for group in data.groups() for item in group.samples()]
    finally:
        data.close()


@pytest.mark.parametrize("share", [0.25, 0.5, 0.6])
@pytest.mark.parametrize("subset", ["training", "validation"])
def test_folders(keras: ModuleType, tmp_path: Path, share: float, subset: str) -> None:
    """The same files are on the same side, with the same numbers of their classes."""
    for name in ("a/1", "a/2", "a/10", "a/x/1", "a/x/2", "b/1", "b/2", "b/3", "c/1"):
        draw(tmp_path / f"{name}.png")
    generator = keras.ImageDataGenerator(validation_split=share)
    iterator = generator.flow_from_directory(str(tmp_path), subset=subset, class_mode="sparse")
    wanted = dict(zip(iterator.filenames, iterator.classes.tolist(), strict=True))
    found = samples(tmp_path, validation_split=share, subset=subset, class_mode="sparse")
    assert {item.path: item.label for item in found} == wanted


@pytest.mark.parametrize("subset", ["training", "validation"])
def test_tables(keras: ModuleType, tmp_path: Path, subset: str) -> None:
    """The first rows are for validation, whatever their class, and classes are numbered alike."""
    pandas = pytest.importorskip("pandas")
    names = [f"{number}.png" for number in (3, 1, 2, 5, 4)]
    for name in names:
        draw(tmp_path / name)
    table = pandas.DataFrame({"filename": names, "class": list("babca"), "w": range(5)})
    table.to_csv(tmp_path / "labels.csv", index=False)
    iterator = keras.ImageDataGenerator(validation_split=0.5).flow_from_dataframe(
        table, str(tmp_path), subset=subset, class_mode="sparse", weight_col="w"
    )
    wanted = zip(iterator.filenames, iterator.classes, iterator.sample_weight, strict=True)
    found = samples(
        tmp_path / "labels.csv",
        validation_split=0.5,
        subset=subset,
        class_mode="sparse",
        weight_col="w",
    )
    assert {(item.path, item.label, item.sample_weight) for item in found} == set(wanted)


@pytest.mark.parametrize("subset", ["training", "validation"])
def test_arrays(keras: ModuleType, tmp_path: Path, subset: str) -> None:
    """The first images are for validation; labels that one side lacks are refused by both."""
    x, y = np.zeros((7, 4, 4, 1), np.uint8), np.array([0, 1, 1, 0, 1, 0, 1])
    generator = keras.ImageDataGenerator(validation_split=0.4)
    np.savez(tmp_path / "a.npz", x=x, y=y)
    iterator = generator.flow(x, y, subset=subset)
    found = samples(tmp_path / "a.npz", validation_split=0.4, subset=subset)
    assert [item.label for item in found] == iterator.y.tolist()
    np.savez(tmp_path / "b.npz", x=x, y=np.sort(y))
    with pytest.raises(ValueError, match="different number of classes"):
        generator.flow(x, np.sort(y), subset=subset)
    with pytest.raises(UsageError, match="have different classes"):
        samples(tmp_path / "b.npz", validation_split=0.4, subset=subset)
