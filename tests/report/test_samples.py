"""The folder of the demo: which photos it holds, and what it leaves alone."""

import io
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from support import files, mtimes

from augcli.config.loader import load_config
from augcli.errors import InterruptedRunError, OutputError, UsageError
from augcli.pipeline.interruption import Interruption
from augcli.report.samples import BROKEN_PHOTO, SAMPLE_PHOTOS, make_demo

PHOTO_OF_NAME = {photo.name: photo for photo in SAMPLE_PHOTOS}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo folder that no test changes."""
    folder = tmp_path_factory.mktemp("drawn") / "demo"
    make_demo(str(folder), Interruption())
    return folder


@pytest.fixture
def demo(drawn: Path, tmp_path: Path) -> Path:
    """A demo folder to be changed."""
    return Path(shutil.copytree(drawn, tmp_path / "demo"))


def opened(folder: Path, name: str) -> Image.Image:
    with Image.open(folder / "photos" / name) as image:
        image.load()
        return image


def test_photos(drawn: Path) -> None:
    """There are four classes, of five photos each and one that is broken."""
    names = {str(path.relative_to(drawn / "photos")) for path in drawn.glob("photos/*/*")}
    assert names == {os.path.join(*name.split("/")) for name in PHOTO_OF_NAME}
    classes = Counter(name.split("/")[0] for name in PHOTO_OF_NAME if name != BROKEN_PHOTO)
    assert classes == {"balloon": 5, "boat": 5, "house": 5, "tree": 5}


@pytest.mark.parametrize("name", [name for name in PHOTO_OF_NAME if name != BROKEN_PHOTO])
def test_every_photo_is_whole(drawn: Path, name: str) -> None:
    """Every photo but the broken one can be read in full."""
    assert sorted(opened(drawn, name).size) == [240, 320]


def test_kinds_of_files(drawn: Path) -> None:
    """Grey, transparency and TIFF are among them."""
    modes = {name: opened(drawn, name).mode for name in PHOTO_OF_NAME if name != BROKEN_PHOTO}
    assert modes["house/house_4.png"] == "L"
    assert modes["balloon/balloon_5.webp"] == "RGBA"
    assert opened(drawn, "tree/tree_3.tif").format == "TIFF"


def test_sideways_photo(drawn: Path) -> None:
    """One photo is stored on its side, and its EXIF tag turns it upright."""
    photo = PHOTO_OF_NAME["boat/boat_3.jpg"]
    stored = opened(drawn, photo.name)
    assert stored.size == photo.size[::-1]
    assert stored.getexif()[ExifTags.Base.Orientation] == 6
    upright = stored.transpose(Image.Transpose.ROTATE_270)  # counter-clockwise: a quarter right
    sky, water = (upright.getpixel((20, y)) for y in (100, 300))
    assert isinstance(sky, tuple)
    assert isinstance(water, tuple)
    assert sum(sky) > sum(water)


def test_broken_photo(drawn: Path) -> None:
    """The broken photo is a JPEG that ends too early."""
    data = (drawn / "photos" / BROKEN_PHOTO).read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        with pytest.raises(OSError, match="truncated"):
            image.load()


@pytest.mark.parametrize("name", ["boat/boat_3.jpg", "balloon/balloon_5.webp", "tree/tree_3.tif"])
def test_drawn_again_alike(drawn: Path, name: str) -> None:
    """A photo that is drawn again has the same bytes."""
    assert PHOTO_OF_NAME[name].file_bytes() == (drawn / "photos" / name).read_bytes()


def test_config(drawn: Path) -> None:
    """The config holds, and points to the folders beside it."""
    config = load_config(str(drawn / "augment.yaml"))
    assert config.source == str(drawn / "photos")
    assert config.output == str(drawn / "photos-augmented")
    assert config.copies == 4
    assert config.save_format == "jpeg"


def test_again_keeps_what_stands(demo: Path) -> None:
    """Made again, nothing is written, and a changed config or photo is kept."""
    with (demo / "augment.yaml").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    (demo / "photos" / "boat" / "boat_1.jpg").write_bytes(b"mine")
    before, contents = mtimes(demo), files(demo)
    make_demo(str(demo), Interruption())
    assert mtimes(demo) == before
    assert files(demo) == contents


def test_again_draws_what_is_missing(demo: Path) -> None:
    """Made again after photos were lost, just these are drawn."""
    contents = files(demo)
    shutil.rmtree(demo / "photos" / "tree")
    make_demo(str(demo), Interruption())
    assert files(demo) == contents


def test_interrupted(tmp_path: Path) -> None:
    """Told to stop, it stops, and leaves a folder that the next call takes for a demo's."""
    stop = Interruption()
    stop.signal_number = 2
    folder = tmp_path / "demo"
    for _ in range(2):
        with pytest.raises(InterruptedRunError):
            make_demo(str(folder), stop)
    assert list(files(folder)) == ["augment.yaml"]


@pytest.mark.parametrize("name", ["holiday.jpg", "augment.yaml"])
def test_foreign_folder(tmp_path: Path, name: str) -> None:
    """A folder with anything else in it, such as a config of one's own, is refused untouched."""
    (tmp_path / name).write_text("source: photos\n", encoding="utf-8")
    before = mtimes(tmp_path)
    with pytest.raises(UsageError, match="something else than an earlier demo"):
        make_demo(str(tmp_path), Interruption())
    assert mtimes(tmp_path) == before


def test_file_in_the_way(tmp_path: Path) -> None:
    """A file where the folder should be is refused."""
    (tmp_path / "demo").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is no folder"):
        make_demo(str(tmp_path / "demo"), Interruption())
    assert files(tmp_path) == {"demo": b"mine"}


def test_unwritable_place(tmp_path: Path) -> None:
    """Where no folder can be made, the error says where and why."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot write .*a file stands where"):
        make_demo(str(tmp_path / "file" / "demo"), Interruption())
