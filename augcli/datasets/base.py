"""What every data set can do, whatever it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from augcli.datasets.items import Group, Item
from augcli.datasets.targets import LoadedTargets, TargetDigests, Targets
from augcli.images.options import Loading

if TYPE_CHECKING:
    from augcli.images.decode import Picture


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sample in memory.

    Attributes:
        picture: Its pixels.
        sha256: Digest of what they were read from, in lower-case hexadecimal.
        targets: Its mask and annotations, None where the data set has neither.
    """

    picture: "Picture"
    sha256: str
    targets: LoadedTargets | None = None


class Reader(Protocol):
    """Reads single samples. It is small and can be pickled: every worker gets one."""

    def load(self, item: Item, loading: Loading) -> Loaded:
        """The sample's picture as `loading` asks for it.

        Raises:
            SourceError: It cannot be read or decoded.
        """

    def digest(self, item: Item) -> str | None:
        """The `sha256` that `load` would give, None when the sample cannot be read."""

    def target_digests(self, item: Item) -> TargetDigests:
        """The digests of mask and annotations that `load` would give."""


class DataSet(Protocol):
    """Lists the samples there are. It stays in the parent process."""

    @property
    def reader(self) -> Reader:
        """Reads its samples."""

    @property
    def targets(self) -> Targets | None:
        """Its masks and annotations; None where it has neither."""

    def groups(self) -> Iterator[Group]:
        """The samples in groups, in an order that depends on nothing but the data set."""

    def files(self) -> Iterator[str]:
        """Every file and folder that a run depends on."""

    def explain_empty(self) -> str:
        """What to say when there is no sample at all."""

    def close(self) -> None:
        """Gives back what the data set holds open."""
