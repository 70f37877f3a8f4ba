"""`augcli check`, `init` and `schema` from the outside."""

import json
from pathlib import Path

import pytest
from support import augcli, augcli_process, draw, files

from augcli.cli.options import FORMATS, PRESETS
from augcli.config.presets import preset_text
from augcli.images.options import SAVE_OPTIONS


def test_check_without_a_source() -> None:
    """The config alone is checked."""
    assert "is valid" in augcli("check", "--preset", "digits").stdout


def test_check_foretells_a_run(tmp_path: Path) -> None:
    """It says what `expand` would do, as text or JSON, and writes nothing."""
    draw(tmp_path / "in" / "a.png")
    before = files(tmp_path)
    shared = ("check", tmp_path / "in", "-o", tmp_path / "out", "-n", 3)
    done = augcli(*shared)
    assert "1 image, 3 copies" in done.stdout
    assert "to write 3, to keep 0, to remove 0" in done.stdout
    ahead = json.loads(augcli(*shared, "--json").stdout)
    assert (ahead["copies"], ahead["write"], ahead["failures"]) == (3, 3, [])
    assert files(tmp_path) == before


def test_check_warns_of_traps(tmp_path: Path) -> None:
    """A setting that does something else than it seems to is a warning on stderr."""
    done = augcli("check", "--set", "width_shift_range=1")
    assert "warning: " in done.stderr
    assert "width_shift_range" in done.stderr
    assert "1.0" in done.stderr
    assert augcli("check", "--set", "width_shift_range=1.0").stderr == ""


def characters(root: Path) -> Path:
    """A source to warn of: b, and d with an image of b's and a broken one."""
    draw(root / "b" / "0.png")
    draw(root / "b" / "1.png", seed=1)
    draw(root / "d" / "0.png", seed=2)
    draw(root / "d" / "1.png", seed=1)
    (root / "d" / "2.png").touch()
    return root


def test_check_looks_at_the_images(tmp_path: Path) -> None:
    """What is most likely not meant is a line each, with its remedy; the plan follows."""
    source = characters(tmp_path / "in")
    done = augcli("check", source, "--set", "horizontal_flip=true", "--set", "target_size=[9, 9]")
    unusable, mirrored, conflict, upscaled, *rest = done.stderr.splitlines()
    assert "1 source cannot be used: d/2.png: " in unusable
    assert "the classes b, d" in mirrored
    assert "write horizontal_flip: false" in mirrored
    assert "b/1.png = d/1.png" in conflict
    assert "4 of 5 images (b/0.png, b/1.png, d/0.png and 1 more) are smaller" in upscaled
    assert rest == ["nothing has been written"]
    assert "5 images, 5 copies" in done.stdout


def test_check_without_a_scan(tmp_path: Path) -> None:
    """--no-scan leaves the images alone, but for the few that the size is estimated from."""
    source = characters(tmp_path / "in")
    done = augcli("check", source, "--set", "horizontal_flip=true", "--no-scan")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "warning",
        "nothing has been written",
    ]
    assert "d/2.png" in done.stderr


def test_strict(tmp_path: Path) -> None:
    """Any warning ends --strict with 2, and it says that the config is valid all the same."""
    source = draw(tmp_path / "in" / "a.png").parent
    assert "valid" not in augcli("check", source, "--strict").stderr
    shared = ("check", "--strict", "--set", "width_shift_range=1")
    for arguments in (shared, (*shared, source), (*shared, "--json")):
        done = augcli(*arguments, code=2)
        assert "the config is valid; --strict refuses 1 warning" in done.stderr
        assert done.stdout
    (tmp_path / "in" / "b.png").touch()
    augcli("check", source, code=0)
    augcli("check", source, "--strict", code=2)


def test_warnings_as_json(tmp_path: Path) -> None:
    """Each is an object; stderr has none of them; failures are those of all sources."""
    source = characters(tmp_path / "in")
    done = augcli("check", source, "--set", "width_shift_range=1", "--json")
    assert done.stderr == ""
    ahead = json.loads(done.stdout)
    assert [warning["kind"] for warning in ahead["warnings"]] == [
        "shift-never",
        "unusable-source",
        "label-conflict",
    ]
    assert all(
        list(warning) == ["kind", "subject", "reason", "remedy"] for warning in ahead["warnings"]
    )
    assert len(ahead["failures"]) == 1
    alone = json.loads(augcli("check", "--set", "width_shift_range=1", "--json").stdout)
    assert alone == {"warnings": ahead["warnings"][:1]}


def test_a_class_that_a_split_lacks(tmp_path: Path) -> None:
    """It is a warning like the others."""
    for name in ("cat/a1.png", "cat/d.png", "dog/a2.png", "dog/a3.png"):
        draw(tmp_path / "in" / name, seed=sum(name.encode()))
    # Of these groups, a is for validation, and d for training.
    split = ("--set", "validation_split=0.5", "--set", "group_by=/(.)")
    done = augcli("check", tmp_path / "in", "--json", "--strict", *split, code=2)
    [warning] = json.loads(done.stdout)["warnings"]
    assert warning == {
        "kind": "split-lacks-class",
        "subject": "validation_split",
        "reason": "no image is for training of class 'dog'",
        "remedy": "write another group_by or validation_split, or add images of it",
    }


@pytest.mark.parametrize("command", ["check", "expand"])
def test_a_split_with_an_empty_side(tmp_path: Path, command: str) -> None:
    """It is a warning, or an error where that side alone is asked for, in the same words."""
    for number in range(4):
        draw(tmp_path / "in" / f"IMG_{number}.png", seed=number)
    where = (
        (tmp_path / "in", "-o", tmp_path / "out")
        if command == "check"
        else (
            tmp_path / "in",
            tmp_path / "out",
            "-j0",
        )
    )
    split = ("--set", "validation_split=0.1", "--set", "group_by=(I)MG")
    stderr = augcli(command, *where, *split).stderr
    said = (
        "group_by: no image is for validation, of 4, as it finds the same text, 'I', in every "
        "path; write a group_by that tells more groups apart, or leave it out"
    )
    assert f"warning: {said}\n" in stderr
    alone = augcli(command, *where, *split, "--set", "subset=validation", code=2).stderr
    assert alone == f"error: {said}\n"


def test_check_is_deterministic(tmp_path: Path) -> None:
    """The same files say the same, as a process of its own, too."""
    source = characters(tmp_path / "in")
    first = augcli_process("check", source, "--preset", "photos")
    assert augcli("check", source, "--preset", "photos") == first


@pytest.mark.parametrize("command", ["check", "expand"])
def test_a_manifest_that_is_a_folder(tmp_path: Path, command: str) -> None:
    """It is somebody else's, and in the way."""
    draw(tmp_path / "in" / "a.png")
    (tmp_path / "out" / "manifest.jsonl").mkdir(parents=True)
    output = ("-o", "out") if command == "check" else ("out", "-j", 0)
    done = augcli(command, "in", *output, code=2, cwd=tmp_path)
    assert "manifest.jsonl" in done.stderr


def test_init_writes_a_config_that_checks(tmp_path: Path) -> None:
    """What it writes is valid; an existing file is replaced with --force alone; - prints it."""
    augcli("init", "--preset", "digits", cwd=tmp_path)
    text = (tmp_path / "augment.yaml").read_text(encoding="utf-8")
    assert augcli("init", "--preset", "digits", "-").stdout == text
    done = augcli("init", cwd=tmp_path, code=2)
    assert "--force" in done.stderr
    assert (tmp_path / "augment.yaml").read_text(encoding="utf-8") == text
    augcli("init", "--force", cwd=tmp_path)
    assert (tmp_path / "augment.yaml").read_text(encoding="utf-8") != text
    (tmp_path / "photos").mkdir()
    draw(tmp_path / "photos" / "a.png")
    augcli("check", "-c", "augment.yaml", cwd=tmp_path)
    done = augcli("init", "missing/augment.yaml", cwd=tmp_path, code=1)
    assert "cannot write" in done.stderr


def test_init_with_an_unknown_preset(tmp_path: Path) -> None:
    """It is bad usage, the choices are listed, and no file is made."""
    done = augcli("init", "--preset", "foto", cwd=tmp_path, code=2)
    assert "photos" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_json() -> None:
    """It is a JSON Schema of a mapping with the keys of the config."""
    schema = json.loads(augcli("schema").stdout)
    assert {"transforms", "copies", "save_format"} <= set(schema["properties"])


def test_names_in_the_help_are_the_real_ones() -> None:
    """The help lists formats and presets without loading them; they are the same ones."""
    assert set(FORMATS) == set(SAVE_OPTIONS)
    assert all(preset_text(name) for name in PRESETS)
