"""COCO's JSON file as a whole."""

import json
from typing import Any

import pytest

from augcli.annotations.coco import (
    CocoCopy,
    CocoFile,
    CocoImage,
    name_pairs,
    read_coco,
    write_coco,
)
from augcli.annotations.placed import PlacedObject
from augcli.errors import ConfigError
from augcli.transforms.base import Size

CONTENT: dict[str, Any] = {
    "info": {"year": 2017, "contributor": "Zoë"},
    "images": [
        {"id": 9, "file_name": "a.jpg", "width": 40, "height": 30, "license": 3},
        {"id": 4, "file_name": "b.jpg", "width": 40, "height": 30},
    ],
    "annotations": [
        {"id": 7, "image_id": 4, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 12},
        {"id": 8, "image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5},
        {"id": 5, "image_id": 4, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 0},
        {"id": 6, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9]},
    ],
    "licenses": [{"id": 3}],
    "categories": [
        {"id": 1, "name": "cat", "supercategory": "animal", "keypoints": ["left_ear", "right_ear"]},
        {"id": 2, "name": "dog"},
    ],
}


def read(content: object) -> CocoFile:
    """A file that holds `content`."""
    return read_coco(json.dumps(content).encode(), "coco.json")


def written(coco: CocoFile, *copies: CocoCopy) -> Any:
    """What the output's file says."""
    return json.loads(b"".join(write_coco(coco, lambda: copies)))


def annotation(source: dict[str, Any], placed: dict[str, Any]) -> Any:
    """What becomes of one annotation in a copy of 40 x 30 pixels."""
    image = CocoImage({}, (source,))
    placed_object: PlacedObject = {"index": 0, "label": "cat", "visible": 1.0, **placed}  # type: ignore[typeddict-item]  # of any keys
    copy = CocoCopy("a_0.png", Size(30, 40), image, [placed_object])
    return written(read(CONTENT), copy)["annotations"][0]


def test_annotations_find_their_images() -> None:
    """Every image has its own, in the order of the file; those of no image are passed over."""
    coco = read(CONTENT)
    assert list(coco.images) == ["a.jpg", "b.jpg"]
    assert coco.images["a.jpg"].entry["license"] == 3
    assert [entry["id"] for entry in coco.images["b.jpg"].annotations] == [7, 5]
    assert coco.categories[1].name == "cat"
    assert coco.flip_pairs == ((0, 1),)


def test_ids_may_be_whole_floats() -> None:
    """A table with gaps makes 4.0 of 4; the annotation is that image's all the same."""
    annotations = [{**CONTENT["annotations"][0], "image_id": 4.0}]
    coco = read({**CONTENT, "annotations": annotations})
    assert len(coco.images["b.jpg"].annotations) == 1


def test_copies_are_numbered_and_unknown_fields_carried_over() -> None:
    """Ids count from 1 in the order of the copies; all else is as it was, keys in their order."""
    coco = read(CONTENT)
    cat: PlacedObject = {"index": 1, "label": "cat", "visible": 1.0, "box": [1.5, 2.0, 4.25, 6.0]}
    dog: PlacedObject = {"index": 0, "label": "dog", "visible": 0.5, "box": [0.0, 0.0, 1.0, 1.0]}
    output = written(
        coco,
        CocoCopy("b_0.png", Size(8, 9), coco.images["b.jpg"], [dog, cat]),
        CocoCopy("c_0.png", Size(8, 9), CocoImage(), []),
        CocoCopy("a_0.png", Size(8, 9), coco.images["a.jpg"], [{**dog, "label": "cat"}]),
    )
    assert list(output) == list(CONTENT)
    assert output["images"] == [
        {"id": 1, "file_name": "b_0.png", "width": 9, "height": 8},
        {"id": 2, "file_name": "c_0.png", "width": 9, "height": 8},
        {"id": 3, "file_name": "a_0.png", "width": 9, "height": 8, "license": 3},
    ]
    box = {"bbox": [0.0, 0.0, 1.0, 1.0], "area": 1.0}
    assert output["annotations"] == [
        {"id": 1, "image_id": 1, "category_id": 2, **box},
        {
            "id": 2,
            "image_id": 1,
            "category_id": 1,
            "bbox": [1.5, 2.0, 2.75, 4.0],
            "iscrowd": 0,
            "area": 11.0,
        },
        {"id": 3, "image_id": 3, "category_id": 1, **box, "score": 0.5},
    ]
    for key in ("info", "licenses", "categories"):
        assert output[key] == CONTENT[key]


def test_the_file_is_ascii_with_an_entry_a_line() -> None:
    """It can be opened in any encoding, and compared line by line."""
    coco = read({"info": "Zoë", "images": [], "annotations": [], "categories": []})
    assert b"".join(write_coco(coco, list)) == (
        b'{\n"info": "Zo\\u00eb",\n"images": [],\n"annotations": [],\n"categories": []\n}\n'
    )
    copies = [CocoCopy("a.png", Size(1, 2), CocoImage(), [])] * 2
    text = b"".join(write_coco(coco, lambda: copies)).decode()
    assert text.splitlines()[3:5] == [
        '{"id": 1, "file_name": "a.png", "width": 2, "height": 1},',
        '{"id": 2, "file_name": "a.png", "width": 2, "height": 1}',
    ]


def test_polygons_have_an_area() -> None:
    """The area is that of the polygons, whichever way round they go."""
    polygons = [[0.0, 0.0, 4.0, 0.0, 0.0, 4.0], [10.0, 10.0, 10.0, 12.0, 12.5, 12.0, 12.5, 10.0]]
    entry = annotation(
        {"id": 1, "category_id": 1, "segmentation": [[1, 1, 2, 2, 3, 1]]},
        {"box": [0.0, 0.0, 12.5, 12.0], "polygons": polygons},
    )
    assert entry["segmentation"] == polygons
    assert entry["area"] == 8 + 5
    assert entry["bbox"] == [0.0, 0.0, 12.5, 12.0]


@pytest.mark.parametrize(("counts", "expected"), [("2111", "2111"), ([2, 1, 1, 2], [2, 1, 1, 2])])
def test_run_lengths_keep_their_form(counts: object, expected: object) -> None:
    """Lists stay lists and texts texts; the area is the count of the object's pixels."""
    entry = annotation(
        {"id": 1, "category_id": 1, "segmentation": {"size": [9, 9], "counts": counts}},
        {"box": [1.0, 0.0, 3.0, 2.0], "rle": {"size": [2, 3], "counts": "2111"}},
    )
    assert entry["segmentation"] == {"size": [2, 3], "counts": expected}
    assert entry["area"] == 3


def test_keypoints_count_pixels_from_0() -> None:
    """The plane's (10.5, 20.5) is the centre of pixel 10 20; points on the edge stay inside."""
    triples = [10.5, 20.5, 2, 0.0, 0.0, 0, 0.0, 30.0, 1, 40.0, 0.2, 1]
    entry = annotation(
        {"id": 1, "category_id": 1, "keypoints": [1, 1, 2] * 4, "num_keypoints": 4},
        {"box": [0.0, 0.0, 40.0, 30.0], "keypoints": triples},
    )
    assert entry["keypoints"] == [10, 20, 2, 0, 0, 0, 0, 29, 1, 39, 0, 1]
    assert entry["num_keypoints"] == 3


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (("nose", "left_eye", "right_eye"), ((1, 2),)),
        (("R-Ear", "tail", "L-Ear"), ((0, 2),)),
        (("kneeLeft", "kneeRight", "r hip", "l hip"), ((0, 1), (2, 3))),
        (("upright", "left", "bottle", "lid"), ()),
        ((), ()),
    ],
)
def test_left_and_right_make_pairs(
    names: tuple[str, ...], pairs: tuple[tuple[int, int], ...]
) -> None:
    """Names that differ in nothing but left and right are a pair; half a pair is none."""
    assert name_pairs(names) == pairs


def changed(key: str, value: object) -> dict[str, Any]:
    """The content with one key changed."""
    return {**CONTENT, key: value}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "'images' and 'annotations'"),
        ({}, "'images': expected a list of objects"),
        (changed("images", [1]), "'images': expected a list of objects"),
        (changed("images", [{"id": 1}]), "image 0: expected an 'id' and a 'file_name'"),
        (changed("images", [*CONTENT["images"], CONTENT["images"][0]]), "image 'a.jpg': another"),
        (changed("categories", []), "annotation 7: there is no category 2"),
        (changed("categories", [{"id": 1}]), "category 0: expected an 'id' and a 'name'"),
        (changed("categories", [*CONTENT["categories"]] * 2), "category 'dog': another one has"),
        (
            changed("categories", [{"id": 1, "name": "cat", "keypoints": "eye"}]),
            "category 'cat': expected a list of names",
        ),
        (
            changed(
                "categories",
                [CONTENT["categories"][0], {"id": 2, "name": "dog", "keypoints": ["nose"]}],
            ),
            "in different ways",
        ),
    ],
)
def test_contradictions_are_config_errors(content: object, said: str) -> None:
    """Every problem names the file, and what in it."""
    with pytest.raises(ConfigError) as caught:
        read(content)
    assert any(said in str(problem) for problem in caught.value.problems)
    assert all(problem.where == "coco.json" for problem in caught.value.problems)


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": NaN}', b"\xff\xff\xff", b"[" * 100_000])
def test_other_files_are_config_errors(data: bytes) -> None:
    """Whatever is no JSON is refused."""
    with pytest.raises(ConfigError, match=r"coco\.json: not JSON"):
        read_coco(data, "coco.json")
