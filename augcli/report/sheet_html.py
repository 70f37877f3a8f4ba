"""A sheet as one HTML page that needs nothing else: no script, no file, no network."""

import base64
import io
from collections.abc import Iterator
from html import escape

from PIL import Image

from augcli.report.sheet import GENERATOR, Row, Sheet, Tile
from augcli.report.themes import css_colors

_PIXELATED_SIDE = 90  # pictures this small show their pixels
_SIDE_BY_SIDE = 3  # rows of up to so many tiles may stand beside one another

_STYLE = """\
* { box-sizing: border-box }
html { color-scheme: light dark }
body { margin: 0 auto; max-width: 1900px; padding: 2.5rem clamp(1rem, 3vw, 3rem);
  background: var(--page); color: var(--ink);
  font: 0.94rem/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
h1 { margin: 0; font-size: 2rem; font-weight: 600; line-height: 1.2 }
h1 + p { margin: 0.4rem 0 2rem; color: var(--faint) }
h2 { margin: 0 0 0.7rem; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere }
h2 small { margin-left: 0.5rem; font-size: 0.94rem; font-weight: 400; color: var(--faint) }
main { display: grid; gap: 2.5rem 3.5rem; grid-template-columns: minmax(0, 1fr) }
main.panels { grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)) }
section { break-inside: avoid }
.tiles { --gap: 1.25rem; display: grid; gap: var(--gap); --least: 9rem;
  --share: calc((100% - (var(--columns) - 1) * var(--gap)) / var(--columns));
  grid-template-columns: repeat(auto-fill, minmax(max(var(--least), var(--share)), 1fr)) }
.panels .tiles { --least: 6.3rem }
figure { margin: 0; min-width: 0 }
img { display: block; height: auto; outline: 1px solid var(--line) }
img.pixelated { image-rendering: pixelated }
img.transparent { background: repeating-conic-gradient(var(--check-dark) 0 25%,
  var(--check-light) 0 50%) 0 0 / 20px 20px }
.original img { outline: 3px solid var(--accent); outline-offset: 1px }
.original b { color: var(--accent) }
.failed b { color: var(--alarm) }
.failed div { display: grid; place-items: center; aspect-ratio: 4 / 3; font-size: 2rem;
  background: var(--panel); border: 1px solid var(--line); color: var(--alarm) }
figcaption { margin-top: 0.6rem; color: var(--faint); overflow-wrap: anywhere }
figcaption b { display: block; font-weight: 600; color: var(--ink) }
@media (max-width: 30rem) { .tiles { --gap: 0.8rem } .bands .tiles { --least: 8rem } }
@media print { body { padding: 0; print-color-adjust: exact } }
"""


def html_bytes(sheet: Sheet, *, theme: str | None = None) -> bytes:
    """The sheet as the content of an HTML file, which names augcli as its maker.

    Args:
        sheet: What to show.
        theme: A key of `THEMES`; None leaves it to the reader's system. Paper is always light.
    """
    return "\n".join(_page(sheet, theme)).encode("utf-8", "replace")


def _page(sheet: Sheet, theme: str | None) -> Iterator[str]:
    yield from page_head(sheet.title, _STYLE, theme)
    yield f"<h1>{escape(sheet.title)}</h1>\n<p>{escape(sheet.subtitle)}</p>"
    yield f'<main class="{"panels" if sheet.columns <= _SIDE_BY_SIDE else "bands"}">'
    for row in sheet.rows:
        yield from _row(row, sheet.columns)
    yield "</main>\n</html>\n"


def page_head(title: str, style: str, theme: str | None) -> Iterator[str]:
    """The lines of a page up to its content.

    Args:
        title: Of the page, as plain text.
        style: Its CSS, which has the colours of a theme as variables.
        theme: A key of `THEMES`; None leaves it to the reader's system.
    """
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<meta charset="utf-8">'
    yield f'<meta name="generator" content="{GENERATOR}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    )
    yield f"<title>{escape(title)}</title>"
    yield f"<style>\n{css_colors(theme)}\n{style}</style>"


def _row(row: Row, columns: int) -> Iterator[str]:
    note = f" <small>{escape(row.note)}</small>" if row.note else ""
    yield f"<section>\n<h2>{escape(row.heading)}{note}</h2>"
    yield f'<div class="tiles" style="--columns: {columns}">'
    for tile in row.tiles:
        yield _figure(tile)
    yield "</div>\n</section>"


def _figure(tile: Tile) -> str:
    kinds = [
        *(["original"] if tile.is_original else []),
        *(["failed"] if tile.picture is None else []),
    ]
    picture = "<div>✕</div>" if tile.picture is None else image_tag(tile, tile.picture)
    caption = f"<b>{escape(tile.title)}</b> {escape(tile.text)}"
    attribute = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<figure{attribute}>{picture}<figcaption>{caption}</figcaption></figure>"


def image_tag(tile: Tile, picture: Image.Image, *, webp: bool = False) -> str:
    """The picture as wide as its tile, or, if it is upright, as high as that.

    Args:
        tile: What it is called, for those who do not see it.
        picture: RGB or RGBA.
        webp: Whether it is stored as a WebP, a third as large, where there are many.
    """
    longest = max(picture.size)
    kinds = [
        *(["pixelated"] if longest <= _PIXELATED_SIDE else []),
        *(["transparent"] if picture.mode == "RGBA" else []),
    ]
    attribute = f' class="{" ".join(kinds)}"' if kinds else ""
    source = _webp_uri(picture) if webp else _data_uri(picture)
    return (
        f'<img{attribute} width="{picture.width}" height="{picture.height}" '
        f'style="width: {100 * picture.width / longest:.4g}%" '
        f'alt="{escape(f"{tile.title}: {tile.text}")}" src="{source}">'
    )


def _data_uri(picture: Image.Image) -> str:
    """The picture in the address itself: lossless if it is small or has transparency."""
    out = io.BytesIO()
    if picture.mode == "RGBA" or max(picture.size) <= _PIXELATED_SIDE:
        kind = "png"
        picture.save(out, "PNG")
    else:
        kind = "jpeg"
        picture.save(out, "JPEG", quality=90, subsampling="4:4:4")
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"


def _webp_uri(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=2)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
