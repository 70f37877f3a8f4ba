"""The examples of docs/targets.md, run."""

import json
from pathlib import Path

import pytest
from annotated import make_coco, make_masks, make_voc, make_yolo
from support import ROOT, augcli, files
from test_docs import blocks

EXAMPLES = blocks(ROOT / "docs" / "targets.md", "yaml")
KINDS = {
    "street": (make_masks, "mask"),
    "VOC2012": (make_voc, "objects"),
    "coco": (make_coco, "objects"),
    "yolo": (make_yolo, "objects"),
}


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.partition("\n")[0])
def test_the_examples(tmp_path: Path, text: str) -> None:
    """Each config expands the data set it names, and no line is without its targets."""
    source = text.partition("source: ")[2].partition("/")[0]
    make, key = KINDS[source]
    (tmp_path / source).mkdir()
    make(tmp_path / source)
    (tmp_path / "augment.yaml").write_text(text, encoding="utf-8")
    augcli("expand", "-c", "augment.yaml", "-j", 0, cwd=tmp_path)
    [output] = tmp_path.glob("*-augmented")
    lines = files(output)["manifest.jsonl"].decode().splitlines()
    assert lines
    assert all(key in json.loads(line) for line in lines)


def test_every_kind_is_shown() -> None:
    """There is an example for masks, and for each format."""
    assert len(EXAMPLES) == len(KINDS)
