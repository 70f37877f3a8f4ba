"""What importing the package costs."""

import subprocess
import sys


def test_the_package_and_the_presets_load_without_pydantic() -> None:
    """`augcli.config` and its presets stay light, so that `--help` can list the presets."""
    code = (
        "import sys, augcli.config, augcli.config.presets\n"
        "print([name for name in ('pydantic', 'numba', 'scipy', 'yaml') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
