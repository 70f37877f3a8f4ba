"""Samples that are image files."""

from dataclasses import dataclass

from augcli.datasets.base import Loaded
from augcli.datasets.items import Item
from augcli.datasets.targets import TargetDigests, TargetReader
from augcli.images.files import read_bytes, sha256_bytes, sha256_file
from augcli.images.options import Loading
from augcli.transforms.base import Size


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads image files; the digest of a sample is that of its file.

    Attributes:
        root: Folder that the paths of the samples are relative to.
        targets: Reads their masks and annotations; None where there are none.
    """

    root: str
    targets: TargetReader | None = None

    def load(self, item: Item, loading: Loading) -> Loaded:
        """The picture in the sample's file, and what belongs to it.

        Raises:
            SourceError: Stage "read", "decode", "mask" or "annotations".
        """
        from augcli.images.decode import decode, probe  # noqa: PLC0415  the parent loads no pixels

        data = read_bytes(item.file_in(self.root))
        picture, sha256 = decode(data, loading), sha256_bytes(data)
        if self.targets is None:
            return Loaded(picture, sha256)
        native = Size(*probe(data, Loading(max_pixels=loading.max_pixels)))
        return Loaded(picture, sha256, self.targets.load(item, native, loading))

    def digest(self, item: Item) -> str | None:
        """SHA-256 of the sample's file, None when it cannot be read."""
        try:
            return sha256_file(item.file_in(self.root))
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return None

    def target_digests(self, item: Item) -> TargetDigests:
        """SHA-256 of the files with the sample's mask and annotations."""
        return TargetDigests() if self.targets is None else self.targets.digests(item)
