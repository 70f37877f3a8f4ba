"""Where the file that belongs to an image lies: its mask, its VOC file, its YOLO labels."""

import re

_FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = ("path", "folder", "name", "stem")
"""What may stand in braces in a pattern, see `companion_path`."""


def check_pattern(pattern: str) -> None:
    """Makes sure that a pattern gives every image a file of its own, below the folder.

    Raises:
        ValueError: It does not; the text says why.
    """
    fields = _FIELD.findall(pattern)
    unknown = [field for field in fields if field not in FIELDS]
    if unknown or re.search(r"[{}]", _FIELD.sub("", pattern)):
        wrong = f"{{{unknown[0]}}}" if unknown else "a single brace"
        raise ValueError(
            f"{wrong} in a pattern, which may have {', '.join(f'{{{name}}}' for name in FIELDS)}"
        )
    if not {"path", "name", "stem"} & set(fields):
        raise ValueError(f"{pattern!r} is the same file for every image; put {{stem}} into it")
    if pattern.startswith("/") or ".." in pattern.split("/"):
        raise ValueError(f"{pattern!r} leads out of the folder")


def companion_path(pattern: str, image_path: str) -> str:
    """The path of the file that belongs to an image, relative to the folder of such files.

    Args:
        pattern: As "{stem}_mask.png". Of the image "cats/a.jpg", {path} is "cats/a", {folder} is
            "cats", {name} is "a.jpg" and {stem} is "a".
        image_path: The image's path relative to its own folder, with "/" between its parts.
    """
    folder, _, name = image_path.rpartition("/")
    stem = _stem(name)
    path = f"{folder}/{stem}" if folder else stem
    values = {"path": path, "folder": folder, "name": name, "stem": stem}
    return _FIELD.sub(lambda match: values[match[1]], pattern).lstrip("/")


def yolo_label_path(image_path: str) -> str:
    """The path at which Ultralytics' tools look for the labels of an image.

    The last folder called "images" becomes "labels"; without one, the labels lie beside the image.

    Args:
        image_path: With "/" between its parts; at least from the folder "images" on.
    """
    *folders, name = image_path.split("/")
    if "images" in folders:
        last = len(folders) - 1 - folders[::-1].index("images")
        folders[last] = "labels"
    return "/".join([*folders, f"{_stem(name)}.txt"])


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
