"""Packages with transforms for augcli, as an installer would leave them in a folder."""

from pathlib import Path


def install(site: Path, package: str, entries: dict[str, str], *, version: str = "1.0.0") -> None:
    """Puts the metadata of a package into `site`, without its modules.

    Args:
        site: Folder that is to be on the path of Python.
        package: Name of the package.
        entries: Its transforms: "module:Class" by name.
        version: Version of the package.
    """
    info = site / f"{package.replace('-', '_')}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8"
    )
    lines = [f"{name} = {value}" for name, value in entries.items()]
    text = "\n".join(["[augcli.transforms]", *lines, ""])
    (info / "entry_points.txt").write_text(text, encoding="utf-8")
