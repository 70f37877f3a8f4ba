"""The documentation, held against what it documents."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest
from support import PATIENCE, ROOT, augcli, draw, environment, files, mtimes

from augcli.cli.main import COMMANDS
from augcli.config.loader import load_config
from augcli.config.schema import Config
from augcli.pipeline.expand import Summary
from augcli.pipeline.forecast import Forecast

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
FILE_COMMENT = re.compile(r"# [\w./-]+\.ya?ml\n")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page that are in `language`."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def section(command: click.Command) -> str:
    """What docs/reference.md says of a command."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^## augcli {command.name}$(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/reference.md has no section on {command.name}"
    return found[1]


def names(command: click.Command) -> set[str]:
    """The names of a command's options, long and short."""
    options = (param for param in command.params if isinstance(param, click.Option))
    return {name for option in options for name in (*option.opts, *option.secondary_opts)}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_reference_lists_each_option(command: click.Command) -> None:
    """A command's section has a table row for every option, and for none that is not there."""
    rows = re.findall(r"^\| (`-.*?) \|", section(command), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"(?<=`)--?[\w-]+", row)}
    assert listed == names(command)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_reference_names_each_argument(command: click.Command) -> None:
    """A command's section says what its arguments are."""
    text = section(command)
    for param in command.params:
        if isinstance(param, click.Argument):
            assert param.make_metavar(click.Context(command)).strip("[]") in text


def test_the_reference_lists_the_keys_of_json() -> None:
    """Every key that `--json` prints is explained."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    keys = {field.name for field in (*fields(Summary), *fields(Forecast))} | {"rate", "manifest"}
    assert {key for key in keys if f"`{key}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_configs_in_the_text_load(page: Path, tmp_path: Path) -> None:
    """Every YAML block that is a whole config is a valid one."""
    for text in blocks(page, "yaml"):
        if FILE_COMMENT.match(text) or "transforms:" in text:
            config = tmp_path / "augment.yaml"
            config.write_text(text, encoding="utf-8")
            assert isinstance(load_config(str(config)), Config)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link has its file, and its heading where it names one."""
    for target, heading in re.findall(
        r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text("utf-8")
    ):
        path = page.parent / target if target else page
        assert path.exists(), f"{page.name} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {anchor(title) for title in titles}, (
                f"{page.name}: {target}#{heading}"
            )


def anchor(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small pictures of a class each."""
    source = tmp_path_factory.mktemp("docs") / "photos"
    draw(source / "cat" / "tom.png", seed=1, size=(30, 20))
    draw(source / "dog" / "rex.png", seed=2, size=(20, 30))
    return source


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_the_example_configs_run(config: Path, photos: Path, tmp_path: Path) -> None:
    """Each file in configs/ expands a small set as it is."""
    augcli("expand", photos, tmp_path / "out", "-c", config, "-j", 0)
    manifest = (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8")
    asked = load_config(str(config))
    assert len(manifest.splitlines()) == 2 * (asked.copies + asked.include_originals)


class Make:
    """The example of docs/make.md in a folder, and make."""

    def __init__(self, folder: Path) -> None:
        page = ROOT / "docs" / "make.md"
        [self.makefile] = blocks(page, "make")
        self.folder = folder
        (folder / "Makefile").write_text(self.makefile, encoding="utf-8")
        (folder / "augment.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")

    def runs(self) -> bool:
        """Calls make; whether it ran augcli, after which make has nothing to do."""
        is_up_to_date = self._make("--question", "all").returncode == 0
        done = self._make("all")
        assert done.returncode == 0, done.stderr
        assert self._make("--question", "all").returncode == 0
        assert ("expand" in done.stdout) != is_up_to_date
        return not is_up_to_date

    def _make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *arguments, f"AUGCLI={sys.executable} -m augcli"],  # noqa: S607  from PATH
            cwd=self.folder,
            env={key: value for key, value in environment().items() if not key.startswith("MAKE")},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_make_example(photos: Path, tmp_path: Path) -> None:
    """A second make does nothing; a touched, added, removed image and an edited config run it."""
    shutil.copytree(photos, tmp_path / "photos")
    make = Make(tmp_path)
    assert make.runs()
    first = files(tmp_path / "photos-augmented"), mtimes(tmp_path / "photos-augmented")
    assert not make.runs()
    os.utime(tmp_path / "photos" / "cat" / "tom.png")
    assert make.runs()
    assert (files(tmp_path / "photos-augmented"), mtimes(tmp_path / "photos-augmented")) == first
    new = draw(tmp_path / "photos" / "cat" / "new one.png")
    assert make.runs()
    assert (tmp_path / "photos-augmented" / "cat" / "new one_0.jpg").exists()
    new.unlink()
    assert make.runs()
    assert files(tmp_path / "photos-augmented") == first[0]
    os.utime(tmp_path / "augment.yaml")
    assert make.runs()
