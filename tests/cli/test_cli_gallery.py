"""`augcli gallery` from the command line."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from plugin_packages import install
from support import ROOT, augcli_process, environment

from augcli.cli.main import cli


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of `augcli gallery`, and what it prints."""
    result = CliRunner().invoke(cli, ["gallery", *arguments])
    return result.exit_code, result.output


def test_page(folder: Path) -> None:
    """A page is written by default, its path printed; the next one takes its place."""
    for _ in range(2):
        assert run("--only", "invert") == (0, "gallery.html\n")
    page = (folder / "gallery.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "- invert: {}" in page


def test_picture_of_a_photo(folder: Path) -> None:
    """The suffix asks for a picture; --image for a photo of one's own."""
    Image.new("RGB", (40, 30), "red").save(folder / "photo.png")
    code, _ = run("--image", "photo.png", "--only", "invert", "-o", "sheet.png")
    assert code == 0
    with Image.open(folder / "sheet.png") as sheet:
        assert sheet.format == "PNG"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "rian"), "rian"),
        (("-o", "sheet.gif"), "sheet.gif"),
        (("--image", "missing.jpg"), "missing.jpg"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    """A mistake is exit code 2 with its name, and nothing is written."""
    code, output = run(*arguments)
    assert code == 2
    assert said in output
    assert list(folder.iterdir()) == []


def test_other_files_stay(folder: Path) -> None:
    """A file that is no gallery is replaced by --force alone."""
    (folder / "gallery.html").write_text("mine", encoding="utf-8")
    assert run("--only", "invert")[0] == 2
    assert (folder / "gallery.html").read_text(encoding="utf-8") == "mine"
    assert run("--only", "invert", "--force")[0] == 0


def test_failures_are_told(folder: Path) -> None:
    """A picture that cannot be made is named, with the reason, and the others are there."""
    Image.new("RGB", (40, 30), "red").save(folder / "small.png")
    code, output = run("--image", "small.png", "--only", "center_crop")
    assert code == 0
    assert "center_crop: 40 x 30 pixels are too few" in output
    page = (folder / "gallery.html").read_text(encoding="utf-8")
    assert page.count('class="failed"') == 1


def test_transforms_of_other_packages(folder: Path) -> None:
    """A transform of an installed package is shown as the others are, under its own heading."""
    site = folder / "site"
    install(site, "augcli-vignette", {"vignette": "augcli_vignette:Vignette"})
    shutil.copy(ROOT / "examples" / "augcli-vignette" / "augcli_vignette.py", site)
    env = environment(PYTHONPATH=str(site))
    augcli_process("gallery", "--only", "vignette", cwd=folder, env=env)
    page = (folder / "gallery.html").read_text(encoding="utf-8")
    assert "<h2>Of other packages</h2>" in page
    assert page.count("- vignette: {strength: ") == 3
