"""Every transform that there is, through the real command."""

import json
from pathlib import Path

import yaml
from support import augcli, draw, files

from augcli.transforms.base import Transform
from augcli.transforms.registry import TRANSFORMS

NEEDED = {
    "ranges": {"rotation_range": 20},
    "pad": {"min_height": 40, "min_width": 40},
    "resize": {"longest_side": 30},
}
"""Settings of the steps that do nothing, or may not be written, without any."""
COMPOSITES = ("one_of", "some_of", "sequence")


def test_all_of_them(tmp_path: Path) -> None:
    """Each happens; one worker and two write the same tree; `verify` and `replay` hold."""
    for number, size in enumerate([(40, 30), (31, 33)]):
        draw(tmp_path / "photos" / f"{number}.png", seed=number, size=size)
    steps = [{name: NEEDED.get(name), "weight": 1} for name in TRANSFORMS if name not in COMPOSITES]
    config = {"seed": 3, "copies": 200, "transforms": [{"one_of": steps}]}
    (tmp_path / "all.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    for workers in (1, 2):
        output = tmp_path / f"out{workers}"
        augcli("expand", tmp_path / "photos", output, "-c", tmp_path / "all.yaml", "-j", workers)
    assert files(tmp_path / "out1") == files(tmp_path / "out2")
    augcli("verify", tmp_path / "out1")
    augcli("replay", tmp_path / "out1", "--to", tmp_path / "again")
    again = files(tmp_path / "again")
    assert len(again) == 400
    assert again.items() <= files(tmp_path / "out1").items()

    manifest = (tmp_path / "out1" / "manifest.jsonl").read_text(encoding="utf-8")
    recipes = [json.loads(line)["recipe"] for line in manifest.splitlines()]
    happened = {step["op"] for recipe in recipes for step in recipe}
    assert happened == {
        name for name, operation in TRANSFORMS.items() if issubclass(operation, Transform)
    }
