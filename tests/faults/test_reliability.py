"""docs/reliability.md, held against the tests that it names."""

import re

from support import ROOT

TABLE_ROW = re.compile(r"^\| (?!promise|---)(.*) \| (.*) \|$", re.MULTILINE)


def test_each_promise_is_held_by_tests_that_exist() -> None:
    """Every row names at least one test, and every test that is named is there."""
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = [(promise, re.findall(r"`(\w+)`", tests)) for promise, tests in TABLE_ROW.findall(page)]
    assert len(rows) > 20
    assert [promise for promise, tests in rows if not tests] == []
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {name for _, tests in rows for name in tests} - written == set()


def test_every_fault_test_is_named() -> None:
    """What the tests beside this one do stands on the page."""
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    faults = {
        name
        for path in (ROOT / "tests" / "faults").glob("test_fault_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    on_the_page = set(re.findall(r"`(test_\w+)`", page))
    assert faults - on_the_page <= {"test_time_limits_that_are_none", "test_the_schema_has_numbers"}
