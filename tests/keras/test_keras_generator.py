"""`ImageDataGenerator`: arguments, draws, transforms, standardisation, fit."""

import inspect
import math
import re
import warnings
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from augcli.keras import ImageDataGenerator
from augcli.keras.subsets import validation_split_of

Images = NDArray[np.uint8]
MOVES: dict[str, Any] = {
    "rotation_range": 30,
    "width_shift_range": 0.2,
    "height_shift_range": 0.2,
    "shear_range": 15,
    "zoom_range": 0.3,
    "channel_shift_range": 20.0,
    "horizontal_flip": True,
    "vertical_flip": True,
}
SHAPE = (20, 30, 3)


def draws(count: int = 200, **arguments: Any) -> list[dict[str, Any]]:
    """Parameters that one generator draws for images of `SHAPE`."""
    generator = ImageDataGenerator(**arguments)
    return [generator.get_random_transform(SHAPE, seed=seed) for seed in range(count)]


@pytest.mark.parametrize(
    "method",
    [
        "__init__",
        "flow",
        "flow_from_directory",
        "flow_from_dataframe",
        "standardize",
        "get_random_transform",
        "apply_transform",
        "random_transform",
        "fit",
    ],
)
def test_signatures_are_the_references(reference: ModuleType, method: str) -> None:
    """Every method takes the reference's arguments, in its order, with its defaults."""

    def arguments(cls: type) -> list[tuple[str, Any]]:
        parameters = inspect.signature(getattr(cls, method)).parameters.values()
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return [(p.name, p.default) for p in parameters if p.kind == kind]

    assert arguments(ImageDataGenerator) == arguments(reference.ImageDataGenerator)


def test_arguments_stay_as_attributes() -> None:
    """Old code that looks at a generator's settings finds them, zoom as two bounds."""
    generator = ImageDataGenerator(rotation_range=5, zoom_range=0.2, rescale=0.5, cval=3.0)
    assert (generator.rotation_range, generator.rescale, generator.cval) == (5, 0.5, 3.0)
    assert generator.zoom_range == [0.8, 1.2]
    assert (generator.mean, generator.std, generator.principal_components) == (None, None, None)
    assert (generator.row_axis, generator.col_axis, generator.channel_axis) == (1, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"data_format": "channels_middle"}, 'should be "channels_last"'),
        ({"dtype": "float33"}, "expected a dtype"),
        ({"validation_split": 2}, "expected a number from 0 to below 1"),
        ({"validation_split": -0.1}, "expected a number from 0 to below 1"),
        ({"validation_split": "a"}, "expected a number from 0 to below 1"),
        ({"validation_split": (0.1, 0.2)}, "expected a number from 0 to below 1"),
        ({"width_shift_range": "a"}, "expected a fraction below 1, a number of pixels, or a list"),
        ({"height_shift_range": ["a"]}, "expected a fraction below 1"),
        ({"zoom_range": (2, 2, 2)}, "expected a number z between -1 and 1"),
        ({"zoom_range": 1.5}, "expected a number z between -1 and 1"),
        ({"zoom_range": -1.5}, "expected a number z between -1 and 1"),
        ({"zoom_range": "a"}, "expected a number z between -1 and 1"),
        ({"zoom_range": (-1, 2)}, "(low, high) above 0"),
        ({"brightness_range": 0.2}, "expected (low, high), numbers from 0 on"),
        ({"brightness_range": (0.2, 0.4, 0.6)}, "expected (low, high), numbers from 0 on"),
        ({"brightness_range": ("a", 1)}, "expected (low, high), numbers from 0 on"),
        ({"brightness_range": (-1, 1)}, "expected (low, high), numbers from 0 on"),
        ({"rotation_range": 400}, "expected a number from 0 to 360"),
        ({"rotation_range": "a"}, "expected a number from 0 to 360"),
        ({"shear_range": 100}, "expected a number from 0 to below 90"),
        ({"channel_shift_range": math.nan}, "expected a number from 0 to 1000000"),
        ({"fill_mode": "zz"}, "expected nearest, reflect, constant or wrap"),
        ({"cval": None}, "expected a number from -1000000 to 1000000"),
        ({"interpolation_order": 7}, "expected a whole number from 0 to 5"),
        ({"center": "left"}, "expected exact or keras"),
        ({"rescale": "a"}, "expected a factor"),
        ({"rescale": math.nan}, "expected a number"),
        ({"rescale": [1.0, 2.0]}, "expected a number"),
        ({"zca_epsilon": -1}, "expected a number above 0"),
        ({"preprocessing_function": "a"}, "expected a function"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], complaint: str) -> None:
    """A value that an argument cannot have is a ValueError: argument, expectation and value."""
    ((name, value),) = arguments.items()
    with pytest.raises(ValueError, match=f"`{name}`") as error:
        ImageDataGenerator(**arguments)
    assert complaint in str(error.value)
    assert re.search(rf"Received: '?{re.escape(str(value))}'?$", str(error.value))


def test_all_wrong_arguments_are_named() -> None:
    """Several at once are all told, each with its own value."""
    with pytest.raises(ValueError, match=r"`shear_range`.*: -100; `fill_mode`.*: 'zz'$"):
        ImageDataGenerator(shear_range=-100, fill_mode="zz")


@pytest.mark.parametrize("nothing", [None, False, 0])
def test_no_range_may_be_none_or_false(nothing: Any) -> None:
    """What the reference takes for no rotation, shift and shear is none here."""
    names = ("rotation_range", "width_shift_range", "height_shift_range", "shear_range")
    generator = ImageDataGenerator(**dict.fromkeys(names, nothing))
    params = generator.get_random_transform(SHAPE, seed=0)
    assert [params[name] for name in ("theta", "tx", "ty", "shear")] == [0, 0, 0, 0]


def test_rescale_may_be_written_as_a_fraction(images: Images) -> None:
    """1/255 in quotes, as a config has it, is that factor in `flow` and in `fit`."""
    quoted, plain = (
        ImageDataGenerator(rescale=rescale, featurewise_center=True)
        for rescale in ("1/255", 1 / 255)
    )
    for generator in (quoted, plain):
        generator.fit(images)
    assert np.array_equal(quoted.mean, plain.mean)
    assert np.array_equal(next(quoted.flow(images, seed=1)), next(plain.flow(images, seed=1)))


@pytest.mark.parametrize("nothing", [None, False, 0, np.array(0.0)])
def test_no_rescale_may_be_none_or_false(images: Images, nothing: Any) -> None:
    """What the reference takes for no factor is none here, given at first or set later."""
    generator = ImageDataGenerator(rescale=nothing)
    assert np.array_equal(generator.standardize(images.copy()), images)
    generator.rescale = np.array(0.5)
    assert np.array_equal(generator.standardize(images.copy()), images * 0.5)
    generator.rescale = nothing
    assert np.array_equal(generator.standardize(images.copy()), images)


@pytest.mark.parametrize(
    "name", ["validation_split", "zoom_range", "rescale", "rotation_range", "shear_range"]
)
def test_a_number_may_be_of_any_type(images: Images, name: str) -> None:
    """A fraction, NumPy's number and an array of one are the number, whatever the argument."""
    plain = ImageDataGenerator(**{name: 0.25})
    drawn = plain.get_random_transform(SHAPE, seed=0)
    for number in (Fraction(1, 4), np.float32(0.25), np.array(0.25)):
        generator = ImageDataGenerator(**{name: number})
        assert generator.get_random_transform(SHAPE, seed=0) == drawn
        assert np.array_equal(generator.standardize(images), plain.standardize(images))
        assert validation_split_of(generator) == validation_split_of(plain)


def test_arguments_may_be_of_numpy_tuples_and_none() -> None:
    """Values that are no plain Python numbers, and Keras' later Nones, mean what they say."""
    generator = ImageDataGenerator(
        rotation_range=np.int64(10),
        width_shift_range=np.array([1, 2]),
        height_shift_range=np.float32(0.5),
        zoom_range=np.array([0.5, 1.5]),
        brightness_range=(np.float64(0.5), 1),
        dtype=None,
        data_format=None,
        validation_split=None,
    )
    params = generator.get_random_transform(SHAPE, seed=0)
    assert abs(params["ty"]) in {1, 2}
    assert generator.dtype == "float32"
    assert generator.data_format == "channels_last"


def test_nothing_asked_for_nothing_drawn() -> None:
    """Without ranges, the parameters are those that change nothing."""
    still = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}
    flips = {"flip_horizontal": False, "flip_vertical": False}
    assert draws(1) == [{**still, **flips, "channel_shift_intensity": None, "brightness": None}]


def test_rotation_range() -> None:
    """The angle is drawn from [-r, r]; a negative r is the same."""
    angles = [p["theta"] for p in draws(rotation_range=-30)]
    assert -30 <= min(angles) < -25
    assert 25 < max(angles) <= 30


def test_width_shift_range() -> None:
    """A fraction is one of the columns, and moves nothing else."""
    params = draws(width_shift_range=0.1)
    assert max(abs(p["ty"]) for p in params) == pytest.approx(3, rel=0.1)
    assert {p["tx"] for p in params} == {0}


def test_height_shift_range() -> None:
    """A whole number n draws whole pixels below n; a list, one of its values, either way."""
    assert {p["tx"] for p in draws(height_shift_range=3)} == {-2, -1, 0, 1, 2}
    assert {p["tx"] for p in draws(height_shift_range=[0.1, 0.5])} == {-10, -2, 2, 10}
    assert len({p["tx"] for p in draws(height_shift_range=3.0)}) > 100


def test_shear_range() -> None:
    """The shear is drawn from [-s, s], in degrees."""
    assert max(p["shear"] for p in draws(shear_range=10)) == pytest.approx(10, rel=0.1)


def test_zoom_range() -> None:
    """Rows and columns are zoomed apart; bounds may come in either order."""
    params = draws(zoom_range=(1.5, 0.5))
    assert 0.5 <= min(p["zx"] for p in params) < 0.6
    assert 1.4 < max(p["zy"] for p in params) <= 1.5
    assert all(p["zx"] != p["zy"] for p in params)


def test_brightness_range() -> None:
    """Drawn from the range, and None where there is none."""
    assert 0.5 <= min(p["brightness"] for p in draws(brightness_range=(0.5, 2))) < 0.6
    assert draws(1)[0]["brightness"] is None


def test_channel_shift_range() -> None:
    """Drawn from [-c, c], and None where there is none."""
    shifts = [p["channel_shift_intensity"] for p in draws(channel_shift_range=9)]
    assert max(map(abs, shifts)) == pytest.approx(9, rel=0.1)
    assert draws(1)[0]["channel_shift_intensity"] is None


@pytest.mark.parametrize("name", ["horizontal_flip", "vertical_flip"])
def test_flips(name: str) -> None:
    """Half of the images are mirrored, along this axis alone."""
    params = draws(400, **{name: True})
    other = "vertical_flip" if name == "horizontal_flip" else "horizontal_flip"
    key, other_key = ("flip_" + n.removesuffix("_flip") for n in (name, other))
    assert 150 < sum(p[key] for p in params) < 250
    assert not any(p[other_key] for p in params)


def test_switching_one_range_on_leaves_the_others() -> None:
    """Images and masks, whose generators differ in tone alone, are moved alike under one seed."""
    plain = ImageDataGenerator(rotation_range=20, zoom_range=0.2)
    toned = ImageDataGenerator(rotation_range=20, zoom_range=0.2, brightness_range=(0.5, 1.5))
    for seed in range(20):
        masks, pictures = (g.get_random_transform(SHAPE, seed) for g in (plain, toned))
        assert pictures == {**masks, "brightness": pictures["brightness"]}


def test_unseeded_draws_differ_and_leave_numpy_alone() -> None:
    """Without a seed every call draws anew, and NumPy's global state is neither used nor moved."""
    generators = [ImageDataGenerator(rotation_range=180) for _ in range(2)]
    np.random.seed(0)  # noqa: NPY002  the global state is what is tested
    before = np.random.get_state()[1].copy()  # noqa: NPY002  see above
    angles = {g.get_random_transform(SHAPE)["theta"] for g in generators * 5}
    assert len(angles) == 10
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002  see above


def test_settings_may_be_changed_later() -> None:
    """An attribute that is set after the generator was made takes effect."""
    generator = ImageDataGenerator(width_shift_range=2)
    generator.width_shift_range = 2.0
    generator.rotation_range = 40
    params = generator.get_random_transform(SHAPE, seed=3)
    assert params["theta"] != 0
    assert params["ty"] % 1 != 0


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("fill_mode", ["nearest", "reflect", "constant"])
def test_equals_the_reference(
    reference: ModuleType, images: Images, data_format: str, order: int, fill_mode: str
) -> None:
    """Given the same parameters and the reference's centre, float32 results are bit-identical."""
    settings = {
        **MOVES,
        "fill_mode": fill_mode,
        "cval": 7.0,
        "interpolation_order": order,
        "data_format": data_format,
        "rescale": 1 / 255,
    }
    ours = ImageDataGenerator(**settings, center="keras")
    theirs = reference.ImageDataGenerator(**settings)
    for seed, picture in enumerate(images):
        image = picture.astype(np.float32)
        if data_format == "channels_first":
            image = np.moveaxis(image, -1, 0)
        params = ours.get_random_transform(image.shape, seed)
        expected = theirs.standardize(theirs.apply_transform(image, params))
        found = ours.standardize(ours.apply_transform(image, params))
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected)


def test_a_half_turn_keeps_the_frame(images: Images) -> None:
    """The centre is the image's own; the reference's, a pixel off, is to be had by `center`."""
    image = images[0].astype(np.float32)
    half_turn = {"theta": 180}
    exact = ImageDataGenerator().apply_transform(image, half_turn)
    assert np.allclose(exact, image[::-1, ::-1], atol=1e-3)
    off = ImageDataGenerator(center="keras").apply_transform(image, half_turn)
    assert not np.allclose(off, image[::-1, ::-1], atol=1)


def test_wrap_tiles() -> None:
    """`fill_mode="wrap"` repeats the image itself, as Keras' documentation draws it."""
    image = np.arange(4, dtype=np.float32).reshape(1, 4, 1)
    moved = ImageDataGenerator(fill_mode="wrap").apply_transform(image, {"ty": 2})
    assert moved.ravel().tolist() == [2, 3, 0, 1]


def test_constant_fill_takes_cval() -> None:
    """`fill_mode="constant"` with `cval` fills what comes into view."""
    image = np.ones((1, 4, 1), np.float32)
    generator = ImageDataGenerator(fill_mode="constant", cval=9)
    assert generator.apply_transform(image, {"ty": 2}).ravel().tolist() == [1, 1, 9, 9]


def test_empty_parameters_change_nothing(images: Images) -> None:
    """Parameters that are left out do nothing."""
    for image in (images[0], images[0].astype(np.float32)):
        assert np.array_equal(ImageDataGenerator().apply_transform(image, {}), image)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (np.array([100, 200], np.uint8), [150, 255]),
        (np.array([100, 200], np.int64), [150, 255]),
        (np.array([100.0, 200.0], np.float32), [150, 255]),
        (np.array([0.5, 1.0], np.float32), [0.75, 1]),
        (np.array([-2.0, 300.0], np.float32), [-3, 450]),
    ],
)
def test_brightness_multiplies_and_clips(image: NDArray[Any], expected: list[float]) -> None:
    """Neither contrast nor scale changes: images of 0 to 1 stay there."""
    shaped = image.reshape(1, 2, 1)
    found = ImageDataGenerator().apply_transform(shaped, {"brightness": 1.5})
    assert found.dtype == image.dtype
    assert found.ravel().tolist() == expected


def test_integers_are_rounded() -> None:
    """Integer images keep their dtype, and are rounded rather than truncated."""
    image = np.array([[[0], [3]]], np.uint8)
    moved = ImageDataGenerator().apply_transform(image, {"ty": 0.5})
    assert moved.dtype == np.uint8
    assert moved.ravel().tolist() == [2, 3]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtype_is_kept(images: Images, dtype: str) -> None:
    """Batches have the dtype that the generator was given, by name or as a type."""
    for given_as in (dtype, np.dtype(dtype), np.dtype(dtype).type):
        generator = ImageDataGenerator(**MOVES, rescale=0.5, dtype=given_as)
        assert next(generator.flow(images, batch_size=2)).dtype == dtype


def test_random_transform_is_a_draw_applied(images: Images) -> None:
    """`random_transform` is `get_random_transform` and `apply_transform`, by the same seed."""
    generator = ImageDataGenerator(**MOVES)
    image = images[0].astype(np.float32)
    params = generator.get_random_transform(image.shape, seed=5)
    expected = generator.apply_transform(image, params)
    assert np.array_equal(generator.random_transform(image, seed=5), expected)


@given(st.integers(0, 2**32), st.sampled_from([1, 3, 4]), st.booleans())
def test_shape_and_dtype_stay(seed: int, channels: int, is_first: bool) -> None:
    """Whatever is drawn, an image keeps its shape, its dtype and its finite values."""
    order = "channels_first" if is_first else "channels_last"
    generator = ImageDataGenerator(**MOVES, brightness_range=(0.5, 2), data_format=order)
    shape = (channels, 5, 7) if is_first else (5, 7, channels)
    image = np.random.default_rng(seed).random(shape, np.float32)
    moved = generator.random_transform(image, seed)
    assert (moved.shape, moved.dtype) == (image.shape, image.dtype)
    assert np.isfinite(moved).all()


IMPLICATIONS = [
    ("zca_whitening", {"zca_whitening", "featurewise_center"}),
    ("featurewise_std_normalization", {"featurewise_std_normalization", "featurewise_center"}),
    ("samplewise_std_normalization", {"samplewise_std_normalization", "samplewise_center"}),
]


@pytest.mark.parametrize(("asked", "expected"), IMPLICATIONS)
def test_implications_warn(asked: str, expected: set[str]) -> None:
    """A setting that needs another turns it on, and a warning says so."""
    with pytest.warns(UserWarning, match=f"{asked} turns"):
        generator = ImageDataGenerator(**{asked: True})
    switches = {name for name in vars(generator) if name.endswith(("center", "tion", "whitening"))}
    assert {name for name in switches if getattr(generator, name) is True} == expected


def test_zca_turns_std_normalization_off() -> None:
    """As in the reference, whitening takes the place of the division by the deviation."""
    with pytest.warns(UserWarning, match="turns featurewise_std_normalization off"):
        generator = ImageDataGenerator(
            zca_whitening=True, featurewise_center=True, featurewise_std_normalization=True
        )
    assert not generator.featurewise_std_normalization


@pytest.mark.parametrize(
    "settings",
    [
        {"rescale": 1 / 255},
        {"rescale": 0},
        {"samplewise_center": True},
        {"samplewise_center": True, "samplewise_std_normalization": True},
        {"featurewise_center": True},
        {"featurewise_center": True, "featurewise_std_normalization": True, "rescale": 0.1},
        {"featurewise_center": True, "zca_whitening": True, "zca_epsilon": 0.1, "rescale": 1 / 255},
        {"preprocessing_function": lambda image: image * 2 + 1, "samplewise_center": True},
    ],
    ids="+".join,
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_fit_and_standardize_equal_the_reference(
    reference: ModuleType, images: Images, settings: dict[str, Any], data_format: str
) -> None:
    """Means, deviations and standardised images are the reference's."""
    ours = ImageDataGenerator(**settings, data_format=data_format)
    theirs = reference.ImageDataGenerator(**settings, data_format=data_format)
    x = images.astype(np.float32)
    if data_format == "channels_first":
        x = np.moveaxis(x, -1, 1)
    for generator in (ours, theirs):
        generator.fit(x)
    for name in ("mean", "std"):
        expected = getattr(theirs, name)
        if expected is None:
            assert getattr(ours, name) is None
        else:
            assert getattr(ours, name).shape == expected.shape
            assert np.allclose(getattr(ours, name), expected, rtol=1e-6)
    for image in x:
        expected = theirs.standardize(image.copy())
        assert np.allclose(ours.standardize(image.copy()), expected, atol=1e-3)


def test_standardize_changes_floats_in_place(images: Images) -> None:
    """As in Keras, the array itself is changed; integers give a new one."""
    generator = ImageDataGenerator(rescale=0.5)
    x = images.astype(np.float32)
    assert generator.standardize(x) is x
    assert np.array_equal(x, images * np.float32(0.5))
    assert generator.standardize(images).dtype == np.float32


def test_standardize_takes_a_batch_image_by_image(images: Images) -> None:
    """Samplewise settings are about each image of a batch, rather than about the batch."""
    generator = ImageDataGenerator(samplewise_center=True, samplewise_std_normalization=True)
    batch = generator.standardize(images.astype(np.float32))
    assert np.allclose(batch.mean(axis=(1, 2, 3)), 0, atol=1e-5)
    assert np.allclose(batch.std(axis=(1, 2, 3)), 1, atol=1e-4)


@pytest.mark.parametrize("name", ["rescale", "featurewise_center", "zca_whitening"])
def test_a_batch_is_standardised_as_its_images(images: Images, name: str) -> None:
    """A batch at once gives what its images give one by one."""
    on: dict[str, Any] = {"featurewise_center": True, name: 0.5 if name == "rescale" else True}
    generator = ImageDataGenerator(**on)
    generator.fit(images)
    batch = generator.standardize(images.astype(np.float32))
    single = [generator.standardize(image.astype(np.float32)) for image in images]
    assert np.allclose(batch, single, atol=1e-3)


def test_fit_leaves_what_it_does_not_measure(images: Images) -> None:
    """A mean that was set by hand stays, as long as no setting asks to measure one."""
    generator = ImageDataGenerator(rescale=2)
    generator.mean = np.ones(3)
    generator.fit(images)
    assert generator.mean.tolist() == [1, 1, 1]


def test_standardize_without_fit_warns(images: Images) -> None:
    """A setting that needs `fit` is left out before it, with a warning that names it."""
    generator = ImageDataGenerator(featurewise_center=True)
    image = images[0].astype(np.float32)
    with pytest.warns(UserWarning, match="`featurewise_center` is left out"):
        found = generator.standardize(image.copy())
    assert np.array_equal(found, image)


@pytest.mark.parametrize("shape", [(3,), (1, 1, 3), (8, 6, 3)])
def test_mean_may_be_set_by_hand(images: Images, shape: tuple[int, ...]) -> None:
    """Old code that sets `mean` itself, such as that of ImageNet, needs no `fit`."""
    generator = ImageDataGenerator(featurewise_center=True)
    generator.mean = np.full(shape, 2.0)
    found = generator.standardize(images[0].astype(np.float32))
    assert np.array_equal(found, images[0] - np.float32(2))


def test_principal_components_may_be_kept_and_set(images: Images) -> None:
    """ZCA's matrix is symmetric, and another generator that is given it whitens alike."""
    settings: dict[str, Any] = {"featurewise_center": True, "zca_whitening": True}
    first, second = (ImageDataGenerator(**settings) for _ in range(2))
    first.fit(images)
    matrix = first.principal_components
    assert matrix is not None
    assert matrix.shape == (144, 144)
    assert np.allclose(matrix, matrix.T, atol=1e-6 * abs(matrix).max())
    second.mean, second.principal_components = first.mean, matrix
    x = images.astype(np.float32)
    assert np.array_equal(second.standardize(x.copy()), first.standardize(x.copy()))


def test_preprocessing_function_sees_the_users_axes(images: Images) -> None:
    """The function gets one transformed image by `data_format`, before rescale."""
    seen = []

    def remember(image: NDArray[Any]) -> NDArray[Any]:
        seen.append(image.copy())
        return image + 1

    generator = ImageDataGenerator(
        preprocessing_function=remember, rescale=0.5, data_format="channels_first"
    )
    x = np.moveaxis(images, -1, 1)
    batch = next(generator.flow(x, batch_size=2, shuffle=False))
    assert [image.shape for image in seen] == [(3, 8, 6)] * 2
    assert np.array_equal(batch, (x[:2] + np.float32(1)) * np.float32(0.5))


def test_fit_leaves_its_argument_alone(images: Images) -> None:
    """The array that is measured is not changed."""
    x = images.astype(np.float32)
    ImageDataGenerator(featurewise_center=True, rescale=0.5).fit(x)
    assert np.array_equal(x, images)


def test_fit_augment_measures_what_flow_gives() -> None:
    """`augment` measures `rounds` transforms of each image, in the levels that they have in flow.

    The reference rescales first, so that a channel shift in levels is hundreds of times too large.
    """
    x = np.zeros((4, 2, 2, 1), np.float32)
    x[:, 0] = 255
    settings: dict[str, Any] = {"featurewise_center": True, "brightness_range": (0.5, 0.5)}
    generator = ImageDataGenerator(**settings, rescale=1 / 255)
    generator.fit(x, augment=True, rounds=3, seed=1)
    assert generator.mean is not None
    assert generator.mean.ravel() == pytest.approx([0.25])


def test_fit_rounds_and_seed(images: Images) -> None:
    """One seed gives one result; other seeds and rounds, others."""
    generator = ImageDataGenerator(featurewise_center=True, rotation_range=90)

    def mean(**arguments: Any) -> list[float]:
        generator.fit(images, augment=True, **arguments)
        assert generator.mean is not None
        found: list[float] = generator.mean.ravel().tolist()
        return found

    assert mean(seed=1) == mean(seed=1)
    assert mean(seed=1) != mean(seed=2)
    assert mean(seed=1) != mean(seed=1, rounds=2)


@pytest.mark.parametrize("shape", [(8, 8, 3), (0, 8, 8, 3)])
def test_fit_refuses_what_is_no_batch(shape: tuple[int, ...]) -> None:
    """`fit` takes images as an array of rank 4, and at least one."""
    with pytest.raises(ValueError, match=r"rank 4|at least one"):
        ImageDataGenerator(featurewise_center=True).fit(np.zeros(shape))


def test_fit_warns_of_channels_in_the_wrong_place() -> None:
    """Images of five channels are most likely of the other data format."""
    with pytest.warns(UserWarning, match="1, 3 or 4 channels"):
        ImageDataGenerator(featurewise_center=True).fit(np.zeros((4, 8, 8, 5)))


def test_methods_may_be_overridden(images: Images) -> None:
    """A subclass with a transform of its own has it called by the iterators, as old code does."""

    class Cropping(ImageDataGenerator):
        def apply_transform(
            self, x: NDArray[Any], transform_parameters: dict[str, Any]
        ) -> NDArray[Any]:
            return super().apply_transform(x, transform_parameters) * 0

    assert not next(Cropping().flow(images, batch_size=3)).any()


def test_nothing_warns_that_is_right(images: Images) -> None:
    """An ordinary use of everything raises no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        generator = ImageDataGenerator(
            **MOVES, featurewise_center=True, featurewise_std_normalization=True
        )
        generator.fit(images, augment=True)
        next(generator.flow(images, np.arange(10)))
