"""The audit as a whole."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import draw, scene

from augcli.config.loader import load_config
from augcli.config.schema import Config
from augcli.errors import InterruptedRunError, UsageError
from augcli.pipeline.interruption import Interruption
from augcli.probe.audit import Extent, audit
from augcli.probe.results import Audit

RANGES = "transforms={width_shift_range: 0.5, brightness_range: [1.5, 2], horizontal_flip: true}"


def save(path: Path, picture: np.ndarray) -> None:
    """Writes a picture, and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two classes of six made pictures."""
    for seed in range(12):
        save(tmp_path / "photos" / ("cat", "dog")[seed % 2] / f"{seed}.png", scene(seed))
    return tmp_path / "photos"


def config_of(source: Path, *overrides: str) -> Config:
    """A config of a source, with these texts of `--set`."""
    return load_config(overrides=[f"source={source}", *overrides])


def audited(source: Path, *overrides: str, extent: Extent | None = None) -> Audit:
    """The audit of a source in this process."""
    return audit(config_of(source, *overrides), workers=0, extent=extent)


def kinds(found: Audit) -> list[str]:
    """What it has found."""
    return [finding.kind for finding in found.findings]


def test_a_clean_data_set(source: Path) -> None:
    """Without transforms and trouble there is the config as a whole, and nothing to say."""
    found = audited(source)
    assert found.findings == ()
    assert [arm.arm for arm in found.per_arm] == [""]
    assert found.per_arm[0].invented == 0


def test_numbers(source: Path) -> None:
    """Each range has its numbers, and what is too much is found with the range that does it."""
    found = audited(source, RANGES)
    assert [arm.arm for arm in found.per_arm] == [
        *("", "width_shift_range", "brightness_range", "horizontal_flip"),
    ]
    whole, shift, brightness, flip = found.per_arm
    assert shift.invented == pytest.approx(whole.invented, abs=0.02)
    assert 0.15 < shift.invented < 0.35  # a quarter on average
    assert brightness.invented == flip.invented == flip.clipped == 0
    assert brightness.clipped > 0.05
    assert brightness.mean_shift > 0.05
    assert {"brightness-one-sided", "invented-pixels", "clipped-values", "shifted-mean"} <= {
        *kinds(found)
    }
    invented = next(f for f in found.findings if f.kind == "invented-pixels")
    assert "; alone, width_shift_range" in invented.reason


def test_what_check_finds(source: Path) -> None:
    """The findings of `check` are among them, in front of those of pictures that look alike."""
    draw(source / "bird" / "0.png")
    save(source / "cat" / "again.png", scene(0, (80, 60)))
    assert kinds(audited(source)) == ["single-image-class", "near-duplicates"]


def test_a_split(source: Path) -> None:
    """Look-alikes across a split leak, whichever side is to be written; copies are of training."""
    for seed in range(0, 12, 2):
        save(source / "cat" / f"{seed}x.png", scene(seed, (80, 60)))
    split = ("validation_split=0.5", "subset=validation")
    assert "near-leakage" in kinds(audited(source, *split))
    everything = audited(source, RANGES)
    training = audited(source, RANGES, *split)
    assert everything.per_arm[0] != training.per_arm[0]


def test_extent(source: Path) -> None:
    """No more is looked at than is asked for, in runs of neighbours; 0 leaves it out."""
    save(source / "cat" / "00.png", scene(0, (80, 60)))  # next to 0.png
    assert kinds(audited(source, extent=Extent(compared=2))) == ["near-duplicates"]
    assert kinds(audited(source, extent=Extent(compared=1))) == []
    nothing = audited(source, RANGES, extent=Extent(compared=0, measured=0))
    assert nothing.per_arm == ()
    assert "near-duplicates" not in kinds(nothing)


def test_broken_sources(source: Path) -> None:
    """Sources that cannot be used change nothing."""
    before = audited(source, RANGES)
    (source / "cat" / "broken.png").write_bytes(b"no picture")
    after = audited(source, RANGES)
    assert after.findings == before.findings
    assert after.per_arm == before.per_arm


def test_workers(source: Path) -> None:
    """However many workers there are, the audit is the same."""
    save(source / "cat" / "again.png", scene(0, (80, 60)))
    config = config_of(source, RANGES)
    assert audit(config, workers=2) == audit(config, workers=0)


def test_arrays(tmp_path: Path) -> None:
    """Images in an .npz are audited, too."""
    images = np.stack([scene(seed) for seed in (*range(5), 3)])
    images[5] //= 2
    np.savez(tmp_path / "a.npz", x=images, y=np.arange(6) % 2)
    found = audited(tmp_path / "a.npz", "transforms={brightness_range: [3, 3]}")
    assert {"near-duplicates", "clipped-values"} <= {*kinds(found)}


def test_floats_that_are_none(tmp_path: Path) -> None:
    """An array with a NaN in it is left out of what is measured and compared."""
    images = np.stack([scene(seed) for seed in range(4)]).astype(np.float32) / 255
    images[1:, 0, 0] = np.nan
    np.savez(tmp_path / "a.npz", x=images, y=np.arange(4) % 2)
    found = audited(tmp_path / "a.npz", "save_format=npy")
    assert found.findings == ()
    assert found.per_arm[0].mean_shift == 0


def test_stopped(source: Path) -> None:
    """It stops when it is told to."""
    interruption = Interruption()
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        audit(config_of(source), workers=0, interruption=interruption)


def test_no_source() -> None:
    """Without a source there is nothing to audit."""
    with pytest.raises(UsageError, match="no source"):
        audit(load_config(), workers=0)
