"""The config as a model: its canonical form and its digest."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from augcli.config.loader import load_config
from augcli.config.schema import Config, pixel_digest, resolved
from augcli.config.yaml_text import dump_yaml
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step

PHOTOS = {
    "save_format": "jpeg",
    "transforms": [{"ranges": {"rotation_range": 15, "width_shift_range": 1}, "p": 0.5}],
}


def test_steps_can_be_given_as_they_are() -> None:
    """Code may hand over steps and options; the rules hold for them as for YAML."""
    step = Step(transform=Ranges(cval=3))
    assert Config(transforms=[step]).transforms == [step]
    with pytest.raises(ValidationError, match="png cannot hold this"):
        Config(transforms=[Step(transform=Ranges(dtype="float32"))])
    with pytest.raises(ValidationError, match="quality"):
        Config(save_options={"quality": 3})


def test_floats_can_be_saved_as_npy() -> None:
    """`dtype` and `data_format` go with `save_format: npy`."""
    values = {"save_format": "npy", "transforms": {"dtype": "float32"}}
    assert Config.model_validate(values).transforms[0].transform == Ranges(dtype="float32")


def test_the_resolved_form_is_plain_and_whole() -> None:
    """Every key is there, JSON-ready, in order from the source to the transforms."""
    values = resolved(Config.model_validate(PHOTOS))
    assert json.loads(json.dumps(values)) == values
    assert list(values)[:3] == ["source", "output", "copies"]
    assert list(values)[-1] == "transforms"
    assert set(values) == set(Config.model_fields)
    assert values["save_options"] == {
        "quality": 95, "subsampling": "4:2:0", "progressive": False, "optimize": False,
    }  # fmt: skip
    [step] = values["transforms"]
    assert step["p"] == 0.5
    assert set(step["ranges"]) == set(Ranges.model_fields)
    assert type(step["ranges"]["width_shift_range"]) is int


def test_steps_in_steps_load_back(tmp_path: Path) -> None:
    """What is resolved, written as YAML and loaded again is equal, at every depth."""
    some = {"n": 1, "steps": [{"ranges": {"cval": 3}, "p": 0.5}, {"ranges": None}]}
    one_of = [{"some_of": some, "weight": 3}, {"sequence": [{"ranges": None}]}]
    config = Config.model_validate({"transforms": [{"one_of": one_of, "p": 0.25}]})
    path = tmp_path / "again.yaml"
    path.write_text(dump_yaml(resolved(config)), encoding="utf-8")
    again = load_config(str(path))
    assert again == config
    assert pixel_digest(again) == pixel_digest(config)
    step = resolved(config)["transforms"][0]
    assert [list(inner) for inner in step["one_of"]] == [
        ["some_of", "p", "weight"],
        ["sequence", "p", "weight"],
    ]


def test_the_digest_is_of_complete_options() -> None:
    """The digest is 64 hex digits, the same whether default options are written out or not."""
    assert len(pixel_digest(Config())) == 64
    assert pixel_digest(Config()) == pixel_digest(Config(save_options={"compression": "balanced"}))


@pytest.mark.parametrize(
    "values",
    [
        {"source": "a"},
        {"output": "a"},
        {"copies": 9},
        {"save_prefix": "aug"},
        {"include_originals": True},
        {"max_pixels": 9},
    ],
)
def test_the_digest_leaves_out_what_shapes_no_pixels(values: dict[str, object]) -> None:
    """Paths, names, counts and limits may change without making copies stale."""
    assert pixel_digest(Config.model_validate(PHOTOS | values)) == pixel_digest(
        Config.model_validate(PHOTOS)
    )


@pytest.mark.parametrize(
    "values",
    [
        {"seed": 1},
        {"save_format": "webp"},
        {"save_options": {"quality": 94}},
        {"save_scale": "minmax"},
        {"background": [0, 0, 0]},
        {"target_size": [8, 8]},
        {"transforms": []},
        {"transforms": [{"ranges": {"rotation_range": 15, "width_shift_range": 1}, "p": 0.6}]},
        {"transforms": [{"ranges": {"rotation_range": 15, "width_shift_range": 1.0}, "p": 0.5}]},
    ],
)
def test_the_digest_tells_what_shapes_pixels(values: dict[str, object]) -> None:
    """Any other value, an int shift in place of a float one included, gives another digest."""
    assert pixel_digest(Config.model_validate(PHOTOS | values)) != pixel_digest(
        Config.model_validate(PHOTOS)
    )


def test_the_digest_is_of_meaning_not_of_spelling() -> None:
    """An int where a float is meant, and defaults that are written out, change nothing."""
    short = {"transforms": {"rotation_range": 15, "zoom_range": [1, 2]}}
    long = {
        "transforms": [{"ranges": {"rotation_range": 15.0, "zoom_range": [1.0, 2.0]}, "p": 1}],
        "seed": 0,
    }
    assert pixel_digest(Config.model_validate(short)) == pixel_digest(Config.model_validate(long))
