"""YAML with places: what plain scalars mean, limits, and syntax errors in words."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from augcli.config import yaml_text
from augcli.config.tree import Layer, Mark, Problems, locate, to_plain
from augcli.config.yaml_text import MAX_DEPTH, MAX_NODES, dump_yaml, plain_scalar, read_yaml
from augcli.errors import ConfigError

ORIGIN = Mark(Layer.FILE, "f", 1, 1)


def read(text: str) -> object:
    """The plain values of a text that has nothing wrong with it."""
    problems = Problems()
    node = read_yaml(text, ORIGIN, problems)
    problems.raise_if_any()
    return to_plain(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-6", 1e-6),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-3", -3),
        ("010", 10),
        ("0o10", 8),
        ("0xff", 255),
        ("-.inf", -math.inf),
        ("True", True),
        ("no", "no"),
        ("4:2:0", "4:2:0"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("~", None),
        ("", None),
        ("9" * 101, "9" * 101),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    """Numbers with exponents are numbers; times, dates and yes and no are texts."""
    assert plain_scalar(text) == value
    assert type(plain_scalar(text)) is type(value)


def test_quotes_and_core_tags_say_the_type() -> None:
    """What is quoted or tagged !!str is text; the core tags fit what they stand before."""
    assert read("['1', \"~\", !!str 2, !!int 3, !!float 4, !!null ~, ! 5, !!seq [], !!map {}]") == [
        "1", "~", "2", 3, 4.0, None, "5", [], {},
    ]  # fmt: skip


def test_merge_keys_bring_in_what_is_not_written() -> None:
    """`<<` takes a mapping or a list of them; written keys win, then earlier mappings."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\nd: {<<: *a, x: 4}"
    assert read(text) == {
        "a": {"x": 1, "y": 1},
        "b": {"y": 2, "z": 2},
        "c": {"x": 1, "y": 1, "z": 3},
        "d": {"x": 4, "y": 1},
    }


def test_values_and_keys_know_their_places() -> None:
    """Lines and columns count from 1, in characters."""
    node = read_yaml("ä: {k: [1,\n  é2]}", ORIGIN, Problems())
    assert str(locate(node, ("ä", "k", 1)).mark) == "f:2:3"
    assert str(locate(node, ("ä",)).mark) == "f:1:4"


@pytest.mark.parametrize("parser", [yaml.SafeLoader, yaml_text.PARSER])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n\tb: 1", "f:2:1: a tab; indent with spaces"),
        ("a: [1\nb: 2", "f:2:2: expected ',' or ']' in the list that starts in line 1"),
        ("a: {b: 1]", "f:1:9: expected ',' or '}' in the mapping that starts in line 1"),
        ("a: 'x", "f:1:6: the quote that opens in line 1 is not closed"),
        ("a: b: c", "f:1:5: this ':' starts no value; quote the text if the ':' is part of it"),
        ("a: @4", "f:1:4: this character cannot start a value; quote the text"),
        ("a: 1\n---\nb: 2", "f:2:1: expected one document, found the start of a second one"),
        ("a: *x", "f:1:4: '*x' stands for no '&x' before it"),
        ("a: &x [*x]", "f:1:8: '*x' stands for no '&x' before it"),
        (
            "a: 1\nb: \x07",
            ("f:2:4: control character U+0007; YAML allows it only as an escape in double quotes"),
        ),
        (
            "a: !!python/name:os.system ''",
            ("f:1:4: tag '!!python/name:os.system' does not fit here; leave it out"),
        ),
        ("a: !!int x", "f:1:4: tag '!!int' does not fit here; leave it out"),
        ("a: !x [1]", "f:1:4: tag '!x' does not fit here; leave it out"),
        ("a: !x {}", "f:1:4: tag '!x' does not fit here; leave it out"),
        ("a: {b: 1, b: 2}", "f:1:11: duplicate key 'b'; first written at f:1:5"),
        ("[1]: 2", "f:1:1: expected a name as the key"),
        ("a: {<<: 3}", "f:1:9: expected a mapping, or a list of them, after '<<'"),
    ],
)
def test_broken_yaml_is_explained(
    monkeypatch: pytest.MonkeyPatch, parser: object, text: str, message: str
) -> None:
    """Syntax that is broken, or not for configs, gives its place and a plain sentence."""
    monkeypatch.setattr(yaml_text, "PARSER", parser)
    with pytest.raises(ConfigError) as error:
        read(text)
    assert str(error.value) == message


def test_a_value_without_lines_stands_at_its_label() -> None:
    """The YAML of a `--set` has no lines; its problems carry the option as it was typed."""
    with pytest.raises(ConfigError, match=r"^--set a=\[1: expected"):
        read_yaml("[1", Mark(Layer.COMMAND_LINE, "--set a=[1"), Problems())


def test_an_alias_bomb_is_refused() -> None:
    """Aliases count as all that they stand for, so a few lines cannot become billions of values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    with pytest.raises(ConfigError, match=f"more than {MAX_NODES} values, aliases counted in full"):
        read("\n".join(lines))


def test_deep_nesting_is_refused() -> None:
    """A text of nothing but brackets ends in a sentence, not in a crash."""
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(ConfigError, match="nested more than"):
        read("[" * 100_000)
    with pytest.raises(ConfigError, match="nested more than"):
        read("? " * 100_000)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["1e3", "0o7", "+.5", "no", "=", "<<", "1:2", "2024-01-01", "!", "\x85"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(values=st.dictionaries(st.text(min_size=1), PLAIN, max_size=3))
def test_what_is_dumped_is_read_back(values: dict[str, object]) -> None:
    """`read_yaml` reads the values that `dump_yaml` wrote, types included."""
    again = read(dump_yaml(values))
    assert again == values
    assert repr(again) == repr(values)
