"""What is measured: the data sets, and the rows with the ratios that augcli is to reach."""

from dataclasses import dataclass

from contenders import PIPELINE, RANGES
from photos import DataSet

START_PHOTOS = 20


@dataclass(frozen=True)
class Rival:
    """A peer in a row, with the target against it: at most one of the two.

    Attributes:
        name: In `contenders.PEERS`.
        at_least: How many times as long as augcli the peer is to take.
        within: How many times as long as the peer augcli may take; for limits.
    """

    name: str
    at_least: float | None = None
    within: float | None = None


@dataclass(frozen=True)
class Row:
    """A comparison of augcli with peers on the same work.

    Attributes:
        title: What the table's heading says.
        data: Key in `data_sets`.
        save_format: "jpeg" or "png".
        rivals: Whom augcli alternates with.
        target_size: Height and width of the copies in pixels; None for the photo's own.
        config: The transforms, as augcli is told them.
    """

    title: str
    data: str
    save_format: str
    rivals: tuple[Rival, ...]
    target_size: tuple[int, int] | None = None
    config: str = RANGES


def data_sets(*, sources: int, large_sources: int) -> dict[str, DataSet]:
    """The data sets of the comparisons."""
    return {
        "photos": DataSet("photos-500x375", (375, 500), sources, distinct=200),
        "small": DataSet("photos-224x224", (224, 224), sources, distinct=200),
        "tiny": DataSet("photos-100x100", (100, 100), sources, distinct=500),
        "large": DataSet("photos-4000x3000", (3000, 4000), large_sources, distinct=4),
    }


def thumbnails(count: int) -> DataSet:
    """Pictures so small that the program around the pixels is what takes time and memory."""
    return DataSet("thumbnails-32x32", (32, 32), count, distinct=500)


def start_photos() -> DataSet:
    """As few photos as a first try has."""
    return DataSet("photos-500x375", (375, 500), START_PHOTOS, distinct=START_PHOTOS)


COMPARISONS = {
    "photos-jpeg": Row(
        "500x375 JPEG to JPEG q95",
        "photos",
        "jpeg",
        (Rival("albumentations", at_least=2.0),),
    ),
    "pipeline-jpeg": Row(
        "500x375 JPEG to JPEG q95, six steps",
        "photos",
        "jpeg",
        (Rival("albumentations-pipeline", at_least=1.5),),
        config=PIPELINE,
    ),
    "photos-png": Row(
        "500x375 JPEG to PNG, everyone's default compression",
        "photos",
        "png",
        (Rival("albumentations", at_least=3.5),),
    ),
    "small-png": Row(
        "224x224 JPEG to PNG, everyone's default compression",
        "small",
        "png",
        (Rival("albumentations", at_least=3.0),),
    ),
    "tiny-jpeg": Row(
        "100x100 JPEG to JPEG q95",
        "tiny",
        "jpeg",
        (Rival("albumentations", at_least=2.0),),
    ),
    "large-jpeg": Row(
        "12 MP JPEG to 224x224 JPEG q95",
        "large",
        "jpeg",
        (Rival("albumentations", at_least=3.0), Rival("albumentations-reduced")),
        target_size=(224, 224),
    ),
    "keras-jpeg": Row(
        "224x224 JPEG to JPEG",
        "small",
        "jpeg",
        (Rival("keras", at_least=15.0),),
        target_size=(224, 224),
    ),
    "keras-png": Row(
        "224x224 JPEG to PNG",
        "small",
        "png",
        (Rival("keras", at_least=30.0),),
        target_size=(224, 224),
    ),
    "augmentor-jpeg": Row(
        "500x375 JPEG to JPEG",
        "photos",
        "jpeg",
        (Rival("augmentor", at_least=15.0),),
    ),
    "augmentor-png": Row(
        "500x375 JPEG to PNG",
        "photos",
        "png",
        (Rival("augmentor", at_least=20.0),),
    ),
    "limits": Row(
        "500x375 JPEG to JPEG q95, against decoding once and encoding N times",
        "photos",
        "jpeg",
        (
            Rival("own-limit-engine", within=1.6),
            Rival("own-limit-pool", within=1.6),
            Rival("pillow-limit"),
        ),
    ),
}

ALONE = {
    "start": f"{START_PHOTOS} photos of 500x375 to JPEG, the whole process, caches warm",
    "nothing": "thumbnails again, with nothing to do",
    "memory": "thumbnails, peak memory of the main process",
}

START_SECONDS = 1.5
NOTHING_SECONDS = 5.0
MEMORY_RATIO = 1.5
