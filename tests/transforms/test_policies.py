"""Published policies: their tables, what they draw, and what comes of it."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray
from PIL import Image
from toning import in_levels, sample_of

from augcli.transforms.base import Operation, Params, Recipe, Sample, Size
from augcli.transforms.instances import instance_of_box
from augcli.transforms.policies import AugMix, AutoAugment, RandAugment, TrivialAugment
from augcli.transforms.policy_tables import (
    AUTO_AUGMENT,
    Scale,
    augmix,
    augmix_all,
    auto_augment,
    narrow,
    wide,
)
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.registry import transform_of

SIZE = Size(331, 662)
COPIES = 2000
POLICIES = [AutoAugment(), RandAugment(n=3, magnitude=[15, 15]), TrivialAugment(), AugMix()]

PAPER = {
    "imagenet": """
        Posterize .4 8 Rotate .6 9 / Solarize .6 5 AutoContrast .6 - /
        Equalize .8 - Equalize .6 - / Posterize .6 7 Posterize .6 6 /
        Equalize .4 - Solarize .2 4 / Equalize .4 - Rotate .8 8 / Solarize .6 3 Equalize .6 - /
        Posterize .8 5 Equalize 1 - / Rotate .2 3 Solarize .6 8 / Equalize .6 - Posterize .4 6 /
        Rotate .8 8 Color .4 0 / Rotate .4 9 Equalize .6 - / Equalize 0 - Equalize .8 - /
        Invert .6 - Equalize 1 - / Color .6 4 Contrast 1 8 / Rotate .8 8 Color 1 2 /
        Color .8 8 Solarize .8 7 / Sharpness .4 7 Invert .6 - / ShearX .6 5 Equalize 1 - /
        Color .4 0 Equalize .6 - / Equalize .4 - Solarize .2 4 /
        Solarize .6 5 AutoContrast .6 - / Invert .6 - Equalize 1 - / Color .6 4 Contrast 1 8 /
        Equalize .8 - Equalize .6 -""",
    "cifar10": """
        Invert .1 - Contrast .2 6 / Rotate .7 2 TranslateX .3 9 /
        Sharpness .8 1 Sharpness .9 3 / ShearY .5 8 TranslateY .7 9 /
        AutoContrast .5 - Equalize .9 - / ShearY .2 7 Posterize .3 7 /
        Color .4 3 Brightness .6 7 / Sharpness .3 9 Brightness .7 9 /
        Equalize .6 - Equalize .5 - / Contrast .6 7 Sharpness .6 5 /
        Color .7 7 TranslateX .5 8 / Equalize .3 - AutoContrast .4 - /
        TranslateY .4 3 Sharpness .2 6 / Brightness .9 6 Color .2 8 / Solarize .5 2 Invert 0 - /
        Equalize .2 - AutoContrast .6 - / Equalize .2 - Equalize .6 - /
        Color .9 9 Equalize .6 - / AutoContrast .8 - Solarize .2 8 /
        Brightness .1 3 Color .7 0 / Solarize .4 5 AutoContrast .9 - /
        TranslateY .9 9 TranslateY .7 9 / AutoContrast .9 - Solarize .8 3 /
        Equalize .8 - Invert .1 - / TranslateY .7 9 AutoContrast .9 -""",
    "svhn": """
        ShearX .9 4 Invert .2 - / ShearY .9 8 Invert .7 - / Equalize .6 - Solarize .6 6 /
        Invert .9 - Equalize .6 - / Equalize .6 - Rotate .9 3 / ShearX .9 4 AutoContrast .8 - /
        ShearY .9 8 Invert .4 - / ShearY .9 5 Solarize .2 6 / Invert .9 - AutoContrast .8 - /
        Equalize .6 - Rotate .9 3 / ShearX .9 4 Solarize .3 3 / ShearY .8 8 Invert .7 - /
        Equalize .9 - TranslateY .6 6 / Invert .9 - Equalize .6 - / Contrast .3 3 Rotate .8 4 /
        Invert .8 - TranslateY 0 2 / ShearY .7 6 Solarize .4 8 / Invert .6 - Rotate .8 4 /
        ShearY .3 7 TranslateX .9 3 / ShearX .1 6 Invert .6 - / Solarize .7 2 TranslateY .6 7 /
        ShearY .8 4 Invert .8 - / ShearX .7 9 TranslateY .8 3 / ShearY .8 5 AutoContrast .7 - /
        ShearX .7 2 Invert .1 -""",
}
"""The tables of AutoAugment's appendix: operation, probability, magnitude, twice for each pair."""

WITHOUT_MAGNITUDE = {"identity", "autocontrast", "equalize", "invert"}
OPERATIONS = {
    *("identity", "autocontrast", "equalize", "rotate", "solarize", "color", "posterize"),
    *("contrast", "brightness", "sharpness", "shear_x", "shear_y", "translate_x", "translate_y"),
}
"""The 14 of RandAugment's section 3."""


def recipe_of(operation: Operation, seed: int, size: Size = SIZE) -> Recipe:
    """What is drawn for one copy."""
    return operation.drawn(np.random.default_rng(seed), size)[0]


def kind(step: Params) -> str:
    """The operation that a step came of."""
    if step["op"] != "affine":
        return {"saturation": "color"}.get(str(step["op"]), str(step["op"]))
    for name in ("shear_x", "shear_y", "translate_x", "translate_y"):
        if step[name]:
            return name
    return "rotate"


def in_names_of_the_tables(written: str) -> list[Any]:
    """The pairs of a table above."""
    names = {"shearx": "shear_x", "sheary": "shear_y"}
    names |= {"translatex": "translate_x", "translatey": "translate_y"}
    pairs = []
    for pair in written.split("/"):
        words = pair.lower().split()
        chances = []
        for word, p, level in (words[:3], words[3:]):
            name = names.get(word, word)
            chances.append((name, float(p), None if level == "-" else int(level)))
        pairs.append(tuple(chances))
    return pairs


@pytest.mark.parametrize("policy", PAPER)
def test_the_pairs_of_auto_augment_are_the_papers(policy: Any) -> None:
    """Each has 25, with these probabilities and magnitudes."""
    assert AUTO_AUGMENT[policy] == in_names_of_the_tables(PAPER[policy])
    assert len(AUTO_AUGMENT[policy]) == 25


def ends(scales: Any) -> dict[str, tuple[float, float]]:
    """The values at the lowest and the highest magnitude, on the upper side."""
    return {name: (scale.value(0, 0.9), scale.value(1, 0.9)) for name, scale in scales.items()}


def test_the_magnitudes_of_rand_augment() -> None:
    """The paper's 14 operations and ranges, in an image of 331 x 662 pixels; AutoAugment's too."""
    expected = dict.fromkeys(WITHOUT_MAGNITUDE - {"invert"}, (0.0, 0.0))
    expected |= dict.fromkeys(("color", "contrast", "brightness", "sharpness"), (1.0, 1.9))
    expected |= {"shear_x": (0, 0.3), "shear_y": (0, 0.3), "rotate": (0, 30)}
    expected |= {"translate_x": (0, 300), "translate_y": (0, 150)}
    expected |= {"posterize": (8, 4), "solarize": (256, 0)}
    assert ends(narrow(SIZE)) == expected
    assert ends(auto_augment(SIZE)) == {**expected, "invert": (0, 0)}
    assert set(narrow(SIZE)) == OPERATIONS


def test_the_magnitudes_of_trivial_augment() -> None:
    """Those of "TA (Wide)"; shifts are in pixels, whatever the size."""
    expected = dict.fromkeys(WITHOUT_MAGNITUDE - {"invert"}, (0.0, 0.0))
    expected |= dict.fromkeys(("color", "contrast", "brightness", "sharpness"), (1.0, 1.99))
    expected |= {"shear_x": (0, 0.99), "shear_y": (0, 0.99), "rotate": (0, 135)}
    expected |= {"translate_x": (0, 32), "translate_y": (0, 32)}
    expected |= {"posterize": (8, 2), "solarize": (256, 0)}
    assert ends(wide(SIZE)) == expected


def test_the_magnitudes_of_augmix() -> None:
    """The authors' nine operations; the four of ImageNet-C only if asked for."""
    expected = {"autocontrast": (0.0, 0.0), "equalize": (0.0, 0.0), "posterize": (4.0, 0.0)}
    expected |= {"rotate": (0, 30), "solarize": (256, 0), "shear_x": (0, 0.3), "shear_y": (0, 0.3)}
    assert ends(augmix(Size(300, 600))) == {
        **expected,
        "translate_x": (0, 200),
        "translate_y": (0, 100),
    }
    extra = {name: ends(augmix_all(SIZE))[name] for name in augmix_all(SIZE).keys() - augmix(SIZE)}
    assert extra == dict.fromkeys(("color", "contrast", "brightness", "sharpness"), (0.1, 1.9))


def test_a_side_for_what_has_two() -> None:
    """Half of the values lie on the other side of the weakest, others have one side alone."""
    assert [Scale(1.0, 1.9, is_mirrored=True).value(0.5, u) for u in (0.49, 0.5)] == [0.55, 1.45]
    assert [Scale(8.0, 4.0).value(0.5, u) for u in (0.49, 0.5)] == [6, 6]
    assert math.copysign(1, Scale(0.0, 30.0, is_mirrored=True).value(0, 0.0)) == 1


@pytest.mark.parametrize("operation", POLICIES, ids=lambda operation: operation.op)
def test_steps_have_the_parameters_that_transforms_draw(operation: Operation) -> None:
    """Each step has just the keys, and the types, of the transform that it names."""
    for step in (step for seed in range(300) for step in recipe_of(operation, seed)):
        transform = transform_of(str(step["op"]))
        drawn = transform().draw(np.random.default_rng(0), SIZE)
        assert step.keys() == {"op", *drawn}
        assert {key: type(step[key]) for key in drawn} == {key: type(drawn[key]) for key in drawn}
        assert json.loads(json.dumps(step)) == step


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_rand_augment_does_n_operations(n: int) -> None:
    """Of n operations, there are n steps but for those that do nothing; all are as frequent."""
    recipes = [recipe_of(RandAugment(n=n), seed) for seed in range(COPIES)]
    assert max(map(len, recipes)) == n
    counts = Counter(kind(step) for recipe in recipes for step in recipe)
    counts["identity"] = n * COPIES - sum(counts.values())
    share = n * COPIES / 14
    assert all(abs(counts[name] - share) <= 4 * share**0.5 for name in OPERATIONS)


def test_trivial_augment_prefers_nothing() -> None:
    """Each operation is as frequent, and so is each of the 31 strengths."""
    recipes = [recipe_of(TrivialAugment(), seed) for seed in range(3 * COPIES)]
    counts = Counter(kind(recipe[0]) if recipe else "identity" for recipe in recipes)
    # At the weakest, a slope or a shift cannot be told from an angle of 0.
    share = len(recipes) / 14
    tones = OPERATIONS - {"rotate", "shear_x", "shear_y", "translate_x", "translate_y"}
    assert all(abs(counts[name] - share) <= 4 * share**0.5 for name in tones)
    thresholds = Counter(r[0]["threshold"] for r in recipes if r and r[0]["op"] == "solarize")
    assert set(thresholds) == {round(256 - 256 * k / 30) for k in range(31)}
    assert {r[0]["bits"] for r in recipes if r and r[0]["op"] == "posterize"} == {*range(2, 9)}


def test_auto_augment_does_pairs_by_their_probabilities() -> None:
    """Of the 25 pairs, each has its share; an operation of probability 1 always happens."""
    recipes = [recipe_of(AutoAugment(), seed) for seed in range(COPIES)]
    assert {len(recipe) for recipe in recipes} == {0, 1, 2}
    expected: dict[str, float] = defaultdict(float)
    for pair in AUTO_AUGMENT["imagenet"]:
        for name, p, _ in pair:
            expected[name] += p * COPIES / 25
    drawn = Counter(kind(step) for recipe in recipes for step in recipe)
    for name, count in expected.items():
        assert abs(drawn[name] - count) <= 5 * count**0.5
    bits = Counter(step["bits"] for recipe in recipes for step in recipe if "bits" in step)
    assert set(bits) == {8 - round(4 * level / 9) for level in (5, 6, 7, 8)}


@pytest.mark.parametrize("magnitude", [0, 3, 30])
def test_a_magnitude_is_bounded(magnitude: float) -> None:
    """Every parameter lies within its range at that magnitude, on either side."""
    share = magnitude / 30
    bounds = {"rotate": 30 * share, "translate_x": 300 * share, "translate_y": 150 * share}
    for seed in range(500):
        for step in recipe_of(RandAugment(n=4, magnitude=[magnitude, magnitude]), seed):
            name = kind(step)
            if name in bounds:
                assert abs(float(step[name] or 0)) in {bounds[name], math.floor(bounds[name])}
            elif "factor" in step:
                assert abs(float(step["factor"] or 0) - 1) == pytest.approx(0.9 * share)


@pytest.mark.parametrize(
    ("settings", "takes"),
    [
        (lambda n: RandAugment(n=n), 21),
        (lambda n: RandAugment(magnitude=[n, 10.0]), 21),
        (lambda n: AutoAugment(policy=("imagenet", "cifar10", "svhn")[n]), 5),
        (lambda _: TrivialAugment(), 3),
        (lambda n: AugMix(mixture_width=n + 1, alpha=0.5), 1),
    ],
)
def test_a_fixed_count_of_random_numbers(settings: Callable[[int], Operation], takes: int) -> None:
    """Whatever is set or drawn, what comes after is drawn from the same numbers."""
    for n in range(3):
        rng, other = np.random.default_rng(n), np.random.default_rng(n)
        settings(n).drawn(rng, SIZE)
        other.random(takes)
        assert rng.random() == other.random()


def photo(height: int = 24, width: int = 32, channels: int = 3) -> NDArray[np.uint8]:
    """A smooth picture with an edge in it."""
    y, x = np.mgrid[:height, :width]
    planes = [120 + 60 * np.sin(x / (4 + k)) + 40 * np.cos(y / 5) for k in range(channels)]
    pixels = np.stack(planes, axis=2)
    pixels[:, width // 2 :] *= 0.8
    return pixels.astype(np.uint8)


def test_a_magnitude_of_0_changes_nothing_but_contrast() -> None:
    """All but equalize and autocontrast, which have no magnitude, leave the image as it is."""
    sample = sample_of(photo())
    weakest = RandAugment(n=1, magnitude=[0.0, 0.0])
    for seed in range(100):
        recipe = recipe_of(weakest, seed, sample.size)
        if not recipe or recipe[0]["op"] not in {"equalize", "autocontrast"}:
            assert_array_equal(apply_recipe(sample, recipe).image, sample.image)


@pytest.mark.parametrize(
    ("name", "matrix"),
    [("shear_x", (1, 0.25, 0, 0, 1, 0)), ("shear_y", (1, 0, 0, 0.25, 1, 0))],
)
def test_shear_is_pillows(name: str, matrix: tuple[float, ...]) -> None:
    """The matrix of the authors' code, which keeps the upper left corner, within a level."""
    pixels = photo(channels=1)
    operation = RandAugment(n=1, magnitude=[25.0, 25.0])
    sample = sample_of(pixels)
    seed = next(
        seed
        for seed in range(1000)
        for step in recipe_of(operation, seed, sample.size)
        if kind(step) == name and float(step[name] or 0) < 0
    )
    ours = apply_recipe(sample, recipe_of(operation, seed, sample.size)).image[..., 0]
    pillow = Image.fromarray(pixels[..., 0]).transform(
        (32, 24), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    inside = (slice(None), slice(0, 24)) if name == "shear_x" else (slice(0, 14), slice(None))
    difference = ours[inside].astype(int) - np.asarray(pillow)[inside]
    assert np.abs(difference[1:, 1:]).max() <= 1


@pytest.mark.parametrize("operation", POLICIES, ids=lambda operation: operation.op)
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_grey_and_alpha(operation: Operation, channels: int) -> None:
    """Every number of channels goes through, and alpha that is all opaque stays that."""
    pixels = photo(channels=channels)
    if channels in {2, 4}:
        pixels[..., -1] = 255
    sample = sample_of(pixels)
    for seed in range(40):
        image = apply_recipe(sample, recipe_of(operation, seed, sample.size)).image
        assert image.shape == pixels.shape
        if channels in {2, 4}:
            assert (image[..., -1] == 255).all()


@pytest.mark.parametrize("operation", POLICIES, ids=lambda operation: operation.op)
@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_other_depths(operation: Operation, dtype: str) -> None:
    """They keep their dtype and their range, whatever is drawn."""
    sample = sample_of(photo(), dtype)
    for seed in range(40):
        image = apply_recipe(sample, recipe_of(operation, seed, sample.size)).image
        assert image.dtype == sample.image.dtype
        assert image.min() >= 0
        assert image.max() <= (65535 if dtype == "uint16" else 1)


def mixed(params: Params, **changes: float | bool) -> Params:
    """Parameters of augmix, some of them changed."""
    return {**params, **changes}


@pytest.fixture
def params() -> Params:
    """Parameters of augmix as they are drawn for one copy."""
    return AugMix(severity=5.0).draw(np.random.default_rng(3), Size(24, 32))


def test_augmix_draws_weights() -> None:
    """The chains' add up to 1; all lie within 0 and 1; more alike with a higher alpha."""
    for alpha in (0.1, 1.0, 50.0):
        spreads = []
        for seed in range(200):
            drawn = AugMix(alpha=alpha).draw(np.random.default_rng(seed), SIZE)
            weights = [float(drawn[f"weight_{k}"] or 0) for k in (1, 2, 3)]
            assert sum(weights) == pytest.approx(1, abs=1e-5)
            assert 0 <= float(drawn["mixture_weight"] or 0) <= 1
            spreads.append(max(weights) - min(weights))
        assert (np.mean(spreads) < 0.2) == (alpha == 50)


def test_augmix_repeats(params: Params) -> None:
    """The recorded parameters give the same image again; another seed, another one."""
    sample = sample_of(photo())
    before = sample.image.copy()
    image = AugMix.apply(sample, params).image
    assert_array_equal(AugMix.apply(sample, json.loads(json.dumps(params))).image, image)
    assert (AugMix.apply(sample, mixed(params, seed=1)).image != image).any()
    assert_array_equal(sample.image, before)


def test_augmix_mixes_the_image_with_its_chains(params: Params) -> None:
    """Half the weight is half the way from the image to the mixture of the chains."""
    sample = sample_of(photo())
    whole, half, none = (
        in_levels(AugMix.apply(sample, mixed(params, mixture_weight=weight)).image)
        for weight in (1.0, 0.5, 0.0)
    )
    assert_array_equal(none, sample.image)
    assert np.abs(half - whole / 2 - none / 2).max() <= 1
    assert (whole != none).any()


def test_augmix_of_one_color(params: Params) -> None:
    """A chain that changes nothing leaves nothing but weights, which add up: white stays white."""
    for dtype in ("uint8", "uint16", "float32"):
        sample = sample_of(np.full((24, 32, 3), 255), dtype)
        moves = mixed(params, severity=0.1, min_depth=1, max_depth=1)
        assert_array_equal(AugMix.apply(sample, moves).image, sample.image)


def test_augmix_in_every_depth(params: Params) -> None:
    """16 bits and floats agree with 8 bits but for what is rounded in the chains."""
    eight = AugMix.apply(sample_of(photo()), params).image
    for dtype in ("uint16", "float32"):
        image = AugMix.apply(sample_of(photo(), dtype), params).image
        assert np.abs(in_levels(image) - in_levels(eight)).max() <= 2


def test_augmix_leaves_targets_alone(params: Params) -> None:
    """Mask and boxes stay with the image that is mixed in unmoved."""
    plain = sample_of(photo())
    box = instance_of_box(0, 4.0, 4.0, 12.0, 12.0, "corners")
    mask = np.arange(24 * 32, dtype=np.uint16).reshape(24, 32, 1)
    sample = Sample(plain.image, plain.levels, mask, (box,))
    done = AugMix.apply(sample, params)
    assert done.mask is mask
    assert done.instances == (box,)
    assert_array_equal(done.image, AugMix.apply(plain, params).image)


def test_augmix_with_all_operations(params: Params) -> None:
    """Brightness is then among them: it alone makes a grey area darker."""
    sample = sample_of(np.full((24, 32, 3), 200))
    images = [
        AugMix.apply(sample, mixed(params, all_ops=True, seed=seed, mixture_weight=1.0)).image
        for seed in range(20)
    ]
    assert min(int(image.max()) for image in images) < 200
