"""YAML text to nodes that know their places, and plain values back to YAML.

Plain scalars mean what they mean in YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema),
so `1e-6` is a number, and `4:2:0` and `no` are texts. PyYAML, whose own rules are YAML 1.1's,
only splits the text into events.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from augcli.config.tree import Entry, Mark, Node, Problems

MAX_BYTES = 2**20
MAX_NODES = 20_000  # with every alias counted as all that it stands for
MAX_DEPTH = 32

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C where PyYAML was built with it

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOL = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 100  # Python refuses to read integers of thousands of digits

_CORE_TAG = "tag:yaml.org,2002:"
_TAG_OF_TYPE: dict[type, str] = {
    int: _CORE_TAG + "int",
    float: _CORE_TAG + "float",
    bool: _CORE_TAG + "bool",
    type(None): _CORE_TAG + "null",
}
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SYNTAX = {  # parts of what either of PyYAML's parsers says -> what it means to a person
    "exceeded maximum nesting depth": f"nested more than {MAX_DEPTH} levels deep",
    "values are not allowed": "this ':' starts no value; quote the text if the ':' is part of it",
    "that cannot start any token": "this character cannot start a value; quote the text",
    "',' or ']'": "expected ',' or ']' in the list that starts in line START",
    "',' or '}'": "expected ',' or '}' in the mapping that starts in line START",
    "expected ':'": "expected ':' after the key",
    "expected key": "this does not line up with the keys above it",
    "expected <block end>": "this does not line up with the lines above it",
    "expected '-' indicator": "this does not line up with the '-' entries above it",
    "sequence entries are not allowed": "a '- ' entry cannot stand here",
    "unexpected end of stream": "the quote that opens in line START is not closed",
    "unknown escape character": r"unknown escape in a double-quoted text; write '\\' for a '\'",
    "expected the node content": "expected a value",
    "did not find expected node content": "expected a value",
    "expected '<document start>'": "expected the end of the config",
    "expected <document start>": "expected the end of the config",
    "undefined tag handle": "tags ('!') are not used in a config; quote the text",
}


def read_yaml(text: str, origin: Mark, problems: Problems) -> Node:
    """The one document of a YAML text; empty text is null.

    Args:
        text: The YAML.
        origin: Layer and label of its places; without a line, as for a value on the command
            line, all of its nodes stand at `origin` itself.
        problems: Takes what is wrong but leaves something to go on with.

    Raises:
        ConfigError: If the text is no YAML, or larger than a config can be.
    """
    return _Composer(text, origin, problems).document()


def dump_yaml(values: Mapping[str, Any]) -> str:
    """Plain values as YAML that `read_yaml` reads back to the same values, keys in their order."""
    return yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None
    )


class _Dumper(yaml.SafeDumper):
    """Quotes texts that are numbers here, though not in YAML 1.1."""

    def ignore_aliases(self, _data: object) -> bool:
        """Never write an alias: a value that occurs twice reads better in full."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Escapes what is not printable: PyYAML leaves some of YAML's line breaks as they are."""
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar(_CORE_TAG + "str", text, style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_implicit_resolver(
    _CORE_TAG + "float",
    re.compile(rf"(?:{_FLOAT.pattern}|{_RADIX.pattern})\Z"),
    list("-+.0123456789"),
)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means."""
    if _NULL.fullmatch(text):
        return None
    if match := _BOOL.fullmatch(text):
        return match[1] is not None
    if match := _INFINITY.fullmatch(text):
        return float(match[1] + "inf")
    if _NAN.fullmatch(text):
        return float("nan")
    return _number(text)


def _number(text: str) -> str | int | float:
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _RADIX.fullmatch(text):
        return int(text, base=0)
    return float(text) if _FLOAT.fullmatch(text) else text


class _Composer:
    """Builds nodes from PyYAML's events, within limits that its own composer does not have."""

    def __init__(self, text: str, origin: Mark, problems: Problems) -> None:
        self._text = text
        self._origin = origin
        self._problems = problems
        self._events = self._parse()
        self._nodes = 0
        self._anchors: dict[str, tuple[Node, int]] = {}  # and how many nodes each stands for

    def document(self) -> Node:
        """The whole text as one node."""
        next(self._events)  # the start of the stream
        start = next(self._events)
        if not isinstance(start, DocumentStartEvent):
            return Node(None, self._mark(start))
        node = self._node(next(self._events), depth=0)
        next(self._events)  # the end of the document
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            self._problems.stop(
                self._mark(after), "expected one document, found the start of a second one"
            )
        return node

    def _parse(self) -> Iterator[Event]:
        if match := _CONTROL.search(self._text):
            line_start = self._text.rfind("\n", 0, match.start()) + 1
            self._problems.stop(
                self._mark_at(self._text.count("\n", 0, match.start()), match.start() - line_start),
                f"control character U+{ord(match[0]):04X}; YAML allows it only as an escape in "
                f"double quotes",
            )
        try:
            yield from yaml.parse(self._text, Loader=PARSER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problems.stop(
                self._mark_at(mark.line, mark.column) if mark else self._origin,
                self._syntax_message(error, mark),
            )
        except yaml.YAMLError as error:  # a reader's error, which has no mark
            self._problems.stop(self._origin, f"not YAML: {error}")

    def _syntax_message(self, error: yaml.MarkedYAMLError, mark: yaml.Mark | None) -> str:
        lines = self._text.split("\n")  # the end of the text can lie one line further
        if mark and mark.line < len(lines) and lines[mark.line].startswith("\t", mark.column):
            return "a tab; indent with spaces"
        start = error.context_mark or mark
        for part, meaning in _SYNTAX.items():
            if part in str(error.problem):
                return meaning.replace("START", str(start.line + 1 if start else 1))
        return f"not YAML: {error.problem}"

    def _mark_at(self, line: int, column: int) -> Mark:
        if not self._origin.line:
            return self._origin
        return Mark(self._origin.layer, self._origin.label, line + 1, column + 1)

    def _mark(self, event: Event) -> Mark:
        """Where an event starts; both parsers give all of their events a mark."""
        start: Any = event.start_mark
        return self._mark_at(start.line, start.column)

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        before = self._nodes
        self._count(event, 1)
        if depth > MAX_DEPTH:
            self._problems.stop(self._mark(event), f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, SequenceStartEvent):
            node = self._sequence(event, depth)
        elif isinstance(event, MappingStartEvent):
            node = self._mapping(event, depth)
        else:
            node = self._scalar(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _count(self, event: Event, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._problems.stop(
                self._mark(event), f"more than {MAX_NODES} values, aliases counted in full"
            )

    def _alias(self, event: AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            self._problems.stop(
                self._mark(event), f"'*{event.anchor}' stands for no '&{event.anchor}' before it"
            )
        node, nodes = self._anchors[event.anchor]
        self._count(event, nodes)
        return node

    def _scalar(self, event: ScalarEvent) -> Node:
        mark = self._mark(event)
        if event.tag is None:
            is_plain = event.implicit[0]
            return Node(plain_scalar(event.value) if is_plain else event.value, mark)
        if event.tag in {"!", _CORE_TAG + "str"}:
            return Node(event.value, mark)
        value = plain_scalar(event.value)
        if event.tag == _CORE_TAG + "float" and type(value) is int:
            value = float(value)
        if event.tag != _TAG_OF_TYPE.get(type(value)):
            self._refuse_tag(event.tag, mark)
        return Node(value, mark)

    def _sequence(self, event: SequenceStartEvent, depth: int) -> Node:
        mark = self._mark(event)
        if event.tag not in {None, "!", _CORE_TAG + "seq"}:
            self._refuse_tag(event.tag, mark)
        items = []
        while not isinstance(item := next(self._events), SequenceEndEvent):
            items.append(self._node(item, depth + 1))
        return Node(items, mark)

    def _mapping(self, event: MappingStartEvent, depth: int) -> Node:
        mark = self._mark(event)
        if event.tag not in {None, "!", _CORE_TAG + "map"}:
            self._refuse_tag(event.tag, mark)
        written: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        while not isinstance(key := next(self._events), MappingEndEvent):
            key_mark, name = self._mark(key), self._key(key, depth)
            value = self._node(next(self._events), depth + 1)
            if name == "<<" and isinstance(key, ScalarEvent) and key.implicit[0]:
                merged = self._merge_key(value) | merged
            elif name in written:
                self._problems.add(
                    key_mark, f"duplicate key {name!r}; first written at {written[name].key_mark}"
                )
            elif name is not None:
                written[name] = Entry(key_mark, value)
        return Node(merged | written, mark)

    def _key(self, event: Event, depth: int) -> str | None:
        """The text of a key, whatever it would mean as a value; None where it is no text."""
        if isinstance(event, ScalarEvent):
            self._node(event, depth + 1)  # counts it, and keeps its anchor
            return event.value
        node = self._node(event, depth + 1)
        if isinstance(event, AliasEvent) and isinstance(node.content, str):
            return node.content
        self._problems.add(self._mark(event), "expected a name as the key")
        return None

    def _merge_key(self, value: Node) -> dict[str, Entry]:
        """What `<<` brings in: the keys of a mapping, or of a list of them, earlier ones first."""
        merged: dict[str, Entry] = {}
        for node in value.content if isinstance(value.content, list) else [value]:
            if isinstance(node.content, dict):
                merged = node.content | merged
            else:
                self._problems.add(node.mark, "expected a mapping, or a list of them, after '<<'")
        return merged

    def _refuse_tag(self, tag: str, mark: Mark) -> None:
        written = tag.replace(_CORE_TAG, "!!")
        self._problems.add(mark, f"tag {written!r} does not fit here; leave it out")
