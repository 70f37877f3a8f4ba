"""The seed of a run whose config says `seed: random`."""

from augcli.config.schema import Config
from augcli.pipeline.ledger import interrupted_seed


def with_seed(config: Config) -> Config:
    """The config with a number for its seed: where it says random, one that is drawn now."""
    if config.seed != "random":
        return config
    from augcli.pipeline.seeds import random_seed  # noqa: PLC0415  loads NumPy, for few runs

    return config.model_copy(update={"seed": random_seed()})


def with_seed_of_run(config: Config, output: str) -> Config:
    """The same for a run: one that was interrupted goes on with the seed that was drawn for it."""
    seed = interrupted_seed(output) if config.seed == "random" else None
    return with_seed(config) if seed is None else config.model_copy(update={"seed": seed})
