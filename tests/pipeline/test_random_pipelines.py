"""Pipelines of ten random steps: recipes stay flat, `verify` finds them whole, `replay` rebuilds.

Steps are taken from all that the registry has, with their defaults or what they need.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from support import files

from augcli.config.schema import Config
from augcli.pipeline.expand import expand
from augcli.pipeline.recorded import read_recorded_run
from augcli.pipeline.replay import replay
from augcli.pipeline.verify import verify
from augcli.transforms.base import Transform
from augcli.transforms.registry import TRANSFORMS, transform_of

NEEDED: dict[str, Any] = {
    "ranges": {"rotation_range": 20, "zoom_range": 0.2, "horizontal_flip": True},
    "pad": {"min_height": 30, "min_width": 30},
    "resize": {"longest_side": 26},
}
"""Settings of the steps that do nothing, or may not be written, without any."""
LEAVES = [name for name in TRANSFORMS if name not in {"one_of", "some_of", "sequence"}]

_leaves = st.sampled_from(LEAVES).map(lambda name: {name: NEEDED.get(name)})


def _several(steps: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(steps, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda chosen: {"one_of": chosen}),
        several.map(lambda chosen: {"some_of": {"n": [0, len(chosen)], "steps": chosen}}),
        several.map(lambda chosen: {"sequence": chosen}),
    )


_steps = st.one_of(_leaves, _leaves, _several(_leaves), _several(_several(_leaves)))
_pipelines = st.lists(
    st.tuples(_steps, st.sampled_from([0.5, 1.0])).map(lambda step: {**step[0], "p": step[1]}),
    min_size=10,
    max_size=10,
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small pictures in colour, in grey, and with alpha."""
    folder = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(0).integers(0, 256, (5, 6, 4), np.uint8)
    picture = Image.fromarray(noise).resize((28, 22), Image.Resampling.BICUBIC)
    picture.convert("RGB").save(folder / "color.png")
    picture.convert("L").save(folder / "grey.png")
    picture.save(folder / "alpha.png")
    return folder


def _recorded(output: Path) -> Iterator[dict[str, Any]]:
    for line in (output / "manifest.jsonl").read_text().splitlines():
        yield json.loads(line)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transforms=_pipelines, seed=st.integers(0, 2**53 - 1))
def test_ten_steps(
    source: Path, tmp_path: Path, transforms: list[dict[str, Any]], seed: int
) -> None:
    """What is recorded is flat and rebuilds every copy, byte for byte."""
    output, rebuilt = tmp_path / "out", tmp_path / "new"
    for path in (output, rebuilt):
        shutil.rmtree(path, ignore_errors=True)
    config = Config.model_validate(
        {"source": str(source), "output": str(output), "seed": seed, "transforms": transforms}
    )
    expand(config, workers=0)
    lines = list(_recorded(output))
    assert len(lines) == 3
    for line in lines:
        for step in line["recipe"]:
            assert issubclass(transform_of(step["op"]), Transform)
            assert all(isinstance(value, int | float | str | None) for value in step.values())
    verdict = verify(str(output), workers=0)
    assert verdict.holds
    assert verdict.sound == 3
    assert replay(read_recorded_run(str(output), None), str(rebuilt), workers=0).written == 3
    copies = {line["file_name"] for line in lines}
    assert files(rebuilt) == {name: data for name, data in files(output).items() if name in copies}
