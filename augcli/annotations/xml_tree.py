"""XML from files that nobody vouches for: no document types, so no entities, and bounded sizes."""

from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

MAX_BYTES = 2**24
MAX_DEPTH = 64


class _RefusedError(ValueError):
    """The parser met what is not read."""


def read_xml(data: bytes) -> Element:
    """The root element. Comments and processing instructions are passed over.

    Raises:
        ValueError: It is no XML, has a document type, or is larger or deeper than annotations are.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes of XML")
    builder = TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _RefusedError(f"elements nested more than {MAX_DEPTH} deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding unknown to Python
        raise ValueError(f"broken XML ({error})") from error
    return builder.close()


def _refuse_document_type(*_: object) -> None:
    raise _RefusedError("an XML document type (DOCTYPE), which could declare entities; remove it")


def write_xml(root: Element) -> bytes:
    """The element as XML in UTF-8, without a declaration, as VOC's files have none."""
    return tostring(root, encoding="unicode").strip().encode() + b"\n"
