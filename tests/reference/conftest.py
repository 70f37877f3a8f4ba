"""The reference, Keras-Preprocessing 1.1.2, ready to be called."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from keras_preprocessing import image as keras_image
from numpy.typing import NDArray
from scipy import ndimage

from augcli.transforms.base import Params

AFFINE = ("theta", "tx", "ty", "shear", "zx", "zy", "flip_horizontal", "flip_vertical")


@pytest.fixture
def keras(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`keras_preprocessing.image`, finding SciPy's functions where they are today.

    It calls them by `ndimage.interpolation`, a module that newer SciPy warns of or has no more.
    """
    affine_transformations = keras_image.affine_transformations
    monkeypatch.setattr(affine_transformations, "ndimage", SimpleNamespace(interpolation=ndimage))
    return keras_image


@pytest.fixture
def center(
    request: pytest.FixtureRequest, keras: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The centre to test with, as `center` names it: by default "exact".

    The reference itself turns images about (h/2 + 0.5, w/2 + 0.5). For "exact" it is told of an
    image two pixels smaller, whose centre, so reckoned, is (h/2 - 0.5, w/2 - 0.5).
    """
    chosen: str = getattr(request, "param", "exact")
    if chosen == "exact":
        module = keras.affine_transformations
        original = module.transform_matrix_offset_center
        monkeypatch.setattr(
            module,
            "transform_matrix_offset_center",
            lambda matrix, height, width: original(matrix, height - 2, width - 2),
        )
    return chosen


@pytest.fixture
def apply_reference(keras: ModuleType, center: str) -> Callable[..., NDArray[Any]]:
    """Applies parameters of `ranges`, drawn for `center`, to a float image by the reference.

    Brightness follows the rule instead, multiply and clip to 0-255: the reference's own goes by
    truncated 8-bit pixels, stretched in contrast.
    """

    def apply(image: NDArray[np.floating], params: Params) -> NDArray[Any]:
        assert params["center"] == center
        fill_mode = params["fill_mode"]
        generator = keras.ImageDataGenerator(
            fill_mode="grid-wrap" if fill_mode == "wrap" else fill_mode,
            cval=params["cval"],
            interpolation_order=params["interpolation_order"],
        )
        chosen = {name: params[name] for name in AFFINE}
        if params["channel_shift_intensity"] != 0:
            chosen["channel_shift_intensity"] = params["channel_shift_intensity"]
        moved = generator.apply_transform(image, chosen)
        if params["brightness"] != 1:
            moved = np.clip(moved * params["brightness"], 0, 255)
        return moved

    return apply
