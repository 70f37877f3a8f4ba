"""Names of the copies, decided before any work, from the names in one folder alone."""

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

NAME_BYTES = 255
"""Longest file name of the common file systems, in bytes."""
_NUMBER_BYTES = 12  # "_" and a copy number; reserved in full, so more copies rename none
_DIGEST_CHARACTERS = 8


class FolderNames:
    """The names of all copies in one folder; no two are equal, whatever the file system.

    Two sources whose copies would share a name (`a.jpg` and `a.png`) keep their extension in it,
    `a.jpg_0.png`; where that is not enough (`A.jpg` and `a.jpg`, which differ by case alone), a
    digest of the source's name follows. The order of the sources makes no difference. Of the
    names, only the clashes are kept.

    Args:
        names: File names of all images in the folder.
        prefix: `save_prefix`, empty for none.
        extension: Extension of the copies, without the dot.
    """

    def __init__(self, names: Sequence[str], *, prefix: str, extension: str) -> None:
        self._lead = f"{prefix}_" if prefix else ""
        self._extension = extension
        self._room = NAME_BYTES - len(os.fsencode(f"{self._lead}.{extension}")) - _NUMBER_BYTES
        self._clashes: set[int] = set()
        # A name in full may meet another's stem (`a.jpg.png` and `a.jpg`), so look again.
        while clashes := _repeated(map(self._unique_stem, names)) - self._clashes:
            self._clashes |= clashes
        self._digested = (
            self._clashes & _repeated(map(self._unique_stem, names)) if self._clashes else set()
        )

    def stem(self, name: str) -> str:
        """What stands before the number in the names of the copies of `name`."""
        stem = self._unique_stem(name)
        if self._digested and _key(stem) in self._digested:
            stem = f"{stem}-{_digest(name)}"
        return self._lead + self._shortened(stem, name)

    def copy(self, stem: str, number: int | None) -> str:
        """File name of one copy; of the original for None."""
        return f"{stem}_{'original' if number is None else number}.{self._extension}"

    def _unique_stem(self, name: str) -> str:
        stem = os.path.splitext(name)[0]
        return name if self._clashes and _key(stem) in self._clashes else stem

    def _shortened(self, stem: str, name: str) -> str:
        """`stem`, cut to the room there is between two characters, and told apart by a digest."""
        if len(os.fsencode(stem)) <= self._room:
            return stem
        while len(os.fsencode(stem)) > self._room - _DIGEST_CHARACTERS - 1:
            stem = stem[:-1]
        return f"{stem}-{_digest(name)}"


def _repeated(stems: Iterable[str]) -> set[int]:
    """Keys of the stems that occur more than once."""
    keys = sorted(map(_key, stems))
    return {key for key, following in pairwise(keys) if key == following}


def _key(stem: str) -> int:
    """64 bits that are equal for names that some file system takes for the same.

    Such file systems ignore case, or whether an accent is a character of its own.
    """
    folded = (
        stem.lower()
        if stem.isascii()
        else unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())
    )
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _digest(name: str) -> str:
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:_DIGEST_CHARACTERS]
