"""ICC colour profiles: kept while they describe the pixels, dropped when they no longer do."""

_HEADER_SIZE = 128  # ICC.1:2022, section 7.2
_COLOR_SPACE = slice(16, 20)
_SIGNATURE = slice(36, 40)
_SPACE_OF_CHANNELS = {1: b"GRAY", 2: b"GRAY", 3: b"RGB ", 4: b"RGB "}


def fitting_profile(profile: object, channels: int) -> bytes | None:
    """The profile, if it is a whole one for pixels of that many channels; else None.

    A CMYK profile does not fit the RGB pixels made of CMYK, nor an RGB profile grey ones.
    """
    if not isinstance(profile, bytes) or len(profile) < _HEADER_SIZE:
        return None
    if profile[_SIGNATURE] != b"acsp":
        return None
    return profile if profile[_COLOR_SPACE] == _SPACE_OF_CHANNELS[channels] else None
