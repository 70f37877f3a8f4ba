# ruff: noqa: INP001 - scripts, no package
"""Pictures in an even grid, for the documentation: a small PNG with nothing between them."""

from collections.abc import Sequence

from PIL import Image

_GAP = 8  # pixels between the pictures, transparent for light and dark pages alike
_COLORS = 255  # of the palette, which has one more for the gaps


def save_grid(rows: Sequence[Sequence[Image.Image]], path: str) -> None:
    """Writes pictures of one size, row by row, to a PNG of one palette."""
    width, height = rows[0][0].size
    columns = len(rows[0])
    sheet = Image.new("RGB", (columns * width, len(rows) * height))
    places = [(column, row) for row in range(len(rows)) for column in range(columns)]
    for column, row in places:
        sheet.paste(rows[row][column], (column * width, row * height))
    palette = sheet.quantize(_COLORS, Image.Quantize.MEDIANCUT)
    quantized = sheet.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)

    size = (columns * (width + _GAP) - _GAP, len(rows) * (height + _GAP) - _GAP)
    grid = Image.new("P", size, color=_COLORS)
    grid.putpalette(palette.getpalette() or [])
    for column, row in places:
        left, top = column * width, row * height
        tile = quantized.crop((left, top, left + width, top + height))
        grid.paste(tile, (column * (width + _GAP), row * (height + _GAP)))
    grid.save(path, transparency=_COLORS, optimize=True)
