"""YOLO's text labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.annotations.objects import placed_objects
from augcli.annotations.yolo import read_yolo, write_yolo, yolo_annotations
from augcli.annotations.yolo_data import YoloData
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import bounds

SIZE = Size(100, 200)
BOXES = YoloData(names={0: "cat", 1: "dog"})
POSE = YoloData(names={0: "cat"}, keypoints=(2, 3))
FLAT_POSE = YoloData(names={0: "cat"}, keypoints=(2, 2))


def unmoved(data: bytes, yolo: YoloData) -> bytes:
    """The labels of a copy in which nothing has moved."""
    objects = read_yolo(data, yolo)
    annotations = yolo_annotations(objects, yolo, SIZE)
    placed = placed_objects(annotations.instances, annotations.labels, SIZE)
    return write_yolo(objects, placed, yolo, SIZE)


def test_boxes_are_shares_of_the_sides() -> None:
    """Centre and sides become edges in pixels, and class numbers names."""
    objects = read_yolo(b"1 0.5 0.5 0.25 0.5\n\n0 0.1 0.1 0.1 0.2\n", BOXES)
    annotations = yolo_annotations(objects, BOXES, SIZE)
    assert annotations.labels == ("dog", "cat")
    np.testing.assert_allclose(
        [bounds(instance) for instance in annotations.instances],
        [(75, 25, 125, 75), (10, 0, 30, 20)],
    )


@pytest.mark.parametrize(
    ("line", "yolo"),
    [
        (b"1 0.500000 0.500000 0.250000 0.500000\n", BOXES),
        (b"0 0.100000 0.200000 0.300000 0.200000 0.200000 0.900000\n", BOXES),
        (b"0 0.500000 0.500000 0.250000 0.500000 0.450000 0.600000 2 0.000000 0.000000 0\n", POSE),
        (b"0 0.500000 0.500000 0.250000 0.500000 0.450000 0.600000 0.0 0.0\n", FLAT_POSE),
    ],
)
def test_every_form_is_written_as_it_came(line: bytes, yolo: YoloData) -> None:
    """Boxes, polygons and keypoints with and without a visibility come back, six decimals each."""
    assert unmoved(line, yolo) == line.replace(b" 0.0 0.0\n", b" 0.000000 0.000000\n")


def test_classes_without_names_are_numbers() -> None:
    """Without a data.yaml, the label is the number."""
    objects = read_yolo(b"7.0 0.5 0.5 0.25 0.5", YoloData())
    assert yolo_annotations(objects, YoloData(), SIZE).labels == (7,)


def test_an_empty_file_is_an_image_without_objects() -> None:
    """Nothing is read from it, and nothing written."""
    assert read_yolo(b"\xef\xbb\xbf \n", BOXES) == ()
    assert unmoved(b"", BOXES) == b""


def test_objects_that_are_gone_have_no_line() -> None:
    """The lines that are left keep their order and their classes."""
    lines = [b"0 0.1 0.1 0.1 0.1", b"1 0.5 0.5 0.5 0.5", b"0 0.8 0.8 0.1 0.1"]
    objects = read_yolo(b"\n".join(lines), BOXES)
    annotations = yolo_annotations(objects, BOXES, SIZE)
    placed = placed_objects(annotations.instances[1:], annotations.labels, SIZE)
    written = write_yolo(objects, placed, BOXES, SIZE).decode().splitlines()
    assert [line[0] for line in written] == ["1", "0"]


def test_rounding_beyond_the_edge_is_cut() -> None:
    """Edges and points a hair out of the image are brought back into it."""
    written = unmoved(b"0 0.05 0.5 0.100002 1\n0 -0.001 0 1.001 0 0.5 1\n", BOXES).split()
    assert all(0 <= float(word) <= 1 for word in written)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_whatever_is_written_can_be_read(numbers: list[float]) -> None:
    """The shares stay from 0 to 1, and the box within the image but for rounding."""
    low, high = sorted(numbers[:2]), sorted(numbers[2:])
    x, width = sum(low) / 2, low[1] - low[0]
    y, height = sum(high) / 2, high[1] - high[0]
    written = unmoved(f"0 {x} {y} {width} {height}".encode(), BOXES)
    shares = [float(word) for word in written.split()[1:]]
    assert all(0 <= share <= 1 for share in shares)
    assert unmoved(written, BOXES).count(b"\n") == written.count(b"\n")
    if shares:
        np.testing.assert_allclose(shares, [x, y, width, height], atol=2e-5)


@pytest.mark.parametrize(
    ("line", "yolo", "said"),
    [
        (b"0 0.5 0.5 0.1 0.1\n\ncat 0.5 0.5 0.1 0.1", BOXES, "line 3: 'cat' is no number"),
        (b"0 0.5 0.5 0.1 inf", BOXES, "'inf' is no number"),
        (b"0.5 0.5 0.5 0.1 0.1", BOXES, "'0.5' is no number of a class"),
        (b"-1 0.5 0.5 0.1 0.1", BOXES, "'-1' is no number of a class"),
        (b"2 0.5 0.5 0.1 0.1", BOXES, "class 2, which data.yaml has no name for"),
        (b"0", BOXES, "0 numbers after the class"),
        (b"0 0.5 0.5 0.1 0.1 0.9", BOXES, "5 numbers after the class"),
        (b"0 0.5 0.5 0.1 0.1", POSE, "not 10, by kpt_shape [2, 3]"),
        (b"0 233 89 386 262", BOXES, "233 is not from 0 to 1"),
        (b"0 0.5 0.5 0.1 -0.1", BOXES, "-0.1 is not from 0 to 1"),
        (b"\xff\xfe0", BOXES, "no text"),
    ],
)
def test_errors_say_what_is_wrong(line: bytes, yolo: YoloData, said: str) -> None:
    """The line, what stands there, and what should."""
    with pytest.raises(SourceError) as caught:
        read_yolo(line, yolo)
    assert caught.value.stage == "annotations"
    assert said in str(caught.value)
