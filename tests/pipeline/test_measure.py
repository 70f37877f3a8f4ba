"""What one worker measures."""

from pathlib import Path

import numpy as np
import pytest
from support import draw

from augcli.config.schema import Config
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.errors import UsageError
from augcli.images.decode import decode
from augcli.pipeline.measure import Exemplar, Measuring, measure
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step

A, B = Item("a.png", None, None), Item("b.png", ["x", "y"], None)


@pytest.fixture
def measuring(tmp_path: Path) -> Measuring:
    """Two pictures of 12 x 8 pixels, rescaled by a half."""
    for number, name in enumerate(("a.png", "b.png")):
        draw(tmp_path / name, seed=number)
    steps = [Step(transform=Ranges(rescale=0.5, samplewise_center=True))]
    config = Config(save_format="npy", transforms=steps)
    return Measuring(config, FileReader(str(tmp_path)), whole=True)


def test_images_as_they_are(measuring: Measuring, tmp_path: Path) -> None:
    """Of the stages of standardisation, rescale alone comes before; rows are the images."""
    found = measure(measuring, [(A, None), (B, None)])
    images = [decode((tmp_path / item.path).read_bytes(), Config()).pixels for item in (A, B)]
    expected = np.stack(images) / 2
    assert found.images == 2
    assert found.exemplar == Exemplar("a.png", (8, 12, 3))
    assert found.moments is not None
    assert found.rows is not None
    np.testing.assert_allclose(found.moments.mean, expected.mean(axis=(0, 1, 2)))
    np.testing.assert_array_equal(found.rows, expected.reshape(2, -1))
    assert [key for key, _ in found.digests] == ["a.png", "b.png"]


def test_copies_of_one_image(measuring: Measuring) -> None:
    """Several copies of it are measured, and its digest is taken down once."""
    found = measure(measuring, [(A, 0), (A, 1), (A, 2)])
    assert found.images == 3
    assert len(found.digests) == 1


def test_nothing_to_measure(measuring: Measuring, tmp_path: Path) -> None:
    """What cannot be read has no digest, what cannot be decoded has; both are failures."""
    (tmp_path / "broken.png").write_bytes(b"no picture")
    portion = [(Item(path, None, None), None) for path in ("broken.png", "gone.png")]
    found = measure(measuring, portion)
    assert (found.moments, found.rows, found.exemplar, found.images) == (None, None, None, 0)
    assert [failure.stage for failure in found.failures] == ["decode", "read"]
    assert [sha256 is None for _, sha256 in found.digests] == [False, True]


def test_images_that_are_not_alike(measuring: Measuring) -> None:
    """The first image of the data set says what the others have to be like."""
    other = Measuring(
        measuring.config, measuring.reader, Exemplar("first.png", (8, 12, 1)), whole=False
    )
    with pytest.raises(UsageError, match=r"first\.png has 1 channels and a\.png has 3"):
        measure(other, [(A, None)])
