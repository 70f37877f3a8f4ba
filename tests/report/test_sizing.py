"""The size that a step of a pipeline sees."""

from typing import Any

from augcli.config.schema import Config
from augcli.report.sizing import sizing_before
from augcli.transforms.base import Recipe, Size
from augcli.transforms.step import walk

SIZE = Size(60, 80)
RESIZE = {"resize": {"height": 30, "width": 40}}
BLUR: dict[str, Any] = {"gaussian_blur": {}}


def before_blur(*steps: dict[str, Any]) -> tuple[Recipe, Size]:
    """What comes before the first blur of a pipeline, and the size that it sees."""
    transforms = Config.model_validate({"transforms": list(steps)}).transforms
    places = (place for place, step in walk(transforms) if step.transform.op == "gaussian_blur")
    return sizing_before(transforms, next(places), SIZE)


def test_nothing_sets_the_size() -> None:
    """Without a step that sets it, and before one that does, the size is the image's own."""
    assert before_blur({"gamma": {}}, {"affine": {}}, BLUR) == ([], SIZE)
    assert before_blur(BLUR, RESIZE) == ([], SIZE)


def test_what_sets_the_size_stays() -> None:
    """A resize stays, at the size that the pad before it leaves; what keeps the size does not."""
    recipe, size = before_blur(
        {"pad": {"pixels": 10}}, {"affine": {}}, {"resize": {"longest_side": 50}}, BLUR
    )
    assert [params["op"] for params in recipe] == ["pad", "resize"]
    assert size == Size(40, 50)


def test_a_crop_is_drawn_in_the_middle_of_its_range() -> None:
    """Of a random crop, the part is of middling area; it is the same in each call."""
    step = {"random_resized_crop": {"size": [20, 20], "scale": [0.2, 0.3], "ratio": 1}}
    recipe, size = before_blur(step, BLUR)
    assert (recipe, size) == before_blur(step, BLUR)
    assert size == Size(20, 20)
    assert recipe[0]["crop_height"] == recipe[0]["crop_width"] == 35  # sqrt(0.25 * 60 * 80)


def test_p_says_whether_it_happens() -> None:
    """What happens to half of the copies or more is taken to happen, and nothing else."""
    assert before_blur({**RESIZE, "p": 0.5}, BLUR)[1] == Size(30, 40)
    assert before_blur({**RESIZE, "p": 0.49}, BLUR)[1] == SIZE
    assert before_blur({"sequence": [RESIZE], "p": 0.4}, BLUR)[1] == SIZE
    assert before_blur({"sequence": [{**RESIZE, "p": 0.4}]}, BLUR)[1] == SIZE


def test_turns_do_not_happen() -> None:
    """No row is shown on its side, and a crop fits into what is not turned."""
    turns = [{"transpose": {}}, {"rot90": {"times": 1}}, {"d4": {}}]
    crop = {"center_crop": {"height": 0.5, "width": 0.5}}
    assert before_blur(*turns, BLUR) == ([], SIZE)
    assert before_blur({"sequence": [turns[0], crop]}, BLUR)[1] == Size(30, 40)


def test_steps_in_steps() -> None:
    """In a sequence, one step comes before another; in a choice, none does."""
    assert before_blur({"sequence": [RESIZE, BLUR]})[1] == Size(30, 40)
    assert before_blur({"one_of": [RESIZE, BLUR]})[1] == SIZE
    assert before_blur({"some_of": {"n": 2, "steps": [RESIZE, BLUR]}})[1] == SIZE
    assert before_blur(RESIZE, {"one_of": [{"gamma": {}}, {"sequence": [BLUR]}]})[1] == Size(30, 40)


def test_a_choice_that_sets_the_size() -> None:
    """Of a choice, what is drawn once sets the size."""
    one, other = RESIZE, {"resize": {"height": 15, "width": 20}}
    assert before_blur({"one_of": [one, other]}, BLUR)[1] in {Size(30, 40), Size(15, 20)}
    assert before_blur({"one_of": [{**one, "weight": 0}, other]}, BLUR)[1] == Size(15, 20)


def test_a_crop_that_cannot_be() -> None:
    """What an image is too small for is left out, and what follows sees the size as it was."""
    crop = {"center_crop": {"height": 100, "width": 100}}
    assert before_blur(crop, BLUR) == ([], SIZE)
    assert before_blur({"crop": {"height": 10, "width": 81}}, RESIZE, BLUR)[1] == Size(30, 40)
    assert before_blur({"pad": {"pixels": 50}}, crop, BLUR)[1] == Size(100, 100)


def test_every_place_has_a_size() -> None:
    """Steps in a step begin where it stands; so does the step that has them."""
    inner = {"sequence": [{"gamma": {}}]}
    transforms = Config.model_validate({"transforms": [RESIZE, {"one_of": [inner]}]}).transforms
    sizes = [sizing_before(transforms, place, SIZE)[1] for place, _ in walk(transforms)]
    assert sizes == [SIZE, *[Size(30, 40)] * 3]
