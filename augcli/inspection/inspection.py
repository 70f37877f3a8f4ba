"""A data set looked over before a run, for what its owner would want to be told."""

import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.config.sources import source_kind
from augcli.config.traps import Finding
from augcli.datasets.base import DataSet, Reader
from augcli.datasets.files import FileReader
from augcli.datasets.items import Item
from augcli.datasets.open import open_dataset
from augcli.errors import SourceError
from augcli.images.header import read_header
from augcli.images.options import Loading
from augcli.inspection.catalogue import Catalogue, Look
from augcli.inspection.data_traps import find_data_traps
from augcli.inspection.known import Decoded
from augcli.inspection.target_traps import TargetsSeen
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.manifest import NameSet
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.transforms.base import Size

_DECODED = 16  # images, spread over the data set, that are decoded for what no header says


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look at the data set found.

    Attributes:
        findings: What is most likely not meant, in a fixed order.
        failures: The sources that cannot be used, each with what is wrong with it.
    """

    findings: tuple[Finding, ...]
    failures: tuple[str, ...]


def inspect(
    config: Config,
    *,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> Inspection:
    """Looks over all sources, on both sides of a split, whichever of them is to be written.

    Of each file the header is read; the whole of it only where another file has the same size, and
    so may have the same content. A few images are decoded.

    Args:
        config: The resolved config.
        progress: Shows how far it is.
        interruption: Tells it to stop.

    Raises:
        UsageError: The source cannot be used as asked.
        InterruptedRunError: It was told to stop.
    """
    whole = with_all_named(config)
    progress, interruption = progress or SilentProgress(), interruption or Interruption()
    with (
        closing(open_dataset(whole)) as data,
        Catalogue() as catalogue,
        NameSet() as annotated,
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", module=r"PIL\.")  # as in a run, oddities go unsaid
        seen = None if data.targets is None else TargetsSeen(data.targets, config, annotated)
        failures = tuple(_take_in(catalogue, seen, data, config, progress, interruption))
        _compare(catalogue, data.reader, progress, interruption)
        decoded = tuple(_decode_some(data, config, every=max(1, catalogue.images() // _DECODED)))
        findings = list(find_data_traps(config, catalogue, decoded))
        findings += [] if seen is None else seen.findings()
        return Inspection(tuple(findings), failures)


def with_all_named(config: Config) -> Config:
    """The config of both sides of a split, with classes by their names rather than numbers."""
    changes: dict[str, object] = {"subset": "both"}
    is_npz = config.source is not None and source_kind(config.source) == "npz"
    if config.class_mode in {"binary", "sparse"} and not is_npz:
        changes["class_mode"] = "categorical"
    return config.model_copy(update=changes)


def _items(data: DataSet) -> Iterator[Item]:
    for group in data.groups():
        yield from group.samples()


def _take_in(  # noqa: PLR0917  all of them are of different types
    catalogue: Catalogue,
    seen: TargetsSeen | None,
    data: DataSet,
    config: Config,
    progress: Progress,
    interruption: Interruption,
) -> Iterator[str]:
    """Fills the catalogue; yields what is wrong with the sources that cannot be used."""
    sources = sum(1 for _ in _items(data))
    progress.start(copies=sources, sources=sources, unit="images")
    of_array: Look | None = None
    for item in _items(data):
        interruption.check()
        try:
            look = of_array or _look(data.reader, item, config)
            if not isinstance(data.reader, FileReader):
                of_array = look  # all images of an array are alike
            if seen is not None and look.height is not None and look.width is not None:
                seen.add(item, Size(look.height, look.width))
        except SourceError as error:
            look = Look()
            yield f"{item.path}: {error}"
        catalogue.add(item, look)
        progress.advance(1, failures=look.height is None)


def _look(reader: Reader, item: Item, config: Config) -> Look:
    """What a source is like.

    Raises:
        SourceError: It cannot be used.
    """
    if isinstance(reader, FileReader):
        header = read_header(item.file_in(reader.root), config.max_pixels)
        return Look(header.file_size, header.height, header.width, header.jpeg_quality)
    pixels = reader.load(item, Loading(max_pixels=config.max_pixels)).picture.pixels
    return Look(height=pixels.shape[0], width=pixels.shape[1])


def _compare(
    catalogue: Catalogue, reader: Reader, progress: Progress, interruption: Interruption
) -> None:
    """Takes the digests of the sources that may have the same content as another."""
    number = catalogue.number_of_candidates()
    progress.start(copies=number, sources=number, unit="images compared")
    for position, path in catalogue.candidates():
        interruption.check()
        sha256 = reader.digest(Item(path, None, None))
        if sha256 is not None:
            catalogue.add_digest(position, sha256)
        progress.advance(1)


def _decode_some(data: DataSet, config: Config, *, every: int) -> Iterator[Decoded]:
    """Some images as the config reads them, without those that cannot be used."""
    for index, item in enumerate(_items(data)):
        if index % every or index >= every * _DECODED:
            continue
        try:
            pixels = data.reader.load(item, config).picture.pixels
        except SourceError:
            continue
        yield Decoded(item.path, pixels.dtype.name, pixels.shape, float(pixels.max()))
