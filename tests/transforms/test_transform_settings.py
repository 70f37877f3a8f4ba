"""The types of transforms' settings."""

# ruff: noqa: RUF012  pydantic copies defaults

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from augcli.fields import Model
from augcli.transforms.settings import Around0, Around1, Span, WholeSpan, is_range, within


class Settings(Model):
    """One of each."""

    span: Annotated[Span, within(0, 50)] = [0.5, 1.5]
    angle: Annotated[Around0, within(-180, 180)] = [-15.0, 15.0]
    factor: Annotated[Around1, within(0, 3)] = [0.8, 1.2]
    count: Annotated[WholeSpan, within(1, 9)] = [1, 3]
    free: Span = [0.0, 1.0]
    pair: list[float] = [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("span", 2, [2, 2]),
        ("span", [0, 8.5], [0, 8.5]),
        ("angle", 15, [-15, 15]),
        ("angle", [-5, 20.5], [-5, 20.5]),
        ("factor", 0.7, [0.3, 1.7]),
        ("factor", [0.5, 3], [0.5, 3]),
        ("count", 4, [4, 4]),
        ("count", [2, 5], [2, 5]),
        ("free", -1e9, [-1e9, -1e9]),
    ],
)
def test_both_forms(name: str, written: object, read: list[float]) -> None:
    """A number stands for the range that is usual for what it measures; a pair is itself."""
    assert getattr(Settings.model_validate({name: written}), name) == read


def test_no_angle_is_no_negative_angle() -> None:
    """A reach of 0 is written back as [0, 0]."""
    assert str(Settings.model_validate({"angle": 0.0}).angle) == "[0.0, 0.0]"


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("span", "x", "expected a number, or [low, high]"),
        ("span", None, "expected a number, or [low, high]"),
        ("span", True, "expected a number, or [low, high]"),
        ("span", [1], "expected a number, or [low, high]"),
        ("span", [1, 2, 3], "expected a number, or [low, high]"),
        ("span", [2, 1], "expected [low, high] with low <= high"),
        ("span", [0, 51], "expected numbers from 0 to 50"),
        ("span", -1, "expected numbers from 0 to 50"),
        ("angle", -5, "expected 0 or more, as a range reaches as far to both sides"),
        ("angle", "x", "expected a number r for [-r, r], or [low, high]"),
        ("angle", 181, "expected numbers from -180 to 180"),
        ("factor", 1.5, "expected a number r from 0 to 1 for [1 - r, 1 + r], or [low, high]"),
        ("factor", "x", "expected a number r for [1 - r, 1 + r], or [low, high]"),
        ("factor", [0.5, 4], "expected numbers from 0 to 3"),
        ("count", 1.5, "expected a whole number, or [low, high]"),
        ("count", [1, 2.5], "expected a whole number, or [low, high]"),
        ("count", 0, "expected numbers from 1 to 9"),
    ],
)
def test_what_is_refused(name: str, written: object, message: str) -> None:
    """The message says which forms there are, or where the bounds lie."""
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({name: written})
    [detail] = error.value.errors()
    assert str(detail["ctx"]["error"]) == message


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["span", "angle", "factor", "free"])
def test_no_number_is_endless(name: str, value: float) -> None:
    """NaN and infinity are refused in both forms."""
    for written in (value, [0.0, value]):
        with pytest.raises(ValidationError):
            Settings.model_validate({name: written})


def test_ranges_are_told_from_other_pairs() -> None:
    """A list of two numbers that has none of these types is no range."""
    found = [name for name, field in Settings.model_fields.items() if is_range(field)]
    assert found == ["span", "angle", "factor", "count", "free"]


def test_the_json_schema() -> None:
    """Editors know the bounds of both forms, and of a reach its own."""
    properties = Settings.model_json_schema()["properties"]

    def bounds(name: str) -> list[Any]:
        number, pair = properties[name]["anyOf"]
        return [(part.get("minimum"), part.get("maximum")) for part in (number, pair["items"])]

    assert bounds("span") == [(0, 50), (0, 50)]
    assert bounds("angle") == [(0, 180), (-180, 180)]
    assert bounds("factor") == [(0, 1), (0, 3)]
    assert bounds("count") == [(1, 9), (1, 9)]
    assert bounds("free") == [(None, None), (None, None)]


NUMBERS = st.one_of(st.integers(-200, 200), st.floats(-200, 200), st.just("x"), st.none())
VALIDATOR = Draft202012Validator(Settings.model_json_schema())


@given(
    name=st.sampled_from(["span", "angle", "factor", "count", "free"]),
    value=st.one_of(NUMBERS, st.lists(NUMBERS, max_size=3)),
)
def test_what_is_valid_stays_so(name: str, value: object) -> None:
    """What is accepted is so by the JSON Schema too, and is read back as what it was read as."""
    try:
        settings = Settings.model_validate({name: value})
    except ValidationError:
        return
    assert VALIDATOR.is_valid({name: value})
    assert Settings.model_validate(settings.model_dump()) == settings


def test_a_reach_in_the_json_schema_keeps_both_ends_within() -> None:
    """A number r is valid if both ends of what it stands for are within the bounds."""

    class Bounded(Model):
        shift: Annotated[Around0, within(-0.3, 1)] = [0, 0]
        factor: Annotated[Around1, within(0.01, 100)] = [1, 1]
        gain: Annotated[Around1, within(0, 4)] = [1, 1]

    properties = Bounded.model_json_schema()["properties"]
    reaches = {name: field["anyOf"][0]["maximum"] for name, field in properties.items()}

    assert reaches == {"shift": 0.3, "factor": 0.99, "gain": 1}
    assert Bounded.model_validate(reaches).factor == [0.01, 1.99]
