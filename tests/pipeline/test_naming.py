"""Names of the copies: no two alike anywhere, none changed by what comes beside or after it."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.pipeline.naming import NAME_BYTES, FolderNames

# Few letters, so that names meet: in case, in the form of their accents, and as stem and suffix.
PARTS = st.sampled_from(["a", "A", "b", ".jpg", ".png", "_0", "-", "é", "e\u0301", "ß", "ss", "ſ"])
LONG = st.text(alphabet="aé漢", min_size=60, max_size=255)
SOURCES = st.one_of(st.lists(PARTS, min_size=1, max_size=4).map("".join), LONG).filter(
    lambda name: len(os.fsencode(name)) <= NAME_BYTES and not name.startswith(".")
)
FOLDERS = st.lists(SOURCES, min_size=1, max_size=8, unique=True)
COPIES = (0, 1, 12_345_678_901, None)


def folded(name: str) -> str:
    """The name as a file system sees it that ignores case and how accents are written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def all_names(sources: list[str], prefix: str = "") -> dict[tuple[str, int | None], str]:
    """The name of each copy of each source."""
    names = FolderNames(sources, prefix=prefix, extension="jpg")
    return {(s, number): names.copy(names.stem(s), number) for s in sources for number in COPIES}


@pytest.mark.parametrize(
    ("sources", "stems"),
    [
        (["cat.jpg"], ["cat"]),
        (["cat"], ["cat"]),
        (["a.jpg", "a.png", "b.png"], ["a.jpg", "a.png", "b"]),
        (["a.b.png"], ["a.b"]),
        (["A.jpg", "a.jpg"], ["A.jpg-c88c8fca", "a.jpg-509b0d46"]),
    ],
)
def test_names_people_see(sources: list[str], stems: list[str]) -> None:
    """The stem is enough; where two would meet, the extension comes in, and then a digest."""
    names = FolderNames(sources, prefix="aug", extension="jpg")
    assert [names.stem(source) for source in sources] == [f"aug_{stem}" for stem in stems]
    assert names.copy("aug_cat", 2) == "aug_cat_2.jpg"
    assert names.copy("aug_cat", None) == "aug_cat_original.jpg"


def test_a_name_that_is_anothers_stem() -> None:
    """`a.jpg.png` keeps its name in full where `a.jpg` has to."""
    names = FolderNames(["a.jpg", "a.png", "a.jpg.png"], prefix="", extension="png")
    assert [names.stem(name) for name in ("a.jpg", "a.png", "a.jpg.png")] == [
        *("a.jpg", "a.png", "a.jpg.png")
    ]


@given(FOLDERS, st.sampled_from(["", "aug", "a", "ä" * 50]))
def test_no_two_are_alike(sources: list[str], prefix: str) -> None:
    """Not even where case or the form of accents does not count; and none is too long."""
    names = all_names(sources, prefix)
    assert len({folded(name) for name in names.values()}) == len(names)
    assert max(len(os.fsencode(name)) for name in names.values()) <= NAME_BYTES
    assert not any("/" in name for name in names.values())


@given(FOLDERS, st.randoms(use_true_random=False))
def test_order_makes_no_difference(sources: list[str], random: object) -> None:
    """Whatever the order in which a folder lists its files, each has the same names."""
    before = all_names(sources)
    random.shuffle(sources)
    assert all_names(sources) == before


def test_names_that_are_no_text() -> None:
    """Bytes that are not UTF-8 stay what they are."""
    source = os.fsdecode(b"\xff\xfe.png")
    names = FolderNames([source, "a.png"], prefix="", extension="png")
    assert os.fsencode(names.copy(names.stem(source), 0)) == b"\xff\xfe_0.png"


def test_a_long_name_is_cut_between_characters() -> None:
    """It keeps its start, ends in a digest, and still has room for any number."""
    names = FolderNames(["漢" * 84 + ".png"], prefix="", extension="png")
    stem = names.stem("漢" * 84 + ".png")
    assert stem.startswith("漢" * 70)
    assert len(stem.rpartition("-")[2]) == 8
    assert len(names.copy(stem, 10**10).encode()) <= NAME_BYTES
