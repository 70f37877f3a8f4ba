"""A sheet as a PNG."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from augcli.report.sheet import Row, Sheet, Tile
from augcli.report.sheet_png import (
    Grid,
    caption,
    checkerboard,
    draw_sheet,
    fitted,
    png_bytes,
    printable,
    resize_to,
)
from augcli.report.themes import THEMES

RED, HALF = Image.new("RGB", (400, 300), "#ff0000"), Image.new("RGBA", (400, 300), (0, 0, 0, 0))
LEFT_TOP = (48, 112 + 40)  # of the first picture


def sheet(*tiles: Tile, rows: int = 1) -> Sheet:
    """A sheet of equal rows."""
    return Sheet("pets", "all of them", tuple(Row("cat", "tom.jpg", tiles) for _ in range(rows)))


def copies(count: int) -> tuple[Tile, ...]:
    return tuple(Tile(RED, f"tom_{number}.jpg", "rotated 9° clockwise") for number in range(count))


@given(columns=st.integers(1, 13), rows=st.integers(1, 30))
def test_it_fits_a_screen(columns: int, rows: int) -> None:
    """No sheet is wider than 1,900 pixels, and its tiles are large enough to see something."""
    grid = Grid.of(sheet(*copies(columns), rows=rows))
    assert grid.width <= 1900
    assert grid.tile >= 110
    assert grid.panels <= rows


def test_short_rows_stand_side_by_side() -> None:
    """Rows of three tiles stand two by two, which a wide screen has room for."""
    assert Grid.of(sheet(*copies(3), rows=8)).panels == 2
    assert Grid.of(sheet(*copies(4), rows=8)).panels == 1
    two, three, four = (draw_sheet(sheet(*copies(3), rows=n), theme="light") for n in (2, 3, 4))
    assert two.height < three.height == four.height


def test_the_file_names_its_maker() -> None:
    """It is a PNG that says who made it; the same sheet gives the same bytes."""
    data = png_bytes(sheet(*copies(2)), theme="light")
    assert data == png_bytes(sheet(*copies(2)), theme="light")
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.info["Software"] == "augcli preview"


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_on_the_page(theme: str) -> None:
    """A picture stands where it belongs, the page is of its theme's colour all around."""
    canvas = draw_sheet(sheet(*copies(1)), theme=theme)
    page = Image.new("RGB", (1, 1), THEMES[theme].page).getpixel((0, 0))
    for corner in ((0, 0), (canvas.width - 1, 0), (0, canvas.height - 1)):
        assert canvas.getpixel(corner) == page
    assert canvas.getpixel(LEFT_TOP) == (255, 0, 0)
    assert canvas.getpixel((LEFT_TOP[0] - 2, LEFT_TOP[1])) == page


def test_the_original_has_a_frame() -> None:
    """The source is framed in the accent colour."""
    canvas = draw_sheet(sheet(Tile(RED, "original", "", is_original=True)), theme="light")
    accent = Image.new("RGB", (1, 1), THEMES["light"].accent).getpixel((0, 0))
    assert canvas.getpixel((LEFT_TOP[0] - 3, LEFT_TOP[1])) == accent


def test_transparency_shows_a_checkerboard() -> None:
    """Squares of two colours show through what is transparent."""
    theme = THEMES["light"]
    board = checkerboard((30, 20), theme)
    colors = [board.getpixel(at) for at in ((0, 0), (10, 0), (0, 10), (10, 10))]
    assert colors[0] == colors[3] != colors[1] == colors[2]
    canvas = draw_sheet(sheet(Tile(HALF, "a", "")), theme="light")
    assert canvas.getpixel(LEFT_TOP) == colors[0]


def test_an_empty_tile() -> None:
    """What could not be made is a panel with a cross, also when it is all there is."""
    canvas = draw_sheet(sheet(Tile(None, "original", "the file is gone")), theme="dark")
    panel = Image.new("RGB", (1, 1), THEMES["dark"].panel).getpixel((0, 0))
    assert canvas.getpixel((LEFT_TOP[0] + 5, LEFT_TOP[1] + 5)) == panel


def test_a_caption_of_several_lines() -> None:
    """A pipeline's caption keeps all of its words, and its row is as tall as that."""
    words = "rotated 9° clockwise, mirrored at the other diagonal, padded by 10 left (constant), "
    long = Tile(RED, "tom_0.jpg", words * 2)
    lines = caption(long, 200)
    assert len(lines) > 4
    assert " ".join(lines) == long.text.strip()
    short = draw_sheet(sheet(*copies(1)), theme="light")
    tall = draw_sheet(sheet(long, *copies(1)), theme="light")
    assert tall.height > short.height


def test_a_caption_with_too_many_lines() -> None:
    """It is cut at its end, and at no other place."""
    lines = caption(Tile(RED, "tom_0.jpg", ", ".join(map(str, range(999)))), 200)
    assert len(lines) == 10
    assert " ".join(lines).endswith("…")
    assert ", ".join(map(str, range(999))).startswith(" ".join(lines)[:-1])


def test_a_text_without_end() -> None:
    """However long the texts are, they stay in their place."""
    long = Tile(RED, "name" * 200, "many words " * 200)
    canvas = draw_sheet(Sheet("t" * 999, "s" * 999, (Row("h" * 999, "n", (long,)),)), theme="light")
    right = canvas.crop((canvas.width - 40, 0, canvas.width, canvas.height))
    assert len(right.getcolors() or []) == 1


def test_sizes() -> None:
    """A picture fills a square, upright or not; tiny ones grow by a whole number."""
    assert fitted((400, 300), 200) == (200, 150)
    assert fitted((300, 400), 200) == (150, 200)
    assert fitted((100, 50), 200) == (200, 100)
    assert fitted((7, 6), 30) == (28, 24)
    assert fitted((5000, 2), 200) == (200, 1)


def test_tiny_pictures_show_their_pixels() -> None:
    """A picture that is magnified four times or more keeps hard edges, and no other."""
    tiny = Image.new("L", (2, 1))
    tiny.putpixel((1, 0), 255)
    assert set(resize_to(tiny, (20, 10)).tobytes()) == {0, 255}
    assert len(set(resize_to(tiny, (6, 3)).tobytes())) > 2


def test_letters_that_the_font_lacks() -> None:
    """Accents are left out, and letters of other scripts become question marks."""
    assert printable("café 9° …") == "cafe 9° …"
    assert printable("猫\n\udcff") == "???"
