"""Masks through the real command: exact ids, one mask a copy, and nothing else touched."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from annotated import HEIGHT, IDS, WIDTH, draw_mask, make_masks
from PIL import Image
from support import augcli, augcli_process, draw, files, mtimes

OPTIONS = (
    *("-n", 2, "-j", 0, "-q", "--set", "rotation_range=20"),
    *("--set", "horizontal_flip=true", "--set", "zoom_range=0.3"),
)


def expand(root: Path, *options: object, code: int = 0) -> Path:
    """Expands `root/images` with its masks into `root/out`."""
    output = root / "out"
    masks = ("--set", f"masks={root / 'masks'}")
    augcli("expand", root / "images", output, *OPTIONS, *masks, *options, code=code)
    return output


def records(output: Path) -> list[dict[str, Any]]:
    """The lines of the manifest."""
    text = (output / "manifest.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def pixels(path: Path) -> Any:
    """What a mask's file stores."""
    with Image.open(path) as image:
        return np.array(image)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three images and their masks, side by side."""
    return make_masks(tmp_path)


def test_every_copy_has_its_mask(root: Path) -> None:
    """Masks stand beside the images as in the source, and the manifest names each."""
    output = expand(root, "--include-originals")
    assert set(files(output)) == {
        *(
            f"{folder}/{name}_{n}.png"
            for folder in ("images", "masks")
            for name in "abc"
            for n in (0, 1)
        ),
        *(f"{folder}/{name}_original.png" for folder in ("images", "masks") for name in "abc"),
        "manifest.jsonl",
        "run.yaml",
    }
    for record in records(output):
        assert record["mask"] == record["file_name"].replace("images/", "masks/")
        assert set(np.unique(pixels(output / record["mask"]))) <= set(IDS)
        if record["copy"] is None:
            source = root / "masks" / record["source"]
            assert np.array_equal(pixels(output / record["mask"]), pixels(source))
    augcli("verify", output)


def test_a_mask_moves_with_its_image(tmp_path: Path) -> None:
    """Of an image that is its own mask, image and mask stay the same, ids and palette included."""
    make_masks(tmp_path, ("a",))
    draw_mask(tmp_path / "images" / "a.png", mode="L")
    draw_mask(tmp_path / "masks" / "a.png", mode="P")
    output = expand(tmp_path, "--set", "interpolation_order=0")
    for record in records(output):
        with Image.open(output / record["mask"]) as mask:
            assert mask.mode == "P"
            assert np.array_equal(np.array(mask), pixels(output / record["file_name"]))


def test_the_fill(root: Path) -> None:
    """What is moved in from outside has the id that is asked for."""
    output = expand(root, "--set", "masks.fill=9", "--set", "width_shift_range=[20]")
    assert all(9 in pixels(output / record["mask"]) for record in records(output))


def test_target_size_takes_the_mask_along(tmp_path: Path) -> None:
    """A mask is resized to the nearest ids, from the part of it that the image is taken from."""
    make_masks(tmp_path, ("a",))
    size = ("--set", "target_size=[15, 15]", "--set", "keep_aspect_ratio=true")
    output = tmp_path / "out"
    masks = f"masks={tmp_path / 'masks'}"
    augcli("expand", tmp_path / "images", output, "-q", "-j", 0, "--set", masks, *size)
    middle = pixels(tmp_path / "masks" / "a.png")[1::2, 6:-5:2]
    assert np.array_equal(pixels(output / "masks" / "a_0.png"), middle)


def test_workers_and_reruns_change_nothing(root: Path) -> None:
    """None and two workers give the same tree; run again, nothing is written."""
    output = expand(root)
    tree, times = files(output), mtimes(output)
    expand(root)
    assert mtimes(output) == times
    arguments = ("expand", "images", "other", *OPTIONS, "-j", 2, "--set", "masks=masks")
    augcli_process(*arguments, cwd=root)
    other = files(root / "other")
    assert {name: data for name, data in other.items() if name != "run.yaml"} == {
        name: data for name, data in tree.items() if name != "run.yaml"
    }


def test_an_edited_mask(root: Path) -> None:
    """Only the copies of its image are written anew."""
    output = expand(root)
    before = mtimes(output)
    draw_mask(root / "masks" / "b.png", seed=9)
    expand(root)
    written = {name for name, time in mtimes(output).items() if time != before[name]}
    assert written == {
        *(f"{folder}/b_{n}.png" for folder in ("images", "masks") for n in (0, 1)),
        "manifest.jsonl",
    }


def test_a_mask_that_was_lost_or_changed_in_the_output(root: Path) -> None:
    """`verify` sees it, and another run brings it back."""
    output = expand(root)
    tree = files(output)
    (output / "masks" / "a_0.png").unlink()
    draw_mask(output / "masks" / "b_1.png", seed=5)
    said = augcli("verify", output, code=1).stderr
    assert "masks/a_0.png" in said
    assert "masks/b_1.png" in said
    expand(root)
    assert files(output) == tree


def test_masks_go_with_their_copies(root: Path) -> None:
    """Of an image that is gone, copies and masks are removed; a foreign file stays."""
    output = expand(root)
    (output / "masks" / "mine.png").write_bytes(b"mine")
    (root / "images" / "a.png").unlink()
    expand(root)
    assert {name for name in files(output) if name.startswith("masks/")} == {
        *(f"masks/{name}_{n}.png" for name in "bc" for n in (0, 1)),
        "masks/mine.png",
    }


def test_without_masks_any_more(root: Path) -> None:
    """The masks go when the config no longer asks for them, and their folder with them."""
    expand(root)
    augcli("expand", root / "images", root / "out", *OPTIONS)
    fresh = root / "fresh"
    augcli("expand", root / "images", fresh, *OPTIONS)
    assert files(root / "out") == files(fresh)
    assert not (root / "out" / "masks").exists()


def test_nothing_of_others_is_overwritten(root: Path) -> None:
    """A file with the name of a mask to be is a usage error, before anything is written."""
    foreign = root / "out" / "masks" / "a_0.png"
    draw(foreign)
    before = files(root / "out")
    expand(root, code=2)
    assert files(root / "out") == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "there is no mask"),
        (lambda path: draw(path, size=(WIDTH, 9)), f"{WIDTH} x 9 pixels, and its image"),
        (lambda path: path.write_bytes(b"no picture"), "mask"),
    ],
)
def test_a_mask_that_cannot_be_used(root: Path, spoil: Any, said: str) -> None:
    """Its image is a failure that says why; the others are expanded."""
    spoil(root / "masks" / "b.png")
    output = expand(root, code=3)
    [failure] = (output / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["source"] == "b.png"
    assert json.loads(failure)["stage"] == "mask"
    assert said in json.loads(failure)["message"]
    assert {record["source"] for record in records(output)} == {"a.png", "c.png"}


def test_replay(root: Path) -> None:
    """Masks are rebuilt with their copies, byte for byte, unless the source's has changed."""
    output = expand(root)
    augcli("replay", output, "--to", root / "again", "-j", 0, "--only", "*/a_*")
    assert files(root / "again") == {
        name: data for name, data in files(output).items() if "/a_" in name
    }
    draw_mask(root / "masks" / "b.png", seed=9)
    said = augcli("replay", output, "--to", root / "more", "-j", 0, code=3)
    assert "mask or annotations have changed" in said.stdout + said.stderr
    assert not (root / "more" / "images" / "b_0.png").exists()


def test_a_moved_source(root: Path) -> None:
    """`replay --source` looks for the masks where they are as seen from the source."""
    output = expand(root)
    new = root / "elsewhere"
    new.mkdir()
    for folder in ("images", "masks"):
        (root / folder).rename(new / folder)
    augcli("replay", output, "--to", root / "again", "-j", 0, "--source", new / "images")
    assert "masks/a_0.png" in files(root / "again")


def test_masks_inside_the_source(tmp_path: Path) -> None:
    """A folder of masks inside the source is no class of images, and copies mirror it."""
    source = tmp_path / "in"
    make_masks(source)
    output = tmp_path / "out"
    masks = ("--set", f"masks={source}/masks", "--set", 'masks.pattern="{stem}.png"')
    augcli("expand", source, output, *OPTIONS, *masks)
    assert {record["source"] for record in records(output)} == {f"images/{n}.png" for n in "abc"}
    assert {record["mask"] for record in records(output)} == {
        f"masks/images/{name}_{n}.png" for name in "abc" for n in (0, 1)
    }


def test_masks_among_the_images(tmp_path: Path) -> None:
    """Masks in the folder of the images are told from them by the pattern."""
    source = tmp_path / "photos"
    for name in "ab":
        draw(source / "cat" / f"{name}.jpg", size=(WIDTH, HEIGHT))
        draw_mask(source / "cat" / f"{name}_mask.png")
    output = tmp_path / "out"
    masks = ("--set", f"masks={source}", "--set", 'masks.pattern="{path}_mask.png"')
    augcli("expand", source, output, *OPTIONS, *masks)
    assert {record["file_name"]: record["mask"] for record in records(output)} == {
        f"cat/{name}_{n}.png": f"cat/{name}_{n}_mask.png" for name in "ab" for n in (0, 1)
    }
    masks = ("--set", f"masks={source}", "--set", 'masks.pattern="{path}.png"')
    said = augcli("expand", source, tmp_path / "new", *OPTIONS, *masks, code=2).stderr
    assert "masks would have the names of copies" in said


def test_dry_run(root: Path) -> None:
    """What would be written, kept and removed is told from masks too."""
    options = ("--set", f"masks={root / 'masks'}", "--json")

    def ahead() -> dict[str, Any]:
        text = augcli("expand", root / "images", root / "out", *OPTIONS, "--dry-run", *options)
        value: dict[str, Any] = json.loads(text.stdout)
        return value

    assert (ahead()["write"], ahead()["keep"], ahead()["remove"]) == (6, 0, 0)
    expand(root)
    assert (ahead()["write"], ahead()["keep"], ahead()["remove"]) == (0, 6, 0)
    (root / "images" / "c.png").unlink()
    assert (ahead()["write"], ahead()["keep"], ahead()["remove"]) == (0, 4, 2)
    summary = json.loads(augcli("expand", root / "images", root / "out", *OPTIONS, *options).stdout)
    assert (summary["written"], summary["kept"], summary["removed"]) == (0, 4, 2)


def test_a_source_that_breaks(root: Path) -> None:
    """The copies that it had are removed, and counted."""
    expand(root)
    (root / "images" / "a.png").write_bytes(b"")
    masks = ("--set", f"masks={root / 'masks'}")
    arguments = ("expand", root / "images", root / "out", *OPTIONS, *masks, "--json")
    summary = json.loads(augcli(*arguments, code=3).stdout)
    assert (summary["written"], summary["kept"], summary["removed"]) == (0, 4, 2)


def test_statistics_are_of_images_alone(root: Path) -> None:
    """A missing mask does not keep its image from being measured."""
    (root / "masks" / "b.png").unlink()
    featurewise = ("--set", "featurewise_center=true", "--set", "save_format=npy")
    output = expand(root, *featurewise, code=3)
    assert (output / "statistics.npz").is_file()
    assert {record["source"] for record in records(output)} == {"a.png", "c.png"}
