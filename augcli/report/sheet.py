"""What is on a sheet of pictures, whatever it is drawn as."""

from dataclasses import dataclass

from PIL import Image

GENERATOR = "augcli preview"
"""What a sheet names as its maker, so that the next one may take its place."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture with its caption.

    Attributes:
        picture: RGB or RGBA; None where it could not be made.
        title: First line of the caption.
        text: The rest of it; of what could not be made, why.
        is_original: Whether it is the source itself, which is set off.
    """

    picture: Image.Image | None
    title: str
    text: str
    is_original: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Tiles side by side, under a heading and what goes with it."""

    heading: str
    note: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows below one another, under a title and what goes with it.

    Attributes:
        title: First line.
        subtitle: Second line.
        rows: The rows.
    """

    title: str
    subtitle: str
    rows: tuple[Row, ...]

    @property
    def columns(self) -> int:
        """How many tiles the longest row has, at least one."""
        return max((len(row.tiles) for row in self.rows), default=1)

    @property
    def failures(self) -> list[str]:
        """What could not be made, and why, one text for each reason."""
        texts = (
            f"{row.note or row.heading}: {tile.text}"
            for row in self.rows
            for tile in row.tiles
            if tile.picture is None
        )
        return list(dict.fromkeys(texts))
