"""What `vignette` does."""

# ruff: noqa: S101  asserts are what tests are for

import numpy as np
from augcli_vignette import Vignette

from augcli.transforms.base import Sample, Size


def test_corners_are_darkened() -> None:
    """Half the strength is lost by the middle of an edge, all of it in a corner."""
    sample = Sample(np.full((3, 3, 1), 200, np.uint8), levels=(0, 255))
    toned = Vignette.apply(sample, {"strength": 0.5}).image
    assert toned[:, :, 0].tolist() == [[100, 150, 100], [150, 200, 150], [100, 150, 100]]


def test_no_strength() -> None:
    """A strength of 0 leaves the image as it is."""
    sample = Sample(np.full((2, 2, 3), 200, np.uint8), levels=(0, 255))
    assert Vignette.apply(sample, {"strength": 0.0}).image is sample.image


def test_alpha_stays() -> None:
    """What is transparent is so to the same degree."""
    sample = Sample(np.full((3, 3, 4), 200, np.uint8), levels=(0, 255))
    toned = Vignette.apply(sample, {"strength": 0.5}).image
    assert (toned[:, :, 3] == 200).all()


def test_draws_are_within_the_range() -> None:
    """Whatever is drawn lies in what was written."""
    vignette = Vignette(strength=[0.2, 0.4])
    draws = [vignette.draw(np.random.default_rng(seed), Size(3, 3)) for seed in range(1000)]
    assert all(0.2 <= params["strength"] <= 0.4 for params in draws)
