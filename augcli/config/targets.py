"""What a config says of masks and annotations, which move with their images."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from augcli.annotations.places import check_pattern
from augcli.config.sources import PathText, source_kind
from augcli.fields import Model, NonNegative, Probability

AnnotationFormat = Literal["voc", "coco", "yolo"]
_PATHS = frozenset({"path", "pattern"})


def _check_pattern(value: str) -> str:
    check_pattern(value)
    return value


def _check_pairs(value: list[list[int]] | None) -> list[list[int]] | None:
    numbers = [number for pair in value or [] for number in pair]
    if len(set(numbers)) < len(numbers) or any(number < 0 for number in numbers):
        raise ValueError("expected pairs of numbers from 0, each number once, such as [[1, 2]]")
    return value


def _mask_folder(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


class Masks(Model):
    """Where the masks are: images whose pixels are ids of classes or objects."""

    path: PathText
    """Folder of the masks; relative to the config's own folder."""
    pattern: Annotated[str, AfterValidator(_check_pattern)] = "{path}.png"
    """Path of an image's mask in that folder. Of the image `cats/a.jpg`, `{path}` is `cats/a`,
    `{folder}` is `cats`, `{name}` is `a.jpg` and `{stem}` is `a`."""
    fill: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    """Id of pixels that are moved in from outside the image; left out, masks go on beyond their
    edges as the images do, by `fill_mode`."""


class Annotations(Model):
    """Where boxes, polygons and keypoints are, and what becomes of them."""

    format: AnnotationFormat
    """`voc`, an XML file for every image; `coco`, one JSON file; `yolo`, a text file for every
    image, and a data.yaml."""
    path: PathText
    """Folder of the XML files; the JSON file; the data.yaml, or the folder of the text files.
    Relative to the config's own folder."""
    min_visibility: Probability = 0.1
    """Objects of which a smaller share is still in the image are dropped."""
    min_area: NonNegative = 0.0
    """Objects whose box has fewer square pixels are dropped."""
    box_method: Literal["corners", "ellipse"] = "corners"
    """What a box is taken for when it is turned: `corners`, the whole box; `ellipse`, the one in
    it, which keeps boxes tighter."""
    flip_pairs: (
        Annotated[
            list[Annotated[list[int], Field(min_length=2, max_length=2)]],
            AfterValidator(_check_pairs),
        ]
        | None
    ) = None
    """Numbers, from 0, of keypoints that change places in a mirror, such as left and right eye;
    left out, they are taken from the annotations."""


class Targeting(Model):
    """Masks and annotations. A mix-in of the config, after its `source` and `save_format`."""

    masks: Annotated[Masks | None, BeforeValidator(_mask_folder)] = None
    """Masks of the images: their folder, or a mapping that says more. Copies get theirs."""
    annotations: Annotations | None = None
    """Boxes, polygons and keypoints of the images. Copies get theirs, in the same form."""

    @field_validator("masks", "annotations")
    @classmethod
    def _check_has_files(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None:
            return value
        source = info.data.get("source")
        if isinstance(source, str) and source_kind(source) == "npz":
            raise ValueError("an .npz has no image files for it; name a folder or .csv as source")
        if info.data.get("save_format") == "npz":
            raise ValueError("shards (save_format: npz) cannot hold it; write save_format: png")
        return value


def target_paths(config: Targeting) -> list[str]:
    """Where a config says that masks and annotations are."""
    return [
        *([] if config.masks is None else [config.masks.path]),
        *([] if config.annotations is None else [config.annotations.path]),
    ]


def digested(values: dict[str, Any]) -> dict[str, Any]:
    """Of a resolved config, what shapes masks and annotations; paths are not among that."""
    settings = {key: values[key] for key in Targeting.model_fields}
    return {
        key: None if value is None else {k: v for k, v in value.items() if k not in _PATHS}
        for key, value in settings.items()
    }
