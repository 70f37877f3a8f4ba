"""`augcli check`, `init` and `schema` from the outside."""

import json
from pathlib import Path

import pytest
from support import augcli, draw, files

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
