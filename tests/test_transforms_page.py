"""docs/transforms.md, held against the transforms that it is written from."""

import runpy

from support import ROOT

from augcli.transforms.registry import BUILT_IN

DOCS = ROOT / "docs"
MOST_BYTES = 60_000  # of a strip of pictures


def test_page_is_up_to_date() -> None:
    """The page says what the transforms do now; else run docs/make_transforms.py."""
    script = runpy.run_path(str(DOCS / "make_transforms.py"))
    assert (DOCS / "transforms.md").read_text(encoding="utf-8") == script["page"]()


def test_strips_are_there() -> None:
    """Every transform has its pictures, and they are small."""
    strips = {path.stem.removeprefix("gallery-"): path for path in DOCS.glob("images/gallery-*")}
    assert set(strips) == set(BUILT_IN)
    sizes = [path.stat().st_size for path in strips.values()]
    assert max(sizes) < MOST_BYTES
    assert sum(sizes) < 1_000_000
