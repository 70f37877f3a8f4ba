"""Pascal VOC's XML."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.annotations.objects import Annotations, placed_objects
from augcli.annotations.placed import PlacedObject
from augcli.annotations.voc import VocFile, read_voc, voc_annotations, write_voc
from augcli.errors import SourceError
from augcli.transforms.base import Size
from augcli.transforms.instances import Bounds, bounds

SIZE = Size(30, 40)
FILE = b"""<annotation>
\t<folder>pets</folder>
\t<filename>a.jpg</filename>
\t<path></path>
\t<source><database>mine</database></source>
\t<size>
\t\t<width>40</width>
\t\t<height>30</height>
\t\t<depth>3</depth>
\t</size>
\t<segmented>0</segmented>
\t<object>
\t\t<name>person</name>
\t\t<truncated>0</truncated>
\t\t<score why="mine">7</score>
\t\t<bndbox>
\t\t\t<ymin>3</ymin>
\t\t\t<xmin>11</xmin>
\t\t\t<xmax>20</xmax>
\t\t\t<ymax>30</ymax>
\t\t</bndbox>
\t\t<part>
\t\t\t<name>head</name>
\t\t\t<bndbox><xmin>12</xmin><ymin>3</ymin><xmax>15</xmax><ymax>5</ymax></bndbox>
\t\t</part>
\t</object>
\t<object>
\t\t<name>dog</name>
\t\t<polygon><x1>1</x1></polygon>
\t\t<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>40</xmax><ymax>30</ymax></bndbox>
\t</object>
</annotation>
"""


def one_object(box: tuple[object, ...], size: tuple[int, int] = (30, 40)) -> bytes:
    """A file with one object, and the size (height, width)."""
    edges = "".join(
        f"<{edge}>{value}</{edge}>"
        for edge, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return (
        f"<annotation><size><width>{size[1]}</width><height>{size[0]}</height></size>"
        f"<object><name>dog</name><bndbox>{edges}</bndbox></object></annotation>"
    ).encode()


def unmoved(voc: VocFile, size: Size = SIZE) -> list[PlacedObject]:
    """The objects of a copy in which nothing has moved."""
    annotations = voc_annotations(voc, size)
    return placed_objects(annotations.instances, annotations.labels, size)


def boxes_of(annotations: Annotations) -> list[Bounds | None]:
    """The boxes of all instances."""
    return [bounds(instance) for instance in annotations.instances]


def test_boxes_hold_their_first_and_last_pixel() -> None:
    """Pixels 11 to 20, counted from 1, lie between 10 and 20; parts follow the objects."""
    annotations = voc_annotations(read_voc(FILE), SIZE)
    assert annotations.labels == ("person", "dog", "person/head")
    assert boxes_of(annotations) == [(10, 2, 20, 30), (0, 0, 40, 30), (11, 2, 15, 5)]
    assert [instance.index for instance in annotations.instances] == [0, 1, 2]


def test_the_ellipse_is_handed_on() -> None:
    """With box_method ellipse, what moves is the inscribed ellipse, whose box is the same."""
    annotations = voc_annotations(read_voc(FILE), SIZE, "ellipse")
    assert len(annotations.instances[0].outline) > 4
    assert boxes_of(annotations)[0] == (10, 2, 20, 30)


def test_a_copy_without_changes_has_the_same_file() -> None:
    """All but geometry that would be wrong comes back, with the copy's name and size."""
    written = write_voc(read_voc(FILE), unmoved(read_voc(FILE)), SIZE, 1, "all/images/a_0.png")
    expected = (
        FILE.replace(b"a.jpg", b"a_0.png")
        .replace(b"<folder>pets", b"<folder>images")
        .replace(b"<path></path>", b"<path />")
        .replace(b"<depth>3", b"<depth>1")
        .replace(b"<polygon><x1>1</x1></polygon>\n\t\t", b"")
    )
    assert written == expected


def test_objects_that_are_gone_are_left_out() -> None:
    """The file stays in shape, a part goes by itself or with its object, boxes are whole pixels."""
    box = [0.4, 0.6, 9.5, 12.49]
    objects: list[PlacedObject] = [
        {"index": 0, "label": "person", "visible": 0.8, "box": box},
    ]
    text = write_voc(read_voc(FILE), objects, Size(20, 10), 3, "b.jpg").decode()
    assert "dog" not in text
    assert "head" not in text
    assert "<ymin>2</ymin>\n\t\t\t<xmin>1</xmin>\n\t\t\t<xmax>10</xmax>" in text
    assert "<ymax>12</ymax>" in text
    assert "<truncated>1</truncated>" in text
    assert '<score why="mine">7</score>' in text
    assert "<width>10</width>\n\t\t<height>20</height>" in text
    assert text.endswith("\n\t</object>\n</annotation>\n")
    assert "<folder />" in text
    dog = placed_objects(
        [i for i in voc_annotations(read_voc(FILE), SIZE).instances if i.index > 0],
        ("person", "dog", "head"),
        SIZE,
    )
    assert b"person" not in write_voc(read_voc(FILE), dog, SIZE, 3, "b.jpg")


def test_an_image_without_objects_has_a_file() -> None:
    """What no object is left of is still a file with the image's size."""
    text = write_voc(read_voc(FILE), [], SIZE, 3, "b.jpg").decode()
    assert "<object>" not in text
    assert text.endswith("<segmented>0</segmented>\n</annotation>\n")


@given(
    st.tuples(st.floats(0, 40), st.floats(0, 30)),
    st.tuples(st.floats(0.001, 40), st.floats(0.001, 30)),
)
def test_written_boxes_can_be_read(start: tuple[float, float], sides: tuple[float, float]) -> None:
    """Whatever is left of an object, its box is of whole pixels of the image, at least one."""
    x_min, y_min = min(start[0], 39.9), min(start[1], 29.9)
    box = [x_min, y_min, min(x_min + sides[0], 40), min(y_min + sides[1], 30)]
    source = read_voc(one_object((1, 1, 2, 2)))
    placed: PlacedObject = {"index": 0, "label": "dog", "visible": 1.0, "box": box}
    (instance,) = voc_annotations(
        read_voc(write_voc(source, [placed], SIZE, 3, "a.png")), SIZE
    ).instances
    again = bounds(instance)
    assert again is not None
    assert all(value == int(value) for value in again)
    np.testing.assert_allclose(again, box, atol=1)


def test_boxes_beyond_the_image_are_cut() -> None:
    """A file that counts from 0 starts at -1, and one with nothing in the image has no instance."""
    assert boxes_of(voc_annotations(read_voc(one_object((0, 0, 50.5, 10))), SIZE)) == [
        (0, 0, 40, 10)
    ]
    outside = voc_annotations(read_voc(one_object((60, 1, 70, 10))), SIZE)
    assert outside == Annotations((), ("dog",))


def test_fractions_are_read() -> None:
    """VOC2012 itself has some boxes with fractions."""
    (box,) = boxes_of(voc_annotations(read_voc(one_object(("1.5", "2e0", " 4.25 ", 5))), SIZE))
    assert box == (0.5, 1, 4.25, 5)


def test_the_size_may_be_unknown() -> None:
    """No size, or 0 as some tools write, holds for every image; another size is refused."""
    nothing_said = one_object((1, 1, 2, 2), (0, 0))
    assert unmoved(read_voc(nothing_said))
    assert unmoved(read_voc(b"<annotation/>")) == []
    with pytest.raises(SourceError, match="40 x 30 pixels, and it has 50 x 30"):
        voc_annotations(read_voc(FILE), Size(30, 50))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<annotation>", "broken XML"),
        (b"<!DOCTYPE a><annotation/>", "DOCTYPE"),
        (b"<html/>", "<html>"),
        (one_object((5, 1, 4, 2)), "object 1, 'dog' ends before it begins"),
        (one_object((1, 1, "wide", 2)), "'wide' is no number, in <xmax> of object 1, 'dog'"),
        (one_object((1, 1, "nan", 2)), "'nan' is no number"),
        (b"<annotation><object><name>dog</name></object></annotation>", "no <bndbox>"),
        (one_object((1, 1, 2, 2)).replace(b"<width>40", b"<width>x"), "'x' is no number"),
    ],
)
def test_errors_say_what_is_wrong(data: bytes, said: str) -> None:
    """Files that are none, and boxes that are none, are named."""
    with pytest.raises(SourceError) as caught:
        read_voc(data)
    assert caught.value.stage == "annotations"
    assert said in str(caught.value)


def test_a_file_can_be_sent_to_a_worker() -> None:
    """It survives pickling, and writing a copy does not change it."""
    voc = pickle.loads(pickle.dumps(read_voc(FILE)))  # noqa: S301  our own bytes
    first = write_voc(voc, [], SIZE, 3, "b.jpg")
    assert write_voc(voc, [], SIZE, 3, "b.jpg") == first
    assert len(unmoved(voc)) == 3
