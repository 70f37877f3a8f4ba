"""What transforms and their probability are called elsewhere, for those who come from there."""

TRANSFORMS_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "adjustsharpness": ("sharpness",),
    "autoaugmentpolicy": ("auto_augment",),
    "compose": ("sequence",),
    "elastictransform": ("elastic",),
    "flip": ("horizontal_flip", "vertical_flip"),
    "fliplr": ("horizontal_flip",),
    "flipud": ("vertical_flip",),
    "hflip": ("horizontal_flip",),
    "huesaturationvalue": ("hue", "saturation"),
    "imagecompression": ("jpeg_compression", "webp_compression"),
    "longestmaxsize": ("resize",),
    "multiplicativenoise": ("speckle_noise",),
    "padifneeded": ("pad",),
    "plasmafog": ("fog",),
    "plasmashadow": ("shadow",),
    "randomaffine": ("affine",),
    "randombrightnesscontrast": ("brightness", "contrast"),
    "randomcrop": ("crop",),
    "randomrotate90": ("rot90",),
    "randomrotation": ("affine",),
    "randomscale": ("affine",),
    "randomtonecurve": ("tone_curve",),
    "rotate": ("affine",),
    "rotation": ("affine",),
    "saferotate": ("affine",),
    "shiftscalerotate": ("affine",),
    "smallestmaxsize": ("resize",),
    "togray": ("grayscale",),
    "togrey": ("grayscale",),
    "tosepia": ("sepia",),
    "translate": ("affine",),
    "vflip": ("vertical_flip",),
    "zoom": ("affine",),
}
"""Names in Albumentations, torchvision and in speech, small and without underscores."""

_PROBABILITY = ("prob", "proba", "probability", "chance")


def known_as(name: str) -> tuple[str, ...]:
    """The transforms here, or the key of a step, that do what is called `name` elsewhere."""
    plain = name.lower().replace("_", "").replace("-", "")
    return ("p",) if plain in _PROBABILITY else TRANSFORMS_ELSEWHERE.get(plain, ())
