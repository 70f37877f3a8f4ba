"""docs/keras.md and the example, held against the code."""

import inspect
import re
import subprocess
import sys
from collections import defaultdict

import pytest
from support import PATIENCE, ROOT, environment

from augcli.config.schema import Config
from augcli.keras import ImageDataGenerator
from augcli.transforms.ranges import Ranges

PAGE = (ROOT / "docs" / "keras.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+) \| `(test_\w+)` \|$", PAGE, re.MULTILINE)
METHODS = {
    "ImageDataGenerator": ImageDataGenerator,
    "fit": ImageDataGenerator.fit,
    "flow": ImageDataGenerator.flow,
    "flow_from_directory": ImageDataGenerator.flow_from_directory,
    "flow_from_dataframe": ImageDataGenerator.flow_from_dataframe,
}


def arguments(method: object) -> list[str]:
    """The names of a method's arguments, but for `self` and `**kwargs`."""
    assert callable(method)
    parameters = inspect.signature(method).parameters.values()
    named = [p.name for p in parameters if p.kind != inspect.Parameter.VAR_KEYWORD]
    return [name for name in named if name != "self"]


def test_the_table_has_every_argument() -> None:
    """Each argument has a row, in the order of the signatures, and no other has."""
    listed = defaultdict(list)
    for method, argument, _, _ in ROWS:
        listed[method].append(argument)
    assert listed == {name: arguments(method) for name, method in METHODS.items()}


def test_the_tests_in_the_table_exist() -> None:
    """Each row names a test of `augcli.keras` that there is."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "keras").glob("test_*.py"))
    assert {test for *_, test in ROWS if f"def {test}(" not in text} == set()


def test_the_keys_in_the_table_exist() -> None:
    """Each row names a key that a config has."""
    for _, argument, place, _ in ROWS:
        if place.startswith("transforms"):
            assert argument in Ranges.model_fields
        elif place.startswith("the same key"):
            assert argument in Config.model_fields
        elif not place.startswith("none: "):
            keys = re.findall(r"`(\w+)[:`]", place)
            assert keys
            assert set(keys) <= Config.model_fields.keys()


def test_the_example_trains() -> None:
    """examples/train_digits.py recognises most digits after a few epochs."""
    pytest.importorskip("sklearn")
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "train_digits.py", "--epochs", "15"],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        timeout=PATIENCE,
    )
    shares = [float(share) for share in re.findall(r"([\d.]+)% recognised", done.stdout)]
    assert len(shares) == 2
    assert min(shares) > 80
