"""What fingerprints keep of a picture, and what they let go."""

import numpy as np
import pytest
from PIL import Image
from support import scene

from augcli.inspection.fingerprints import (
    SIDE,
    TURNS,
    Fingerprints,
    Turn,
    fingerprint,
    hashes,
    is_plain,
    turned,
)

BY_NUMPY = {
    Turn.NONE: lambda a: a,
    Turn.MIRRORED: np.fliplr,
    Turn.UPSIDE_DOWN: np.flipud,
    Turn.HALF: lambda a: np.rot90(a, 2),
    Turn.TRANSPOSED: np.transpose,
    Turn.LEFT: np.rot90,
    Turn.RIGHT: lambda a: np.rot90(a, 3),
    Turn.ANTI_TRANSPOSED: lambda a: np.rot90(a, 2).T,
}


def of_scene(seed: int, scale: float = 255.0) -> Fingerprints:
    """The fingerprint of a made picture."""
    gray = np.asarray(Image.fromarray(scene(seed)).convert("L").resize((SIDE, SIDE)))
    return fingerprint(gray * (scale / 255.0), scale)


@pytest.mark.parametrize("turn", TURNS)
def test_turns(turn: Turn) -> None:
    """A turned fingerprint is that of the turned picture, in each of the eight ways."""
    gray = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE))
    expected = fingerprint(BY_NUMPY[turn](gray), 255)
    np.testing.assert_allclose(turned(fingerprint(gray, 255), turn), expected, atol=1e-6)


def test_length_one() -> None:
    """Fingerprints have length 1, and the mean of the picture is not in them."""
    found = of_scene(1)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-6)
    assert found[0, 0] == 0
    assert found.dtype == np.float32


def test_scale_and_offset() -> None:
    """A picture in other levels, darker or of less contrast has the same fingerprint."""
    gray = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE))
    for other, scale in ((gray * 257, 65535.0), (gray / 255, 1.0), (gray * 0.5 + 9, 255.0)):
        np.testing.assert_allclose(fingerprint(other, scale), fingerprint(gray, 255), atol=1e-6)


@pytest.mark.parametrize(
    "gray",
    [
        np.zeros((SIDE, SIDE)),
        np.full((SIDE, SIDE), np.nan),
        np.where(np.eye(SIDE), np.inf, 0),
        np.random.default_rng(0).normal(99, 1, (SIDE, SIDE)),  # sky with a little noise
        np.broadcast_to(np.linspace(0, 255, SIDE), (SIDE, SIDE)),  # a gradient
    ],
)
def test_plain(gray: np.ndarray) -> None:
    """Flat pictures and gradients look like each other, so they have no fingerprint."""
    assert is_plain(fingerprint(gray, 255))


def test_hashes() -> None:
    """A hash has 64 bits, that of a mirror image differs, and that of a duller picture not."""
    picture, other = of_scene(1), of_scene(2)
    found = hashes(np.stack([picture, turned(picture, Turn.MIRRORED), other, picture * 0.5]))
    assert found.dtype == np.uint64
    assert found.shape == (4,)
    assert np.bitwise_count(found[0] ^ found).tolist()[::3] == [0, 0]
    assert (np.bitwise_count(found[0] ^ found[1:3]) > 14).all()
