"""Names of other tools lead to transforms that exist."""

from augcli.config.other_names import TRANSFORMS_ELSEWHERE, known_as
from augcli.transforms.registry import BUILT_IN


def test_every_name_leads_to_a_transform() -> None:
    """Each name is written plainly, is none of ours, and leads to transforms of ours."""
    for name, ours in TRANSFORMS_ELSEWHERE.items():
        assert name == name.lower().replace("_", "")
        assert name not in BUILT_IN
        assert ours
        assert set(ours) <= set(BUILT_IN)


def test_case_and_underscores_do_not_matter() -> None:
    """A name is known in the forms that Albumentations, torchvision and people write."""
    assert known_as("ShiftScaleRotate") == known_as("shift_scale_rotate") == ("affine",)
    assert known_as("RandomRotation") == ("affine",)
    assert known_as("probability") == ("p",)
    assert known_as("horizontal_flip") == ()
