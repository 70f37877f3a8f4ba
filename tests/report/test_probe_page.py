"""A probe's report as a page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from probed import as_it_was, probe_result, suspect

from augcli.config.traps import Finding
from augcli.probe.results import (
    Audit,
    ClassEffect,
    Confusion,
    Interval,
    LeftOut,
    ProbeResult,
)
from augcli.report.probe_page import html_bytes

VOID = {"meta", "img", "br", "line", "circle", "rect"}
CELLS = {"th", "td", "li"}
ATTACK = "<script>alert(1)</script>"


class Page(HTMLParser):
    """What is on a page.

    Attributes:
        tags: Every tag with its attributes.
        text: All that can be read.
    """

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._texts: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self._open == []
        self.text = " ".join("".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps it."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every tag is closed by its own."""
        if tag not in VOID:
            assert self._open.pop() == tag
        if tag in CELLS:
            self._texts.append(" ")

    def handle_data(self, data: str) -> None:
        """Keeps what can be read."""
        if self._open and self._open[-1] not in {"style", "title"}:
            self._texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all tags of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_answer_comes_first() -> None:
    """The verdict is the heading, and what to do comes before the evidence."""
    page = Page(html_bytes(probe_result()))
    order = [
        "Probe of numbers: 50 of 1,200 images, 2 classes",
        "This config helps: +3.1 points (+0.8 to +5.4).",
        "What to do",
        "Leave out horizontal_flip: true",
        "Horizontal flips hurt: -3.8 points (-6.8 to -0.8).",
        "Each range alone",
        "Range by range",
        "Suspect copies",
        "Who gains, who loses",
        "The config that the evidence supports",
        "The data and the copies",
        "How to read this",
        "six/broken.png: the file is empty",
    ]
    places = [page.text.index(text) for text in order]
    assert places == sorted(places)


def test_it_needs_nothing_else() -> None:
    """There is no script and no address but data and places on the page."""
    page = Page(html_bytes(probe_result()))
    assert page.named("script") == page.named("link") == []
    assert all(
        str(image["src"]).startswith("data:image/png;base64,") for image in page.named("img")
    )
    places = {tag["id"] for _, tag in page.tags if "id" in tag}
    assert {str(link["href"]).removeprefix("#") for link in page.named("a")} <= places
    assert "url(" not in html_bytes(probe_result()).decode()


def test_names_are_escaped() -> None:
    """Whatever a class, a file or a finding is called, it stays a name."""
    result = probe_result()
    whole = replace(
        result.whole,
        classes=(ClassEffect(ATTACK, 3, 50.0, -1.0),),
        confusions=(Confusion(ATTACK, ATTACK, 10.0, 8.0),),
    )
    arms = tuple(
        replace(one, alone=replace(one.alone, classes=whole.classes)) for one in result.ranges
    )
    assert result.suggestion is not None
    hostile = replace(
        result,
        source=f"data/{ATTACK.replace('/', '')}",
        whole=whole,
        ranges=arms,
        suspects=(suspect(label=ATTACK, source=f'"{ATTACK}'),),
        suggestion=replace(result.suggestion, config=f"# {ATTACK}\n"),
        left_out=(LeftOut(ATTACK, ATTACK),),
        audit=Audit((Finding("kind", ATTACK, ATTACK, ATTACK),), ()),
    )
    page = Page(html_bytes(hostile))
    assert page.named("script") == []
    assert page.text.count(ATTACK) >= 10
    assert all("onload" not in tag and "onerror" not in tag for _, tag in page.tags)


def test_pictures_are_captioned() -> None:
    """Each suspect shows its original and its copy, with what was done and what it is taken for."""
    page = Page(html_bytes(probe_result()))
    assert [image["alt"] for image in page.named("img")] == [
        "original, six",
        "copy, read as nine",
    ]
    assert "six, read as nine" in page.text
    assert "six/a.png, copy 1; horizontal flips alone" in page.text
    for drawing in page.named("svg"):
        assert drawing.get("aria-hidden") or drawing["aria-label"]


def test_a_range_with_widths_has_a_curve() -> None:
    """Rotation has one, flips have none."""
    page = html_bytes(probe_result()).decode()
    assert page.count('<figure class="dose">') == 1
    assert "<title>rotation_range: 20: +13.8 points (+11.5 to +16.1)</title>" in page


def test_themes() -> None:
    """Colours are those of the reader's system, or of the theme that is asked for."""
    follows = "prefers-color-scheme: dark"
    assert follows in html_bytes(probe_result()).decode()
    assert follows not in html_bytes(probe_result(), theme="dark").decode()


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (replace(probe_result(), suggestion=as_it_was()), "It is the config as it was written"),
        (
            replace(probe_result(), baseline_interval=Interval(40.0, 60.0)),
            "Take none of the numbers below for an answer.",
        ),
        (replace(probe_result(), audit=Audit((), ())), "Nothing was found"),
        (
            replace(probe_result(), left_out=(LeftOut("a.png", "empty"),) * 25),
            "a.png: empty and 5 more",
        ),
    ],
)
def test_other_cases(result: ProbeResult, text: str) -> None:
    """What is different from the usual is said."""
    assert text in Page(html_bytes(result)).text


def test_what_is_not_there_is_left_out() -> None:
    """Without suspects, suggestion and audit, their sections are gone."""
    bare = replace(probe_result(), suspects=(), suggestion=None, audit=None, left_out=())
    page = Page(html_bytes(bare))
    assert not re.search("Suspect|supports|The data and the copies|Left out", page.text)


def test_many_classes() -> None:
    """Of many classes, those that lose and gain most are shown."""
    result = probe_result()
    classes = tuple(ClassEffect(f"class {number}", 5, 50.0, number - 10.0) for number in range(20))
    text = Page(html_bytes(replace(result, whole=replace(result.whole, classes=classes)))).text
    assert "4 classes between these are not shown." in text
    assert "class 7 5 50.0 %" in text
    assert "class 8 5 50.0 %" not in text
    assert "class 12 5 50.0 %" in text
