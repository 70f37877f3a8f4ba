"""Transforms of other packages, from the config to the replay, by the real command."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from plugin_packages import install
from support import PATIENCE, ROOT, augcli, augcli_process, draw, environment, files

EXAMPLE = ROOT / "examples" / "augcli-vignette"
CONFIG = "copies: 2\ntransforms:\n  - vignette: {strength: [0.2, 0.4]}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the example package in it, as its own pyproject.toml describes it."""
    site = tmp_path / "site"
    site.mkdir()
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = project["entry-points"]["augcli.transforms"]
    install(site, project["name"], entries, version=project["version"])
    shutil.copy(EXAMPLE / "augcli_vignette.py", site)
    return site


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One small picture, and a config beside its folder."""
    draw(tmp_path / "photos" / "cat" / "tom.png")
    (tmp_path / "augment.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "photos"


def test_the_example_is_a_transform_like_any_other(
    site: Path, source: Path, tmp_path: Path
) -> None:
    """Installed, it is expanded by, recorded with its package's version, and replayed from."""
    env = environment(PYTHONPATH=str(site))
    out, again = tmp_path / "out", tmp_path / "again"
    augcli_process(*("expand", source, out, "-c", "augment.yaml", "-j", 0), cwd=tmp_path, env=env)
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        [step] = json.loads(line)["recipe"]
        assert step["op"] == "vignette"
        assert 0.2 <= step["strength"] <= 0.4
    run = yaml.safe_load((out / "run.yaml").read_text(encoding="utf-8"))
    assert run["versions"]["plugin/augcli-vignette"] == "1.0.0"

    augcli_process("replay", out, "--to", again, "-j", 0, env=env)
    made = {name: data for name, data in files(out).items() if name.endswith(".png")}
    assert {name: data for name, data in files(again).items() if name.endswith(".png")} == made

    refused = augcli("replay", out, "--to", tmp_path / "third", code=2)  # the package is not here
    assert "install augcli-vignette 1.0.0, and run this again" in refused.stderr

    install(site, "augcli-vignette", {"vignette": "augcli_vignette:Vignette"}, version="2.0.0")
    refused = augcli_process("replay", out, "--to", tmp_path / "third", code=2, env=env)
    assert "plugin/augcli-vignette: then 1.0.0, now 2.0.0" in refused.stderr


def test_the_example_s_own_test(site: Path) -> None:
    """The test that the package brings passes."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLE],
        env=environment(PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout


def test_a_package_that_is_not_installed(source: Path, tmp_path: Path) -> None:
    """Without the package its transform is an unknown name, in its line of the config."""
    done = augcli_process("check", source, "-c", "augment.yaml", code=2, cwd=tmp_path)
    assert "augment.yaml:3:5: unknown key 'vignette'" in done.stderr


def test_a_package_that_cannot_be_imported(site: Path, source: Path, tmp_path: Path) -> None:
    """Its line of the config, the package and the reason are named, and nothing else is said."""
    (site / "augcli_vignette.py").write_text("import no_such_module\n", encoding="utf-8")
    done = augcli_process(
        *("check", source, "-c", "augment.yaml"),
        code=2,
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(site)),
    )
    assert done.stderr.strip() == (
        "error: augment.yaml:3:15: vignette: augcli-vignette 1.0.0, which has the transform "
        "'vignette', cannot be imported (ModuleNotFoundError: No module named 'no_such_module')"
    )


def test_editors_learn_of_it(site: Path) -> None:
    """The JSON Schema has the transforms of other packages, with their descriptions."""
    done = augcli_process("schema", env=environment(PYTHONPATH=str(site)))
    definitions = json.loads(done.stdout)["$defs"]
    assert "corners" in definitions["Step"]["properties"]["vignette"]["description"]
    assert "0 not at all" in definitions["Vignette"]["properties"]["strength"]["description"]
