"""run.yaml: what the files of an output were made with."""

from pathlib import Path

import pytest
import yaml

from augcli import __version__
from augcli.config.schema import Config
from augcli.pipeline.records import RUN
from augcli.pipeline.settings import PIXEL_LIBRARIES, read_run, run_digest, run_text, versions


def test_versions() -> None:
    """All that shapes pixels is listed, by plain versions."""
    found = versions()
    assert found["augcli"] == __version__
    assert set(found) >= {*PIXEL_LIBRARIES, "pillow/libjpeg_turbo", "pillow/zlib"}
    assert all(isinstance(version, str) for version in found.values())


def test_the_digest() -> None:
    """Settings and versions change it; paths, names and the number of copies do not."""
    used = {"augcli": "1"}
    digest = run_digest(Config(), used)
    for same in (Config(copies=9), Config(source="x", output="y"), Config(save_prefix="aug")):
        assert run_digest(same, used) == digest
    others = [
        run_digest(Config(seed=1), used),
        run_digest(Config(save_format="bmp"), used),
        run_digest(Config(), {"augcli": "2"}),
    ]
    assert len({digest, *others}) == 4


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """It is YAML with the digest, the versions and the config."""
    config = Config(source="in", output="out", seed=5)
    text = run_text(config, {"augcli": "1"}, source="in", output="out")
    (tmp_path / RUN).write_bytes(text)
    run = read_run(str(tmp_path))
    assert run == yaml.safe_load(text)
    assert run["digest"] == run_digest(config, {"augcli": "1"})
    assert run["versions"] == {"augcli": "1"}
    assert run["config"]["seed"] == 5


def test_folders_that_move_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source is said as seen from the output, wherever the command was run."""
    texts = set()
    for place in ("here", "there"):
        (tmp_path / place / "sub").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / place / "sub")
        for source, output in (("../in", "../out"), (f"{tmp_path}/{place}/in", "../sub/../out")):
            config = Config(source=source, output=output)
            texts.add(run_text(config, {}, source=source, output=output))
    [text] = texts
    assert yaml.safe_load(text)["config"]["source"] == "../in"
    assert "output" not in yaml.safe_load(text)["config"]


def test_the_folder_of_a_table(tmp_path: Path) -> None:
    """It is said as seen from the output, too."""
    config = Config(source=f"{tmp_path}/in/x.csv", directory=f"{tmp_path}/photos")
    text = run_text(config, {}, source=f"{tmp_path}/in/x.csv", output=f"{tmp_path}/out")
    assert yaml.safe_load(text)["config"]["directory"] == "../photos"
    assert yaml.safe_load(text)["config"]["source"] == "../in/x.csv"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """No file, no YAML and no mapping all say nothing: every copy is then made again."""
    assert read_run(str(tmp_path)) == {}
    for text in (b"{", b"\xff", b"- 1", b"", b"a: !!python/object:os.system x"):
        (tmp_path / RUN).write_bytes(text)
        assert read_run(str(tmp_path)) == {}
