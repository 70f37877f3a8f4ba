"""The probe: what each part of a config does to a small model, on one page.

Read a sample, and make the copies of every arm; train networks on the sample; let them go on with
the copies of each arm; compare. What is heavy is done by workers, in tasks whose results do not
depend on which worker does them: how many there are changes nothing but the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

import numpy as np

from augcli.config.schema import Config
from augcli.datasets.base import DataSet
from augcli.datasets.open import open_dataset
from augcli.errors import UsageError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.origin import for_training
from augcli.pipeline.progress import Progress, SilentProgress
from augcli.pipeline.run_seed import with_seed
from augcli.probe.analysis import Trialled, analysed
from augcli.probe.arms import Arm, arms_of, units_of
from augcli.probe.budget import Task, choose_settings
from augcli.probe.copying import Portrait, Pose, Reading, measure, portray
from augcli.probe.crew import Crew
from augcli.probe.effects import estimate
from augcli.probe.folds import balanced_weights, draw_folds
from augcli.probe.gathering import Gathered, gather
from augcli.probe.network import Standard
from augcli.probe.notes import notes_on
from augcli.probe.results import ProbeResult, Settings, Suspect
from augcli.probe.sampling import Classes, Labelled, choose_classes, draw_sample, list_labelled
from augcli.probe.suggestion import suggest
from augcli.probe.suspects import Misread, find_misread
from augcli.probe.trials import Ground, Outcome, Start, Trial, run_clean, run_trial, start
from augcli.transforms.step import walk

_LOOKED_AT = 16  # images that tell how large images are


def probe(
    config: Config,
    *,
    workers: int,
    seconds: float = 60.0,
    seed: int = 0,
    group_by: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    interruption: Interruption | None = None,
) -> ProbeResult:
    """Measures what a config does, in parts and as a whole.

    Args:
        config: The resolved config. A random seed is drawn now, and the copies follow from it.
        workers: How many processes; 0 for none but this one.
        seconds: About how long it may take with so many workers.
        seed: Of the sample, the folds and the networks.
        group_by: What has the same match of this regular expression in its path is held out
            together; that of the config, if there is one, for None.
        settings: How much is looked at, rather than what `seconds` would choose.
        progress: Shows how it goes.
        interruption: Tells it to stop.

    Raises:
        UsageError: There are no classes, too few images, or nothing in the config to be tried.
        InterruptedRunError: It was told to stop.
    """
    config = with_seed(config)
    crew = Crew(workers, progress or SilentProgress(), interruption or Interruption())
    arms = list(arms_of(config, units_of(config)))
    if len(arms) == 1:
        raise UsageError("nothing in transforms changes an image, so there is nothing to probe")
    with closing(open_dataset(for_training(config))) as data:
        listed = list_labelled(data, group_by or config.group_by)
        probing = _Probing(config, data, arms, crew)
        return probing.run(listed, settings or probing.settings(listed, seconds, seed))


class _Probing:
    """One probe."""

    def __init__(self, config: Config, data: DataSet, arms: Sequence[Arm], crew: Crew) -> None:
        self._config = config
        self._arms = arms
        self._crew = crew
        self._reading = Reading(config, data.reader)

    def settings(self, listed: Sequence[Labelled], seconds: float, seed: int) -> Settings:
        """What the budget allows."""
        every = -(-len(listed) // _LOOKED_AT)
        items = [labelled.item for labelled in listed[::every]]
        sizes = [size for size in self._crew.do(partial(measure, self._reading), items) if size]
        if not sizes:
            raise UsageError(f"none of the images can be read, such as {items[0].path}")
        task = Task(
            available=len(listed),
            stored_pixels=float(np.mean([size.stored for size in sizes])),
            read_pixels=float(np.mean([size.read for size in sizes])),
            arms=len(self._arms),
            steps=float(np.mean([_count_steps(arm) for arm in self._arms])),
            copies=self._config.copies,
            workers=max(1, self._crew.workers),
        )
        return choose_settings(task, seconds=seconds, seed=seed)

    def run(self, listed: Sequence[Labelled], settings: Settings) -> ProbeResult:
        """The story."""
        # A stream for each use, so that a change to one leaves the others as they were.
        of_sample, of_folds = np.random.default_rng(settings.seed).spawn(2)
        classes = choose_classes(listed, settings.images)
        images = draw_sample(listed, classes, settings.images, of_sample)
        configs = [arm.config for arm in self._arms]
        sample = gather(self._crew, self._reading, images, configs, settings.copies)
        available = sum(labelled.label in classes.labels for labelled in listed)
        settings = replace(settings, images=len(sample.images), available=available)

        ground = self._ground(sample, classes, settings, of_folds)
        starts = self._start(ground)
        [clean] = self._crew.do(partial(run_clean, ground), [starts])
        trialled = Trialled(
            config=self._config,
            units=units_of(self._config),
            labels=classes.labels,
            ground=ground,
            clean=clean,
            arms=self._arms,
            outcomes=self._try(ground, self._trials(sample, starts), len(self._arms)),
        )
        whole, ranges = analysed(trialled)
        baseline = estimate(trialled.accuracy(clean.outcome), trialled.panel)
        counts = np.bincount(ground.labels, minlength=ground.classes).tolist()
        result = ProbeResult(
            source=str(self._config.source),
            settings=settings,
            classes=tuple(zip(classes.labels, counts, strict=True)),
            baseline=baseline.mean,
            baseline_interval=baseline.interval,
            chance=100 / ground.classes,
            whole=whole,
            ranges=ranges,
            suspects=(),
            suggestion=suggest(
                trialled, ranges, partial(self._try_configs, sample, ground, starts)
            ),
            left_out=sample.left_out,
            notes=(),
            audit=None,
        )
        if not result.is_blind:  # of networks that guess, the readings of copies mean nothing
            result = replace(result, suspects=self._suspects(trialled, sample.images))
        reduced = sum(one.is_reduced for one in sample.made)
        return replace(result, notes=tuple(notes_on(result, classes, reduced)))

    def _ground(
        self, sample: Gathered, classes: Classes, settings: Settings, of_folds: np.random.Generator
    ) -> Ground:
        """What all trials share.

        Args:
            sample: The images.
            classes: Their classes.
            settings: How many folds, repeats and steps.
            of_folds: Draws the folds.
        """
        numbers = {label: number for number, label in enumerate(classes.labels)}
        labels = [numbers[labelled.label] for labelled in sample.images]
        groups = [labelled.group for labelled in sample.images]
        folds = [
            draw_folds(labels, groups, settings.folds, of_folds) for _ in range(settings.repeats)
        ]
        originals = sample.originals
        return Ground(
            originals=originals,
            standard=Standard.of(originals),
            labels=np.array(labels),
            weights=balanced_weights(np.array(labels), len(numbers)),
            groups=np.unique(groups, return_inverse=True)[1],
            folds=np.stack(folds),
            classes=len(numbers),
            steps=settings.steps,
            seed=settings.seed,
        )

    def _start(self, ground: Ground) -> list[Start]:
        """The networks that all arms go on from."""
        splits = list(ground.splits())
        return self._crew.do_counted(partial(start, ground), splits, len(splits), "networks")

    def _trials(self, sample: Gathered, starts: Sequence[Start]) -> Iterator[Trial]:
        """A trial for each arm, made when it is needed; some have their copies read as well."""
        for number, arm in enumerate(self._arms):
            yield Trial(sample.copies(number), starts, is_read=arm.kind in {"whole", "alone"})

    def _try(self, ground: Ground, trials: Iterable[Trial], number: int) -> list[Outcome]:
        return self._crew.do_counted(partial(run_trial, ground), trials, number, "trials")

    def _try_configs(
        self,
        sample: Gathered,
        ground: Ground,
        starts: Sequence[Start],
        configs: Sequence[Config],
    ) -> list[Outcome]:
        """The outcomes of configs that were not among the arms."""
        if not configs:
            return []
        copies = sample.made[0].copies.shape[1]
        more = gather(self._crew, self._reading, sample.images, configs, copies)
        if len(more.images) < len(sample.images):
            lost = more.left_out[0]
            raise UsageError(f"{lost.source} was changed meanwhile: {lost.message}")
        trials = (
            Trial(more.copies(number), starts, is_read=False) for number in range(len(configs))
        )
        return self._try(ground, trials, len(configs))

    def _suspects(self, trialled: Trialled, images: Sequence[Labelled]) -> tuple[Suspect, ...]:
        """The copies that look like another class, to be looked at."""
        read = {
            number: outcome.copies
            for number, outcome in enumerate(trialled.outcomes)
            if outcome.copies is not None
        }
        misread = find_misread(trialled.ground, trialled.clean, read)
        poses = [
            Pose(self._arms[one.arm].config, images[one.image].item, one.copy) for one in misread
        ]
        portraits = self._crew.do(partial(portray, self._reading), poses)
        return tuple(
            self._suspect(one, images[one.image], trialled, portrait)
            for one, portrait in zip(misread, portraits, strict=True)
        )

    def _suspect(
        self, misread: Misread, image: Labelled, trialled: Trialled, portrait: Portrait
    ) -> Suspect:
        unit = self._arms[misread.arm].unit
        return Suspect(
            arm=unit.arm if unit else "",
            source=image.item.path,
            copy=misread.copy,
            label=image.label,
            read_as=trialled.labels[misread.read_as],
            confidence=misread.confidence,
            recipe=tuple(portrait.recipe),
            original_png=portrait.original_png,
            copy_png=portrait.copy_png,
        )


def _count_steps(arm: Arm) -> int:
    return sum(1 for _ in walk(arm.config.transforms, happening=True))
