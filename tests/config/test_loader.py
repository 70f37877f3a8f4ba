"""Configs from presets, files and the command line, and every way in which they can be wrong."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from augcli.config import yaml_text
from augcli.config.loader import Flag, load_config
from augcli.config.schema import Config, resolved
from augcli.config.yaml_text import MAX_BYTES, dump_yaml
from augcli.errors import ConfigError
from augcli.transforms.ranges import Ranges

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a text to `augment.yaml` in the current folder, an empty one, and gives its path."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> str:
        Path("augment.yaml").write_text(text, encoding="utf-8")
        return "augment.yaml"

    return write


def ranges_of(config: Config) -> Ranges:
    """The settings of the config's only step."""
    [step] = config.transforms
    assert isinstance(step.transform, Ranges)
    return step.transform


MALFORMED = {
    "copies: four\n": "1:9: copies: expected a whole number from 1 to 1000000, found 'four'",
    "copies: 0\n": "1:9: copies: expected a whole number from 1 to 1000000, found 0",
    "copies: 2.0\n": "1:9: copies: expected a whole number from 1 to 1000000, found 2.0",
    "copies: true\n": "1:9: copies: expected a whole number from 1 to 1000000, found true",
    "copies:\n": "1:8: copies: expected a whole number from 1 to 1000000, found nothing",
    "copies: 4\nseed: 1\ncopies: 5\n": (
        "3:1: duplicate key 'copies'; first written at augment.yaml:1:1"
    ),
    "copise: 4\n": "1:1: unknown key 'copise'; did you mean 'copies'?",
    "Seed: 4\n": "1:1: unknown key 'Seed'; did you mean 'seed'?",
    "rotation_range: 15\n": (
        "1:1: 'rotation_range' cannot stand here; it belongs under 'transforms'"
    ),
    "rotation_rnge: 15\n": (
        "1:1: unknown key 'rotation_rnge'; did you mean 'transforms.rotation_range'?"
    ),
    "seed: -1\n": (
        "1:7: seed: expected a whole number from 0 to 9007199254740991, or random, found -1"
    ),
    "seed: rand\n": (
        "1:7: seed: expected a whole number from 0 to 9007199254740991, or random, found 'rand'"
    ),
    "source: ''\n": "1:9: source: expected a path, found ''",
    "save_prefix: 2024\n": "1:14: save_prefix: expected text, found 2024; put it in quotes",
    "save_prefix: a/b\n": (
        "1:14: save_prefix: expected the start of a file name, without slashes or control "
        "characters, found 'a/b'"
    ),
    'save_prefix: "a\\0"\n': (
        "1:14: save_prefix: expected the start of a file name, without slashes or control "
        r"characters, found 'a\x00'"
    ),
    "save_prefix: .aug\n": (
        "1:14: save_prefix: expected a prefix that starts with no dot, which would hide the "
        "files, found '.aug'"
    ),
    f"save_prefix: {'ä' * 51}\n": (
        f"1:14: save_prefix: expected at most 100 bytes, found '{'ä' * 51}'"
    ),
    "include_originals: yes\n": "1:20: include_originals: expected true or false, found 'yes'",
    "save_format: jpg\n": (
        "1:14: save_format: expected png, jpeg, webp, tiff, bmp, npy or npz, found 'jpg'; "
        "did you mean 'jpeg'?"
    ),
    "save_format: jpeg\nsave_options: {qualty: 95}\n": (
        "2:16: unknown option 'qualty' (jpeg has quality, subsampling, progressive and "
        "optimize); did you mean 'quality'?"
    ),
    "save_options: {speed: 9}\n": "1:16: unknown option 'speed' (png has compression)",
    "save_format: bmp\nsave_options: {x: 9}\n": "2:16: unknown option 'x'; bmp has no options",
    "save_format: jpeg\nsave_options:\n  quality: 101\n": (
        "3:12: quality: expected a whole number from 1 to 100, found 101"
    ),
    "save_options: fast\n": "1:15: save_options: expected a mapping, found 'fast'",
    "target_size: 224\n": (
        "1:14: target_size: expected a list of 2 whole numbers from 1 to 100000, found 224"
    ),
    "target_size: [224]\n": (
        "1:14: target_size: expected a list of 2 whole numbers from 1 to 100000, found [224]"
    ),
    "target_size: (224, 224)\n": (
        "1:14: target_size: expected a list of 2 whole numbers from 1 to 100000, "
        "found '(224, 224)'; write [224, 224]"
    ),
    "target_size: [224, 0]\n": (
        "1:20: target_size: expected a whole number from 1 to 100000, found 0"
    ),
    "background: [0, 0, 256]\n": (
        "1:20: background: expected a whole number from 0 to 255, found 256"
    ),
    "depth: 16\n": "1:8: depth: expected keep or 8, found 16",
    "transforms: 15\n": (
        "1:13: transforms: expected a mapping of ranges, or a list of steps, found 15"
    ),
    "transforms:\n  rotation_rnge: 15\n": (
        "2:3: unknown key 'rotation_rnge'; did you mean 'rotation_range'?"
    ),
    "transforms:\n  rotation_range: 361\n": (
        "2:19: rotation_range: expected a number from 0 to 360, found 361"
    ),
    "transforms:\n  rotation_range: .nan\n": (
        "2:19: rotation_range: expected a number from 0 to 360, found .nan"
    ),
    "transforms:\n  cval: -.inf\n": (
        "2:9: cval: expected a number from -1000000 to 1000000, found -.inf"
    ),
    "transforms:\n  shear_range: 90\n": (
        "2:16: shear_range: expected a number from 0 to below 90, found 90"
    ),
    "transforms:\n  zoom_range: (0.8, 1.2)\n": (
        "2:15: zoom_range: expected a number z for [1 - z, 1 + z], or [low, high], "
        "found '(0.8, 1.2)'; write [0.8, 1.2]"
    ),
    "transforms:\n  zoom_range: 1\n": (
        "2:15: zoom_range: expected 0 or more and below 1, so that [1 - z, 1 + z] stays above 0, "
        "found 1"
    ),
    "transforms:\n  zoom_range: [1.2, 0.8]\n": (
        "2:15: zoom_range: expected 0 < low <= high, such as [0.8, 1.2], found [1.2, 0.8]"
    ),
    "transforms:\n  width_shift_range: -0.1\n": (
        "2:22: width_shift_range: expected 0 or more, as a range reaches as far to both sides, "
        "found -0.1"
    ),
    "transforms:\n  width_shift_range: {a: [1]}\n": (
        "2:22: width_shift_range: expected a fraction below 1, a number of pixels, or a list of "
        "shifts to choose from, found {a: [1]}"
    ),
    "transforms:\n  width_shift_range: [1e9]\n": (
        "2:22: width_shift_range: expected finite numbers below 1e9, found [1000000000.0]"
    ),
    "transforms:\n  brightness_range: 0.2\n": (
        "2:21: brightness_range: expected a list of 2 numbers from 0 to 1000000, found 0.2"
    ),
    "transforms:\n  brightness_range: [1.2, 0.8]\n": (
        "2:21: brightness_range: expected [low, high] with low <= high, such as [0.8, 1.2], "
        "found [1.2, 0.8]"
    ),
    "transforms:\n  fill_mode: edge\n": (
        "2:14: fill_mode: expected nearest, reflect, constant or wrap, found 'edge'"
    ),
    "transforms:\n  dtype: float32\n": (
        "2:10: dtype: png cannot hold this; leave it out, or write 'save_format: npy'"
    ),
    "save_format: jpeg\ntransforms:\n  - ranges: {}\n  - ranges: {data_format: channels_first}\n": (
        "4:27: data_format: jpeg cannot hold this; leave it out, or write 'save_format: npy'"
    ),
    "transforms:\n  ranges: {rotation_range: 15}\n": (
        "2:3: 'ranges' cannot stand here; it belongs to a step, and steps are written as a list, "
        "each with a '- '"
    ),
    "transforms:\n  - rotation_range: 15\n": (
        "2:5: 'rotation_range' cannot stand here; it belongs under 'ranges', as in "
        "'- ranges: {rotation_range: 15}'"
    ),
    "transforms:\n  - rangs: {}\n": "2:5: unknown key 'rangs'; did you mean 'ranges'?",
    "transforms:\n  - blur: {}\n": (
        "2:5: unknown key 'blur'; did you mean 'gaussian_blur', 'box_blur', 'median_blur', "
        "'motion_blur' or 'zoom_blur'?"
    ),
    "transforms:\n  - ranges\n": (
        "2:5: transforms[0]: expected a step such as 'ranges: {rotation_range: 15}', found 'ranges'"
    ),
    "transforms:\n  - p: 1\n": (
        "2:5: transforms[0]: expected the name of a transform in this step, found {p: 1}"
    ),
    "transforms:\n  - ranges: {}\n    d4: {}\n": (
        "2:5: transforms[0]: expected one transform a step, each step with its own '- ', "
        "found {ranges: {}, d4: {}}"
    ),
    "transforms:\n  - ranges: {}\n    prob: 0.5\n": ("3:5: unknown key 'prob'; did you mean 'p'?"),
    "transforms:\n  - one_of:\n      - ranges: {rotation_rnge: 3}\n": (
        "3:18: unknown key 'rotation_rnge'; did you mean 'rotation_range'?"
    ),
    "transforms:\n  - sequence:\n      - gausian_blur:\n": (
        "3:9: unknown key 'gausian_blur'; did you mean 'gaussian_blur'?"
    ),
    "transforms:\n  - ranges: {}\n    weight: 2\n": (
        "3:5: 'weight' cannot stand here; it belongs to a step of a 'one_of', beside the name of "
        "its transform"
    ),
    "transforms:\n  - one_of: [{ranges: , wieght: 2}]\n": (
        "2:25: unknown key 'wieght'; did you mean 'weight'?"
    ),
    "transforms:\n  - one_of: [{rotation_range: 3}]\n": (
        "2:15: 'rotation_range' cannot stand here; it belongs under 'ranges', as in "
        "'- ranges: {rotation_range: 15}'"
    ),
    "transforms:\n  - ranges: {p: 0.5}\n": (
        "2:14: 'p' cannot stand here; it belongs beside the name of the transform, not under it"
    ),
    "transforms:\n  - one_of: {ranges: }\n": (
        "2:13: one_of: expected a list of steps, each with its own '- ', found {ranges: nothing}"
    ),
    "transforms:\n  - one_of:\n": (
        "2:12: one_of: expected a list of steps, each with its own '- ', found nothing"
    ),
    "transforms:\n  - one_of: [3]\n": (
        "2:14: one_of[0]: expected a step such as 'ranges: {rotation_range: 15}', found 3"
    ),
    "transforms:\n  - one_of: [{ranges: , weight: -1}]\n": (
        "2:33: weight: expected a number from 0 to 1000000, found -1"
    ),
    "transforms:\n  - some_of: {n: 1}\n": (
        "2:14: steps: it is missing; expected a list of mappings"
    ),
    "transforms:\n  - some_of: {steps: [{ranges: }]}\n": (
        "2:14: n: it is missing; expected a whole number from 0 to 100 or a list of 2 whole "
        "numbers from 0 to 100"
    ),
    "transforms:\n  - some_of: {n: x, steps: [{ranges: }]}\n": (
        "2:18: n: expected a whole number, or [low, high], found 'x'"
    ),
    "transforms:\n  - some_of: {n: 2, steps: [{ranges: }]}\n": (
        "2:14: some_of: n: expected at most 1, the number of steps"
    ),
    "transforms:\n  - " + "sequence: [{" * 10 + "ranges: " + "}]" * 10 + "\n": (
        "2:123: sequence: steps stand in one another more than 10 deep; write them flatter"
    ),
    "transforms:\n  - ranges: 3\n": "2:13: ranges: expected a mapping, found 3",
    "transforms:\n  - ranges: {}\n    p: 2\n": "3:8: p: expected a number from 0 to 1, found 2",
    "transforms:\n  - ranges: {shear_rnge: 3}\n": (
        "2:14: unknown key 'shear_rnge'; did you mean 'shear_range'?"
    ),
    "- copies: 4\n": "1:1: expected a mapping of keys to values, such as 'copies: 4'",
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.items(), ids=range(len(MALFORMED)))
def test_a_mistake_is_named_with_its_place(write: Write, text: str, message: str) -> None:
    """Each malformed config gives exactly one problem: place, expectation, value, advice."""
    with pytest.raises(ConfigError) as error:
        load_config(write(text))
    assert str(error.value) == f"augment.yaml:{message}"


def test_all_mistakes_are_reported_in_order(write: Write) -> None:
    """Problems of YAML, of the schema and of the command line come together, sorted by place."""
    text = "seed: x\ntransforms: {rotation_range: -1, zom_range: 0}\nseed: 3\ncopies: !foo 3\n"
    with pytest.raises(ConfigError) as error:
        load_config(write(text), overrides=["save_prefix"], flags={"depth": Flag("--depth", 9)})
    assert [problem.where for problem in error.value.problems] == [
        "augment.yaml:1:7",
        "augment.yaml:2:30",
        "augment.yaml:2:34",
        "augment.yaml:3:1",
        "augment.yaml:4:9",
        "--set save_prefix",
        "--depth",
    ]


def test_no_config_at_all_gives_the_defaults() -> None:
    """Without a file, preset or flag, copies is 1, the format png, the seed 0, no steps."""
    config = load_config()
    assert (config.copies, config.save_format, config.seed) == (1, "png", 0)
    assert config.transforms == []


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeffcopies: 1\n", "transforms:\n"])
def test_nothing_and_empty_keys_are_fine(write: Write, text: str) -> None:
    """An empty file, a comment, a byte order mark and a key without children all load."""
    assert load_config(write(text)) == load_config()


def test_null_stands_for_what_is_left_out(write: Write) -> None:
    """Null is accepted where it has a meaning, and for mappings whose lines are commented out."""
    text = "target_size: ~\nsource: null\nsave_options:\ntransforms:\n  - ranges:\n"
    config = load_config(write(text))
    assert config.target_size is None
    assert ranges_of(config) == Ranges()


def test_both_forms_of_transforms_are_one(write: Write) -> None:
    """A mapping of ranges is short for a list of one step that always happens."""
    short = load_config(write("transforms: {rotation_range: 15}"))
    long = load_config(write("transforms: [{ranges: {rotation_range: 15}, p: 1}]"))
    assert short == long
    assert ranges_of(short).rotation_range == 15


def test_a_shift_keeps_its_kind(write: Write) -> None:
    """The int 1 and the float 1.0 mean different shifts, so neither turns into the other."""
    config = load_config(write("transforms: {width_shift_range: 1, height_shift_range: 1.0}"))
    assert isinstance(ranges_of(config).width_shift_range, int)
    assert isinstance(ranges_of(config).height_shift_range, float)


def test_a_flag_beats_set_beats_the_file_beats_the_preset(write: Write) -> None:
    """Each layer wins over those below it, key by key, and leaves their other keys alone."""
    path = write("copies: 2\nseed: 2\nsave_prefix: file\ntransforms: {rotation_range: 2}\n")
    config = load_config(
        path,
        preset="photos",
        overrides=["copies=3", "seed=3"],
        flags={"copies": Flag("--copies", 4)},
    )
    assert (config.copies, config.seed, config.save_prefix) == (4, 3, "file")
    assert (ranges_of(config).rotation_range, ranges_of(config).shear_range) == (2, 5)
    assert config.save_options["quality"] == 95


def test_a_list_replaces(write: Write) -> None:
    """A list of steps does not merge with the preset's mapping."""
    config = load_config(write("transforms: [{ranges: {cval: 3}}]"), preset="photos")
    assert ranges_of(config) == Ranges(cval=3)


def test_options_of_a_format_go_with_it(write: Write) -> None:
    """A higher layer that saves another format drops the lower layer's options, not its own."""
    path = write("save_format: jpeg\nsave_options: {quality: 80}\n")
    flags = {"save_format": Flag("--save-format", "png")}
    assert load_config(path, flags=flags).save_options == {"compression": "balanced"}
    assert load_config(path, overrides=["save_format=webp"]).save_options["quality"] == 90
    with pytest.raises(ConfigError, match=r"^--set save_options\.quality=3: unknown"):
        load_config(path, overrides=["save_options.quality=3"], flags=flags)


def test_paths_in_a_file_are_relative_to_it(write: Write) -> None:
    """A file's paths start from its folder, the command line's from the current one."""
    Path("sub").mkdir()
    Path("sub/c.yaml").write_text("source: photos\noutput: /abs\n", encoding="utf-8")
    config = load_config("sub/c.yaml")
    assert config.source == os.path.join("sub", "photos")
    assert config.output == "/abs"
    flags = {"source": Flag("SOURCE", "mine")}
    assert load_config("sub/c.yaml", flags=flags).source == "mine"
    assert load_config("sub/c.yaml", overrides=["source=other"]).source == "other"


def test_a_tilde_is_the_home_folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is expanded in the file and on the command line."""
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    config = load_config(write("source: ~/a\n"), flags={"output": Flag("OUTPUT", "~/b")})
    assert (config.source, config.output) == ("/home/ada/a", "/home/ada/b")


def test_a_path_object_is_a_path() -> None:
    """Flags may hold pathlib paths, as click gives them."""
    assert load_config(flags={"source": Flag("SOURCE", Path("a"))}).source == "a"


def test_a_file_that_cannot_be_read_is_said_so(write: Write, tmp_path: Path) -> None:
    """A missing file, a folder, a huge file and bytes that are no UTF-8 each get a sentence."""
    with pytest.raises(ConfigError, match=r"^no\.yaml: there is no such file$"):
        load_config("no.yaml")
    Path("sub").mkdir()
    with pytest.raises(ConfigError, match=r"^sub: "):
        load_config("sub")
    with pytest.raises(ConfigError, match="expected the path of a config file"):
        load_config("a\0b")
    with pytest.raises(ConfigError, match="larger than 1 MiB"):
        load_config(write("#" * (MAX_BYTES + 1)))
    Path("latin.yaml").write_bytes("a: 1\nä: é".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"^latin\.yaml:2:1: byte 0xE4 is not UTF-8"):
        load_config("latin.yaml")
    Path("late.yaml").write_bytes("\ufeffä: ".encode() + b"\xff")
    with pytest.raises(ConfigError, match=r"^late\.yaml:1:4: byte 0xFF is not UTF-8"):
        load_config("late.yaml")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads anything")
def test_an_unreadable_file_is_said_so(write: Write) -> None:
    """A file without read permission is named, with the system's reason."""
    path = write("copies: 4\n")
    os.chmod(path, 0)
    with pytest.raises(ConfigError, match=r"^augment\.yaml: cannot be read: "):
        load_config(path)


def test_positions_do_not_depend_on_the_parser(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML without its C parser gives the same problems."""
    path = write("copies: x\ntransforms:\n  a: 1\n")
    with pytest.raises(ConfigError) as fast:
        load_config(path)
    monkeypatch.setattr(yaml_text, "PARSER", yaml_text.yaml.SafeLoader)
    with pytest.raises(ConfigError) as slow:
        load_config(path)
    assert fast.value.problems == slow.value.problems


def assert_config_or_problems(load: Callable[[], Config]) -> None:
    """Loading gives a config, or problems that are none of pydantic's own texts."""
    try:
        load()
    except ConfigError as error:
        messages = [problem.message for problem in error.problems]
    else:
        return
    assert messages
    assert not any(text in message for text in JARGON for message in messages)


JARGON = ("Input should", "Value error", "pydantic", "Extra inputs", "valid dictionary")
KEYS = st.sampled_from(
    [*Config.model_fields, *Ranges.model_fields, "ranges", "p", "quality", "compression", "x", "<<"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["jpeg", "npy", "random", "reflect", "float32", "(1, 2)", 0.5, 3, [0.5, 1.5]])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(tree=st.dictionaries(KEYS, VALUES, max_size=5), sets=st.lists(st.text(), max_size=2))
@example(tree={"save_format": [], "save_options": {}}, sets=["save_format=[]"])
@example(tree={"transforms": [[]]}, sets=["transforms.0.ranges=3", "cval.0=3"])
def test_any_structure_is_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object], sets: list[str]
) -> None:
    """Whatever the YAML and `--set` hold, nothing but a Config or a ConfigError comes out."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(dump_yaml(tree), encoding="utf-8")
    assert_config_or_problems(lambda: load_config(str(path), overrides=sets))


@given(text=st.text() | st.text(alphabet="ab:-[]{}#&*!|>'\"%@`,? \n\t<0.", max_size=40))
def test_any_text_is_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Whatever a file holds, nothing but a Config or a ConfigError comes out."""
    path = tmp_path_factory.getbasetemp() / "any_text.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert_config_or_problems(lambda: load_config(str(path)))


NUMBERS = st.integers(0, 100) | st.floats(0, 100)
RANGES = st.fixed_dictionaries(
    {},
    optional={
        "rotation_range": NUMBERS,
        "width_shift_range": NUMBERS | st.lists(NUMBERS, min_size=1, max_size=3),
        "zoom_range": st.floats(0, 0.99) | st.just([1, 2]),
        "brightness_range": st.just([0, 1]) | st.none(),
        "horizontal_flip": st.booleans(),
        "fill_mode": st.sampled_from(["nearest", "wrap"]),
        "cval": st.floats(-1e6, 1e6),
    },
)
STEPS = st.lists(st.fixed_dictionaries({"ranges": RANGES}, optional={"p": st.floats(0, 1)}))
CONFIGS = st.fixed_dictionaries(
    {"transforms": RANGES | STEPS},
    optional={
        "copies": st.integers(1, 1_000_000),
        "seed": st.integers(0, 2**53 - 1) | st.just("random"),
        "save_prefix": st.sampled_from(
            ["", "aug", "no", "1e3", "007", "0x1", "~", "ä b", "-", "="]
        ),
        "source": st.sampled_from(["/a", "/b: c", "/#"]),
        "save_format": st.sampled_from(["jpeg", "npy", "tiff"]),
        "target_size": st.none() | st.just([3, 4]),
        "depth": st.sampled_from(["keep", 8]),
    },
)


@given(values=CONFIGS)
def test_a_resolved_config_loads_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    """What `resolved` and `dump_yaml` write down is the same config again."""
    config = Config.model_validate(values)
    path = tmp_path_factory.getbasetemp() / "run.yaml"
    path.write_text(dump_yaml(resolved(config)), encoding="utf-8")
    again = load_config(str(path))
    assert again == config
    assert resolved(again) == resolved(config)


def test_validation_split_among_the_ranges(tmp_path: Path) -> None:
    """As an argument of ImageDataGenerator it may stand there; it is the key at the top."""
    path = tmp_path / "augment.yaml"
    path.write_text("transforms:\n  rotation_range: 5\n  validation_split: 0.2\n", "utf-8")
    assert load_config(str(path)).validation_split == 0.2
    assert load_config(overrides=["transforms.validation_split=0.2"]).validation_split == 0.2
    path.write_text("transforms:\n  validation_split: 2\n", "utf-8")
    with pytest.raises(ConfigError, match=r"augment\.yaml:2:21: validation_split"):
        load_config(str(path))
    path.write_text("validation_split: 0.1\ntransforms:\n  validation_split: 0.2\n", "utf-8")
    with pytest.raises(ConfigError, match=r"augment\.yaml:3:3: .* at the top as well"):
        load_config(str(path))
