"""YOLO's data.yaml."""

import pytest
import yaml

from augcli.annotations.yolo_data import YoloData, read_data_yaml, write_data_yaml
from augcli.errors import ConfigError


def test_names_are_a_list_or_a_mapping() -> None:
    """Both ways of writing them give the same, and what is no text becomes one."""
    listed = read_data_yaml(b"names: [cat, dog, 3]\nnc: 3\n", "data.yaml")
    mapped = read_data_yaml(b"names:\n  0: cat\n  1: dog\n  2: 3\n", "data.yaml")
    assert listed.names == mapped.names == {0: "cat", 1: "dog", 2: "3"}


def test_keypoints_and_their_pairs() -> None:
    """flip_idx gives the pairs that change places."""
    data = read_data_yaml(b"names: [a]\nkpt_shape: [4, 3]\nflip_idx: [0, 2, 1, 3]\n", "data.yaml")
    assert data.keypoints == (4, 3)
    assert data.flip_pairs == ((1, 2),)


def test_without_names_classes_are_numbers() -> None:
    """An old file with nc alone, or no file at all, has no names."""
    assert read_data_yaml(b"nc: 2\n", "data.yaml").names == YoloData().names == {}


def test_the_output_has_the_source_s_keys() -> None:
    """Classes and unknown keys are carried over; the source's folders and download are not."""
    source = b"""path: ../datasets/mine
train: [images/a, images/b]
val: images/val
test: images/test
download: |
  import os
nc: 2
names: [cat, "d\xc3\xb6g"]
roboflow: {version: 3}
"""
    written = write_data_yaml(
        read_data_yaml(source, "data.yaml"), {"val": "images/validation", "train": "images/train"}
    )
    assert list(yaml.safe_load(written).items()) == [
        ("train", "images/train"),
        ("val", "images/validation"),
        ("nc", 2),
        ("names", ["cat", "dög"]),
        ("roboflow", {"version": 3}),
    ]
    again = read_data_yaml(written, "data.yaml")
    assert write_data_yaml(again, {"train": "images/train", "val": "images/validation"}) == written


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"names: [a", "not YAML"),
        (b"a: !!python/object/apply:os.getcwd []", "not YAML"),
        (b"day: 2001-99-99", "not YAML"),
        (b"\xff\xff", "not YAML"),
        (b"- a", "expected a mapping"),
        (b"names: {a: 0}", "expected a list of names"),
        (b"names: [[a]]", "where its name should be"),
        (b"names: [a]\nnc: 2", "nc is 2, but there are 1 names"),
        (b"kpt_shape: [4]", "kpt_shape"),
        (b"kpt_shape: [4, 5]", "kpt_shape"),
        (b"flip_idx: [0]", "kpt_shape is not"),
        (b"kpt_shape: [2, 3]\nflip_idx: [1]", "list of 2 numbers"),
        (b"kpt_shape: [2, 3]\nflip_idx: [1, 2]", "0 to 1"),
        (b"kpt_shape: [3, 3]\nflip_idx: [1, 2, 0]", "in pairs"),
        (b"#" * (2**20 + 1), "bytes"),
    ],
)
def test_errors_name_the_file(data: bytes, said: str) -> None:
    """Whatever is no data.yaml is a config error that names it."""
    with pytest.raises(ConfigError) as caught:
        read_data_yaml(data, "data.yaml")
    assert str(caught.value).startswith("data.yaml: ")
    assert said in str(caught.value)
