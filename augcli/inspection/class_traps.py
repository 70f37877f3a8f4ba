"""Rules on the classes of a data set. Each yields what it finds."""

from collections.abc import Iterator

from augcli.config.traps import Finding
from augcli.inspection.catalogue import SHOWN
from augcli.inspection.class_names import mirrored, turned, upside_down
from augcli.inspection.known import Known, classes, count, images_are, listed, shown
from augcli.transforms.base import Operation
from augcli.transforms.ranges import Ranges

_IMBALANCE = 10  # times as many images in the largest class as in a small one
_QUARTER_TURN = 90  # degrees


def flipped_classes(known: Known) -> Iterator[Finding]:
    """Flips of classes whose mirror image is something else."""
    rules = (
        ("horizontal_flip", "mirrored-classes", "mirrored", mirrored(known.class_names)),
        ("vertical_flip", "upside-down-classes", "upside down", upside_down(known.class_names)),
    )
    for subject, ranges in known.ranges:
        for key, kind, how, names in rules:
            if names and getattr(ranges, key):
                yield Finding(
                    kind,
                    f"{subject}.{key}",
                    f"by their names, images of {classes(names)} are something else {how}",
                    f"write {key}: false, unless they stay what they are",
                )


def flipping_steps(known: Known) -> Iterator[Finding]:
    """Steps that flip or turn classes which are something else then."""
    names = known.class_names
    lying = [name for name in names if name in {*mirrored(names), *turned(names)}]
    rules = {
        "horizontal_flip": ("mirrored-classes", "mirrored", mirrored(names)),
        "vertical_flip": ("upside-down-classes", "upside down", upside_down(names)),
        "rot90": ("turned-classes", "when they are turned", turned(names)),
        "transpose": ("turned-classes", "mirrored and turned", lying),
        "d4": ("turned-classes", "mirrored and turned", lying),
    }
    for subject, step in known.steps:
        name = step.transform.op
        kind, how, changed = rules.get(name, ("", "", []))
        if changed:
            yield Finding(
                kind,
                f"{subject}.{name}",
                f"by their names, images of {classes(changed)} are something else {how}",
                "leave the step out, unless they stay what they are",
            )


def turned_classes(known: Known) -> Iterator[Finding]:
    """Wide rotations of classes that are something else when they are turned."""
    names = turned(known.class_names)
    for subject, degrees in _rotations(known):
        if names and degrees >= _QUARTER_TURN:
            yield Finding(
                "turned-classes",
                subject,
                f"by their names, images of {classes(names)} are something else when they are "
                f"turned by up to {min(degrees, 180):g} degrees, as a 6 is a 9",
                "write 15 or so, unless they stay what they are",
            )


def _rotations(known: Known) -> Iterator[tuple[str, float]]:
    """The settings that turn images, each with the most degrees that it turns them by."""
    for subject, step in known.steps:
        match step.transform:
            case Ranges(rotation_range=degrees):
                yield f"{subject}.ranges.rotation_range", degrees
            case Operation(op="affine") as affine:
                low, high = affine.written()["rotate"]
                yield f"{subject}.affine.rotate", max(-low, high)


def imbalance(known: Known) -> Iterator[Finding]:
    """Classes with a tenth of the largest one's images, or less."""
    if len(known.classes) < 2:
        return
    largest = max(known.classes, key=known.classes.__getitem__)
    most = known.classes[largest]
    small = [name for name, number in known.classes.items() if number * _IMBALANCE <= most]
    if small:
        small.sort(key=known.classes.__getitem__)
        numbers = [f"{shown(name)} ({known.classes[name]:,})" for name in small[:SHOWN]]
        yield Finding(
            "class-imbalance",
            "classes",
            f"{shown(largest)} has {count(most, 'image')}, {_IMBALANCE} times as many as "
            f"{listed(numbers, len(small))} or more, and copies keep that ratio",
            "weight the classes in training, or add images of the small ones",
        )


def single_images(known: Known) -> Iterator[Finding]:
    """Classes with one image."""
    single = [name for name, number in known.classes.items() if number == 1]
    if single:
        yield Finding(
            "single-image-class",
            "classes",
            f"there is a single image of {classes(single)}, whose copies are no new examples",
            "add images, or leave it out with classes",
        )


def without_label(known: Known) -> Iterator[Finding]:
    """Images without a class, where others have one."""
    if not known.classes:
        return
    some = known.catalogue.without_label()
    if some.number:
        yield Finding(
            "unlabelled",
            "source",
            f"{images_are(some, known.catalogue.images())} in no folder of a class, and have no "
            f"label",
            "move them into a folder of their class, or out of the source",
        )
