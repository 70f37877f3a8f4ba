"""What a config says of masks and annotations."""

from pathlib import Path
from typing import Any

import pytest

from augcli.config.loader import load_config
from augcli.config.schema import Config, pixel_digest
from augcli.config.targets import Masks, target_paths
from augcli.errors import ConfigError

VOC = "annotations={format: voc, path: a}"


def test_a_folder_is_short_for_a_mapping(tmp_path: Path) -> None:
    """Both forms are one, with paths relative to the config, and merge with each other."""
    path = tmp_path / "augment.yaml"
    path.write_text("masks: m\nannotations: {format: coco, path: b.json}\n", encoding="utf-8")
    config = load_config(str(path))
    assert config.masks == Masks(path=str(tmp_path / "m"))
    assert target_paths(config) == [str(tmp_path / "m"), str(tmp_path / "b.json")]
    filled = load_config(str(path), overrides=["masks.fill=3"])
    assert filled.masks == Masks(path=str(tmp_path / "m"), fill=3)
    both = load_config(overrides=["masks=n", "masks.pattern='{stem}_m.png'"])
    assert both.masks == Masks(path="n", pattern="{stem}_m.png")


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("masks={path: m, pattern: a.png}", "same file for every image"),
        ("masks={path: m, fill: -1}", "fill"),
        ("masks={path: m, fil: 1}", "did you mean 'fill'"),
        ("annotations={path: a}", "format"),
        ("annotations={format: voc, path: a, box_methods: x}", "did you mean 'box_method'"),
        ("annotations={format: xml, path: a}", "voc, coco or yolo"),
        ("annotations={format: voc, path: a, flip_pairs: [[1, 1]]}", "each number once"),
        ("annotations={format: voc, path: a, flip_pairs: [[1, 2], [2, 3]]}", "each number once"),
    ],
)
def test_what_is_wrong(override: str, said: str) -> None:
    """The message names what was expected."""
    with pytest.raises(ConfigError, match=said):
        load_config(overrides=[override])


@pytest.mark.parametrize("target", ["masks=m", VOC])
@pytest.mark.parametrize("setting", ["source=a.npz", "save_format=npz"])
def test_arrays_have_neither(target: str, setting: str) -> None:
    """An .npz as source has no image files, and shards cannot hold them."""
    with pytest.raises(ConfigError, match=r"npz"):
        load_config(overrides=[setting, target])


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ({"masks": {"path": "a"}}, {"masks": {"path": "b", "pattern": "{stem}.png"}}, True),
        ({"masks": {"path": "a"}}, {"masks": {"path": "a", "fill": 1}}, False),
        ({"masks": {"path": "a"}}, {}, False),
        (
            {"annotations": {"format": "voc", "path": "a"}},
            {"annotations": {"format": "voc", "path": "b"}},
            True,
        ),
        (
            {"annotations": {"format": "voc", "path": "a"}},
            {"annotations": {"format": "voc", "path": "a", "min_area": 4.0}},
            False,
        ),
    ],
)
def test_the_digest(one: dict[str, Any], other: dict[str, Any], *, are_same: bool) -> None:
    """Settings that shape masks and annotations are in it, paths are not."""
    digests = [pixel_digest(Config.model_validate(values)) for values in (one, other)]
    assert (digests[0] == digests[1]) is are_same
