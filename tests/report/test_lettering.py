"""Text that fits a width; here a letter is one wide."""

from hypothesis import given
from hypothesis import strategies as st

from augcli.report.lettering import clipped, ellipsized, wrapped


def test_what_fits_stays() -> None:
    """A text that fits is not touched."""
    assert ellipsized("cat.jpg", 7, len) == "cat.jpg"


def test_the_middle_goes() -> None:
    """Both ends of a long name stay, the number and the suffix among them."""
    assert ellipsized("a_very_long_name_12.jpg", 13, len) == "a_very…12.jpg"
    assert ellipsized("abc", 1, len) == "…"


def test_the_end_goes() -> None:
    """A clipped sentence keeps its beginning, and stays as it is if it fits."""
    assert clipped("turned and mirrored", 8, len) == "turned…"
    assert clipped("turned", 6, len) == "turned"


def test_lines_break_between_words() -> None:
    """A line takes as many words as fit; a word that is too long stands alone."""
    assert wrapped("one two three", 7, len, most=4) == ["one two", "three"]
    assert wrapped("a incomprehensible b", 6, len, most=4) == ["a", "incomprehensible", "b"]
    assert wrapped("", 6, len, most=4) == []


def test_the_last_line_has_the_rest() -> None:
    """What does not fit into so many lines stays on the last, for `clipped` to cut."""
    assert wrapped("one two three four", 5, len, most=2) == ["one", "two three four"]


@given(st.text(), st.integers(1, 30))
def test_nothing_is_too_wide(text: str, width: int) -> None:
    """A text that was cut is never wider than it may be."""
    assert len(ellipsized(text, width, len)) <= width
    assert len(clipped(text, width, len)) <= width


@given(st.text(), st.integers(1, 30), st.integers(1, 5))
def test_no_word_is_lost(text: str, width: int, most: int) -> None:
    """Wrapping keeps all words in order, in at most so many lines."""
    lines = wrapped(text, width, len, most=most)
    assert " ".join(lines).split() == text.split()
    assert len(lines) <= most
