"""The ends of ranges."""

# ruff: noqa: RUF012  pydantic copies defaults

from typing import ClassVar

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from augcli.report.ends import Ends, ends_of
from augcli.transforms.base import Params, Size, Transform, drawn_seed, uniform, whole
from augcli.transforms.blur import BoxBlur
from augcli.transforms.ranges import Ranges
from augcli.transforms.settings import Around0, Span, WholeSpan

SIZE = Size(100, 200)


def found(**settings: object) -> list[Ends]:
    """The ends of `ranges` with these settings."""
    return list(ends_of(Ranges.model_validate(settings), SIZE))


def values(ends: Ends, *names: str) -> list[object]:
    """What each end has for a parameter, or for several."""
    rows = [tuple(end.recipe[0][name] for name in names) for end in ends.ends]
    return [row[0] if len(names) == 1 else row for row in rows]


def test_nothing_is_active() -> None:
    """Ranges that change nothing have no ends; a shift of the whole number 1 is one of them."""
    assert found() == []
    assert found(width_shift_range=1, zoom_range=[1, 1], brightness_range=[1, 1]) == []


def test_a_rotation() -> None:
    """Degrees go from -r over 0 to r, and are named with their unit."""
    [ends] = found(rotation_range=15)
    assert ends.setting == "rotation_range: 15"
    assert [end.name for end in ends.ends] == ["low: -15°", "middle: 0°", "high: 15°"]
    assert values(ends, "theta") == [-15, 0, 15]


def test_only_one_parameter_differs() -> None:
    """All else is neutral, but for what says how to fill and to interpolate."""
    ends = found(rotation_range=15, shear_range=5, fill_mode="wrap", interpolation_order=0)[0]
    low, middle, high = (end.recipe[0] for end in ends.ends)
    assert {key for key in low if low[key] != high[key]} == {"theta"}
    assert middle["shear"] == 0
    assert middle["zx"] == middle["brightness"] == 1
    assert (middle["fill_mode"], middle["interpolation_order"]) == ("wrap", 0)


def test_the_forms_of_a_shift() -> None:
    """A fraction is one of its axis; pixels, whole numbers and lists are as they are drawn."""
    for setting, expected in (
        (0.25, [-50, 0, 50]),
        (12.0, [-12, 0, 12]),
        (5, [-4, 0, 4]),
        ([10, 30], [-30, 10, 30]),
        ([0.1, 0, 0.2], [-40, 0, 40]),
    ):
        [ends] = found(width_shift_range=setting)
        assert values(ends, "ty") == expected
    [ends] = found(height_shift_range=0.25)
    assert values(ends, "tx") == [-25, 0, 25]


def test_a_shift_is_written_as_it_is_meant() -> None:
    """1.0 is up to a pixel, and 2 is not 2.0: the fraction stays."""
    assert [found(width_shift_range=v)[0].setting for v in (1.0, 2, [0.1, 0.2])] == [
        "width_shift_range: 1.0",
        "width_shift_range: 2",
        "width_shift_range: [0.1, 0.2]",
    ]


def test_zoom_apart_and_tied() -> None:
    """Rows and columns have a row each, or one together."""
    rows, columns = found(zoom_range=0.25)
    assert values(rows, "zx", "zy") == [(0.75, 1), (1, 1), (1.25, 1)]
    assert values(columns, "zx", "zy") == [(1, 0.75), (1, 1), (1, 1.25)]
    [tied] = found(zoom_range=[0.5, 1.0], zoom_keep_aspect=True)
    assert values(tied, "zx", "zy") == [(0.5, 0.5), (0.75, 0.75), (1, 1)]


def test_the_others() -> None:
    """Shear, channel shift, brightness, and flips that are off or on."""
    shear, levels, brightness, flip = found(
        shear_range=5, channel_shift_range=10, brightness_range=[0.5, 2], vertical_flip=True
    )
    assert values(shear, "shear") == [-5, 0, 5]
    assert values(levels, "channel_shift_intensity") == [-10, 0, 10]
    assert values(brightness, "brightness") == [0.5, 1.25, 2]
    assert values(flip, "flip_vertical") == [False, True]
    assert [end.name for end in flip.ends] == ["off", "on"]


class Haze(Transform):
    """A transform with two ranges, a number and a choice."""

    op: ClassVar[str] = "haze"

    density: Span = [0.0, 0.5]
    count: WholeSpan = [1, 4]
    angle: Around0 = [0.0, 0.0]
    target: list[int] = [3, 4]

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Each of them, and a seed."""
        u = rng.random(3)
        return {
            "density": uniform(u[0], *self.density),
            "count": whole(u[1], *self.count),
            "seed": drawn_seed(u[2]),
        }


def test_any_transform() -> None:
    """Each [low, high] has a row, all else at its middle; pairs that are no range have none."""
    density, count = ends_of(Haze(), SIZE)
    assert density.setting == "haze, density: [0, 0.5]"
    assert [end.name for end in density.ends] == ["low: 0", "middle: 0.25", "high: 0.5"]
    assert values(density, "density", "count") == [(0, 2), (0.25, 2), (0.5, 2)]
    assert values(count, "density", "count") == [(0.25, 1), (0.25, 2), (0.25, 4)]
    assert len({end.recipe[0]["seed"] for end in (*density.ends, *count.ends)}) == 1


def test_a_size_that_has_to_be_odd() -> None:
    """The middle is told as it is drawn: an odd one."""
    [sizes] = ends_of(BoxBlur(kernel_size=[3, 5]), SIZE)
    assert [end.name for end in sizes.ends] == ["low: 3", "middle: 5", "high: 5"]
    assert values(sizes, "kernel_size") == [3, 5, 5]


def test_a_transform_without_ranges() -> None:
    """What has one value for each setting is shown once."""
    [ends] = ends_of(Haze(density=[0.5, 0.5], count=[3, 3]), SIZE)
    assert ends.setting == "haze"
    assert values(ends, "density", "count") == [(0.5, 3)]


@given(
    shift=st.one_of(
        st.floats(0.01, 50), st.integers(2, 50), st.lists(st.floats(0, 90), min_size=1, max_size=4)
    ),
    u=st.floats(0, 1, exclude_max=True),
    sign=st.floats(0, 1, exclude_max=True),
)
def test_no_draw_is_beyond_the_ends(shift: float | list[float], u: float, sign: float) -> None:
    """Whatever is drawn lies between the low and the high end."""
    ranges = Ranges(width_shift_range=shift)

    class Rng:
        def random(self, count: int) -> np.ndarray:
            return np.array([*[u] * 4, sign, *[u] * (count - 5)])

    drawn = ranges.draw(Rng(), SIZE)["ty"]  # type: ignore[arg-type]  all that draw asks of it
    for ends in ends_of(ranges, SIZE):
        low, *_, high = values(ends, "ty")
        assert low <= drawn <= high
