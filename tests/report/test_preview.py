"""What is on the sheets of `augcli preview`."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import draw

from augcli.config.loader import Flag, load_config
from augcli.config.schema import Config
from augcli.errors import InterruptedRunError, UsageError
from augcli.pipeline.expand import expand
from augcli.pipeline.interruption import Interruption
from augcli.report.preview import preview_copies, preview_ranges
from augcli.report.sheet import Sheet


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three pictures in two classes."""
    source = tmp_path / "photos"
    draw(source / "cat" / "tom.png", seed=1, size=(30, 20))
    draw(source / "cat" / "kit.png", seed=2, size=(20, 30))
    draw(source / "dog" / "rex.png", seed=3)
    return source


def config_of(source: Path, *overrides: str) -> Config:
    """The config of two copies, with overrides of `--set`."""
    flags = {
        "source": Flag("SOURCE", str(source)),
        "output": Flag("OUTPUT", str(source.parent / "out")),
        "copies": Flag("--copies", 2),
    }
    return load_config(None, preset="photos", overrides=overrides, flags=flags)


def copies(config: Config, *, rows: int = 6, columns: int = 6) -> Sheet:
    """The sheet of copies."""
    return preview_copies(config, rows=rows, columns=columns, interruption=Interruption())


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("save_format=png", "save_prefix=aug", "seed=7"),
        ("save_format=webp", "target_size=[16, 16]", "include_originals=true"),
    ],
)
def test_the_copies_are_those_of_expand(photos: Path, overrides: tuple[str, ...]) -> None:
    """Pixel for pixel and name for name, each tile is the file that a run writes."""
    config = config_of(photos, *overrides)
    expand(config, workers=0)
    seen = 0
    for row in copies(config).rows:
        for tile in row.tiles[1:]:
            with Image.open(photos.parent / "out" / row.heading / tile.title) as image:
                written = np.asarray(image.convert("RGB"))
            np.testing.assert_array_equal(np.asarray(tile.picture), written)
            seen += 1
    assert seen == 6


def test_what_a_sheet_says(photos: Path) -> None:
    """Class and file name stand above a row, the file names of the copies below them."""
    sheet = copies(config_of(photos))
    assert sheet.title == "photos"
    assert sheet.subtitle == "3 of 3 images, 2 copies of each, seed 0"
    assert [(row.heading, row.note) for row in sheet.rows] == [
        ("cat", "cat/kit.png"),
        ("cat", "cat/tom.png"),
        ("dog", "dog/rex.png"),
    ]
    first = sheet.rows[0].tiles
    assert [tile.title for tile in first] == ["original", "kit_0.jpg", "kit_1.jpg"]
    assert "rotated" in first[1].text


def test_rows_and_columns(photos: Path) -> None:
    """There are no more rows and copies than asked for, and no more copies than a run makes."""
    sheet = copies(config_of(photos), rows=2, columns=1)
    assert [len(row.tiles) for row in sheet.rows] == [2, 2]
    assert sheet.columns == 2
    assert copies(config_of(photos), columns=6).columns == 3


def test_images_without_classes(tmp_path: Path) -> None:
    """A file that is in no folder is its own heading."""
    draw(tmp_path / "flat" / "a.png")
    [row] = copies(config_of(tmp_path / "flat")).rows
    assert (row.heading, row.note) == ("a.png", "")


def test_validation_images_are_not_shown(photos: Path) -> None:
    """What is never augmented has no copies to look at."""
    config = config_of(photos, "validation_split=0.5")
    sheet = copies(config)
    assert 0 < len(sheet.rows) < 3
    assert all(len(row.tiles) == 3 for row in sheet.rows)


def test_broken_sources(photos: Path) -> None:
    """A source that cannot be read is an empty tile, and the rest of the sheet is there."""
    (photos / "dog" / "bad.jpg").write_text("no image")
    sheet = copies(config_of(photos))
    assert [len(row.tiles) for row in sheet.rows] == [3, 3, 1, 3]
    assert sheet.rows[2].tiles[0].picture is None
    assert sheet.failures == [f"dog/bad.jpg: {sheet.rows[2].tiles[0].text}"]


def test_an_empty_source(tmp_path: Path) -> None:
    """Without images there is no sheet."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no images in"):
        copies(config_of(tmp_path / "empty"))


def test_a_wish_to_stop(photos: Path) -> None:
    """Ctrl-C ends it between two images."""
    interruption = Interruption()
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        preview_copies(config_of(photos), rows=6, columns=6, interruption=interruption)


def test_each_range_has_a_row(photos: Path) -> None:
    """The ranges of the preset `photos`, each by itself, through the run's own format."""
    sheet = preview_ranges(config_of(photos), interruption=Interruption())
    assert [row.heading for row in sheet.rows] == [
        "rotation_range: 15",
        "width_shift_range: 0.1",
        "height_shift_range: 0.1",
        "shear_range: 5",
        "zoom_range: [0.9, 1.1]",
        "channel_shift_range: 10",
        "brightness_range: [0.8, 1.2]",
        "horizontal_flip: true",
    ]
    assert [tile.text for tile in sheet.rows[0].tiles] == [
        *("rotated 15° anticlockwise", "unchanged", "rotated 15° clockwise")
    ]
    assert sheet.subtitle.endswith("fill_mode: reflect")


def test_the_flips_of_a_range(photos: Path) -> None:
    """A lossless tile that is "mirrored" is the mirrored source."""
    sheet = preview_ranges(config_of(photos, "save_format=png"), interruption=Interruption())
    off, on = (np.asarray(tile.picture) for tile in sheet.rows[-1].tiles)
    np.testing.assert_array_equal(on, off[:, ::-1])


def ranges_of_steps(photos: Path, folder: Path, steps: str) -> Sheet:
    """The sheet of the ranges of a pipeline: `steps` as YAML, below the key `transforms`."""
    file = folder / "steps.yaml"
    file.write_text(f"source: {photos}\ntransforms:\n{steps}", encoding="utf-8")
    return preview_ranges(load_config(str(file)), interruption=Interruption())


def test_ranges_of_several_steps(photos: Path, tmp_path: Path) -> None:
    """Of several steps, each row says which it belongs to, and how often that happens."""
    steps = "  - ranges: {rotation_range: 5}\n    p: 0.25\n  - ranges: {zoom_range: 0.1}\n"
    sheet = ranges_of_steps(photos, tmp_path, steps)
    assert [row.note for row in sheet.rows] == [
        "step 1, ranges, p: 0.25",
        "rows, step 2, ranges",
        "columns, drawn apart from the rows, step 2, ranges",
    ]


def test_ranges_of_a_pipeline(photos: Path, tmp_path: Path) -> None:
    """Steps in steps are shown by their place; what has no range is shown once."""
    steps = (
        "  - horizontal_flip:\n"
        "    p: 0.5\n"
        "  - one_of:\n"
        "      - gamma: {exponent: [0.5, 2]}\n"
        "      - ranges: {rotation_range: 5}\n"
    )
    sheet = ranges_of_steps(photos, tmp_path, steps)
    assert [(row.heading, row.note, len(row.tiles)) for row in sheet.rows] == [
        ("horizontal_flip", "step 1, horizontal_flip, p: 0.5", 1),
        ("gamma, exponent: [0.5, 2]", "transforms[1].one_of[0].gamma", 3),
        ("rotation_range: 5", "transforms[1].one_of[1].ranges", 3),
    ]


def test_ranges_at_the_size_of_a_copy(photos: Path, tmp_path: Path) -> None:
    """A step after a resize is shown on the image that it has in a copy, pixels being those."""
    steps = "  - resize: {height: 10, width: 5}\n  - ranges: {height_shift_range: 0.2}\n"
    resize, shift = ranges_of_steps(photos, tmp_path, steps).rows
    assert (resize.note, shift.note) == ("step 1, resize", "step 2, ranges, on 5 x 10")
    assert [tile.text for tile in shift.tiles] == [
        *("shifted 2 px down", "unchanged", "shifted 2 px up")
    ]
    assert all(tile.picture is not None and tile.picture.size == (5, 10) for tile in shift.tiles)


def test_ranges_that_do_nothing(photos: Path) -> None:
    """Without an active range there is no sheet."""
    config = config_of(photos).model_copy(update={"transforms": []})
    with pytest.raises(UsageError, match="no range to show"):
        preview_ranges(config, interruption=Interruption())


def test_ranges_pass_over_what_is_broken(tmp_path: Path) -> None:
    """They are shown on a source that can be read; if there is none, the reason is given."""
    source = tmp_path / "photos"
    source.mkdir()
    (source / "bad.jpg").write_text("no image")
    with pytest.raises(UsageError, match=r"none of 1 images could be read; .*bad\.jpg"):
        preview_ranges(config_of(source), interruption=Interruption())
    draw(source / "good.png")
    sheet = preview_ranges(config_of(source), interruption=Interruption())
    assert sheet.subtitle.startswith("good.png")


def test_arrays(tmp_path: Path) -> None:
    """Floats of an .npz, written as arrays, are pictures too."""
    out = io.BytesIO()
    np.savez(out, x=np.linspace(0, 1, 2 * 6 * 5 * 3, dtype=np.float32).reshape(2, 6, 5, 3))
    (tmp_path / "set.npz").write_bytes(out.getvalue())
    sheet = copies(config_of(tmp_path / "set.npz", "save_format=npy", "save_options={}"))
    assert [len(row.tiles) for row in sheet.rows] == [3, 3]
    assert sheet.failures == []
