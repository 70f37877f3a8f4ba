"""The folder of `augcli demo`: photos to try augcli on, drawn when it is made, and a config.

The photos come as they do in real data sets: most are JPEGs, one lies on its side with an EXIF
tag that says so, one is grey, one a TIFF, one has transparent parts, and one is broken.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass

from PIL import ExifTags, Image

from augcli.config.presets import preset_text
from augcli.errors import OutputError, UsageError
from augcli.images.files import explain_output, write_atomic
from augcli.pipeline.interruption import Interruption
from augcli.report.drawing.light import DUSK, EVENING, MORNING, NOON, OVERCAST, Light
from augcli.report.drawing.scenes import Scene, balloon, balloon_alone, boat, draw, house, tree

CONFIG = "augment.yaml"
PHOTOS = "photos"
BROKEN_PHOTO = "tree/tree_6.jpg"

_FIRST_LINE = "# The config of a folder that `augcli demo` made."
_CONFIG_HEAD = f"""\
{_FIRST_LINE}
# Change what you like, and write what that changes:  augcli expand --config THIS_FILE

source: {PHOTOS}                 # its sub-folders are classes
output: {PHOTOS}-augmented       # the copies and their manifest are written here
copies: 4                      # of every photo
seed: 42                       # the same seed, the same copies
save_prefix: aug               # names are <prefix>_<stem>_<copy>

"""

_LANDSCAPE, _PORTRAIT = (320, 240), (240, 320)
_EXIF_TURN_RIGHT = 6  # EXIF 2.3, Orientation: shown a quarter turn clockwise of how it is stored


def _jpeg(image: Image.Image) -> bytes:
    return _saved(image, "JPEG", quality=92)


def _sideways_jpeg(image: Image.Image) -> bytes:
    """As of a camera that was held upright: stored on its side, with a tag that says so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _EXIF_TURN_RIGHT
    on_its_side = image.transpose(Image.Transpose.ROTATE_90)
    return _saved(on_its_side, "JPEG", quality=92, exif=exif)


def _broken_jpeg(image: Image.Image) -> bytes:
    """As of a download that stopped half-way."""
    data = _jpeg(image)
    return data[: len(data) // 2]


def _gray_png(image: Image.Image) -> bytes:
    return _saved(image.convert("L"), "PNG")


def _tiff(image: Image.Image) -> bytes:
    return _saved(image, "TIFF", compression="tiff_lzw")


def _webp(image: Image.Image) -> bytes:
    return _saved(image, "WEBP", quality=90)


def _saved(image: Image.Image, save_format: str, **options: object) -> bytes:
    with io.BytesIO() as file:
        image.save(file, save_format, **options)
        return file.getvalue()


@dataclass(frozen=True, slots=True)
class SamplePhoto:
    """One photo of the sample data set.

    Attributes:
        name: Its path in the data set, with "/" between its parts; also the seed of its drawing.
        scene: What it shows.
        light: At what time of day.
        variant: In which of five colours.
        stored: What makes a file of it.
        size: Width and height in pixels, as it is shown.
    """

    name: str
    scene: Scene
    light: Light
    variant: int
    stored: Callable[[Image.Image], bytes] = _jpeg
    size: tuple[int, int] = _LANDSCAPE

    def file_bytes(self) -> bytes:
        """The photo, drawn, as the bytes of its file."""
        image = draw(self.scene, self.light, self.size, variant=self.variant, seed=self.name)
        return self.stored(image)


SAMPLE_PHOTOS: tuple[SamplePhoto, ...] = (
    SamplePhoto("balloon/balloon_1.jpg", balloon, NOON, 3),
    SamplePhoto("balloon/balloon_2.jpg", balloon, EVENING, 4),
    SamplePhoto("balloon/balloon_3.jpg", balloon, OVERCAST, 1),
    SamplePhoto("balloon/balloon_4.jpg", balloon, MORNING, 2),
    SamplePhoto("balloon/balloon_5.webp", balloon_alone, NOON, 0, _webp, _PORTRAIT),
    SamplePhoto("boat/boat_1.jpg", boat, DUSK, 3),
    SamplePhoto("boat/boat_2.jpg", boat, NOON, 1),
    SamplePhoto("boat/boat_3.jpg", boat, EVENING, 2, _sideways_jpeg, _PORTRAIT),
    SamplePhoto("boat/boat_4.jpg", boat, MORNING, 0),
    SamplePhoto("boat/boat_5.jpg", boat, OVERCAST, 4),
    SamplePhoto("house/house_1.jpg", house, NOON, 0),
    SamplePhoto("house/house_2.jpg", house, EVENING, 1),
    SamplePhoto("house/house_3.jpg", house, DUSK, 2),
    SamplePhoto("house/house_4.png", house, OVERCAST, 3, _gray_png),
    SamplePhoto("house/house_5.jpg", house, MORNING, 4),
    SamplePhoto("tree/tree_1.jpg", tree, EVENING, 0),
    SamplePhoto("tree/tree_2.jpg", tree, DUSK, 1),
    SamplePhoto("tree/tree_3.tif", tree, OVERCAST, 2, _tiff),
    SamplePhoto("tree/tree_4.jpg", tree, MORNING, 3),
    SamplePhoto("tree/tree_5.jpg", tree, NOON, 4),
    SamplePhoto(BROKEN_PHOTO, tree, NOON, 0, _broken_jpeg),
)


def make_demo(folder: str, interruption: Interruption) -> str:
    """A folder with the sample data set and a config for it; what stands of it is kept as it is.

    Args:
        folder: Where; it may be missing, empty or an earlier demo.
        interruption: Tells the drawing to stop.

    Returns:
        Path of the config.

    Raises:
        UsageError: Something else is there; it was not touched.
        OutputError: The folder cannot be written to.
        InterruptedRunError: The drawing was told to stop; the same call goes on from there.
    """
    config = os.path.join(folder, CONFIG)
    try:
        _check_folder(folder, config)
        os.makedirs(folder, exist_ok=True)
        if not os.path.lexists(config):  # first, for it marks the folder as a demo's
            write_atomic(config, (_CONFIG_HEAD + preset_text("photos")).encode())
        for photo in SAMPLE_PHOTOS:
            interruption.check()
            path = os.path.join(folder, PHOTOS, *photo.name.split("/"))
            if not os.path.lexists(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                write_atomic(path, photo.file_bytes())
    except OSError as error:
        raise OutputError(explain_output(error.filename or folder, error)) from error
    return config


def _check_folder(folder: str, config: str) -> None:
    """Refuses what is neither missing nor empty nor an earlier demo."""
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise UsageError(f"{folder} is no folder; name another one: augcli demo DIR")
    if os.listdir(folder) and not _is_demo_config(config):
        raise UsageError(
            f"{folder} holds something else than an earlier demo; name a new folder: "
            f"augcli demo DIR"
        )


def _is_demo_config(path: str) -> bool:
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.readline().rstrip() == _FIRST_LINE.encode()
