"""The colours of a sheet."""

import pytest

from augcli.report.themes import THEMES


def luminance(color: str) -> float:
    """Relative luminance, by WCAG 2.1."""
    levels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: str) -> None:
    """All text has the contrast of WCAG's level AA, 4.5 to 1, with what is behind it."""
    theme = THEMES[name]
    page = luminance(theme.page)
    for color in (theme.ink, theme.faint, theme.accent, theme.alarm):
        dark, light = sorted([page, luminance(color)])
        assert (light + 0.05) / (dark + 0.05) >= 4.5
