"""Single transforms side by side: augcli's settings, and Albumentations' for the same work.

Nothing but the noise, the place and the order is left to chance, so that every call does the same
work. Where the two do not do the same under one name, `differs` says what is different.

Not here are `rot90`, whose turns Albumentations leaves to chance, and what only augcli has.
"""

from dataclasses import dataclass, field
from typing import Any

# OpenCV's numbers, since this is read where OpenCV is not installed too.
LINEAR = 1  # cv2.INTER_LINEAR
AREA = 3  # cv2.INTER_AREA
EDGE = 1  # cv2.BORDER_REPLICATE: augcli's fill_mode nearest


@dataclass(frozen=True)
class Pair:
    """A transform of both.

    Attributes:
        name: Of Albumentations' class.
        theirs: Its arguments.
        ours: The settings of augcli's transform.
        differs: What is not the same; empty if both do the same.
    """

    name: str
    theirs: dict[str, Any] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    differs: str = ""


_OTHER_PICTURE = "another way of drawing it"

PAIRS = {
    # where pixels are
    "horizontal_flip": Pair("HorizontalFlip"),
    "vertical_flip": Pair("VerticalFlip"),
    "transpose": Pair("Transpose"),
    "d4": Pair("D4"),
    "affine": Pair(
        "Affine",
        {
            "rotate": (10, 10),
            "scale": (1.1, 1.1),
            "translate_percent": (0.05, 0.05),
            "shear": {"x": (3, 3), "y": (3, 3)},
            "interpolation": LINEAR,
            "border_mode": EDGE,
        },
        {"rotate": [10, 10], "scale": [1.1, 1.1], "translate": [0.05, 0.05], "shear": [3, 3]},
    ),
    "perspective": Pair(
        "Perspective",
        {"scale": (0.05, 0.05), "interpolation": LINEAR, "border_mode": EDGE},
        {"scale": 0.05},
    ),
    "crop": Pair("RandomCrop", {"height": 338, "width": 450}, {"height": 338, "width": 450}),
    "random_resized_crop": Pair(
        "RandomResizedCrop",
        {"size": (224, 224), "scale": (0.5, 0.5), "ratio": (1, 1), "interpolation": AREA},
        {"size": [224, 224], "scale": 0.5, "ratio": 1},
    ),
    "pad": Pair("Pad", {"padding": 20}, {"pixels": 20}),
    "resize": Pair(
        "Resize",
        {"height": 224, "width": 224, "interpolation": AREA},
        {"height": 224, "width": 224},
    ),
    "elastic": Pair(
        "ElasticTransform",
        {"alpha": 80, "sigma": 10, "interpolation": LINEAR, "border_mode": EDGE},
        {"alpha": 80, "sigma": 10},
    ),
    "grid_distortion": Pair(
        "GridDistortion",
        {"num_steps": 5, "distort_limit": 0.2, "interpolation": LINEAR, "border_mode": EDGE},
        {"num_steps": 5, "distort_limit": 0.2},
    ),
    "optical_distortion": Pair(
        "OpticalDistortion",
        {"distort_limit": (0.2, 0.2), "interpolation": LINEAR, "border_mode": EDGE},
        {"distort_limit": [0.2, 0.2]},
    ),
    "piecewise_affine": Pair(
        "PiecewiseAffine",
        {"scale": 0.02, "nb_rows": 4, "nb_cols": 4, "interpolation": LINEAR, "border_mode": EDGE},
        {"scale": 0.02, "nb_rows": 4, "nb_cols": 4},
    ),
    # how light they are
    "brightness": Pair(
        "RandomBrightnessContrast",
        {"brightness_limit": 0, "contrast_limit": (0.2, 0.2)},  # its contrast multiplies
        {"factor": [1.2, 1.2]},
    ),
    "contrast": Pair(
        "ColorJitter",
        {"brightness": (1, 1), "contrast": (1.2, 1.2), "saturation": (1, 1), "hue": (0, 0)},
        {"factor": [1.2, 1.2]},
    ),
    "gamma": Pair("RandomGamma", {"gamma_limit": (120, 120)}, {"exponent": 1.2}),
    "clahe": Pair(
        "CLAHE", {"clip_limit": (2, 2), "tile_grid_size": (8, 8)}, {"clip_limit": [2, 2]}
    ),
    "equalize": Pair("Equalize"),
    "autocontrast": Pair("AutoContrast", {"cutoff": 1}, {"cutoff": 1}),
    "posterize": Pair("Posterize", {"num_bits": 4}, {"bits": 4}),
    "solarize": Pair("Solarize", {"threshold_range": (0.5, 0.5)}, {"threshold": 128}),
    "invert": Pair("InvertImg"),
    "tone_curve": Pair("RandomToneCurve", {"scale": 0.2}, {"scale": 0.2}),
    # and of what colour
    "hue": Pair(
        "HueSaturationValue",
        {"hue_shift_limit": (10, 10), "sat_shift_limit": 0, "val_shift_limit": 0},  # of 180
        {"degrees": [20, 20]},
    ),
    "saturation": Pair(
        "ColorJitter",
        {"brightness": (1, 1), "contrast": (1, 1), "saturation": (1.2, 1.2), "hue": (0, 0)},
        {"factor": [1.2, 1.2]},
    ),
    "color_jitter": Pair(
        "ColorJitter",
        {
            "brightness": (1.2, 1.2),
            "contrast": (1.2, 1.2),
            "saturation": (1.2, 1.2),
            "hue": (10 / 360, 10 / 360),
        },
        {
            "brightness": [1.2, 1.2],
            "contrast": [1.2, 1.2],
            "saturation": [1.2, 1.2],
            "hue": [10, 10],
        },
    ),
    "rgb_shift": Pair(
        "RGBShift",
        {"r_shift_limit": (20, 20), "g_shift_limit": (10, 10), "b_shift_limit": (-10, -10)},
        {"red": [20, 20], "green": [10, 10], "blue": [-10, -10]},
    ),
    "channel_shuffle": Pair("ChannelShuffle"),
    "channel_dropout": Pair("ChannelDropout"),
    "grayscale": Pair("ToGray"),
    "sepia": Pair("ToSepia", {}, {"strength": 1}),
    "color_temperature": Pair(
        "PlanckianJitter", {"temperature_limit": (5000, 8000)}, {"kelvin": [5000, 8000]}
    ),
    # how sharp
    "gaussian_blur": Pair("GaussianBlur", {"sigma_limit": (1, 1)}, {"sigma": 1}),
    "box_blur": Pair("Blur", {"blur_limit": (5, 5)}, {"kernel_size": 5}),
    "median_blur": Pair("MedianBlur", {"blur_limit": (5, 5)}, {"kernel_size": 5}),
    "motion_blur": Pair(
        "MotionBlur",
        {"blur_limit": (9, 9), "angle_range": (30, 30), "allow_shifted": False},
        {"length": 9, "angle": [30, 30]},
    ),
    "defocus": Pair(
        "Defocus",
        {"radius": (3, 3), "alias_blur": (0.3, 0.3)},
        {"radius": 3, "alias_blur": 0.3},
    ),
    "zoom_blur": Pair(
        "ZoomBlur",
        {"max_factor": (1.1, 1.1), "step_factor": (0.02, 0.02)},
        {"max_factor": 1.1, "step_factor": 0.02},
    ),
    "sharpen": Pair(
        "Sharpen", {"alpha": (0.2, 0.2), "lightness": (1, 1)}, {"alpha": 0.2, "lightness": 1}
    ),
    "unsharp_mask": Pair(
        "UnsharpMask",
        {"blur_limit": (11, 11), "sigma_limit": (1.5, 1.5), "alpha": (1, 1), "threshold": 3},
        {"radius": 1.5, "percent": 100, "threshold": 3},
    ),
    "emboss": Pair(
        "Emboss", {"alpha": (0.3, 0.3), "strength": (0.5, 0.5)}, {"alpha": 0.3, "strength": 0.5}
    ),
    # how clean
    "gaussian_noise": Pair("GaussNoise", {"std_range": (8 / 255, 8 / 255)}, {"std": 8}),
    "shot_noise": Pair(
        "ShotNoise", {"scale_range": (0.005, 0.005)}, {"photons": 200}, "theirs in linear light"
    ),
    "speckle_noise": Pair(
        "MultiplicativeNoise",
        {"multiplier": (0.83, 1.17), "per_channel": True, "elementwise": True},
        {"std": 0.1},
        "theirs is uniform, of the same deviation",
    ),
    "iso_noise": Pair(
        "ISONoise",
        {"color_shift": (0.03, 0.03), "intensity": (0.3, 0.3)},
        {"luma": 5, "chroma": 5},
        "theirs turns hues",
    ),
    "salt_and_pepper": Pair("SaltAndPepper", {"amount": (0.02, 0.02)}, {"amount": 0.02}),
    "jpeg_compression": Pair(
        "ImageCompression",
        {"compression_type": "jpeg", "quality_range": (65, 65)},
        {"quality": 65},
    ),
    "webp_compression": Pair(
        "ImageCompression",
        {"compression_type": "webp", "quality_range": (65, 65)},
        {"quality": 65},
    ),
    "downscale": Pair(
        "Downscale",
        {
            "scale_range": (0.5, 0.5),
            "interpolation_pair": {"downscale": AREA, "upscale": LINEAR},
        },
        {"scale": 0.5},
    ),
    # what is hidden
    "random_erasing": Pair(
        "Erasing",
        {"scale": (0.1, 0.1), "ratio": (1, 1), "fill": "random"},
        {"scale": 0.1, "ratio": 1},
    ),
    "coarse_dropout": Pair(
        "CoarseDropout",
        {
            "num_holes_range": (4, 4),
            "hole_height_range": (0.1, 0.1),
            "hole_width_range": (0.1, 0.1),
        },
        {"num_holes": 4, "hole_height": 0.1, "hole_width": 0.1},
    ),
    "pixel_dropout": Pair("PixelDropout", {"dropout_prob": 0.03}, {"share": 0.03}),
    "grid_dropout": Pair(
        "GridDropout",
        {"ratio": 0.45, "unit_size_range": (75, 76)},
        {"ratio": 0.45, "unit_size": 0.2},
    ),
    # and by what weather
    "fog": Pair("RandomFog", differs=_OTHER_PICTURE),
    "rain": Pair("RandomRain", differs=_OTHER_PICTURE),
    "snow": Pair("RandomSnow", differs=_OTHER_PICTURE),
    "shadow": Pair("RandomShadow", differs="theirs has hard edges"),
    "sun_flare": Pair("RandomSunFlare", differs=_OTHER_PICTURE),
}
