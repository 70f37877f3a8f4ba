"""Where the file that belongs to an image lies."""

import pytest

from augcli.annotations.places import check_pattern, companion_path, yolo_label_path


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{path}.png", "cats/old/a.b.png"),
        ("{stem}_mask.png", "a.b_mask.png"),
        ("{folder}/seg/{name}.png", "cats/old/seg/a.b.jpg.png"),
        ("{name}", "a.b.jpg"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, path: str) -> None:
    """Each field means a part of the image's path."""
    check_pattern(pattern)
    assert companion_path(pattern, "cats/old/a.b.jpg") == path


def test_an_image_at_the_top_has_no_folder() -> None:
    """An empty {folder} leaves no slash in front, and a name without an extension is its stem."""
    assert companion_path("{folder}/{stem}.xml", "a.jpg") == "a.xml"
    assert companion_path("{path}.png", "a") == "a.png"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{stm}.png", "{stm}"),
        ("{stem.__class__}", "{stem.__class__}"),
        ("{stem", "single brace"),
        ("mask.png", "same file for every image"),
        ("{folder}/mask.png", "same file for every image"),
        ("/masks/{stem}.png", "leads out"),
        ("../{stem}.png", "leads out"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_refused(pattern: str, said: str) -> None:
    """Unknown fields, one file for all images, and ways out of the folder are errors."""
    with pytest.raises(ValueError, match=r"pattern|file|folder") as caught:
        check_pattern(pattern)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("image", "labels"),
    [
        ("images/train/a.jpg", "labels/train/a.txt"),
        ("data/images/images/a.b.png", "data/images/labels/a.b.txt"),
        ("my.images/a", "my.images/a.txt"),
        ("images.jpg", "images.txt"),
        ("/data/images/a.jpg", "/data/labels/a.txt"),
    ],
)
def test_labels_lie_where_ultralytics_looks_for_them(image: str, labels: str) -> None:
    """The last folder "images" becomes "labels"; without one they lie beside the image."""
    assert yolo_label_path(image) == labels
