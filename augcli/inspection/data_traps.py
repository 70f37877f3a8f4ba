"""What a data set and a config are together that most likely is not meant."""

from collections.abc import Callable, Iterator, Sequence

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.datasets.labels import CLASS_MODES
from augcli.inspection import class_traps, name_traps, pixel_traps, size_traps, twin_traps
from augcli.inspection.catalogue import Catalogue
from augcli.inspection.known import Decoded, Known

RULES: tuple[Callable[[Known], Iterator[Finding]], ...] = (
    class_traps.flipped_classes,
    class_traps.flipping_steps,
    class_traps.turned_classes,
    class_traps.imbalance,
    class_traps.single_images,
    class_traps.without_label,
    twin_traps.duplicates,
    name_traps.named_as_copies,
    name_traps.listed_as_copies,
    size_traps.upscaled,
    size_traps.distorted,
    size_traps.mixed_sizes,
    size_traps.unlike_sizes,
    size_traps.out_of_sight,
    pixel_traps.jpeg_again,
    pixel_traps.not_held,
    pixel_traps.channel_shift,
    pixel_traps.zca,
)
"""Everything that is looked for; docs/check.md has it in words."""


def find_data_traps(
    config: Config, catalogue: Catalogue, decoded: Sequence[Decoded]
) -> Iterator[Finding]:
    """What the rules find, in the order of `RULES`.

    Args:
        config: The resolved config.
        catalogue: All sources, with classes by their names.
        decoded: Some of them, as the config reads them.
    """
    has_classes = config.class_mode in CLASS_MODES
    classes = catalogue.classes() if has_classes else {}
    known = Known(config, catalogue, classes, tuple(decoded))
    for rule in RULES:
        yield from rule(known)
