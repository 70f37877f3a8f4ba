"""The architecture, held: who may import whom, who prints, and what a quick start must not load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "augcli"
ROOMS = (
    *("errors", "fields", "kernels", "images", "transforms", "annotations", "config"),
    *("datasets", "pipeline", "inspection", "probe", "report", "keras", "cli"),
)
DOORS = {"__init__", "__main__"}  # they belong to no room
HEAVY = {"numba", "scipy", "pydantic", "numpy", "PIL"}

MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): ast.parse(path.read_bytes())
    for path in sorted(PACKAGE.rglob("*.py"))
}


def room(module: str) -> str:
    """The room of a module: "augcli.images.files" is in "images"."""
    return module.split(".")[1] if "." in module else "__init__"


def imported(module: str) -> Iterator[str]:
    """Every module that `module` imports, at whatever place in its text."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            name = node.module or ""
            for alias in node.names:
                submodule = f"{name}.{alias.name}"
                yield submodule if is_own(submodule) else name


def is_own(name: str) -> bool:
    """Whether `name` is a module of augcli."""
    return name in MODULES or f"{name}.__init__" in MODULES


def test_every_module_is_in_a_known_room() -> None:
    """A new file or folder at the top has to be given its place among the rooms."""
    assert {room(module) for module in MODULES} <= {*ROOMS, *DOORS}


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_to_lower_rooms(module: str) -> None:
    """A module imports from its own room and from lower ones."""
    if room(module) in DOORS:
        return
    allowed = {*ROOMS[: ROOMS.index(room(module)) + 1], "__init__"}
    others = {name for name in imported(module) if name.split(".")[0] == "augcli"}
    assert {name for name in others if room(name) not in allowed} == set()


def test_no_imports_go_round_in_circles() -> None:
    """The modules can be put in an order in which each imports earlier ones only."""
    graph = {module: {name for name in imported(module) if is_own(name)} for module in MODULES}
    TopologicalSorter(graph).prepare()


def test_only_cli_prints() -> None:
    """No module outside `cli` calls print, click.echo, or writes to stdout or stderr."""
    talkers = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in {"echo", "stdout", "stderr"})
    }
    assert {module for module in talkers if room(module) != "cli"} == set()


def test_only_executors_know_of_processes() -> None:
    """How work is spread over processes is one module's business."""
    users = {
        module
        for module in MODULES
        if any(name.split(".")[0] == "multiprocessing" for name in imported(module))
    }
    assert users == {"augcli.pipeline.executors"}


@pytest.mark.parametrize("arguments", [("-m", "augcli", "--help"), ("-c", "import augcli")])
def test_a_quick_start_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """`augcli --help` and `import augcli` load none of the large libraries."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "augcli" in loaded
    assert {name.split(".")[0] for name in loaded} & HEAVY == set()
