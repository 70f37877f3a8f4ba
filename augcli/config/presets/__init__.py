"""Presets: settings for common kinds of images, and the config that `augcli init` starts from."""

from importlib.resources import files

from augcli.config.names import listed, nearest
from augcli.errors import UsageError

_FOLDER = files(__name__)

PRESETS: tuple[str, ...] = tuple(
    sorted(
        file.name.removesuffix(".yaml") for file in _FOLDER.iterdir() if file.name.endswith(".yaml")
    )
)
"""The names of the presets; each is a commented YAML file of this folder."""

DEFAULT_PRESET = "photos"

_INIT_HEAD = """\
# A config of augcli. Start it with:  augcli expand --config THIS_FILE
# Paths are relative to the folder of this file. What is commented out may stay out.

source: photos             # a folder of images (its sub-folders are classes), a .csv or a .npz
output: photos-augmented   # the copies and their manifest are written here
copies: 4                  # of every image
seed: 0                    # the same seed, the same copies; `random` draws one and records it

save_prefix: aug           # names are <prefix>_<stem>_<copy>
# include_originals: true  # puts the originals beside their copies

# class_mode: categorical  # sparse and binary number the classes; null takes no labels
# classes: [cat, dog]      # take these alone, in the order of their numbers
# follow_links: true       # look into folders behind links
# x_col: filename          # of a .csv: the column of the paths
# y_col: class             # of a .csv: the column of the labels
# weight_col: weight       # of a .csv: the column of the sample weights
# directory: photos        # of a .csv: the folder of the paths; its own when left out
# label_separator: "|"     # of a .csv: what stands between several labels

# validation_split: 0.2    # share that is kept for validation, without copies
# subset: both             # OUTPUT/train and OUTPUT/validation; or training, or validation
# split: hash              # contiguous: the first of each class, which added images move
# group_by: "^[^_]+"       # paths with the same match are not split
# ignore_class_split: true # accept a class in one of the two alone, for an .npz

# masks: masks             # folder of the images' masks; {path: masks, pattern: "{path}.png"}
# annotations: {format: voc, path: Annotations} # boxes, polygons, keypoints: voc, coco or yolo

# target_size: [224, 224]  # height, width; the native size when left out
# interpolation: bilinear  # of that resize: nearest, bilinear, bicubic, lanczos, box, hamming
# keep_aspect_ratio: true  # crop the centre before that resize, rather than distort
# color_mode: keep         # grayscale, rgb or rgba convert
# depth: keep              # 8 reduces 16-bit sources to 8 bits
# max_pixels: 178956970    # larger sources are refused

# statistics: stats.npz    # of `augcli fit`, for featurewise_* and zca_whitening
# fit: {augment: false}    # measure them of augmented copies, `rounds` of each image

# background: [255, 255, 255] # what shows through where a format holds no transparency
# save_scale: minmax       # stretch each picture's contrast to 0-255
# batch_size: 32           # of save_format: npz, copies in a shard
# shuffle: true            # of save_format: npz; false keeps the order of the data set
"""

_INIT_SAVE_OPTIONS = (
    "# save_options: {compression: smallest} # of png: fast, balanced or smallest\n"
)

_INIT_RANGES = {  # the settings of `ranges` that a preset can leave out, in words
    "shear_range": "5            # degrees",
    "zoom_keep_aspect": "true    # one zoom for height and width",
    "brightness_range": "[0.8, 1.2] # factors; 1 changes nothing",
    "channel_shift_range": "10   # levels, added to all colour channels alike",
    "cval": "0                   # level of `fill_mode: constant`",
    "interpolation_order": "1    # between pixels: 0 nearest, 1 linear, 3 cubic",
    "center": "exact             # `keras` turns about Keras' own centre, a pixel off the middle",
    "preprocessing_function": "my_module:my_function # needs --allow-python",
    "rescale": "1/255            # this and what follows needs save_format: npy",
    "samplewise_center": "true   # each image's mean taken off",
    "samplewise_std_normalization": "true # each image divided by its standard deviation",
    "featurewise_center": "true  # the data set's mean taken off",
    "featurewise_std_normalization": "true # divided by the data set's standard deviation",
    "zca_whitening": "true       # correlations between pixels taken out",
    "zca_epsilon": "1.0e-6       # the larger, the less noise ZCA amplifies",
    "dtype": "float32            # compute and save floats; needs save_format: npy",
    "data_format": "channels_first # order of the axes; needs save_format: npy",
}


def preset_text(name: str) -> str:
    """The YAML of a preset.

    Raises:
        UsageError: If there is no preset of that name.
    """
    if name not in PRESETS:
        meant = nearest(name, PRESETS)
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise UsageError(f"unknown preset {name!r} (there are {listed(PRESETS, 'and')}){hint}")
    return (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def init_text(name: str | None = None) -> str:
    """A whole commented config to start from, with the settings of a preset.

    Args:
        name: The preset; photos when None.

    Raises:
        UsageError: If there is no preset of that name.
    """
    preset = preset_text(name or DEFAULT_PRESET)
    save_options = "" if "save_options:" in preset else _INIT_SAVE_OPTIONS
    ranges = (
        f"  # {key}: {value}\n" for key, value in _INIT_RANGES.items() if f"  {key}:" not in preset
    )
    return f"{_INIT_HEAD}{save_options}\n{preset}{''.join(ranges)}"
