"""XML that nobody vouches for."""

import pytest

from augcli.annotations.xml_tree import MAX_BYTES, MAX_DEPTH, read_xml, write_xml


def test_a_tree_is_read_and_written() -> None:
    """Elements, attributes, spaces and letters of any script come back; comments do not."""
    data = '<?xml version="1.0"?>\n<a k="v">\n\t<b>Käse &amp; Brot</b><!-- no -->\n</a>\n'.encode()
    root = read_xml(data)
    assert root.findtext("b") == "Käse & Brot"
    assert write_xml(root) == '<a k="v">\n\t<b>Käse &amp; Brot</b>\n</a>\n'.encode()


def test_a_declared_encoding_is_heeded() -> None:
    """A file in Latin-1 that says so is read as that."""
    assert read_xml(b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe4</a>').text == "ä"


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
    ],
)
def test_document_types_are_refused(data: bytes) -> None:
    """No entity is declared, so none can grow, or bring in another file."""
    with pytest.raises(ValueError, match="DOCTYPE"):
        read_xml(data)


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a></b>", b"<a>&c;</a>", b"<a/><b/>", b"\xff\xfe<", b"a picture"]
)
def test_broken_xml_is_an_error(data: bytes) -> None:
    """Whatever is no XML says so."""
    with pytest.raises(ValueError, match="broken XML"):
        read_xml(data)


def test_an_unknown_encoding_is_an_error() -> None:
    """An encoding that Python does not know is no crash."""
    with pytest.raises(ValueError, match="broken XML"):
        read_xml(b'<?xml version="1.0" encoding="klingon"?><a/>')


def test_depth_and_size_are_limited() -> None:
    """A file deeper or larger than any annotation is refused."""
    with pytest.raises(ValueError, match="deep"):
        read_xml(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1))
    with pytest.raises(ValueError, match="more than"):
        read_xml(b" " * (MAX_BYTES + 1))
