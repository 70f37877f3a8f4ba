"""Distortions: the fields they make, and what these do to pixels."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.distortion import (
    Elastic,
    GridDistortion,
    OpticalDistortion,
    PiecewiseAffine,
)
from augcli.transforms.moves import FieldMap, Geometric

DISTORTIONS: list[type[Geometric]] = [Elastic, GridDistortion, OpticalDistortion, PiecewiseAffine]
STILL: list[Geometric] = [
    Elastic(alpha=[0.0, 0.0]),
    GridDistortion(distort_limit=[0.0, 0.0]),
    GridDistortion(num_steps=1),
    OpticalDistortion(distort_limit=[0.0, 0.0]),
    PiecewiseAffine(scale=[0.0, 0.0]),
]
FILLING = {"fill_mode": "nearest", "cval": 0.0, "interpolation_order": 1}
SIZE = Size(48, 64)


def name_of(transform: Transform | type[Transform]) -> str:
    """What a test is called after its transform."""
    return transform.op


def field_of(kind: type[Geometric], size: Size = SIZE, **params: float) -> FieldMap:
    """The field that parameters make."""
    plane_map = kind.move({**FILLING, **params}, size).plane_map
    assert isinstance(plane_map, FieldMap)
    return plane_map


def drawn(transform: Transform, seed: int = 0, size: Size = SIZE) -> Params:
    """Parameters by a seed."""
    return transform.draw(np.random.default_rng(seed), size)


def displacements(field: FieldMap) -> NDArray[np.float64]:
    """How far from its own place each pixel looks, (2, height, width)."""
    places = np.indices(field.size)
    return np.stack([field.rows, field.columns]).astype(np.float64) - places


def areas(field: FieldMap) -> NDArray[np.float64]:
    """The input's area between each four neighbouring pixels of the output, by its sign."""
    points = np.stack([field.rows, field.columns]).astype(np.float64)
    down, right = np.diff(points, axis=1)[:, :, :-1], np.diff(points, axis=2)[:, :-1]
    area: NDArray[np.float64] = down[0] * right[1] - down[1] * right[0]
    return area


def picture(channels: int = 3) -> NDArray[np.uint8]:
    """A smooth picture, of which a distortion moves everything."""
    rows, columns = np.indices(SIZE)
    levels = [(rows * 3 + columns * k) % 200 + 20 for k in range(1, channels + 1)]
    return np.stack(levels, axis=-1).astype(np.uint8)


@pytest.mark.parametrize("transform", STILL, ids=name_of)
def test_nothing_drawn_is_nothing_done(transform: Geometric) -> None:
    """Neutral parameters give the identical image, its alpha too."""
    image = picture(4)
    applied = transform.apply(Sample(image, (0, 255)), drawn(transform))
    assert np.array_equal(applied.image, image)


@pytest.mark.parametrize("kind", DISTORTIONS, ids=name_of)
def test_the_defaults_are_seen_and_are_moderate(kind: type[Geometric]) -> None:
    """Some pixels move by more than half a pixel, none by more than a fifth of the image."""
    for seed in range(20):
        field = kind.move(drawn(kind(), seed), SIZE).plane_map
        assert isinstance(field, FieldMap)
        assert 0.5 < np.abs(displacements(field)).max() < 13 or kind is OpticalDistortion
        assert areas(field).min() > 0.05


@pytest.mark.parametrize("kind", DISTORTIONS, ids=name_of)
def test_the_same_parameters_give_the_same_pixels(kind: type[Geometric]) -> None:
    """A recipe is all there is to know; another seed gives something else."""
    sample = Sample(picture(), (0, 255))
    params = drawn(kind())
    once, again = kind.apply(sample, params).image, kind.apply(sample, params).image
    assert np.array_equal(once, again)
    assert once.shape == sample.image.shape
    assert not np.array_equal(once, kind.apply(sample, drawn(kind(), 1)).image)


@pytest.mark.parametrize("kind", DISTORTIONS, ids=name_of)
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_other_depths_agree_with_8_bits(kind: type[Geometric], dtype: type[np.generic]) -> None:
    """Within a level of 255, of the same picture."""
    image, params = picture(), drawn(kind())
    eight = kind.apply(Sample(image, (0, 255)), params).image.astype(np.float64)
    scale, levels = (257, (0, 65535)) if dtype is np.uint16 else (1 / 255, None)
    other = kind.apply(Sample((image * np.float64(scale)).astype(dtype), levels), params).image
    assert other.dtype == dtype
    assert np.abs(other / scale - eight).max() <= 1.01


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_alpha_moves_with_the_image(channels: int) -> None:
    """Every channel is moved alike, whatever it stands for."""
    image = np.repeat(picture(1), channels, axis=2)
    moved = Elastic.apply(Sample(image, (0, 255)), drawn(Elastic())).image
    assert moved.shape == image.shape
    assert (moved == moved[..., :1]).all()


def test_draws_stay_in_their_ranges() -> None:
    """For 1,000 seeds; the manifest's numbers are all there is."""
    for seed in range(1000):
        elastic = drawn(Elastic(alpha=[10.0, 20.0], sigma=[3.0, 4.0]), seed)
        assert 10 <= float(elastic["alpha"] or 0) <= 20
        assert 3 <= float(elastic["sigma"] or 0) <= 4
        assert 0 <= int(elastic["seed"] or 0) < 2**32
        assert 0.1 <= float(drawn(GridDistortion(), seed)["distort"] or 0) <= 0.3
        assert -0.2 <= float(drawn(OpticalDistortion(), seed)["k"] or 0) <= 0.2
        assert 0.01 <= float(drawn(PiecewiseAffine(), seed)["scale"] or 0) <= 0.03


@pytest.mark.parametrize(
    ("kind", "settings_"),
    [
        (Elastic, {"sigma": 0.5}),
        (GridDistortion, {"distort_limit": 1.0}),
        (OpticalDistortion, {"distort_limit": [-0.4, 0.0]}),
        (PiecewiseAffine, {"nb_rows": 1}),
    ],
)
def test_what_would_fold_is_no_setting(kind: type[Geometric], settings_: dict[str, object]) -> None:
    """Nor what the field cannot be made for."""
    with pytest.raises(ValidationError):
        kind.model_validate(settings_)


@pytest.mark.parametrize(("alpha", "sigma"), [(40.0, 6.0), (100.0, 10.0), (2.0, 1.5)])
def test_elastic_displacements_are_as_large_as_said(alpha: float, sigma: float) -> None:
    """Their standard deviation is that of uniform noise, blurred: alpha / (sigma sqrt(12 pi))."""
    ways = displacements(field_of(Elastic, Size(600, 800), alpha=alpha, sigma=sigma, seed=1))
    assert ways.std() == pytest.approx(alpha / (sigma * np.sqrt(12 * np.pi)), rel=0.06)
    assert abs(ways.mean()) < 0.1 * ways.std()


@pytest.mark.parametrize("sigma", [1.5, 5.0, 12.0])
def test_elastic_displacements_are_as_smooth_as_said(sigma: float) -> None:
    """At a distance of 2 sigma their correlation is exp(-1), as that of blurred noise is."""
    ways = displacements(field_of(Elastic, Size(600, 800), alpha=1.0, sigma=sigma, seed=2))
    distance = round(2 * sigma)
    expected = np.exp(-((distance / (2 * sigma)) ** 2))
    for one, other in (
        (ways[:, distance:], ways[:, :-distance]),
        (ways[..., distance:], ways[..., :-distance]),
    ):
        assert np.mean(one * other) / np.mean(ways**2) == pytest.approx(expected, abs=0.08)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (Elastic, {"alpha": 2000.0, "sigma": 5.0}),
        (Elastic, {"alpha": 100.0, "sigma": 1.0}),
        (GridDistortion, {"distort": 0.9, "num_steps": 9}),
        (PiecewiseAffine, {"scale": 1.0, "nb_rows": 3, "nb_cols": 8}),
    ],
)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_nothing_folds(kind: type[Geometric], params: dict[str, float], seed: int) -> None:
    """However strong: no piece of the input is shown turned over."""
    assert areas(field_of(kind, **params, seed=seed)).min() > 0


def test_an_elastic_field_that_does_not_fold_is_as_strong_as_asked() -> None:
    """Half of alpha is half of the displacements."""
    full, half = (
        displacements(field_of(Elastic, alpha=alpha, sigma=8.0, seed=3)) for alpha in (80.0, 40.0)
    )
    assert np.allclose(full, 2 * half, atol=1e-4)


def test_grid_cells_show_cells_of_other_sizes() -> None:
    """Four cells in a row of 16 pixels: equal in the output, of the drawn widths in the input."""
    size = Size(8, 16)
    field = field_of(GridDistortion, size, distort=0.5, num_steps=4, seed=0)
    draws = np.random.Generator(np.random.Philox(0)).random((2, 4))
    sides = 1 + 0.5 * (2 * draws - 1)
    edges = np.concatenate([[0], np.cumsum(sides[1])]) / sides[1].sum() * 16
    places = np.interp(np.arange(16) + 0.5, np.arange(5) * 4.0, edges) - 0.5
    assert np.allclose(field.columns, np.broadcast_to(places, (8, 16)), atol=1e-5)
    assert (field.rows == field.rows[:, :1]).all()
    assert field.rows.min() >= -0.5
    assert field.rows.max() <= 7.5


def test_a_lens_follows_its_formula() -> None:
    """The centre stays; a corner of the image shows what is k farther out."""
    size = Size(3, 5)
    field = field_of(OpticalDistortion, size, k=0.5)
    assert (field.rows[1, 2], field.columns[1, 2]) == (1, 2)
    share = 1 + 0.5 * (1 + 4) / (1.5**2 + 2.5**2)  # the corner pixel's centre, (1, 2) away
    assert field.rows[0, 0] == pytest.approx(1 - share)
    assert field.columns[0, 0] == pytest.approx(2 - 2 * share)
    assert np.allclose(displacements(field), -displacements(field)[:, ::-1, ::-1])


def test_nodes_move_by_their_draws_and_pixels_between_them() -> None:
    """With 2 x 2 nodes, the image's corners move, and its middle by their mean."""
    size = Size(101, 101)
    field = field_of(PiecewiseAffine, size, scale=0.05, nb_rows=2, nb_cols=2, seed=5)
    draws = np.random.Generator(np.random.Philox(5)).standard_normal((2, 2, 2)) * 0.05 * 101
    middle = displacements(field)[:, 50, 50]
    assert np.allclose(middle, np.clip(draws, -24.24, 24.24).mean(axis=(1, 2)), atol=1e-3)


@pytest.mark.parametrize("kind", DISTORTIONS, ids=name_of)
@pytest.mark.parametrize("size", [Size(1, 1), Size(1, 40), Size(40, 1), Size(3, 2)])
def test_the_smallest_images_have_fields_too(kind: type[Geometric], size: Size) -> None:
    """No crash, the same size."""
    image = np.full((*size, 3), 7, np.uint8)
    assert (kind.apply(Sample(image, (0, 255)), drawn(kind(), size=size)).image == image).all()


def digest_of_fields() -> str:
    """A digest of one field of each distortion."""
    digest = hashlib.sha256()
    for kind in DISTORTIONS:
        field = kind.move(drawn(kind(), 3), SIZE).plane_map
        assert isinstance(field, FieldMap)
        digest.update(field.rows.tobytes() + field.columns.tobytes())
    return digest.hexdigest()


def test_every_cpu_makes_the_same_fields(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """With and without the vector instructions of this very CPU, NumPy's and numba's."""
    cache = getattr(pytestconfig, "cache", None)
    numba_cache = cache.mkdir("numba-generic") if cache else tmp_path  # compiling takes a while
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    extras = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    generic = subprocess.run(
        [sys.executable, "-c", "import test_distortion as t; print(t.digest_of_fields())"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
            "NPY_DISABLE_CPU_FEATURES": " ".join(extras),
            "NUMBA_CPU_NAME": "generic",
            "NUMBA_CPU_FEATURES": "",
            "NUMBA_CACHE_DIR": str(numba_cache),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert generic.strip() == digest_of_fields()
