"""The seed of a run whose config says `seed: random`."""

from pathlib import Path

from augcli.config.schema import Config
from augcli.pipeline.ledger import Ledger, interrupted_seed
from augcli.pipeline.run_seed import with_seed, with_seed_of_run

RANDOM = Config.model_validate({"seed": "random"})


def test_a_seed_is_drawn_where_it_is_random() -> None:
    """A new one each time; a number stays."""
    assert len({with_seed(RANDOM).seed for _ in range(3)}) == 3
    assert with_seed(Config(seed=7)).seed == 7


def test_an_interrupted_run_goes_on_with_its_seed(tmp_path: Path) -> None:
    """With the latest that was drawn, until it finishes; a number is not replaced."""
    output = str(tmp_path)
    assert interrupted_seed(output) is None
    for seed in (None, 11, 12):
        with Ledger(output, digest="d", earlier_digest="", drawn_seed=seed) as ledger:
            ledger.begin(["a.png"])
            ledger.flush()
    assert with_seed_of_run(RANDOM, output).seed == 12
    assert with_seed_of_run(Config(seed=7), output).seed == 7
    with Ledger(output, digest="d", earlier_digest="") as ledger:
        ledger.begin(["b.png"])
        ledger.flush()
        assert interrupted_seed(output) is None
        ledger.close_journal()
    with (tmp_path / ".augcli-journal.jsonl").open("wb") as journal:
        journal.write(b'{"run": "d", "drawn_seed": 12')
    assert interrupted_seed(output) is None
