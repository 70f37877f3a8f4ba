"""Colour profiles stay while they fit."""

import pytest
from PIL import ImageCms

from augcli.images.icc import fitting_profile


def _profile(space: bytes) -> bytes:
    header = bytearray(128)
    header[16:20] = space
    header[36:40] = b"acsp"
    return bytes(header)


@pytest.mark.parametrize(
    ("space", "fits"),
    [(b"RGB ", {3, 4}), (b"GRAY", {1, 2}), (b"CMYK", set()), (b"Lab ", set())],
)
def test_a_profile_fits_its_own_color_space(space: bytes, fits: set[int]) -> None:
    """RGB profiles fit RGB pixels, grey ones grey pixels, others none that are given out."""
    profile = _profile(space)
    assert {channels for channels in (1, 2, 3, 4) if fitting_profile(profile, channels)} == fits


@pytest.mark.parametrize(
    "profile", [None, b"", b"RGB ", bytes(200), "text", _profile(b"RGB ")[:99]]
)
def test_what_is_no_profile_is_dropped(profile: object) -> None:
    """Nothing, scraps and zeros are no profile, and no error."""
    assert fitting_profile(profile, 3) is None


def test_a_real_profile_fits() -> None:
    """The sRGB profile of Little CMS is kept as it is."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert fitting_profile(srgb, 3) == srgb
