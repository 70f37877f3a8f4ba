"""Drawing: what the settings of `ranges` mean, and how random they are."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from augcli.transforms.base import Params, Size, significant
from augcli.transforms.ranges import Ranges

SIZE = Size(height=40, width=200)
EVERYTHING: dict[str, Any] = {
    "rotation_range": 15.0,
    "width_shift_range": 0.1,
    "height_shift_range": 0.2,
    "shear_range": 5.0,
    "zoom_range": 0.1,
    "brightness_range": [0.8, 1.2],
    "channel_shift_range": 10.0,
    "horizontal_flip": True,
    "vertical_flip": True,
}
DRAWN_BY: dict[str, set[str]] = {
    "rotation_range": {"theta"},
    "width_shift_range": {"ty"},
    "height_shift_range": {"tx"},
    "shear_range": {"shear"},
    "zoom_range": {"zx", "zy"},
    "brightness_range": {"brightness"},
    "channel_shift_range": {"channel_shift_intensity"},
    "horizontal_flip": {"flip_horizontal"},
    "vertical_flip": {"flip_vertical"},
}
NUMBERS = set().union(*DRAWN_BY.values()) - {"flip_horizontal", "flip_vertical"}


def draw(transform: Ranges, seed: int, size: Size = SIZE) -> Params:
    return transform.draw(np.random.default_rng(seed), size)


def drawn(transform: Ranges, name: str, copies: int = 400) -> list[Any]:
    return [draw(transform, seed)[name] for seed in range(copies)]


def test_without_settings_nothing_happens() -> None:
    """All ranges are off until they are asked for."""
    assert draw(Ranges(), seed=1) == {
        "theta": 0.0,
        "tx": 0.0,
        "ty": 0.0,
        "shear": 0.0,
        "zx": 1.0,
        "zy": 1.0,
        "flip_horizontal": False,
        "flip_vertical": False,
        "channel_shift_intensity": 0.0,
        "brightness": 1.0,
        "fill_mode": "nearest",
        "cval": 0.0,
        "interpolation_order": 1,
        "center": "exact",
    }


def test_a_recipe_says_all_that_shapes_the_pixels() -> None:
    """The settings that `apply` needs are in the parameters, so that it needs no config."""
    chosen = {
        "fill_mode": "constant",
        "cval": 12.5,
        "interpolation_order": 3,
        "center": "keras",
        "dtype": "float16",
    }
    assert chosen.items() <= draw(Ranges(**chosen), seed=1).items()


# The three forms of a shift


def test_a_float_below_1_is_a_fraction_of_the_side() -> None:
    """0.1 of 200 columns is up to 20 pixels, 0.2 of 40 rows up to 8, both ways."""
    columns = drawn(Ranges(width_shift_range=0.1), "ty")
    rows = drawn(Ranges(height_shift_range=0.2), "tx")
    assert -20 <= min(columns) < -19
    assert 19 < max(columns) <= 20
    assert -8 <= min(rows) < -7.6
    assert 7.6 < max(rows) <= 8


@pytest.mark.parametrize("reach", [1.0, 30.0])
def test_a_float_from_1_on_is_pixels(reach: float) -> None:
    """The size of the image has no say, and the shift need not be whole."""
    shifts = drawn(Ranges(width_shift_range=reach), "ty")
    assert -reach <= min(shifts) < -0.95 * reach
    assert 0.95 * reach < max(shifts) <= reach
    assert not all(shift.is_integer() for shift in shifts)


def test_an_int_is_whole_pixels_below_it() -> None:
    """3 draws from 0, 1 and 2, either way, and 3 itself is never reached."""
    assert set(drawn(Ranges(height_shift_range=3), "tx")) == {-2.0, -1.0, 0.0, 1.0, 2.0}


@pytest.mark.parametrize("trap", [0, 1])
def test_the_ints_0_and_1_never_move(trap: int) -> None:
    """There is no whole number from 0 on below them but 0."""
    assert set(drawn(Ranges(width_shift_range=trap), "ty")) == {0.0}


def test_a_list_is_its_values_either_way() -> None:
    """A list of two is no range from low to high."""
    assert set(drawn(Ranges(width_shift_range=[3, 7.5]), "ty")) == {-7.5, -3.0, 3.0, 7.5}


def test_a_list_of_fractions_is_of_the_side() -> None:
    """All below 1: fractions of the 200 columns."""
    assert set(drawn(Ranges(width_shift_range=[0.1, 0.25]), "ty")) == {-50.0, -20.0, 20.0, 50.0}


def test_a_list_with_a_value_from_1_on_is_pixels() -> None:
    """The largest value decides for all of them."""
    assert set(drawn(Ranges(width_shift_range=[0.5, 1]), "ty")) == {-1.0, -0.5, 0.5, 1.0}


@pytest.mark.parametrize("shift_range", [0, 1, 2, [0], [0.0, 0.5]])
def test_no_shift_is_written_as_plain_zero(shift_range: Any) -> None:
    """A recipe never holds "-0.0"."""
    shifts = drawn(Ranges(width_shift_range=shift_range), "ty")
    assert "-0.0" not in map(str, shifts)


# Flips, zoom


@pytest.mark.parametrize(
    ("setting", "name"),
    [("horizontal_flip", "flip_horizontal"), ("vertical_flip", "flip_vertical")],
)
def test_flips_happen_to_half_of_the_copies(setting: str, name: str) -> None:
    """Give or take four standard deviations; switched off, to none."""
    assert abs(sum(drawn(Ranges(**{setting: True}), name, 2000)) - 1000) < 4 * np.sqrt(500)
    assert not any(drawn(Ranges(**{setting: False}), name))


def test_the_two_flips_are_apart() -> None:
    """All four combinations happen."""
    both = Ranges(horizontal_flip=True, vertical_flip=True)
    pairs = zip(drawn(both, "flip_horizontal"), drawn(both, "flip_vertical"), strict=True)
    assert len(set(pairs)) == 4


def test_zooms_are_drawn_apart() -> None:
    """Rows and columns stretch each by their own factor."""
    zoom = Ranges(zoom_range=0.5)
    zx, zy = drawn(zoom, "zx"), drawn(zoom, "zy")
    assert abs(np.corrcoef(zx, zy)[0, 1]) < 0.2


def test_zooms_can_be_tied() -> None:
    """`zoom_keep_aspect` draws one factor, the one that the rows had before."""
    apart, tied = Ranges(zoom_range=0.5), Ranges(zoom_range=0.5, zoom_keep_aspect=True)
    assert drawn(tied, "zx") == drawn(tied, "zy") == drawn(apart, "zx")


def test_a_zoom_pair_is_low_and_high() -> None:
    """[0.5, 0.8] only ever magnifies."""
    zooms = drawn(Ranges(zoom_range=[0.5, 0.8]), "zx")
    assert 0.5 <= min(zooms) < 0.52
    assert 0.78 < max(zooms) <= 0.8


# What a draw depends on


@pytest.mark.parametrize("name", EVERYTHING)
def test_one_range_switched_off_leaves_the_others_as_they_were(name: str) -> None:
    """Trying out one setting changes nothing else about the copies."""
    without = Ranges(**{key: value for key, value in EVERYTHING.items() if key != name})
    for seed in range(25):
        before, after = draw(Ranges(**EVERYTHING), seed), draw(without, seed)
        changed = {key for key in before if before[key] != after[key]}
        assert changed <= DRAWN_BY[name]


def test_a_draw_is_a_function_of_seed_and_size() -> None:
    """The same two give the same parameters, whatever was drawn or seeded before."""
    np.random.seed(1)  # noqa: NPY002  the global state that must not matter
    first = [draw(Ranges(**EVERYTHING), seed) for seed in range(20)]
    np.random.seed(2)  # noqa: NPY002  the same
    assert [draw(Ranges(**EVERYTHING), seed) for seed in range(20)] == first


def test_a_draw_leaves_global_randomness_alone() -> None:
    """Whoever imports augcli keeps their own random numbers."""
    before = np.random.get_state()[1].tolist()  # noqa: NPY002  the state that is looked at
    draw(Ranges(**EVERYTHING), seed=1)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002  the same


def test_size_decides_over_fractions_alone() -> None:
    """Of an image twice as large the shifts are twice as long, and the rest is the same."""
    for seed in range(25):
        small, large = (draw(Ranges(**EVERYTHING), seed, Size(8 * n, 16 * n)) for n in (1, 2))
        assert {key for key in small if small[key] != large[key]} == {"tx", "ty"}
        assert large["tx"] == pytest.approx(2 * small["tx"], rel=1e-4)
        assert large["ty"] == pytest.approx(2 * small["ty"], rel=1e-4)


def test_every_draw_takes_as_many_numbers() -> None:
    """The generator is left in the same state, so that later steps keep theirs."""
    states = []
    for transform in (Ranges(), Ranges(**EVERYTHING)):
        rng = np.random.default_rng(5)
        transform.draw(rng, SIZE)
        states.append(rng.random())
    assert states[0] == states[1]


# What always holds


def rounded(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, 3))


RANGES = st.builds(
    Ranges,
    rotation_range=rounded(0, 360),
    width_shift_range=st.one_of(rounded(0, 500), st.integers(0, 500)),
    height_shift_range=st.one_of(rounded(0, 0.999), st.lists(rounded(-50, 50), min_size=1)),
    shear_range=rounded(0, 89),
    zoom_range=st.one_of(rounded(0, 0.99), st.tuples(rounded(0.01, 1), rounded(1, 9)).map(list)),
    brightness_range=st.tuples(rounded(0, 1), rounded(1, 9)).map(list),
    channel_shift_range=rounded(0, 255),
)
SIDES = st.integers(1, 5000)


@settings(max_examples=300, deadline=None)
@given(ranges=RANGES, size=st.builds(Size, SIDES, SIDES), seed=st.integers(0, 2**53 - 1))
def test_parameters_keep_within_their_ranges(ranges: Ranges, size: Size, seed: int) -> None:
    """No seed leads a parameter out of what was asked for."""
    params = draw(ranges, seed, size)
    width_shift, height_shift = ranges.width_shift_range, ranges.height_shift_range
    width_unit = size.width if isinstance(width_shift, float) and width_shift < 1 else 1
    heights = height_shift if isinstance(height_shift, list) else [height_shift]
    height_unit = size.height if max(heights) < 1 else 1
    zoom = ranges.zoom_range
    low, high = zoom if isinstance(zoom, list) else (1 - zoom, 1 + zoom)

    assert abs(params["theta"]) <= ranges.rotation_range
    assert abs(params["ty"]) <= width_shift * width_unit
    assert abs(params["tx"]) <= significant(max(map(abs, heights)) * height_unit) + 1e-9
    assert abs(params["shear"]) <= ranges.shear_range
    assert low <= params["zx"] <= high
    assert low <= params["zy"] <= high
    assert ranges.brightness_range[0] <= params["brightness"] <= ranges.brightness_range[1]
    assert abs(params["channel_shift_intensity"]) <= ranges.channel_shift_range


@given(seed=st.integers(0, 2**53 - 1))
def test_parameters_have_six_digits(seed: int) -> None:
    """The manifest shows in full what was done."""
    params = draw(Ranges(**EVERYTHING), seed)
    assert all(params[name] == significant(params[name]) for name in NUMBERS)


# What is refused


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("rotation_range", -1.0, "greater than or equal to 0"),
        ("rotation_range", 361.0, "less than or equal to 360"),
        ("rotation_range", float("nan"), "finite"),
        ("rotation_range", "15", "valid number"),
        ("width_shift_range", -0.1, "0 or more"),
        ("width_shift_range", [], "a fraction below 1"),
        ("width_shift_range", "0.1", "a fraction below 1"),
        ("width_shift_range", True, "a fraction below 1"),
        ("height_shift_range", [1, "2"], "a fraction below 1"),
        ("height_shift_range", float("inf"), "finite numbers"),
        ("height_shift_range", [float("nan")], "finite numbers"),
        ("shear_range", 90.0, "less than 90"),
        ("zoom_range", 1.0, "stays above 0"),
        ("zoom_range", -0.1, "stays above 0"),
        ("zoom_range", [1.2, 0.8], "low <= high"),
        ("zoom_range", [0.0, 1.0], "0 < low"),
        ("zoom_range", [0.5], "or [low, high]"),
        ("zoom_range", "0.5", "or [low, high]"),
        ("zoom_range", float("nan"), "stays above 0"),
        ("brightness_range", [1.2, 0.8], "low <= high"),
        ("brightness_range", [-0.5, 1.0], "greater than or equal to 0"),
        ("brightness_range", 0.5, "valid list"),
        ("channel_shift_range", -1.0, "greater than or equal to 0"),
        ("horizontal_flip", 1, "valid boolean"),
        ("fill_mode", "mirror", "'nearest', 'reflect', 'constant' or 'wrap'"),
        ("interpolation_order", 6, "less than or equal to 5"),
        ("center", "middle", "'exact' or 'keras'"),
        ("dtype", "uint8", "'float16', 'float32' or 'float64'"),
        ("rotaton_range", 15, "not permitted"),
    ],
)
def test_settings_that_make_no_sense_are_refused(setting: str, value: object, said: str) -> None:
    """The error says what would be right."""
    with pytest.raises(ValidationError) as caught:
        Ranges.model_validate({setting: value})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "chosen",
    [
        {"rotation_range": 15},
        {"zoom_range": 0},
        {"zoom_range": [1, 1]},
        {"width_shift_range": [-3, 4.5]},
        {"brightness_range": [1, 2]},
        {"rotation_range": 360.0, "channel_shift_range": 0},
    ],
)
def test_whole_numbers_will_do_for_ranges(chosen: dict[str, Any]) -> None:
    """YAML writes 15 for 15.0."""
    assert draw(Ranges.model_validate(chosen), seed=0)
