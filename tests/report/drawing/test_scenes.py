"""The scenes: what they fill, and what tells one picture from another."""

import pytest
from PIL import Image

from augcli.report.drawing.light import DUSK, NOON, Light
from augcli.report.drawing.scenes import Scene, balloon, balloon_alone, boat, draw, house, tree

SIZE = (64, 48)


def small(
    scene: Scene,
    light: Light = NOON,
    *,
    variant: int = 0,
    seed: str = "a",
    size: tuple[int, int] = SIZE,
) -> Image.Image:
    return draw(scene, light, size, variant=variant, seed=seed)


@pytest.mark.parametrize("scene", [boat, house, tree, balloon])
@pytest.mark.parametrize("size", [(64, 48), (48, 64)])
def test_scenes_fill_their_picture(scene: Scene, size: tuple[int, int]) -> None:
    """A scene leaves no part of a landscape or of a portrait picture free."""
    picture = small(scene, size=size)
    assert (picture.mode, picture.size) == ("RGB", size)


@pytest.mark.parametrize("scene", [boat, house, tree, balloon, balloon_alone])
def test_what_tells_pictures_apart(scene: Scene) -> None:
    """The same arguments give the same pixels; another light, colour or seed gives others."""
    first = small(scene).tobytes()
    assert small(scene).tobytes() == first
    others = (small(scene, DUSK), small(scene, variant=1), small(scene, seed="b"))
    assert all(other.tobytes() != first for other in others)


def test_cut_out() -> None:
    """The lone balloon has a solid middle and free corners."""
    alpha = small(balloon_alone, size=(48, 64)).getchannel("A")
    assert alpha.getpixel((24, 27)) == 255
    assert [alpha.getpixel(corner) for corner in ((0, 0), (47, 0), (0, 63), (47, 63))] == [0] * 4


def test_dusk_is_darker_than_noon() -> None:
    """The light is seen in the picture as a whole."""
    dusk, noon = (
        small(house, light).convert("L").resize((1, 1), Image.Resampling.BOX).tobytes()[0]
        for light in (DUSK, NOON)
    )
    assert dusk < noon
