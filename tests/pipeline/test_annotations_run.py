"""Annotations through the real command: each format in its own layout, for its own readers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from annotated import HEIGHT, WIDTH, coco_content, make_coco, make_voc, make_yolo
from support import augcli, augcli_process, files, mtimes, started, wait_until

from augcli.annotations.xml_tree import read_xml

MOVED = ("--set", "rotation_range=20", "--set", "horizontal_flip=true")
MIRRORED = (
    *("--set", "transforms=[horizontal_flip: {}]"),
    *("-n", 1, "-j", 0, "-q"),
)


def voc(root: Path) -> tuple[object, ...]:
    """The arguments that expand the layout of `make_voc`."""
    return (
        make_voc(root) / "JPEGImages",
        *("--set", f"annotations={{format: voc, path: {root / 'Annotations'}}}"),
    )


def coco(root: Path) -> tuple[object, ...]:
    """The arguments that expand the layout of `make_coco`."""
    path = make_coco(root) / "annotations" / "instances.json"
    return (root / "images", "--set", f"annotations={{format: coco, path: {path}}}")


def yolo(root: Path) -> tuple[object, ...]:
    """The arguments that expand the layout of `make_yolo`."""
    path = make_yolo(root) / "data.yaml"
    return (root / "images", "--set", f"annotations={{format: yolo, path: {path}}}")


FORMATS = pytest.mark.parametrize("make", [voc, coco, yolo])
Make = Callable[[Path], tuple[object, ...]]


def expand(output: Path, arguments: tuple[object, ...], *options: object, code: int = 0) -> None:
    """Expands a data set in this process."""
    source, *more = arguments
    augcli("expand", source, output, *more, *options, code=code)


def records(output: Path) -> list[dict[str, Any]]:
    """The lines of the manifest."""
    text = (output / "manifest.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def mirrored(tmp_path: Path, make: Make) -> Path:
    """The output of a run that mirrors every image."""
    expand(tmp_path / "out", make(tmp_path / "in"), *MIRRORED)
    return tmp_path / "out"


# -- what all formats have in common


@FORMATS
def test_workers_reruns_and_replay_change_nothing(tmp_path: Path, make: Make) -> None:
    """None and two workers give the same bytes, a second run none, and a replay the same again."""
    arguments = make(tmp_path / "in")
    output = tmp_path / "out"
    expand(output, arguments, *MOVED, "-n", 2, "-j", 0)
    tree, times = files(output), mtimes(output)
    expand(output, arguments, *MOVED, "-n", 2, "-j", 0)
    assert mtimes(output) == times
    source, *more = arguments
    augcli_process("expand", source, tmp_path / "other", *more, *MOVED, "-n", 2, "-j", 2)
    assert files(tmp_path / "other") == tree
    augcli("verify", output)
    augcli("replay", output, "--to", tmp_path / "again", "-j", 0)
    reports = {"manifest.jsonl", "run.yaml"}
    expected = {name: data for name, data in tree.items() if name not in reports}
    assert files(tmp_path / "again") == expected


@FORMATS
def test_without_annotations_any_more(tmp_path: Path, make: Make) -> None:
    """All annotation files go when the config no longer asks for them."""
    source, *more = make(tmp_path / "in")
    expand(tmp_path / "out", (source, *more), "-j", 0)
    expand(tmp_path / "out", (source,), "-j", 0)
    expand(tmp_path / "fresh", (source,), "-j", 0)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


@FORMATS
def test_a_lost_annotation_file(tmp_path: Path, make: Make) -> None:
    """`verify` misses each file of annotations, and another run brings all back."""
    arguments = make(tmp_path / "in")
    output = tmp_path / "out"
    expand(output, arguments, "-j", 0)
    tree = files(output)
    kinds = (".xml", ".txt", ".json", "data.yaml")
    lost = [name for name in tree if name.endswith(kinds)]
    for name in lost:
        (output / name).unlink()
    said = augcli("verify", output, code=1).stderr
    assert all(name in said for name in lost)
    expand(output, arguments, "-j", 0)
    assert files(output) == tree


@FORMATS
def test_images_without_annotations(tmp_path: Path, make: Make) -> None:
    """They are expanded as all others, and have no objects."""
    output = mirrored(tmp_path, make)
    without = [record for record in records(output) if not record["objects"]]
    assert without
    for record in without:
        assert "annotations" not in record
        assert "annotations_source_sha256" not in record


@FORMATS
def test_a_killed_run(tmp_path: Path, make: Make) -> None:
    """Killed on its way and run again, it leaves the tree of a run that was not."""
    source, *more = make(tmp_path / "in")
    options = (*more, *MOVED, "-n", 40)
    killed = tmp_path / "killed"
    with started("expand", source, killed, *options, "-j", 1) as process:
        wait_until(lambda: process.poll() is not None or len(list(killed.rglob("*.png"))) > 2)
        process.kill()
        process.wait()
    augcli("expand", source, killed, *options, "-j", 0)
    augcli("expand", source, tmp_path / "whole", *options, "-j", 0)
    assert files(killed) == files(tmp_path / "whole")


@FORMATS
def test_a_foreign_file_is_not_overwritten(tmp_path: Path, make: Make) -> None:
    """A file with the name of an annotation file to be is a usage error."""
    arguments = make(tmp_path / "in")
    expand(tmp_path / "out", arguments, "-j", 0)
    kinds = (".xml", ".txt", ".json")
    name = next(name for name in files(tmp_path / "out") if name.endswith(kinds))
    foreign = tmp_path / "new" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", encoding="utf-8")
    expand(tmp_path / "new", arguments, "-j", 0, code=2)
    assert set(files(tmp_path / "new")) == {name}


# -- VOC


def test_voc(tmp_path: Path) -> None:
    """Every copy has its XML, and every list of ImageSets the copies of its images."""
    output = mirrored(tmp_path, voc)
    assert {name for name in files(output) if not name.endswith(".png")} == {
        *("Annotations/0_0.xml", "Annotations/1_0.xml"),
        *("ImageSets/Main/dog_train.txt", "ImageSets/Main/train.txt"),
        *("manifest.jsonl", "run.yaml"),
    }
    assert (output / "ImageSets/Main/dog_train.txt").read_text(encoding="utf-8") == "0_0  1\n"
    root = read_xml((output / "Annotations" / "0_0.xml").read_bytes())
    assert root.findtext("filename") == "0_0.png"
    assert root.findtext("source/database") == "mine"
    boxes = [[int(edge.text or "") for edge in box] for box in root.iterfind("object/bndbox")]
    assert boxes == [[21, 6, 30, 15], [37, 1, 40, 30]]
    assert root.findtext("object/difficult") == "1"


def test_voc_of_another_size(tmp_path: Path) -> None:
    """An annotation of another version of its image is a failure that says both sizes."""
    arguments = voc(tmp_path / "in")
    path = tmp_path / "in" / "Annotations" / "1.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("<width>40", "<width>80"), "utf-8")
    expand(tmp_path / "out", arguments, "-j", 0, code=3)
    text = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8")
    failure = json.loads(text)
    assert (failure["source"], failure["stage"]) == ("1.png", "annotations")
    assert "80 x 30" in failure["message"]
    assert f"{WIDTH} x {HEIGHT}" in failure["message"]


def test_an_edited_annotation(tmp_path: Path) -> None:
    """Only the copies of its image are written anew; of one that is gone, the copies' go too."""
    arguments = voc(tmp_path / "in")
    output = tmp_path / "out"
    expand(output, arguments, "-j", 0)
    before = mtimes(output)
    path = tmp_path / "in" / "Annotations" / "1.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("dog", "fox"), encoding="utf-8")
    expand(output, arguments, "-j", 0)
    written = {name for name, time in mtimes(output).items() if time != before[name]}
    assert written == {"Annotations/1_0.xml", "JPEGImages/1_0.png", "manifest.jsonl"}
    path.unlink()
    expand(output, arguments, "-j", 0)
    assert "Annotations/1_0.xml" not in files(output)
    assert "JPEGImages/1_0.png" in files(output)


def test_what_is_cut_off(tmp_path: Path) -> None:
    """Objects of which too little is left, or that are too small, are dropped from copies alone."""
    arguments = voc(tmp_path / "in")
    # The crop takes two pixels away, of the four of the cat.
    cropped = ("--set", "target_size=[30, 36]", "--set", "keep_aspect_ratio=true", "-j", 0)
    cropped += ("--set", "brightness_range=[1, 1]", "--include-originals")
    for setting, labels in (
        ("min_visibility=0.1", ["dog", "cat"]),
        ("min_visibility=0.6", ["dog"]),
        ("min_area=99", ["dog"]),
        ("min_area=101", []),
    ):
        expand(tmp_path / setting, arguments, *cropped, "--set", f"annotations.{setting}")
        copy, original = records(tmp_path / setting)[:2]
        assert [placed["label"] for placed in copy["objects"]] == labels
        assert [placed["label"] for placed in original["objects"]] == ["dog", "cat"]


def test_target_size_takes_boxes_along(tmp_path: Path) -> None:
    """Boxes are scaled and cut with the image."""
    size = ("--set", "target_size=[15, 15]", "--set", "keep_aspect_ratio=true", "-j", 0)
    expand(tmp_path / "out", voc(tmp_path / "in"), *size)
    [dog] = records(tmp_path / "out")[0]["objects"]
    assert dog["box"] == [2.5, 2.5, 7.5, 7.5]


# -- COCO


def test_coco(tmp_path: Path) -> None:
    """One JSON of all copies, with what the source's says of images, objects and classes."""
    output = mirrored(tmp_path, coco)
    content = json.loads((output / "annotations" / "instances.json").read_text(encoding="utf-8"))
    source = coco_content(3)
    assert content["categories"] == source["categories"]
    assert content["info"] == source["info"]
    assert [(image["file_name"], image.get("flickr_url")) for image in content["images"]] == [
        ("0_0.png", "u"),
        ("1_0.png", "u"),
        ("2_0.png", None),
    ]
    polygon, crowd = content["annotations"][:2]
    assert polygon["bbox"] == [15, 5, 20, 10]
    assert polygon["keypoints"] == [19, 8, 1, 33, 6, 2, 0, 0, 0]  # the eyes have changed places
    assert polygon["note"] == "kept"
    assert crowd["segmentation"] == {"size": [HEIGHT, WIDTH], "counts": [900, 300]}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_coco_loads_in_its_own_tool(tmp_path: Path) -> None:
    """The tool pycocotools finds every copy, and its objects as pixels."""
    tool = pytest.importorskip("pycocotools.coco")
    output = mirrored(tmp_path, coco)
    loaded = tool.COCO(str(output / "annotations" / "instances.json"))
    assert len(loaded.imgs) == 3
    for annotation in loaded.anns.values():
        assert loaded.annToMask(annotation).sum() == annotation["area"]


def test_coco_of_a_split(tmp_path: Path) -> None:
    """Either side of a split is a data set of its own."""
    expand(tmp_path / "out", coco(tmp_path / "in"), "-j", 0, "--set", "validation_split=0.5")
    names = set()
    for side in ("train", "validation"):
        path = tmp_path / "out" / side / "annotations" / "instances.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        for image in content["images"]:
            assert (tmp_path / "out" / side / "images" / image["file_name"]).is_file()
            names.add(image["file_name"])
    assert len(names) == 3


def test_coco_paths_from_the_shared_folder(tmp_path: Path) -> None:
    """A file that names images from the folder above theirs is read, and written alike."""
    arguments = coco(tmp_path / "in")
    path = tmp_path / "in" / "annotations" / "instances.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"0.png"', '"images/0.png"'), "utf-8")
    expand(tmp_path / "out", arguments, "-j", 0)
    text = (tmp_path / "out" / "annotations" / "instances.json").read_text(encoding="utf-8")
    assert '"images/0_0.png"' in text
    assert len(json.loads(text)["annotations"]) == 4


def test_an_edited_coco_file(tmp_path: Path) -> None:
    """Only the images of which it says something else are expanded anew."""
    arguments = coco(tmp_path / "in")
    output = tmp_path / "out"
    expand(output, arguments, "-j", 0)
    before = mtimes(output)
    path = tmp_path / "in" / "annotations" / "instances.json"
    content = coco_content(3)
    content["annotations"][0]["note"] = "changed"
    path.write_text(json.dumps(content), encoding="utf-8")
    expand(output, arguments, "-j", 0)
    written = {name for name, time in mtimes(output).items() if time != before[name]}
    assert written == {
        *("annotations/instances.json", "images/0_0.png"),
        *("manifest.jsonl", "run.yaml"),
    }


def test_a_broken_coco_file(tmp_path: Path) -> None:
    """It is a config error, and nothing is written."""
    arguments = coco(tmp_path / "in")
    (tmp_path / "in" / "annotations" / "instances.json").write_text("{", encoding="utf-8")
    expand(tmp_path / "out", arguments, "-j", 0, code=2)
    assert not (tmp_path / "out").exists()


# -- YOLO


def test_yolo(tmp_path: Path) -> None:
    """Labels lie where Ultralytics' tools look for them, and the data.yaml names the folders."""
    output = mirrored(tmp_path, yolo)
    assert {name for name in files(output) if not name.endswith(".png")} == {
        *("labels/train/a_0.txt", "labels/val/a_0.txt"),
        *("data.yaml", "manifest.jsonl", "run.yaml"),
    }
    assert yaml.safe_load((output / "data.yaml").read_text(encoding="utf-8")) == {
        "train": "images/train",
        "val": "images/val",
        "names": ["dog", "cat"],
        "mine": 1,
    }
    first, second = (output / "labels" / "train" / "a_0.txt").read_text("utf-8").splitlines()
    assert first == "0 0.750000 0.500000 0.400000 0.200000"
    assert second.startswith("1 ")


def test_yolo_of_the_training_images(tmp_path: Path) -> None:
    """The data.yaml points to the validation images of the source, which were not expanded."""
    source, *more = yolo(tmp_path / "in")
    assert isinstance(source, Path)
    expand(tmp_path / "out", (source / "train", *more), "-j", 0)
    data = yaml.safe_load((tmp_path / "out" / "data.yaml").read_text(encoding="utf-8"))
    assert (data["train"], data["val"]) == ("images/train", "../in/images/val")
    assert "labels/train/a_0.txt" in files(tmp_path / "out")


def test_yolo_of_a_split(tmp_path: Path) -> None:
    """The sides of a split of our own take the place of the source's."""
    expand(tmp_path / "out", yolo(tmp_path / "in"), "-j", 0, "--set", "validation_split=0.5")
    data = yaml.safe_load((tmp_path / "out" / "data.yaml").read_text(encoding="utf-8"))
    assert (data["train"], data["val"]) == ("train/images", "validation/images")
    assert any(name.startswith("validation/labels/") for name in files(tmp_path / "out"))


def test_labels_that_are_gone(tmp_path: Path) -> None:
    """Copies are made again without them, and their label files go; no copy was removed."""
    arguments = yolo(tmp_path / "in")
    expand(tmp_path / "out", arguments, *MOVED, "-n", 2, "-j", 0)
    (tmp_path / "in" / "labels" / "val" / "a.txt").unlink()
    source, *more = arguments
    options = (tmp_path / "out", *more, *MOVED, "-n", 2, "-j", 0, "--json")
    summary = json.loads(augcli("expand", source, *options).stdout)
    assert [summary[key] for key in ("written", "kept", "removed")] == [2, 6, 0]
    assert not (tmp_path / "out" / "labels" / "val").exists()


def test_failures_are_the_same_wherever_the_data_lies(tmp_path: Path) -> None:
    """They name masks and labels by their path in the data set, not by that on this machine."""
    root = make_yolo(tmp_path / "in")
    (root / "labels" / "train" / "a.txt").write_text("dog\n", encoding="utf-8")
    (root / "masks").mkdir()

    def failures(data: str, key: str, value: str, cwd: Path) -> bytes:
        output = tmp_path / "out"
        options = (*MIRRORED, "--set", f"{key}={value.format(data=data)}")
        augcli("expand", f"{data}/images", output, *options, cwd=cwd, code=3)
        return (output / "failures.jsonl").read_bytes()

    for key, value, message in (
        ("annotations", "{{format: yolo, path: {data}/labels}}", "labels/train/a.txt: line 1"),
        ("masks", "{data}/masks", "there is no mask masks/val/b.png"),
    ):
        said = failures("in", key, value, tmp_path)
        assert message in said.decode()
        assert failures(".", key, value, root) == said
        assert failures(str(root), key, value, tmp_path) == said


def test_yolo_by_the_folder_of_labels(tmp_path: Path) -> None:
    """A folder of labels will do; its data.yaml is beside it, and without one there is none."""
    root = make_yolo(tmp_path / "in")
    labels = ("--set", f"annotations={{format: yolo, path: {root / 'labels'}}}")
    expand(tmp_path / "out", (root / "images", *labels), "-j", 0)
    assert {"data.yaml", "labels/val/a_0.txt"} < set(files(tmp_path / "out"))
    (root / "data.yaml").unlink()
    expand(tmp_path / "out", (root / "images", *labels), "-j", 0)
    assert "data.yaml" not in files(tmp_path / "out")
    assert records(tmp_path / "out")[0]["objects"][0]["label"] == 0


# -- replay


def test_replay_of_some(tmp_path: Path) -> None:
    """The JSON that goes with some rebuilt copies is about these alone."""
    expand(tmp_path / "out", coco(tmp_path / "in"), *MOVED, "-n", 2, "-j", 0)
    some = tmp_path / "some"
    augcli("replay", tmp_path / "out", "--to", some, "--only", "*/0_*", "-j", 0)
    content = json.loads((some / "annotations" / "instances.json").read_text(encoding="utf-8"))
    assert [image["file_name"] for image in content["images"]] == ["0_0.png", "0_1.png"]


def test_replay_with_other_classes(tmp_path: Path) -> None:
    """That classes or keypoints are others now is said before anything is written."""
    expand(tmp_path / "out", coco(tmp_path / "in"), "-j", 0)
    path = tmp_path / "in" / "annotations" / "instances.json"
    path.write_text(path.read_text(encoding="utf-8").replace("nose", "tail"), encoding="utf-8")
    said = augcli("replay", tmp_path / "out", "--to", tmp_path / "again", "-j", 0, code=2).stderr
    assert "classes or keypoints" in said
    assert not (tmp_path / "again").exists()
