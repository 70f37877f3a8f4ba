"""The list of transforms."""

import pytest

from augcli.config.json_schema import json_schema
from augcli.transforms.base import Transform
from augcli.transforms.registry import TRANSFORMS


@pytest.mark.parametrize(("name", "transform"), TRANSFORMS.items())
def test_a_transform_is_listed_by_the_name_that_recipes_give_it(
    name: str, transform: type[Transform]
) -> None:
    """A recipe's "op" finds the transform that drew it."""
    assert transform.op == name


@pytest.mark.parametrize("transform", TRANSFORMS.values())
def test_every_field_is_explained(transform: type[Transform]) -> None:
    """Editors show these descriptions beside the keys of a config."""
    properties = json_schema()["$defs"][transform.__name__]["properties"]
    assert [name for name, field in properties.items() if not field.get("description")] == []
