"""What is measured of the pixels of copies."""

from typing import Any

import numpy as np
import pytest
from support import scene

from augcli.errors import SourceError
from augcli.images.pixels import pack
from augcli.probe.audit_pixels import Original, averaged, pixel_numbers
from augcli.probe.results import PixelNumbers
from augcli.transforms.base import Sample
from augcli.transforms.ranges import NEUTRAL
from augcli.transforms.registry import TRANSFORMS

FILL = {"fill_mode": "nearest", "cval": 0.0, "interpolation_order": 1, "center": "exact"}


def sample(image: Any, dtype: type[np.generic] = np.uint8) -> Sample:
    """A sample of some rows of grey levels."""
    pixels = np.asarray(image, dtype)[..., None]
    levels = None
    if np.issubdtype(dtype, np.integer):
        levels = (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    return Sample(pack(pixels), levels)


def numbers(image: Sample, op: str = "ranges", **params: Any) -> list[float]:
    """Invented, clipped, and the shifts of mean and deviation."""
    defaults = {**NEUTRAL, **FILL} if op == "ranges" else {}
    return pixel_numbers(Original.of(image), [{"op": op, **defaults, **params}]).tolist()


@pytest.mark.parametrize("fill_mode", ["nearest", "reflect", "wrap", "constant"])
def test_invented(fill_mode: str) -> None:
    """Whatever the fill is, what is moved in from outside is invented: one column of four."""
    found = numbers(sample(np.full((3, 4), 99)), ty=1.0, fill_mode=fill_mode, cval=99)
    assert found == [0.25, 0, 0, 0]


def test_flips_invent_nothing() -> None:
    """A mirrored image has the same pixels."""
    image = sample([[0, 50, 255], [20, 30, 40]])
    assert numbers(image, flip_horizontal=True) == pytest.approx([0, 0, 0, 0])


def test_clipped() -> None:
    """Values that reach white are counted, those that were white or black before are not."""
    found = numbers(sample([[0, 100, 200, 255]]), brightness=1.5)
    assert found[:2] == [0, 0.25]
    assert found[2] == pytest.approx((0 + 150 + 255 + 255 - 555) / 4 / 255)


def test_clipped_values_that_have_moved() -> None:
    """What was white before is known wherever it has moved to; what is filled in is not clipped."""
    image = sample([[255, 255, 200, 100]])
    assert numbers(image, flip_horizontal=True, brightness=1.5)[:2] == [0, 0.25]
    constant = {"fill_mode": "constant", "cval": 0.0, "brightness": 1.5}
    assert numbers(image, ty=-1.0, **constant)[:2] == [0.25, 0.25]


def test_clipped_channels() -> None:
    """Each channel counts for itself, and alpha does not count."""
    pixels = pack(np.array([[[200, 100, 50, 255]]], np.uint8))
    found = numbers(Sample(pixels, (0, 255)), brightness=2.0)
    assert found[1] == pytest.approx(1 / 3)


def test_shifts() -> None:
    """Mean and deviation are told in shares of full scale, of 16 bits and of floats as of 8."""
    for dtype, scale in ((np.uint8, 255), (np.uint16, 65535)):
        image = sample(np.array([[0.2, 0.6]]) * scale, dtype)
        assert numbers(image, brightness=0.5) == pytest.approx([0, 0, -0.2, -0.1], abs=1e-2)
    image = sample([[0.2, 0.6]], np.float32)
    assert numbers(image, brightness=0.5) == pytest.approx([0, 0, -0.2, -0.1], abs=1e-6)
    assert numbers(image, brightness=9.0)[1] == 0  # floats have no end to clip at


@pytest.mark.parametrize(
    "name", ["d4", "affine", "crop", "elastic", "clahe", "hue", "gaussian_blur", "fog", "cutout"]
)
def test_steps(name: str) -> None:
    """Steps of every family can be measured, and keep all numbers within their limits."""
    image = Sample(pack(scene(0)), (0, 255))
    recipe, _ = TRANSFORMS[name]().drawn(np.random.default_rng(0), image.size)
    invented, clipped, *shifts = pixel_numbers(Original.of(image), recipe).tolist()
    assert 0 <= invented < 0.5
    assert 0 <= clipped < 0.5
    assert all(-0.5 < shift < 0.5 for shift in shifts)


def test_lost_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transform of another package that forgets the mask is an error of that source."""
    lose = classmethod(lambda cls, sample, params: Sample(sample.image, sample.levels))
    monkeypatch.setattr(TRANSFORMS["clahe"], "apply", lose)
    with pytest.raises(SourceError, match="mask"):
        numbers(sample(np.eye(8) * 99), op="clahe")


def test_hidden() -> None:
    """What a step hides is invented, even where the mask is not asked to say so."""
    image = sample(np.full((16, 16), 99))
    recipe, _ = TRANSFORMS["cutout"]().drawn(np.random.default_rng(0), image.size)
    found = pixel_numbers(Original.of(image), recipe)
    assert found[0] > 0
    assert found[1] == 0
    assert found[0] == pytest.approx(-found[2] * 255 / 99)


def test_averages() -> None:
    """Sources that cannot be used are left out; without any there are no numbers."""
    measured = [np.array([[0.1, 0, 0, 0]]), None, np.array([[0.3, 0, 0, 1]])]
    assert averaged(["a"], measured) == (PixelNumbers("a", pytest.approx(0.2), 0, 0, 0.5),)
    assert averaged(["a"], [None]) == ()
