"""What is on a sheet."""

from PIL import Image

from augcli.report.sheet import Row, Sheet, Tile

PICTURE = Image.new("RGB", (4, 3))


def test_columns() -> None:
    """The longest row says how many columns there are; a sheet has one at least."""
    tile = Tile(PICTURE, "a", "")
    sheet = Sheet("t", "s", (Row("one", "", (tile,)), Row("two", "", (tile, tile))))
    assert sheet.columns == 2
    assert Sheet("t", "s", ()).columns == 1


def test_failures() -> None:
    """What could not be made is listed by its row, each reason once."""
    bad = Tile(None, "a", "broken")
    rows = (Row("cat", "cat/a.jpg", (bad, bad)), Row("b.jpg", "", (bad, Tile(PICTURE, "c", ""))))
    assert Sheet("t", "s", rows).failures == ["cat/a.jpg: broken", "b.jpg: broken"]
