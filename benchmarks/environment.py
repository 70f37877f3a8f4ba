"""The environment that the peers run in, apart from augcli's own."""

import json
import os
import subprocess
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_REQUIREMENTS = os.path.join(_HERE, "peers", "requirements.txt")
_STAMP = "installed.txt"  # the requirements that an environment was built for


def default_folder() -> str:
    """Where the peers' environment and the data sets are kept between runs."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "augcli-benchmarks")


def peers_python(folder: str) -> str:
    """The interpreter of the peers' environment, which is built on first use.

    Args:
        folder: Of the environment.

    Raises:
        subprocess.CalledProcessError: It could not be built; pip has said why.
    """
    python = os.path.join(folder, "bin", "python")
    stamp = os.path.join(folder, _STAMP)
    with open(_REQUIREMENTS, encoding="utf-8") as file:
        wanted = file.read()
    if _content(stamp) == wanted:
        return python
    print(f"building the peers' environment in {folder}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", _REQUIREMENTS], check=True)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def packages(python: str) -> dict[str, str]:
    """The versions of what is installed beside an interpreter, by name."""
    listing = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({d.name: d.version for d in m.distributions()}))"
    )
    done = subprocess.run([python, "-c", listing], check=True, capture_output=True, text=True)
    return dict(sorted(json.loads(done.stdout).items(), key=lambda entry: entry[0].lower()))


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
