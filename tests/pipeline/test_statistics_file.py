"""The file of `augcli fit`: what it holds, what it refuses, and whom it fits."""

import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augcli.config.schema import Config
from augcli.errors import UsageError
from augcli.pipeline.statistics_file import Fitted, check_fits, load, reading_settings, save
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step
from augcli.transforms.statistics import (
    FactoredWhitening,
    FullWhitening,
    Statistics,
    Whitening,
)

FULL = FullWhitening(np.eye(2))
FACTORED = FactoredWhitening(np.array([[1.0], [0.0]]), np.array([0.5]), 10.0)


def config(**settings: Any) -> Config:
    """A config that standardises by the data set, with these settings of `ranges`."""
    ranges = Ranges(**({"featurewise_std_normalization": True} | settings))
    return Config(save_format="npy", transforms=[Step(transform=ranges)])


def fitted(whitening: Whitening | None = None, **settings: Any) -> Fitted:
    """Statistics of two channels, as if measured for `config(**settings)`."""
    origin = {
        "format": 1,
        "settings": reading_settings(config(**settings)),
        "zca_epsilon": None if whitening is None else 1e-6,
        "how": {},
        "sources": {},
        "measured": {},
        "versions": {},
    }
    return Fitted(Statistics(np.array([1.0, 2.0]), np.array([3.0, 4.0]), whitening), origin)


@pytest.mark.parametrize("whitening", [None, FULL, FACTORED], ids=["no", "full", "factored"])
def test_what_is_saved_is_loaded(tmp_path: Path, whitening: Whitening | None) -> None:
    """Numbers and origin come back as they were, to the last bit."""
    path = str(tmp_path / "stats.npz")
    saved = fitted(whitening)
    save(path, saved)
    loaded = load(path)
    assert loaded.digest == saved.digest
    assert loaded.origin == saved.origin
    assert type(loaded.statistics.whitening) is type(whitening)


def test_numpy_reads_it(tmp_path: Path) -> None:
    """It is a plain .npz, without pickles."""
    path = tmp_path / "stats.npz"
    save(str(path), fitted(FULL))
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["mean"].tolist() == [1.0, 2.0]
        assert arrays["zca_matrix"].shape == (2, 2)


def test_the_same_numbers_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time gets into the file."""
    save(str(tmp_path / "a.npz"), fitted(FACTORED))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    save(str(tmp_path / "b.npz"), fitted(FACTORED))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_digest_is_of_numbers_and_origin() -> None:
    """A change of either changes it."""
    one = fitted(FULL)
    others = [
        replace(one, statistics=replace(one.statistics, mean=np.array([1.0, 2.5]))),
        replace(one, statistics=replace(one.statistics, whitening=FACTORED)),
        replace(one, origin=one.origin | {"how": {"augment": True}}),
        one,
    ]
    assert len({each.digest for each in others}) == 4
    assert fitted(FULL).digest == one.digest


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """The file with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def npy(array: Any) -> bytes:
    """An array as the bytes of a .npy."""
    import io

    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda m: m.pop("mean.npy"), "mean"),
        (lambda m: m.pop("origin.json"), "origin.json"),
        (lambda m: m.update({"origin.json": b"{"}), "no whole file"),
        (lambda m: m.update({"origin.json": b"[]"}), "no whole file"),
        (lambda m: m.update({"origin.json": b'{"format": 1}'}), "no whole file"),
        (lambda m: m.update({"origin.json": json.dumps({"format": 2}).encode()}), "version"),
        (lambda m: m.update({"std.npy": npy([1.0])}), "different shapes"),
        (lambda m: m.update({"std.npy": npy([1.0, np.nan])}), "std is not what"),
        (lambda m: m.update({"mean.npy": npy([[1.0, 2.0]])}), "mean is not what"),
        (lambda m: m.update({"mean.npy": npy(["a", "b"])}), "mean is not what"),
        (lambda m: m.update({"mean.npy": npy(np.array([None], object))}), "no whole file"),
        (lambda m: m.update({"zca_matrix.npy": npy(np.ones((2, 3)))}), "not square"),
    ],
)
def test_damaged_files(
    tmp_path: Path, change: Callable[[dict[str, bytes]], object], problem: str
) -> None:
    """Each is refused with what is wrong, and what to do; nothing is unpickled."""
    path = tmp_path / "stats.npz"
    save(str(path), fitted(FULL))
    rewritten(path, change)
    with pytest.raises(UsageError, match=problem) as error:
        load(str(path))
    assert "fit again" in str(error.value)


@pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04"])
def test_what_is_no_such_file(tmp_path: Path, data: bytes) -> None:
    """Neither something else, nor nothing at all, nor a folder is taken for statistics."""
    path = tmp_path / "stats.npz"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="no whole file of `augcli fit`"):
        load(str(path))
    with pytest.raises(UsageError, match="no whole file"):
        load(str(tmp_path))
    with pytest.raises(UsageError, match=r"there is no .*augcli fit -o"):
        load(str(tmp_path / "missing.npz"))


def test_a_file_that_fits() -> None:
    """Settings that the numbers do not depend on may differ."""
    check_fits("f", fitted(), config())
    check_fits("f", fitted(), config(rotation_range=10.0, zca_epsilon=0.1))
    check_fits("f", fitted(FULL), config(zca_whitening=True))


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (config(rescale=0.5), "rescale: null, and the config has 0.5"),
        (config(zca_whitening=True), "no numbers for zca_whitening"),
        (config().model_copy(update={"target_size": [2, 2]}), r"target_size: null, .* \[2, 2\]"),
        (config().model_copy(update={"color_mode": "rgb"}), 'color_mode: "keep", .* "rgb"'),
    ],
)
def test_a_file_that_does_not_fit(wanted: Config, problem: str) -> None:
    """Other pixels, or missing numbers: the message names the setting and both its values."""
    with pytest.raises(UsageError, match=problem):
        check_fits("stats.npz", fitted(), wanted)


def test_another_epsilon() -> None:
    """It is part of the matrix."""
    with pytest.raises(UsageError, match=r"zca_epsilon: 1e-06, and the config has 0\.5"):
        check_fits("f", fitted(FULL), config(zca_whitening=True, zca_epsilon=0.5))
