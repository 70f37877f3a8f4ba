"""Settings that are valid and do something else than they seem to."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from augcli.config.loader import load_config
from augcli.config.presets import PRESETS
from augcli.config.traps import Finding, find_traps


def traps(overrides: Sequence[str], preset: str | None = None) -> list[Finding]:
    """What is found in the config that these texts of `--set` make."""
    return find_traps(load_config(preset=preset, overrides=overrides))


@pytest.mark.parametrize(
    ("written", "kind", "remedy", "harmless"),
    [
        ("width_shift_range=1", "shift-never", "1.0", "width_shift_range=1.0"),
        ("height_shift_range=1", "shift-never", "0.1", "height_shift_range=2"),
        (
            "width_shift_range=[-0.1, 0.1]",
            "shift-of-two-values",
            "such as 0.1",
            "width_shift_range=[-0.1, 0, 0.1]",
        ),
        ("height_shift_range=[0, 0]", "shift-of-two-values", "0.1", "height_shift_range=0.0"),
        ("brightness_range=[0, 1]", "brightness-black", "0.2", "brightness_range=[0.2, 1]"),
        (
            "brightness_range=[0.2, 0.5]",
            "brightness-one-sided",
            "[0.8, 1.2]",
            "brightness_range=[0.2, 1.5]",
        ),
        ("brightness_range=[2, 3]", "brightness-one-sided", "1", "brightness_range=[1, 3]"),
        ("channel_shift_range=0.1", "faint-channel-shift", "10", "channel_shift_range=1"),
        ("rotation_range=360", "rotation-over-180", "180", "rotation_range=180"),
        ("rotation_range=0.3", "faint-angle", "degrees", "rotation_range=1"),
        ("shear_range=0.2", "faint-angle", "5", "shear_range=2"),
        ("zoom_range=[1.2, 1.5]", "zoom-one-sided", "[0.9, 1.1]", "zoom_range=[1, 1.5]"),
        ("zoom_range=[0.5, 0.8]", "zoom-one-sided", "[0.9, 1.1]", "zoom_range=[0.5, 1]"),
        ("cval=9", "cval-unused", "fill_mode: constant", "cval=0"),
    ],
)
def test_ranges(written: str, kind: str, remedy: str, harmless: str) -> None:
    """Each trap is found under its key with a remedy, and its harmless neighbour is not."""
    [trap] = traps([written])
    assert (trap.kind, trap.subject) == (kind, f"transforms[0].ranges.{written.partition('=')[0]}")
    assert remedy in trap.remedy
    assert str(trap) == f"{trap.subject}: {trap.reason}; {trap.remedy}"
    assert traps([harmless]) == []


def test_cval_with_a_constant_border() -> None:
    """A level that is used is no trap."""
    assert traps(["cval=9", "fill_mode=constant"]) == []


def test_zoom_says_which_way() -> None:
    """Factors below 1 magnify, which is what most people have the wrong way round."""
    assert "shrinks every copy" in traps(["zoom_range=[1.2, 1.5]"])[0].reason
    assert "magnifies every copy" in traps(["zoom_range=[0.5, 0.8]"])[0].reason


def test_levels_of_arrays() -> None:
    """Of an .npz, only the arrays tell whether a fraction of a level is little."""
    assert traps(["channel_shift_range=0.1", "source=a.npz"]) == []


@pytest.mark.parametrize(
    "inert",
    [
        "seed=0",
        "zoom_range=[1, 1]",
        "brightness_range=[1, 1]",
        "width_shift_range=[0, 0, 0]",
        "height_shift_range=0",
    ],
)
def test_copies_that_are_the_same(inert: str) -> None:
    """Several copies without anything that changes them are one file several times."""
    [trap] = traps([inert, "copies=2"])
    assert (trap.kind, trap.subject) == ("same-copies", "copies")
    assert "copies: 1" in trap.remedy
    assert traps([inert]) == []


@pytest.mark.parametrize(
    "active",
    [
        "zoom_range=0.1",
        "brightness_range=[1, 2]",
        "width_shift_range=[0, 0, 4]",
        "height_shift_range=2",
        "vertical_flip=true",
    ],
)
def test_copies_that_differ(active: str) -> None:
    """One thing that changes them is enough."""
    assert traps([active, "copies=2"]) == []


def test_a_step_that_never_happens() -> None:
    """It is named, and does not count as a change of the copies."""
    step = "transforms=[{ranges: {rotation_range: 9}, p: %g}]"
    found = traps([step % 0, "copies=2"])
    assert [trap.kind for trap in found] == ["same-copies", "step-never"]
    assert found[1].subject == "transforms[0].p"
    assert traps([step % 0.1, "copies=2"]) == []


def test_several_traps() -> None:
    """All are found, in the order of steps and keys, each with the number of its step."""
    steps = "[{ranges: {shear_range: 0.1, rotation_range: 200}}, {ranges: {rotation_range: 200}}]"
    assert [trap.subject for trap in traps([f"transforms={steps}"])] == [
        "transforms[0].ranges.rotation_range",
        "transforms[0].ranges.shear_range",
        "transforms[1].ranges.rotation_range",
    ]


def test_steps_in_steps() -> None:
    """What stands in a step of steps is found too, with its place."""
    steps = (
        "[{one_of: [{ranges: {shear_range: 0.1}}, {ranges: {zoom_range: 0.1}, weight: 0}]},"
        " {some_of: {n: 1, steps: [{ranges: {}}, {sequence: [{ranges: {cval: 3}, p: 0}]}]}}]"
    )
    assert [(trap.kind, trap.subject) for trap in traps([f"transforms={steps}"])] == [
        ("faint-angle", "transforms[0].one_of[0].ranges.shear_range"),
        ("step-never", "transforms[0].one_of[1].weight"),
        ("step-never", "transforms[1].some_of.steps[1].sequence[0].p"),
        ("cval-unused", "transforms[1].some_of.steps[1].sequence[0].ranges.cval"),
    ]


@pytest.mark.parametrize(
    ("steps", "same"),
    [
        ("[{sequence: [{ranges: {}}]}]", "changes an image"),
        (
            "[{one_of: [{ranges: {}}, {ranges: {rotation_range: 9}, weight: 0}]}]",
            "changes an image",
        ),
        ("[{one_of: [{ranges: {}}, {ranges: {rotation_range: 9}, p: 0}]}]", "changes an image"),
        ("[{one_of: [{ranges: {}}, {ranges: {rotation_range: 9}}]}]", None),
        ("[{invert: }]", "is random"),
        ("[{sequence: [{invert: }, {gamma: {exponent: [1, 2]}}]}]", None),
        ("[{sequence: [{invert: }, {gamma: {exponent: 2}}]}]", "is random"),
        ("[{invert: , p: 0.5}]", None),
        ("[{sequence: [{invert: }], p: 0.5}]", None),
        ("[{one_of: [{invert: }]}]", "is random"),
        ("[{one_of: [{invert: }, {ranges: {}}]}]", None),
        ("[{some_of: {n: 2, steps: [{invert: }, {ranges: {}}]}}]", "is random"),
        ("[{some_of: {n: 1, steps: [{invert: }, {ranges: {}}]}}]", None),
        ("[{gamma: {exponent: [0.9, 1.1]}}]", None),
    ],
)
def test_copies_of_a_pipeline(steps: str, same: str | None) -> None:
    """They are the same if nothing is drawn, or all that is drawn comes to the same."""
    found = [
        trap for trap in traps([f"transforms={steps}", "copies=2"]) if trap.kind != "step-never"
    ]
    assert [trap.kind for trap in found] == (["same-copies"] if same else [])
    assert all(f"nothing in transforms {same}" in trap.reason for trap in found)


def test_a_flip_of_every_copy() -> None:
    """A flip in the list happens to all copies unless it has a `p`, or is one of several."""
    [trap] = traps(["transforms=[{horizontal_flip: }]"])
    assert (trap.kind, trap.subject) == ("flip-always", "transforms[0].horizontal_flip")
    assert traps(["transforms=[{horizontal_flip: , p: 0.5}]"]) == []
    assert traps(["transforms=[{one_of: [{horizontal_flip: }, {vertical_flip: }]}]"]) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_have_none(preset: str) -> None:
    """Our own settings pass."""
    assert traps(["copies=4"], preset) == []


def test_looking_for_them_in_ranges_loads_no_numpy() -> None:
    """A run looks for traps while its workers load, and would take their time to load NumPy."""
    code = (
        "import sys\n"
        "from augcli.config.loader import load_config\n"
        "from augcli.config.traps import find_traps\n"
        "find_traps(load_config(preset='photos', overrides=['copies=4']))\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
