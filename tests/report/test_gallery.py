"""The gallery: every transform, on one picture, with the YAML that makes each."""

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augcli.config.loader import load_config
from augcli.datasets.items import Item
from augcli.errors import UsageError
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.report.gallery import (
    LONGEST_SIDE,
    Gallery,
    chosen_names,
    family_of,
    make_gallery,
    photo_subject,
    sample_subject,
)
from augcli.report.gallery_html import gallery_bytes
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.registry import BUILT_IN

SUBJECT = sample_subject((160, 120))


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """The gallery of all transforms, on a small picture."""
    return make_gallery(SUBJECT, list(BUILT_IN), seed=3)


def test_all_are_shown(gallery: Gallery) -> None:
    """Every transform that is built in has its pictures, a summary, and none that failed."""
    assert [entry.name for entry in gallery.entries] == list(BUILT_IN)
    assert all(1 <= len(entry.shown) <= 5 and entry.summary for entry in gallery.entries)
    assert gallery.failures == []


def test_the_lines_make_the_pictures(gallery: Gallery, tmp_path: Path) -> None:
    """Every line of YAML on the page loads below `transforms:`, and a run gives that picture."""
    sample = source_sample(SUBJECT.picture)
    page = gallery_bytes(gallery).decode()
    lines = iter(re.findall(r'<code tabindex="0">(.*?)</code>', page))
    for entry in gallery.entries:
        for shown in entry.shown:
            text = f"seed: 3\ntransforms:\n  {unescape(next(lines))}\n"
            (tmp_path / "augment.yaml").write_text(text, encoding="utf-8")
            config = load_config(str(tmp_path / "augment.yaml"))
            item = Item(SUBJECT.name, None, None)
            _, recipe = recipe_of(config, item, sample.size, shown.example.copy)
            pixels = apply_recipe(sample, recipe).image
            assert np.array_equal(np.asarray(shown.tile.picture), pixels), entry.name
    assert next(lines, None) is None


def test_strengths_differ(gallery: Gallery) -> None:
    """No transform with strengths shows the same picture twice, and every one changes it."""
    original = np.array(sample_subject((160, 120)).picture.pixels).tobytes()
    for entry in gallery.entries:
        if all(shown.example.copy == 0 for shown in entry.shown):
            pictures = [shown.tile.picture.tobytes() for shown in entry.shown if shown.tile.picture]
            assert len(set(pictures)) == len(pictures), entry.name
            assert set(pictures) != {original}, entry.name


def test_page_is_self_contained(gallery: Gallery) -> None:
    """The page has no script and loads nothing; each picture is described, each name a target."""
    page = gallery_bytes(gallery).decode()
    assert "<script" not in page
    assert set(re.findall(r'src="([a-z]+:[a-z]+/[a-z]+)', page)) == {"data:image/webp"}
    assert not re.search(r'<img(?![^>]* alt="[^"]+")', page)
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r' id="([^"]+)"', page))
    assert set(BUILT_IN) <= targets


def test_page_takes_either_theme() -> None:
    """Without a theme the page follows the reader's system; with one it does not."""
    made = make_gallery(SUBJECT, ["invert"], seed=0)
    assert b"prefers-color-scheme" in gallery_bytes(made)
    assert b"prefers-color-scheme" not in gallery_bytes(made, theme="dark")


def test_names_are_chosen() -> None:
    """`only` keeps the order of the registry; a name that is not there is an error."""
    assert chosen_names(["rain", "invert"]) == ["invert", "rain"]
    assert chosen_names([]) == list(BUILT_IN)
    with pytest.raises(UsageError, match="no transform 'rian'"):
        chosen_names(["rian"])


def test_every_family_has_a_heading() -> None:
    """Each transform stands under a heading, those of a family next to each other."""
    families = [family_of(name) for name in BUILT_IN]
    runs = [new for old, new in zip(["", *families], families, strict=False) if old != new]
    assert len(runs) == len(set(runs))


def test_large_photo_is_reduced(tmp_path: Path) -> None:
    """A photo is shown upright, its longest side no more than the limit."""
    Image.new("RGB", (960, 640), "red").save(tmp_path / "large.png")
    Image.new("RGB", (30, 20), "red").save(tmp_path / "small.png")
    assert photo_subject(str(tmp_path / "large.png")).picture.pixels.shape == (320, 480, 3)
    assert LONGEST_SIDE == 480
    small = photo_subject(str(tmp_path / "small.png"))
    assert small.picture.pixels.shape == (20, 30, 3)
    assert small.name == "small.png"  # whatever folder it is in
    assert small.note.endswith("small.png, 30 x 20")


def test_grey_and_deep_photos_are_shown(tmp_path: Path) -> None:
    """A grey photo and one of 16 bits have their gallery too."""
    grey = np.arange(32 * 24, dtype=np.uint8).reshape(24, 32)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    for name in ("grey.png", "deep.png"):
        made = make_gallery(photo_subject(str(tmp_path / name)), list(BUILT_IN), seed=0)
        pictures = [shown.tile.picture for entry in made.entries for shown in entry.shown]
        assert sum(picture is not None for picture in pictures) > 200


def test_no_photo(tmp_path: Path) -> None:
    """What is no image, or not there, is an error that names it."""
    (tmp_path / "text.png").write_text("text")
    for name in ("text.png", "missing.png"):
        with pytest.raises(UsageError, match=name):
            photo_subject(str(tmp_path / name))
