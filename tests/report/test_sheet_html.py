"""A sheet as a page."""

import base64
import io
import re
from html.parser import HTMLParser

from PIL import Image

from augcli.report.sheet import Row, Sheet, Tile
from augcli.report.sheet_html import html_bytes

NASTY = "<script>alert(1)</script> & \"'"
VOID = {"meta", "img"}


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes down an element."""
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Makes sure that elements are closed in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Takes down a text."""
        self.texts.append(data)

    def images(self) -> list[dict[str, str | None]]:
        """The attributes of every picture."""
        return [attributes for tag, attributes in self.found if tag == "img"]


def page(*tiles: Tile, name: str = "cat", theme: str | None = None) -> str:
    """A page of one row."""
    return html_bytes(Sheet(name, name, (Row(name, name, tiles),)), theme=theme).decode()


def opened(address: str | None) -> Image.Image:
    """The picture in a data URI."""
    assert address
    return Image.open(io.BytesIO(base64.b64decode(address.partition("base64,")[2])))


def test_names_are_escaped() -> None:
    """No name, however it looks, is more than text."""
    picture = Image.new("RGB", (4, 3))
    elements = Elements(page(Tile(picture, NASTY, NASTY), Tile(None, NASTY, NASTY), name=NASTY))
    assert "script" not in {tag for tag, _ in elements.found}
    assert "".join(elements.texts).count(NASTY) == 9
    assert elements.images()[0]["alt"] == f"{NASTY}: {NASTY}"
    assert elements.open == []


def test_names_that_are_no_text() -> None:
    """A name whose bytes are no UTF-8 does no harm."""
    assert b"a?.jpg" in html_bytes(Sheet("a\udcff.jpg", "", ()))


def test_it_needs_nothing_else() -> None:
    """No script, no style sheet, no file and no address but those of the pictures in it."""
    text = page(Tile(Image.new("RGB", (4, 3)), "a", ""))
    elements = Elements(text)
    assert {tag for tag, _ in elements.found} & {"script", "link", "iframe"} == set()
    assert all((image["src"] or "").startswith("data:image/") for image in elements.images())
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text


def test_it_names_its_maker() -> None:
    """A meta tag says who made it, early in the file."""
    assert '<meta name="generator" content="augcli preview">' in page()[:200]


def test_small_and_transparent_pictures_are_lossless() -> None:
    """Photos are embedded as JPEG; what is small or has transparency, pixel for pixel."""
    small = Image.linear_gradient("L").resize((9, 7)).convert("RGB")
    clear = Image.new("RGBA", (200, 100), (1, 2, 3, 4))
    photo = Image.new("RGB", (200, 100), "#336699")
    images = Elements(page(*(Tile(picture, "a", "") for picture in (small, clear, photo)))).images()
    pictures = [opened(image["src"]) for image in images]
    assert [picture.format for picture in pictures] == ["PNG", "PNG", "JPEG"]
    assert pictures[0].tobytes() == small.tobytes()
    assert [image.get("class") for image in images] == ["pixelated", "transparent", None]


def test_upright_pictures_are_no_higher_than_others_are_wide() -> None:
    """A picture takes the share of its tile's width that makes it fit a square."""
    images = Elements(page(Tile(Image.new("RGB", (100, 200)), "a", ""))).images()
    assert images[0]["style"] == "width: 50%"


def test_themes() -> None:
    """Left alone, it follows the reader's system; asked for, it keeps to one; paper is light."""
    assert re.search(r"screen and \(prefers-color-scheme: dark\) \{ :root \{ --page: #1", page())
    assert "prefers-color-scheme" not in page(theme="dark")
    assert "@media screen { :root { --page: #1" in page(theme="dark")
    assert page(theme="dark").index("--page: #f") < page(theme="dark").index("--page: #1")
