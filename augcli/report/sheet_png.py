"""A sheet as one PNG, at most 1,900 pixels wide."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from augcli.report.lettering import clipped, ellipsized, wrapped
from augcli.report.sheet import GENERATOR, Row, Sheet, Tile
from augcli.report.themes import THEMES, Theme

_WIDTH = 1900  # fits a screen of 1920 beside its scroll bar
_MARGIN = 48
_GAP = 20  # between tiles
_PANEL_GAP = 56  # between rows that stand side by side
_BAND_GAP = 40  # below a row
_LARGEST_TILE = 360
_EMPTY_HEIGHT = 96  # of a tile without a picture, where no other makes its row higher
_FRAME = 3  # of the original
_SQUARE = 10  # of the checkerboard
_TITLE, _HEADING, _TEXT = 34, 22, 16  # sizes of type, in pixels
_LINE = 21  # from one line of text to the next
_TEXT_LINES = 10  # most below a tile's title: a pipeline of six steps, in narrow tiles
_HEADER = 112
_HEADING_HEIGHT = 40
_SIGNS = "°…"  # those that the font has, of the signs that a sheet writes
_PIXELATED = 4  # pictures magnified so far show their pixels


def png_bytes(sheet: Sheet, *, theme: str) -> bytes:
    """The sheet as the content of a PNG file, which names augcli as its maker.

    Args:
        sheet: What to draw.
        theme: A key of `THEMES`.
    """
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", GENERATOR)
    out = io.BytesIO()
    draw_sheet(sheet, theme=theme).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def draw_sheet(sheet: Sheet, *, theme: str) -> Image.Image:
    """The sheet as an RGB picture."""
    grid = Grid.of(sheet)
    bands = [
        _Band(sheet.rows[start : start + grid.panels], grid.tile)
        for start in range(0, len(sheet.rows), grid.panels)
    ]
    height = _HEADER + sum(band.height + _BAND_GAP for band in bands) + _MARGIN - _BAND_GAP
    canvas = Image.new("RGB", (grid.width, height), THEMES[theme].page)
    pen = _Pen(canvas, THEMES[theme])
    pen.header(sheet)
    top = _HEADER
    for band in bands:
        for panel, row in enumerate(band.rows):
            pen.row(row, _MARGIN + panel * (grid.panel + _PANEL_GAP), top, grid, band)
        top += band.height + _BAND_GAP
    return canvas


@dataclass(frozen=True, slots=True)
class Grid:
    """Where tiles stand across a sheet: `panels` rows side by side, each of `columns` tiles.

    Attributes:
        panels: Rows side by side.
        columns: Tiles of the longest row.
        tile: Width of a tile, in pixels.
    """

    panels: int
    columns: int
    tile: int

    @classmethod
    def of(cls, sheet: Sheet) -> "Grid":
        """The grid with the largest tiles that fit; short rows stand side by side."""
        columns = sheet.columns
        panels = max(1, min(3, 6 // columns, len(sheet.rows)))
        room = _WIDTH - 2 * _MARGIN - (panels - 1) * _PANEL_GAP - panels * (columns - 1) * _GAP
        return cls(panels, columns, min(_LARGEST_TILE, room // (panels * columns)))

    @property
    def panel(self) -> int:
        """Width of a row, in pixels."""
        return self.columns * self.tile + (self.columns - 1) * _GAP

    @property
    def width(self) -> int:
        """Width of the sheet, in pixels."""
        return 2 * _MARGIN + self.panels * self.panel + (self.panels - 1) * _PANEL_GAP


class _Band:
    """Rows side by side, whose tiles share one height.

    Args:
        rows: The rows.
        tile: Width of a tile.
    """

    def __init__(self, rows: tuple[Row, ...], tile: int) -> None:
        self.rows = rows
        tiles = [entry for row in rows for entry in row.tiles]
        self.box = max(_height(entry, tile) for entry in tiles)
        lines = max(len(caption(entry, tile)) for entry in tiles)
        self.height = _HEADING_HEIGHT + self.box + 10 + _LINE * (1 + lines)


class _Type(NamedTuple):
    """How a text looks: its size in pixels, and its colour."""

    size: int
    color: str


class _Pen:
    """Draws on a canvas, in the colours of a theme."""

    def __init__(self, canvas: Image.Image, theme: Theme) -> None:
        self._canvas = canvas
        self._draw = ImageDraw.Draw(canvas)
        self._theme = theme

    def header(self, sheet: Sheet) -> None:
        """The title, what goes with it, and a line below them."""
        width = self._canvas.width - 2 * _MARGIN
        self._text((_MARGIN, 28), sheet.title, _Type(_TITLE, self._theme.ink), width)
        self._text((_MARGIN, 72), sheet.subtitle, _Type(_TEXT, self._theme.faint), width)

    def row(self, row: Row, left: int, top: int, grid: Grid, band: _Band) -> None:
        """One row with its heading."""
        middle = top + _HEADING_HEIGHT // 2 - 6
        used = self._text(
            (left, middle), row.heading, _Type(_HEADING, self._theme.ink), grid.panel, "lm"
        )
        room = grid.panel - used - 14
        if row.note and room > 40:
            at = (left + used + 14, middle + 2)
            self._text(at, row.note, _Type(_TEXT, self._theme.faint), room, "lm")
        for column, tile in enumerate(row.tiles):
            at_left = left + column * (grid.tile + _GAP)
            self._tile(tile, at_left, top + _HEADING_HEIGHT, grid.tile, band.box)

    def _tile(self, tile: Tile, left: int, top: int, width: int, height: int) -> None:
        if tile.picture is None:
            self._empty(left, top, width, height)
        else:
            self._picture(tile, tile.picture, left, top, width)
        top += height + 10
        title_color = self._theme.accent if tile.is_original else self._theme.ink
        if tile.picture is None:
            title_color = self._theme.alarm
        self._text((left, top), tile.title, _Type(_TEXT, title_color), width)
        for line in caption(tile, width):
            top += _LINE
            self._text((left, top), line, _Type(_TEXT, self._theme.faint), width)

    def _picture(self, tile: Tile, picture: Image.Image, left: int, top: int, width: int) -> None:
        resized = resize_to(picture, fitted(picture.size, width))
        right, bottom = left + resized.width, top + resized.height
        if tile.is_original:
            frame = (left - _FRAME - 1, top - _FRAME - 1, right + _FRAME, bottom + _FRAME)
            self._draw.rectangle(frame, outline=self._theme.accent, width=_FRAME)
        else:  # white pictures on a light page, and black ones on a dark one, need an edge
            self._draw.rectangle((left - 1, top - 1, right, bottom), outline=self._theme.line)
        if resized.mode == "RGBA":
            self._canvas.paste(checkerboard(resized.size, self._theme), (left, top))
            self._canvas.paste(resized, (left, top), resized)
        else:
            self._canvas.paste(resized, (left, top))

    def _empty(self, left: int, top: int, width: int, height: int) -> None:
        """A tile without a picture."""
        right, bottom = left + width - 1, top + height - 1
        self._draw.rectangle((left, top, right, bottom), self._theme.panel, self._theme.line)
        middle, half = (left + right) // 2, (top + bottom) // 2
        for sign in (-1, 1):
            ends = (middle - 16, half - 16 * sign, middle + 16, half + 16 * sign)
            self._draw.line(ends, fill=self._theme.alarm, width=3)

    def _text(
        self, at: tuple[int, int], text: str, look: _Type, room: int, anchor: str = "la"
    ) -> int:
        """One line of text, cut to the room there is; gives its width."""
        line = ellipsized(printable(text), room, lambda part: text_width(part, look.size))
        self._draw.text(at, line, fill=look.color, font=_font(look.size), anchor=anchor)
        return text_width(line, look.size)


def _height(tile: Tile, width: int) -> int:
    """Height of a tile's picture, in pixels."""
    return _EMPTY_HEIGHT if tile.picture is None else fitted(tile.picture.size, width)[1]


def caption(tile: Tile, width: int) -> list[str]:
    """The lines below a tile's title: as many as it takes, and what is beyond the last is cut."""

    def measure(part: str) -> int:
        return text_width(part, _TEXT)

    lines = wrapped(printable(tile.text), width, measure, most=_TEXT_LINES)
    if len(lines) == _TEXT_LINES:
        lines[-1] = clipped(lines[-1], width, measure)
    return lines


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Width and height, in a square of `side`, of a picture of `size`.

    A picture that is magnified so far that its pixels show is magnified by a whole number.
    """
    width, height = size
    scale = side / max(width, height)
    if scale >= _PIXELATED:
        return width * int(scale), height * int(scale)
    return max(1, round(width * scale)), max(1, round(height * scale))


def resize_to(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture at `size`; with hard pixels where it is magnified so far that they show."""
    is_pixelated = size[0] >= _PIXELATED * picture.width
    return picture.resize(
        size, Image.Resampling.NEAREST if is_pixelated else Image.Resampling.LANCZOS
    )


def checkerboard(size: tuple[int, int], theme: Theme) -> Image.Image:
    """What shows through transparent pixels."""
    board = Image.new("RGB", size, theme.check_light)
    draw = ImageDraw.Draw(board)
    for left, top in _squares(size):
        square = (left, top, left + _SQUARE - 1, top + _SQUARE - 1)
        draw.rectangle(square, theme.check_dark)
    return board


def _squares(size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The left top corners of the dark squares."""
    for top in range(0, size[1], _SQUARE):
        for left in range(top // _SQUARE % 2 * _SQUARE, size[0], 2 * _SQUARE):
            yield left, top


def printable(text: str) -> str:
    """The text in the letters that Pillow's own font has: accents go, other letters become "?"."""
    return "".join(char if char in _SIGNS else _plain(char) for char in text)


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if " " <= base <= "~" else "?"


def text_width(text: str, size: int) -> int:
    """Width of a line in pixels."""
    return round(_font(size).getlength(text))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
