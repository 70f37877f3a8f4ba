"""A gallery as one HTML page that needs nothing else: no script, no file, no network."""

from collections.abc import Iterator
from html import escape

from augcli.report.gallery import Entry, Gallery, Shown
from augcli.report.sheet import Tile
from augcli.report.sheet_html import image_tag, page_head

_STYLE = """\
* { box-sizing: border-box }
html { color-scheme: light dark; scroll-padding-top: 1rem }
body { margin: 0 auto; max-width: 1500px; padding: 2.5rem clamp(1rem, 3vw, 3rem);
  background: var(--page); color: var(--ink);
  font: 0.94rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
h1 { margin: 0; font-size: 2rem; font-weight: 600; line-height: 1.2 }
h1 ~ p { margin: 0.4rem 0; max-width: 70ch; color: var(--faint) }
h2 { margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line);
  font-size: 1.5rem; font-weight: 600 }
h3 { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere }
h3 a { color: inherit; text-decoration: none }
h3 a:hover { text-decoration: underline }
h3 + p { margin: 0.2rem 0 0.9rem; max-width: 75ch; color: var(--faint) }
a { color: var(--accent) }
a:focus-visible, code:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
code { font: 0.84rem/1.4 ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace }
nav { margin: 2rem 0; display: grid; gap: 0.5rem 2rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)) }
nav p { margin: 0 }
nav b { display: block; font-weight: 600 }
article { margin: 0 0 2.5rem }
.tiles { display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)) }
.original { max-width: 22rem; margin-top: 1.5rem }
figure { margin: 0; min-width: 0; break-inside: avoid }
img { display: block; height: auto; outline: 1px solid var(--line) }
img.pixelated { image-rendering: pixelated }
img.transparent { background: repeating-conic-gradient(var(--check-dark) 0 25%,
  var(--check-light) 0 50%) 0 0 / 20px 20px }
figcaption { margin-top: 0.5rem; color: var(--faint); overflow-wrap: anywhere }
figcaption b { display: block; font-weight: 600; color: var(--ink) }
figcaption code { display: block; margin-top: 0.35rem; padding: 0.4rem 0.6rem;
  background: var(--panel); border: 1px solid var(--line); color: var(--ink);
  white-space: pre-wrap; user-select: all; -webkit-user-select: all }
.failed > div { display: grid; place-items: center; aspect-ratio: 4 / 3; font-size: 2rem;
  background: var(--panel); border: 1px solid var(--line); color: var(--alarm) }
.failed b { color: var(--alarm) }
.skip { position: absolute; left: -100vw }
.skip:focus { left: 1rem; top: 0.5rem }
@media print { body { padding: 0; print-color-adjust: exact } nav, .skip { display: none }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: 0.6rem } h2, h3 { break-after: avoid }
  h3 + p { break-after: avoid } }
"""


def gallery_bytes(gallery: Gallery, *, theme: str | None = None) -> bytes:
    """The gallery as the content of an HTML file, which names augcli as its maker.

    Args:
        gallery: What to show.
        theme: A key of `THEMES`; None leaves it to the reader's system. Paper is always light.
    """
    return "\n".join(_page(gallery, theme)).encode("utf-8", "replace")


def _page(gallery: Gallery, theme: str | None) -> Iterator[str]:
    yield from page_head(gallery.title, _STYLE, theme)
    yield '<a class="skip" href="#pictures">Skip to the pictures</a>'
    yield f"<h1>{escape(gallery.title)}</h1>\n<p>{escape(gallery.subtitle)}</p>"
    yield (
        "<p>Below each picture stands what was done to it, and the line that does it, to be put "
        "below <code>transforms:</code> in a config. A click selects all of the line.</p>"
    )
    yield f'<div class="original">{_figure(gallery.original, "")}</div>'
    yield '<nav aria-label="Transforms">'
    for family, entries in gallery.families.items():
        links = ", ".join(f'<a href="#{escape(e.name)}">{escape(e.name)}</a>' for e in entries)
        yield f"<p><b>{escape(family)}</b> {links}</p>"
    yield '</nav>\n<main id="pictures">'
    for family, entries in gallery.families.items():
        yield f"<section>\n<h2>{escape(family)}</h2>"
        for entry in entries:
            yield from _article(entry)
        yield "</section>"
    yield "</main>\n</html>\n"


def _article(entry: Entry) -> Iterator[str]:
    name = escape(entry.name)
    yield f'<article id="{name}">\n<h3><a href="#{name}">{name}</a></h3>'
    yield f"<p>{in_code(escape(entry.summary))}</p>"
    if entry.shown:
        yield '<div class="tiles">'
        yield from (_example(entry.name, shown) for shown in entry.shown)
        yield "</div>"
    else:
        yield "<p>Not shown: it has settings without a default.</p>"
    yield "</article>"


def _example(name: str, shown: Shown) -> str:
    tile = shown.tile
    named = Tile(tile.picture, f"{name}, {tile.title}", tile.text)  # for those who hear it alone
    code = f'<code tabindex="0">{escape(shown.example.yaml, quote=False)}</code>'
    return _figure(named, code, title=tile.title)


def _figure(tile: Tile, code: str, *, title: str | None = None) -> str:
    failed = ' class="failed"' if tile.picture is None else ""
    picture = "<div>✕</div>" if tile.picture is None else image_tag(tile, tile.picture, webp=True)
    caption = f"<b>{escape(title or tile.title)}</b> {escape(tile.text)}{code}"
    return f"<figure{failed}>{picture}<figcaption>{caption}</figcaption></figure>"


def in_code(text: str) -> str:
    """The text with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that is none of a pair
        return text
    return "".join(f"<code>{part}</code>" if k % 2 else part for k, part in enumerate(parts))
