"""Samples that are image files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import draw

from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.options import Loading


def test_a_file(tmp_path: Path) -> None:
    """The picture and the digest are those of the file."""
    path = draw(tmp_path / "a.png")
    reader, item = FileReader(str(tmp_path)), Item("a.png", None, None)
    loaded = reader.load(item, Loading())
    with Image.open(path) as image:
        assert np.array_equal(loaded.picture.pixels, np.asarray(image))
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == reader.digest(item)


@pytest.mark.parametrize("path", ["missing.png", "a\0b.png"])
def test_a_file_that_cannot_be_read(tmp_path: Path, path: str) -> None:
    """It has no digest, and reading it is an error of that stage."""
    reader, item = FileReader(str(tmp_path)), Item(path, None, None)
    assert reader.digest(item) is None
    with pytest.raises(SourceError) as error:
        reader.load(item, Loading())
    assert error.value.stage == "read"
