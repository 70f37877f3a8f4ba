"""Which pictures are found to be alike."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from support import scene

from augcli.inspection.alike import Alike, find_alike
from augcli.inspection.fingerprints import SIDE, Fingerprints, Turn, fingerprint


def prints(*pictures: Image.Image | np.ndarray) -> Fingerprints:
    """The fingerprints of pictures."""
    images = [Image.fromarray(p) if isinstance(p, np.ndarray) else p for p in pictures]
    small = [image.convert("L").resize((SIDE, SIDE), Image.BOX) for image in images]
    return np.stack([fingerprint(np.asarray(image), 255) for image in small])


def saved(picture: np.ndarray, quality: int) -> Image.Image:
    """A picture as a JPEG has it."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return Image.open(file)


@pytest.mark.parametrize("seed", range(4))
def test_saved_again(seed: int) -> None:
    """A poor JPEG, a smaller one, a darker, a grey and a slightly cropped one are found."""
    picture = scene(seed, (200, 150))
    image = Image.fromarray(picture)
    others = [
        saved(picture, 30),
        image.resize((100, 75)),
        (picture * 0.6).astype(np.uint8),
        image.convert("L"),
        image.crop((2, 2, 198, 148)),
    ]
    [group] = find_alike(prints(picture, scene(99), *others))
    assert group == Alike((0, 2, 3, 4, 5, 6), (Turn.NONE,) * 6)
    assert not group.is_turned


def test_turned() -> None:
    """Mirrored and turned pictures are found, with the turn that makes the first one of them."""
    picture = scene(0, (64, 64))
    found = find_alike(prints(scene(1), np.rot90(picture), scene(2), picture, picture[:, ::-1]))
    assert found == [Alike((1, 3, 4), (Turn.NONE, Turn.LEFT, Turn.TRANSPOSED))]
    assert found[0].is_turned


def test_a_symmetric_picture() -> None:
    """Two of one symmetric picture are alike as they are, whatever other turn would do."""
    half = scene(0, (32, 64))
    picture = np.concatenate([half, half[:, ::-1]], axis=1)
    assert find_alike(prints(picture, picture))[0].turns == (Turn.NONE, Turn.NONE)


def test_others_are_not_alike() -> None:
    """Different pictures, and plain ones, are in no group."""
    plain = [np.full((9, 9, 3), level, np.uint8) for level in (0, 0, 255, 255)]
    assert find_alike(prints(*map(scene, range(60)), *plain)) == []
    assert find_alike(prints(scene(0))) == []


def test_similar_subjects() -> None:
    """Where all pictures nearly look the same, that is no finding; identical ones still are."""
    background = scene(0).astype(float)
    similar = [(0.7 * background + 0.3 * scene(seed)).astype(np.uint8) for seed in range(1, 30)]
    found = find_alike(prints(*similar, similar[4]))
    assert [group.members for group in found] == [(4, 29)]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 5), max_size=12))
def test_groups(seeds: list[int]) -> None:
    """Every picture that is there several times is in one group, and no other is in any."""
    pictures = [scene(seed) for seed in seeds]
    found = find_alike(prints(*pictures)) if pictures else []
    expected = {}
    for position, seed in enumerate(seeds):
        expected.setdefault(seed, []).append(position)
    members = sorted(group.members for group in found)
    assert members == sorted(tuple(some) for some in expected.values() if len(some) > 1)
