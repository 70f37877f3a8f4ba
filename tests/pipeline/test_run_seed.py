"""The seed of a run whose config says `seed: random`."""

import errno
import os
from functools import partial
from pathlib import Path

import pytest

from augcli.config.schema import Config
from augcli.errors import AugcliError, UsageError
from augcli.pipeline import ledger
from augcli.pipeline.ledger import JOURNAL, Ledger, interrupted_seed
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
        with Ledger(output, digest="d", earlier_digest="", drawn_seed=seed) as run:
            run.begin(["a.png"])
            run.flush()
    assert with_seed_of_run(RANDOM, output).seed == 12
    assert with_seed_of_run(Config(seed=7), output).seed == 7
    with Ledger(output, digest="d", earlier_digest="") as run:
        run.begin(["b.png"])
        run.flush()
        assert interrupted_seed(output) is None
        run.close_journal()
    (tmp_path / JOURNAL).write_bytes(b'{"run": "d", "drawn_seed": 12')
    assert interrupted_seed(output) is None


@pytest.mark.parametrize("written", ['"x"', "-4", "9007199254740992", "true", "1.0", "null"])
def test_a_seed_that_no_run_has_drawn(tmp_path: Path, written: str) -> None:
    """It is as bad as any other damage to a journal, and its line is said."""
    (tmp_path / JOURNAL).write_text(f'{{"run": "d"}}\n{{"run": "d", "drawn_seed": {written}}}\n')
    with pytest.raises(UsageError, match=r"journal\.jsonl:2: expected a seed from 0 to 9007"):
        interrupted_seed(str(tmp_path))
    with pytest.raises(UsageError, match=r"journal\.jsonl:2: expected a seed"):
        Ledger(str(tmp_path), digest="d", earlier_digest="")


def test_a_damaged_beginning(tmp_path: Path) -> None:
    """What begins like a run and is none is said; other lines are left to the ledger."""
    (tmp_path / JOURNAL).write_text('other\n{"run": \n', encoding="ascii")
    with pytest.raises(UsageError, match=r"journal\.jsonl:2: no JSON"):
        interrupted_seed(str(tmp_path))


def test_a_journal_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error in words, whoever reads it."""
    (tmp_path / JOURNAL).touch()

    def refuse(path: str, mode: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(ledger, "open", refuse, raising=False)
    for read in (interrupted_seed, partial(Ledger, digest="d", earlier_digest="")):
        with pytest.raises(AugcliError, match=r"journal\.jsonl cannot be read: Permission"):
            read(str(tmp_path))
