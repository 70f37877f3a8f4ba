"""What statistics are computed from."""

from collections.abc import Iterator

from augcli.config.schema import Config, Fitting
from augcli.datasets.items import TRAINING, VALIDATION, Group, Item
from augcli.pipeline.origin import SourcesDigest, for_training, measured_items, origin_of
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step


class Split:
    """A data set of one image of each subset, without a reader."""

    def groups(self) -> Iterator[Group]:
        """The only group."""
        items = [Item("a.png", None, TRAINING), Item("b.png", None, VALIDATION)]
        yield Group("", ("a.png", "b.png"), lambda: items)


def test_validation_images_are_not_measured() -> None:
    """Neither where a data set lists them, nor where a run is for them."""
    assert [item.path for item in measured_items(Split())] == ["a.png"]  # type: ignore[arg-type]
    config = Config(validation_split=0.2, subset="validation")
    assert for_training(config).subset == "training"
    assert for_training(Config()) == Config()


def test_the_digest_of_sources() -> None:
    """Each source counts once, by its key and its digest, in its order."""

    def value(*sources: tuple[str, str | None]) -> object:
        digest = SourcesDigest()
        digest.add(sources)
        return digest.value()

    assert value(("a", "1"), ("a", "1"), ("b", "2")) == value(("a", "1"), ("b", "2"))
    others = [(("a", "1"),), (("b", "1"),), (("a", None),), (("a", "1"), ("b", "1"))]
    assert len({str(value(*sources)) for sources in others}) == 4


def test_only_what_matters_is_in_it() -> None:
    """Ranges and seed matter for augmented copies alone; formats and names never do."""

    def origin(**settings: object) -> object:
        ranges = {"featurewise_center": True} | {
            key: value for key, value in settings.items() if key in Ranges.model_fields
        }
        others = {key: value for key, value in settings.items() if key not in Ranges.model_fields}
        steps = [Step(transform=Ranges.model_validate(ranges))]
        config = Config(save_format="npy").model_copy(update={"transforms": steps} | others)
        return origin_of(config, {}, {})

    plain = origin()
    assert origin(rotation_range=5.0, seed=3, copies=9, save_prefix="x") == plain
    assert origin(rescale=0.5) != plain
    augmented = origin(fit=Fitting(augment=True))
    assert augmented != plain
    assert origin(fit=Fitting(augment=True), seed=3) != augmented
    assert origin(fit=Fitting(augment=True), rotation_range=5.0) != augmented
