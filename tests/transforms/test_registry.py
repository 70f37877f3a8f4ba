"""The list of transforms, those of other packages among them."""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plugin_packages import install
from support import config_schema

from augcli.errors import ConfigError
from augcli.transforms import registry
from augcli.transforms.base import Transform
from augcli.transforms.registry import (
    BUILT_IN,
    TRANSFORMS,
    PluginError,
    package_of,
    transform_of,
)
from augcli.transforms.step import Composite, Step

PLUGIN = """
from typing import ClassVar
from augcli.transforms.base import Transform

class Mist(Transform):
    '''Mist.'''
    op: ClassVar[str] = "mist"

nothing = 3
"""

Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`installed(package, {"name": "module:Class"})`; there is a module `mist_of_tests`."""
    (tmp_path / "mist_of_tests.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)

    def add(package: str, entries: dict[str, str]) -> None:
        install(tmp_path, package, entries)

    _forget()
    yield add
    _forget()
    sys.modules.pop("mist_of_tests", None)


def _forget() -> None:
    """Makes the registry search the installed packages anew."""
    registry._plugins.cache_clear()  # noqa: SLF001  a process otherwise does so once
    registry._plugin.cache_clear()  # noqa: SLF001  the same


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_transform_is_listed_by_the_name_that_recipes_give_it(name: str) -> None:
    """A recipe's "op" finds the transform that drew it."""
    assert TRANSFORMS[name].op == name


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_transform_and_field_is_explained(name: str) -> None:
    """Editors show these descriptions beside the keys of a config."""
    operation = TRANSFORMS[name]
    assert inspect.getdoc(operation)
    definitions = config_schema()["$defs"]
    if operation.__name__ in definitions:
        properties = definitions[operation.__name__]["properties"]
        assert [name for name, field in properties.items() if not field.get("description")] == []


def test_a_mapping() -> None:
    """The registry is a mapping with all that is built in, and no more."""
    assert [*TRANSFORMS] == [*BUILT_IN]
    assert len(TRANSFORMS) == len(BUILT_IN)
    assert "ranges" in TRANSFORMS
    assert "foo" not in TRANSFORMS
    with pytest.raises(KeyError, match="foo"):
        TRANSFORMS["foo"]


def test_recipes_hold_no_steps_of_steps() -> None:
    """A recipe that names a composite was not made by augcli."""
    assert not issubclass(transform_of("ranges"), Composite)
    with pytest.raises(KeyError, match="one_of"):
        transform_of("one_of")


def test_another_package(installed: Install) -> None:
    """Its transform is found by its name, with the package that it is from."""
    installed("augcli-mist", {"mist": "mist_of_tests:Mist"})
    assert issubclass(transform_of("mist"), Transform)
    assert [*TRANSFORMS] == [*BUILT_IN, "mist"]
    assert package_of("mist") == ("augcli-mist", "1.0.0")
    assert package_of("ranges") is None
    assert Step.model_validate({"mist": None}).written == {"mist": {}, "p": 1.0}


def test_other_packages_are_not_searched_for_what_is_built_in(
    installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with built-in transforms does not pay for the search."""
    installed("augcli-mist", {"ranges": "mist_of_tests:Mist"})
    assert TRANSFORMS["ranges"].__name__ == "Ranges"
    assert "ranges" in TRANSFORMS


def test_a_name_that_is_taken(installed: Install) -> None:
    """A package with a transform that augcli has itself is named."""
    installed("augcli-mist", {"one_of": "mist_of_tests:Mist"})
    with pytest.raises(PluginError, match=r"^augcli-mist 1.0.0 has a transform 'one_of', which"):
        list(TRANSFORMS)


def test_two_packages_of_one_mind(installed: Install) -> None:
    """Both packages with a transform of one name are named."""
    installed("augcli-mist", {"mist": "mist_of_tests:Mist"})
    installed("augcli-haze", {"mist": "mist_of_tests:Mist"})
    with pytest.raises(
        PluginError, match=r"^both augcli-haze 1.0.0 and augcli-mist 1.0.0 have a transform 'mist'"
    ):
        TRANSFORMS["mist"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mist", "no_such_module:Mist", r"cannot be imported \(ModuleNotFoundError: No module"),
        ("mist", "mist_of_tests:Fog", r"cannot be imported \(AttributeError: "),
        ("mist", "mist_of_tests:nothing", "mist_of_tests:nothing is no subclass of augcli"),
        ("haze", "mist_of_tests:Mist", "is installed as 'haze', so its op must be that"),
    ],
)
def test_a_package_that_is_of_no_use(
    installed: Install, name: str, value: str, message: str
) -> None:
    """What cannot be imported, or is no transform of its name, is an error with the package."""
    installed("augcli-mist", {name: value})
    with pytest.raises(PluginError, match=rf"^augcli-mist 1\.0\.0.*{message}"):
        TRANSFORMS[name]


def test_it_is_an_error_of_the_config(installed: Install, tmp_path: Path) -> None:
    """A config that names it has the error in its own line."""
    from augcli.config.loader import load_config

    installed("augcli-mist", {"mist": "no_such_module:Mist"})
    config = tmp_path / "augment.yaml"
    config.write_text("transforms:\n  - one_of:\n      - mist: {}\n")
    with pytest.raises(ConfigError, match=r"augment.yaml:3:15: mist: augcli-mist 1.0.0, which"):
        load_config(str(config))
