"""The colours of a sheet, on light and on dark."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as "#rrggbb".

    Attributes:
        page: Behind everything.
        panel: Of a tile without a picture.
        line: Around it.
        ink: Titles.
        faint: Text.
        accent: The original.
        alarm: What could not be made.
        check_light: Squares behind transparent pixels.
        check_dark: The squares between those.
    """

    page: str
    panel: str
    line: str
    ink: str
    faint: str
    accent: str
    alarm: str
    check_light: str
    check_dark: str


THEMES: dict[str, Theme] = {
    "light": Theme(
        page="#fafafa",
        panel="#f0f1f3",
        line="#d5d8dd",
        ink="#16191d",
        faint="#565d67",
        accent="#0b62c4",
        alarm="#c0271a",
        check_light="#ffffff",
        check_dark="#e6e8eb",
    ),
    "dark": Theme(
        page="#15171a",
        panel="#1e2125",
        line="#3a3f46",
        ink="#f1f2f4",
        faint="#a4abb5",
        accent="#6cb2ff",
        alarm="#ff8478",
        check_light="#34383e",
        check_dark="#292c31",
    ),
}
"""Every theme by the name that `--theme` takes."""


def css_colors(theme: str | None) -> str:
    """The colours of a page as variables of its style sheet.

    Args:
        theme: A key of `THEMES`; None leaves it to the reader's system. Paper is always light.
    """
    light = _variables(THEMES["light"])
    if theme is None:
        dark = _variables(THEMES["dark"])
        return f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}"
    return f"{light}\n@media screen {{ {_variables(THEMES[theme])} }}"


def _variables(theme: Theme) -> str:
    declared = (
        f"--{field.name.replace('_', '-')}: {getattr(theme, field.name)}" for field in fields(theme)
    )
    return f":root {{ {'; '.join(declared)} }}"
