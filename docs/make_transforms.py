# ruff: noqa: INP001 - a script, no package
"""Writes transforms.md, and the strips of pictures in it, from the transforms themselves.

Run it from anywhere: python docs/make_transforms.py
"""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from augcli.config.json_schema import field_docstrings
from augcli.report.gallery import (
    FAMILIES,
    SAMPLE,
    SAMPLE_SIZE,
    example_recipe,
    example_tile,
    sample_subject,
)
from augcli.report.showcase import Example, examples_of
from augcli.report.words import recipe_in_words
from augcli.transforms.base import Size
from augcli.transforms.registry import BUILT_IN, TRANSFORMS
from augcli.transforms.step import Composite

FOLDER = Path(__file__).parent
_SEED = 0
_TILE = (160, 120)
_GAP = 8
_QUALITY = 66

_INTRODUCTION = """\
# Every transform

What each does, its settings, and what it does to a picture, at a few strengths. The settings \
stand under the transform's name, in a step of [`transforms`](pipelines.md); all may be left out \
that have a default, and every step takes a `p` besides. Where a range is asked for, each copy \
draws its own value from it.

`augcli gallery` makes a page of the same pictures, larger, and `augcli gallery --image FILE` one \
with a photo of yours.

This page is written by [make_transforms.py](make_transforms.py).

"""


def page() -> str:
    """The text of transforms.md."""
    return _INTRODUCTION + "".join(f"{line}\n" for line in _lines()).rstrip() + "\n"


def families() -> dict[str, list[str]]:
    """The names of the built-in transforms, by the module that they are in."""
    found: dict[str, list[str]] = {module: [] for module in FAMILIES}
    for name, place in BUILT_IN.items():
        found[place.partition(":")[0]].append(name)
    return found


def _lines() -> Iterator[str]:
    for module, names in families().items():
        links = ", ".join(f"[{name}](#{name})" for name in names)
        yield f"- {FAMILIES[module]}: {links}"
    for module, names in families().items():
        yield f"\n## {FAMILIES[module]}"
        for name in names:
            yield f"\n### {name}\n"
            yield from _section(name)


def _section(name: str) -> Iterator[str]:
    yield _plain(inspect.getdoc(TRANSFORMS[name]) or "")
    rows = list(_settings(name))
    if rows:
        yield "\n| setting | type | default | meaning |\n|---|---|---|---|"
        yield from rows
    examples = examples_of(name)
    words = [_in_words(example) for example in examples]
    yield f"\n![{name}: {'; '.join(words)}](images/gallery-{name}.webp)\n"
    if len({example.yaml for example in examples}) == 1:
        yield f"`{examples[0].yaml}`"
        if len(examples) > 1:
            yield f"\nIts first {len(examples)} copies: {'; '.join(words)}."
        return
    for place, (example, text) in enumerate(zip(examples, words, strict=True), 1):
        yield f"{place}. `{example.yaml}`: {text}"


def _in_words(example: Example) -> str:
    width, height = SAMPLE_SIZE
    return recipe_in_words(example_recipe(example, SAMPLE, Size(height, width), _SEED))


def _settings(name: str) -> Iterator[str]:
    operation = TRANSFORMS[name]
    texts = field_docstrings(operation)
    schema: dict[str, Any] = {}
    if not issubclass(operation, Composite):
        schema = operation.model_json_schema()
    for key, field in operation.model_fields.items():
        if key == "steps":
            kind = "list of steps"
        elif key in schema.get("properties", {}):
            kind = _type(schema["properties"][key])
        else:
            kind = "whole number, or [low, high]"
        default = "" if field.is_required() else f"`{json.dumps(field.default)}`"
        yield f"| `{key}` | {kind} | {default} | {_cell(texts.get(key, ''))} |"


def _type(schema: dict[str, Any]) -> str:
    """A setting's type in words, from its JSON Schema."""
    if "anyOf" in schema:
        kinds = [_type(kind) for kind in schema["anyOf"] if kind.get("type") != "null"]
        return ", or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        items = schema.get("items", {})
        is_pair = schema.get("minItems") == schema.get("maxItems") == 2
        return "[low, high]" if is_pair and "type" in items else "list"
    names = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
    kind = names.get(schema.get("type", ""), "text")
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"{kind} from {low:g} to {high:g}"
    return f"{kind} of at least {low:g}" if low is not None else kind


def _cell(text: str) -> str:
    """The text on one line of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _plain(text: str) -> str:
    """A docstring's paragraphs, each on a line; signs that Markdown takes for its own, as such."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(part.replace("*", "\\*") for part in paragraphs)


def draw_strips() -> None:
    """Draws the pictures of all transforms side by side, each transform's in its own file."""
    subject = sample_subject()
    for name in BUILT_IN:
        pictures = [
            tile.picture
            for tile in (example_tile(subject, example, _SEED) for example in examples_of(name))
            if tile.picture is not None
        ]
        path = FOLDER / "images" / f"gallery-{name}.webp"
        _strip(pictures).save(path, "WEBP", quality=_QUALITY, method=6)


def _strip(pictures: list[Image.Image]) -> Image.Image:
    """Pictures side by side, each as large as fits its place; what is free is transparent."""
    width, height = _TILE
    strip = Image.new("RGBA", (len(pictures) * (width + _GAP) - _GAP, height))
    for place, picture in enumerate(pictures):
        small = picture.convert("RGB")
        scale = min(width / small.width, height / small.height)
        size = (round(small.width * scale), round(small.height * scale))
        strip.paste(small.resize(size, Image.Resampling.LANCZOS), (place * (width + _GAP), 0))
    return strip


def main() -> None:
    """Writes the page and draws its pictures."""
    (FOLDER / "transforms.md").write_text(page(), encoding="utf-8")
    draw_strips()


if __name__ == "__main__":
    main()
