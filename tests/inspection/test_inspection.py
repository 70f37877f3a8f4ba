"""A data set looked over: the way through it. What is found in it has tests of its own."""

from pathlib import Path

import pytest
from inspecting import draw_classes
from PIL import Image
from support import draw, files

from augcli.config.schema import Config
from augcli.errors import InterruptedRunError
from augcli.images.decode import probe
from augcli.images.options import Loading
from augcli.inspection.inspection import Inspection, inspect
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.progress import SilentProgress


class Counting(SilentProgress):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.failures = 0

    def start(self, *, copies: int, sources: int, unit: str = "copies") -> None:
        """Notes how much there is to do."""
        self.told.append((unit, copies))

    def advance(self, copies: int, *, failures: int = 0) -> None:
        """Notes failures."""
        self.failures += failures


def test_a_sound_data_set(tmp_path: Path) -> None:
    """There is nothing to say, and nothing is written."""
    draw_classes(tmp_path, cat=2, dog=2)
    before = files(tmp_path)
    assert inspect(Config(source=str(tmp_path))) == Inspection((), ())
    assert files(tmp_path) == before


def test_broken_sources(tmp_path: Path) -> None:
    """All sources that cannot be used are named with the reason; empty files are no duplicates."""
    draw(tmp_path / "a.png")
    for name in ("b.jpg", "c.jpg"):
        (tmp_path / name).touch()
    inspection = inspect(Config(source=str(tmp_path)))
    assert [text.split(":")[0] for text in inspection.failures] == ["b.jpg", "c.jpg"]
    assert "empty" in inspection.failures[0]
    assert inspection.findings == ()


def test_oddities(tmp_path: Path) -> None:
    """What Pillow has to say of a file that can be used is not passed on."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0"
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    with pytest.warns(UserWarning, match="EXIF"):
        probe((tmp_path / "a.jpg").read_bytes(), Loading())
    assert inspect(Config(source=str(tmp_path))) == Inspection((), ())


def test_progress(tmp_path: Path) -> None:
    """First all images, then those that are compared: here two of one size."""
    draw(tmp_path / "a.bmp")
    draw(tmp_path / "b.bmp", seed=1)
    draw(tmp_path / "c.png")
    (tmp_path / "d.png").touch()
    progress = Counting()
    inspect(Config(source=str(tmp_path)), progress=progress)
    assert progress.told == [("images", 4), ("images compared", 2)]
    assert progress.failures == 1


def test_interruption(tmp_path: Path) -> None:
    """It stops when it is told to."""
    draw(tmp_path / "a.png")
    interruption = Interruption()
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        inspect(Config(source=str(tmp_path)), interruption=interruption)


def test_names_of_any_bytes(tmp_path: Path) -> None:
    """Names that are no text, or have line breaks in them, are escaped where they are shown."""
    for name in (b"a\nb.png", b"caf\xe9.png"):
        path = tmp_path / "x.png"
        draw(path)
        try:
            path.rename(tmp_path / name.decode("utf-8", "surrogateescape"))
        except OSError:
            pytest.skip("the file system takes no such names")
    [finding] = inspect(Config(source=str(tmp_path))).findings
    assert r"'a\nb.png' = 'caf\udce9.png'" in finding.reason
