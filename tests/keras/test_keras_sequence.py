"""Iterators are Keras Sequences wherever Keras is loaded, and Keras is never imported."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from augcli.keras import ImageDataGenerator, NumpyArrayIterator
from augcli.keras.sequence import loaded_bases, with_bases


class PyDataset:
    """Keras 3's class, as far as an iterator meets it."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError


class Sequence:
    """The class of the Keras before."""

    def __iter__(self) -> Any:
        raise NotImplementedError


def flow() -> NumpyArrayIterator:
    """An iterator, made now."""
    return ImageDataGenerator().flow(np.zeros((4, 2, 2, 1)), batch_size=3)


def load(monkeypatch: pytest.MonkeyPatch, name: str, **utils: type) -> None:
    """Has a module `name` loaded, with these classes in its `utils`."""
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(utils=SimpleNamespace(**utils)))


def test_without_keras() -> None:
    """Nothing is imported, and an iterator is of its plain class."""
    assert loaded_bases() == ()
    assert type(flow()) is NumpyArrayIterator


def test_keras_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """An iterator is a PyDataset, set up as one, and still itself."""
    load(monkeypatch, "keras", PyDataset=PyDataset, Sequence=PyDataset)
    iterator = flow()
    assert isinstance(iterator, PyDataset)
    assert isinstance(iterator, NumpyArrayIterator)
    assert type(iterator).__name__ == "NumpyArrayIterator"
    assert iterator.workers == 1
    assert (len(iterator), iterator[1].shape) == (2, (1, 2, 2, 1))
    assert type(flow()) is type(iterator)


def test_older_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """An iterator is a Sequence, also of two Kerases at once."""
    load(monkeypatch, "keras", PyDataset=PyDataset)
    load(monkeypatch, "tf_keras", Sequence=Sequence)
    iterator = flow()
    assert isinstance(iterator, Sequence)
    assert isinstance(iterator, PyDataset)
    assert next(iter(iterator)).shape == (3, 2, 2, 1)


def test_a_class_that_is_one_already() -> None:
    """A user's own subclass with Keras' base needs no second one."""

    class Own(NumpyArrayIterator, Sequence):
        pass

    assert with_bases(Own, (Sequence,)) is Own


def test_keras_is_not_imported() -> None:
    """`augcli.keras` loads neither Keras, TensorFlow nor pandas."""
    code = (
        "import sys, augcli.keras; "
        "print({'keras', 'tf_keras', 'tensorflow', 'pandas'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
