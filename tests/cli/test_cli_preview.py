"""`augcli preview`, as it is typed."""

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from support import PATIENCE, augcli, augcli_process, command, draw, environment


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two small pictures of a class each."""
    draw(tmp_path / "photos" / "cat" / "tom.png", seed=1, size=(30, 20))
    draw(tmp_path / "photos" / "dog" / "rex.png", seed=2, size=(20, 30))
    return tmp_path / "photos"


def test_a_picture(photos: Path, tmp_path: Path) -> None:
    """Without further words it writes preview.png and prints that name; again, it replaces it."""
    for _ in range(2):
        done = augcli("preview", photos, "--preset", "photos", "-n", 4, cwd=tmp_path)
        assert done.stdout == "preview.png\n"
        assert "warning" not in done.stderr
    with Image.open(tmp_path / "preview.png") as image:
        assert image.width <= 1900


def test_it_is_the_same_each_time(photos: Path, tmp_path: Path) -> None:
    """One seed, one sheet, byte for byte; another seed, another sheet."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        augcli(
            "preview", photos, "--preset", "photos", "--seed", seed, "-o", tmp_path / f"{name}.png"
        )
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_a_page(photos: Path, tmp_path: Path) -> None:
    """The suffix makes it a page; --ranges shows the ranges, and --theme changes its colours."""
    page = tmp_path / "new" / "ranges.html"
    augcli("preview", photos, "--preset", "digits", "--ranges", "-o", page)
    text = page.read_text(encoding="utf-8")
    assert "rotation_range: 10" in text
    assert "prefers-color-scheme" in text
    augcli("preview", photos, "--preset", "digits", "--ranges", "-o", page, "--theme", "dark")
    assert "prefers-color-scheme" not in page.read_text(encoding="utf-8")


def test_rows_columns_and_themes(photos: Path, tmp_path: Path) -> None:
    """--rows, --columns and --theme change the picture."""
    run = ("preview", photos, "--preset", "photos", "-n", 3, "-o")
    sizes = []
    for options in ((), ("--rows", 1), ("--columns", 1)):
        augcli(*run, tmp_path / "s.png", *options)
        with Image.open(tmp_path / "s.png") as image:
            sizes.append(image.size)
            assert image.getpixel((0, 0)) == (250, 250, 250)
    assert sizes[1][1] < sizes[0][1]
    assert sizes[2][0] != sizes[0][0]
    augcli(*run, tmp_path / "s.png", "--theme", "dark")
    with Image.open(tmp_path / "s.png") as image:
        assert image.getpixel((0, 0)) == (21, 23, 26)


def test_to_stdout(photos: Path) -> None:
    """`-o -` gives the bytes and nothing else: a picture, or a page with --format."""
    done = subprocess.run(
        command("preview", photos, "--preset", "photos", "-o", "-"),
        capture_output=True,
        check=True,
        env=environment(),
        timeout=PATIENCE,
    )
    with Image.open(io.BytesIO(done.stdout)) as image:
        image.load()
    page = augcli_process("preview", photos, "--preset", "photos", "-o", "-", "--format", "html")
    assert page.stdout.startswith("<!DOCTYPE html>")


def test_broken_images_are_said(photos: Path, tmp_path: Path) -> None:
    """A broken image does not end it; a warning names it."""
    (photos / "cat" / "bad.jpg").write_text("no image")
    done = augcli("preview", photos, "--preset", "photos", "-o", tmp_path / "s.png")
    assert "some pictures could not be made" in done.stderr
    assert "cat/bad.jpg: " in done.stderr


def test_statistics_are_measured_first(photos: Path, tmp_path: Path) -> None:
    """Where the config needs the data set's mean, it is measured, as `expand` would."""
    run = ("preview", photos, "-o", tmp_path / "s.png", "--set", "featurewise_center=true",
           "--set", "save_format=npy")  # fmt: skip
    assert "statistics of 2 images measured first" in augcli(*run).stderr
    augcli("fit", photos, "-o", tmp_path / "s.npz", "--set", "featurewise_center=true",
           "--set", "save_format=npy", "-j", 0)  # fmt: skip
    assert "measured" not in augcli(*run, "--statistics", tmp_path / "s.npz").stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("-o", "sheet.jpg"), "ends in .png or .html"),
        (("-o", "own.png"), "is no earlier preview"),
        (("-o", "photos/sheet.png"), "is inside the source"),
        (("--ranges", "--rows", "3"), "leave out --rows and --columns"),
        (("--rows", "0"), "--rows"),
    ],
)
def test_bad_usage(photos: Path, tmp_path: Path, arguments: tuple[str, ...], problem: str) -> None:
    """What cannot be done is an error of exit code 2, and nothing is written."""
    (tmp_path / "own.png").write_bytes(b"mine")
    before = sorted(tmp_path.rglob("*"))
    done = augcli("preview", "photos", "--preset", "photos", *arguments, code=2, cwd=tmp_path)
    assert problem in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "own.png").read_bytes() == b"mine"


def test_force(photos: Path, tmp_path: Path) -> None:
    """--force replaces any file."""
    (tmp_path / "own.png").write_bytes(b"mine")
    augcli("preview", photos, "--preset", "photos", "-o", tmp_path / "own.png", "--force")
    with Image.open(tmp_path / "own.png") as image:
        image.load()


def test_no_source(tmp_path: Path) -> None:
    """Without a source there is nothing to draw."""
    done = augcli("preview", "--preset", "photos", code=2, cwd=tmp_path)
    assert "no source" in done.stderr
