"""Configs and manifests that somebody hostile wrote: refused, without harm, and in short time."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import augcli, config_schema, draw, files, mtimes

from augcli.cli.main import cli
from augcli.config.loader import load_config
from augcli.errors import ConfigError

LAUGHS = "".join(
    f"l{level}: &l{level} [{', '.join(10 * [f'*l{level - 1}'])}]\n" for level in range(1, 30)
)
HOSTILE_CONFIGS = {
    "a tag that runs a command": "copies: !!python/object/apply:os.system ['touch owned']\n",
    "a tag that imports": "copies: !!python/module:owned ''\n",
    "a tag that builds": "copies: !!python/object/new:os.mkdir ['owned']\n",
    "a tag of one's own": "copies: !include /etc/passwd\n",
    "an alias bomb": f"l0: &l0 [lol, lol]\n{LAUGHS}copies: *l29\n",
    "an alias to itself": "transforms: &a [*a]\n",
    "a merge of itself": "transforms: &a {<<: *a}\n",
    "deep nesting": f"transforms: {100_000 * '['}",
    "a number without end": f"seed: {10**6 * '9'}\n",
    "a number in base 60": "seed: 190:20:30\n",
    "bytes of no text": b"copies: \xff\xfe\x00\x01\n",
    "a NUL": 'save_prefix: "a\\0b"\n',
    "code": "transforms: {preprocessing_function: 'owned:run'}\nsave_format: npy\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two pictures, and a module that leaves a trace when imported."""
    draw(tmp_path / "in" / "a" / "1.png", seed=1)
    draw(tmp_path / "in" / "b" / "2.png", seed=2)
    (tmp_path / "owned.py").write_text("open('owned', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", HOSTILE_CONFIGS)
def test_a_hostile_config(kind: str, folder: Path) -> None:
    """It is a config error; nothing is run, imported or written."""
    text = HOSTILE_CONFIGS[kind]
    Path("augment.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = files(folder)
    for command in (("expand", "in", "out", "-j", 0), ("check", "in")):
        done = augcli(*command, "-c", "augment.yaml", code=2)
        assert done.stderr.startswith("error: ")
        assert len(done.stderr) < 3000
        assert files(folder) == before


SettingPath = tuple[str | int, ...]


def numeric_settings(schema: dict[str, Any]) -> Iterator[SettingPath]:
    """The paths of all settings that may be numbers, those within lists included."""
    definitions = schema["$defs"]

    def walk(
        node: dict[str, Any], path: SettingPath, within: tuple[str, ...] = ()
    ) -> Iterator[SettingPath]:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name in within:  # steps in steps have the settings of steps
                return
            node, within = definitions[name], (*within, name)
        if node.get("type") in ("number", "integer"):  # a list of types stands in none
            yield path
        for choice in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
            yield from walk(choice, path, within)
        for name, child in node.get("properties", {}).items():
            yield from walk(child, (*path, name), within)
        if isinstance(node.get("items"), dict):
            yield from walk(node["items"], (*path, 0), within)
        for index, child in enumerate(node.get("prefixItems", ())):
            yield from walk(child, (*path, index), within)

    return iter(dict.fromkeys(walk(schema, ())))


def config_with(path: SettingPath, number: str, length: int) -> str:
    """A config, in YAML's flow style, of one setting; lists have this length, or more."""
    if not path:
        return number
    first, *rest = path
    inner = config_with(tuple(rest), number, length)
    if isinstance(first, str):
        return f"{{{first}: {inner}}}"
    if rest:
        return f"[{inner}]"
    others = max(0, length - first - 1)
    return f"[{', '.join([*first * ['1'], inner, *others * ['1']])}]"


SETTINGS = [
    path
    for path in numeric_settings(config_schema())
    if "one_of" not in path or path[-1] == "weight"  # its steps are those of the list
]
NO_NUMBERS = (".nan", ".inf", "-.inf", "1e999", "-1e999")
EXTREMES = ("1e308", "-1e308", str(10**400), str(-(10**400)), str(2**63), "5e-324", "-0.0")


def test_the_schema_has_numbers() -> None:
    """The walk finds the settings at every depth."""
    names = {".".join(map(str, path)) for path in SETTINGS}
    assert {"seed", "copies", "max_pixels", "target_size.0", "transforms.rotation_range"} <= names
    assert {"transforms.0.ranges.zoom_range.0", "transforms.0.p", "fit.max_memory"} <= names


def configs(path: SettingPath, numbers: tuple[str, ...]) -> Iterator[str]:
    """The configs that have one of these numbers at a path, alone and in lists of usual lengths."""
    lengths = (1, 2, 3) if path[-1] == 0 else (1,)
    for number in numbers:
        for length in lengths:
            yield config_with(path, number, length)


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: ".".join(map(str, path)))
def test_no_setting_takes_nan_or_infinity(path: SettingPath, folder: Path) -> None:
    """NaN and the infinities are refused everywhere, with the place; so are numbers beyond all."""
    for text in configs(path, NO_NUMBERS):
        Path("augment.yaml").write_text(text, encoding="ascii")
        with pytest.raises(ConfigError, match=r"augment\.yaml:1:"):
            load_config("augment.yaml")


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: ".".join(map(str, path)))
def test_extreme_numbers_are_refused_or_survived(path: SettingPath, folder: Path) -> None:
    """Whatever number a setting accepts, a run with it ends as documented."""
    for text in configs(path, EXTREMES):
        Path("augment.yaml").write_text(text, encoding="ascii")
        try:
            load_config("augment.yaml")
        except ConfigError as error:
            assert "augment.yaml:1:" in str(error)  # noqa: PT017  either way is right
        else:
            assert_ends_with({0, 2, 3}, "expand", "in", "out", "-c", "augment.yaml", "-j", 0)
            shutil.rmtree("out", ignore_errors=True)


# Manifests

OUTSIDER = "outsider"
HOSTILE_PATHS = (
    f"../{OUTSIDER}",
    f"a/../../{OUTSIDER}",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    f"link/{OUTSIDER}",
    "a",
    "a\0b",
    "",
    ".",
    "x" * 70_000,
)


@pytest.mark.parametrize("name", HOSTILE_PATHS)
def test_a_hostile_path_in_a_manifest(name: str, folder: Path) -> None:
    """`verify` finds fault with it, `replay` and `expand` write and remove nothing outside."""
    augcli("expand", "in", "out", "-j", 0)
    manifest = Path("out", "manifest.jsonl")
    first, *others = manifest.read_bytes().splitlines(keepends=True)
    edited = json.dumps({**json.loads(first), "file_name": name}).encode()
    Path("out", "link").symlink_to(folder)
    Path(OUTSIDER).write_text("mine", encoding="utf-8")
    for lines in ([edited + b"\n", *others], [first, edited + b"\n", *others]):
        manifest.write_bytes(b"".join(lines))
        outside = outside_of(folder)
        augcli("verify", "out", code=1)
        # Below `rebuilt`, a name is good that is none to `verify`: there is no such file.
        assert_ends_with({0, 1, 2, 3}, "replay", "out", "--to", "rebuilt", "-j", 0)
        shutil.rmtree("rebuilt", ignore_errors=True)
        assert_ends_with({0, 2}, "expand", "in", "out", "-j", 0, "--seed", 1)
        assert outside_of(folder) == outside


def outside_of(folder: Path) -> tuple[dict[str, bytes], dict[str, int]]:
    """What is in the folder, its output aside, with the times."""
    contents = {name: data for name, data in files(folder).items() if not name.startswith("out/")}
    return contents, {name: mtimes(folder)[name] for name in contents}


def assert_ends_with(codes: set[int], *arguments: object) -> None:
    """The command ends with one of these exit codes, and with no other error."""
    with pytest.raises(SystemExit) as end:
        cli.main([str(argument) for argument in arguments], prog_name="augcli")
    assert end.value.code in codes
