"""Samples that are image files."""

from dataclasses import dataclass

from augcli.datasets.base import Loaded
from augcli.datasets.items import Item
from augcli.images.files import read_bytes, sha256_bytes, sha256_file
from augcli.images.options import Loading


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads image files; the digest of a sample is that of its file.

    Attributes:
        root: Folder that the paths of the samples are relative to.
    """

    root: str

    def load(self, item: Item, loading: Loading) -> Loaded:
        """The picture in the sample's file.

        Raises:
            SourceError: Stage "read" or "decode".
        """
        from augcli.images.decode import decode  # noqa: PLC0415  the parent loads no pixel library

        data = read_bytes(item.file_in(self.root))
        return Loaded(decode(data, loading), sha256_bytes(data))

    def digest(self, item: Item) -> str | None:
        """SHA-256 of the sample's file, None when it cannot be read."""
        try:
            return sha256_file(item.file_in(self.root))
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return None
