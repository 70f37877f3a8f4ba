"""The reference's split into a training and a validation subset: the first part is validation."""


def check_subset(subset: str | None) -> None:
    """Raises ValueError unless `subset` is "training", "validation" or None, for all."""
    if subset not in {"training", "validation", None}:
        raise ValueError(f'`subset` should be "training" or "validation". Received: {subset}')


def validation_split_of(image_data_generator: object) -> float:
    """The `validation_split` of a generator; 0 without a generator."""
    fraction: float = getattr(image_data_generator, "_validation_split", 0.0)
    return fraction


def subset_split(fraction: float, subset: str | None) -> tuple[float, float] | None:
    """From where to where a subset goes, as fractions of the samples; None for all of them."""
    return {"validation": (0, fraction), "training": (fraction, 1)}.get(subset or "")


def subset_slice(n: int, fraction: float, subset: str | None) -> slice:
    """Which of `n` samples in a row are in a subset.

    Args:
        n: Number of samples.
        fraction: How much of them is for validation.
        subset: "training", "validation", or None for all.
    """
    first = int(fraction * n)
    return slice(first if subset == "training" else 0, first if subset == "validation" else n)
