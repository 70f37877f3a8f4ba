"""The data set that a config names."""

from pathlib import Path

import pytest

from augcli.config.schema import Config
from augcli.datasets.open import open_dataset, table_directory
from augcli.errors import UsageError


def test_no_source() -> None:
    """It is bad usage."""
    with pytest.raises(UsageError, match="no source"):
        open_dataset(Config())


def test_the_folder_of_a_table(tmp_path: Path) -> None:
    """It is the CSV's own unless the config names one."""
    assert table_directory(Config(), "a/labels.csv") == "a"
    assert table_directory(Config(source="x.csv", directory="photos"), "a/labels.csv") == "photos"
