# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_novelty`: ROC of the novelty detectors, and their false alarms."""

from collections.abc import Callable, Mapping
import functools
import os
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.novelty import NoveltyDetector
from robot_policies.core.picture_novelty import PictureNovelty
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.novelty_trials import judged, NOMINAL, NoveltyTrial, Row, summary
from robot_policies.evaluation.trials import number_of_jobs, run_missing
from robot_policies.resources import load_checkpoint, load_robot, weights_digest

_CHECKPOINTS = {'motion': 'go2_proprioception_novelty', 'camera': 'go2_camera_novelty'}
EPISODES = 60
_DEFAULTS: Mapping[str, str] = {'of': 'motion', 'nominal': '12', 'record': '', 'jobs': '1'}
"""`nominal`: so many times more nominal episodes, since false alarms are rare."""
_SECONDS, _QUICK_SECONDS = {'motion': 24.0, 'camera': 12.0}, {'motion': 8.0, 'camera': 4.0}
_BATCH = 30
"""Robots that walk at once."""


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Judge one detector.

    Args:
        options: `episodes` is the number per case. `values` may hold `of` (motion or camera),
            `nominal` (how many times as many nominal episodes), and for the camera `jobs`
            (processes) and `record`, a file of finished episodes that a later run goes on with.

    Raises:
        ConfigError: An unknown value, or a record of other settings.
    """
    values = _values(options)
    of, episodes = values['of'], options.episodes or (3 if options.quick else EPISODES)
    checkpoint = str(options.checkpoint or _CHECKPOINTS[of])
    many = episodes * (1 if options.quick else max(1, int(values['nominal'])))
    seconds = (_QUICK_SECONDS if options.quick else _SECONDS)[of]
    make = _walks if of == 'motion' else _views
    rows = make(
        options.seed, {'checkpoint': checkpoint, 'seconds': seconds}, episodes, many, values
    )
    found = summary(rows)
    _, _, context = load_checkpoint(checkpoint, load_robot('go2'))
    return {
        'benchmark': 'go2_novelty',
        'episodes': episodes,
        'seed': options.seed,
        'settings': {'of': of, 'nominal': values['nominal']},
        'fitted_hours': context.meta.get('nominal_hours'),
        **{f'false_alarm_{name}': value for name, value in found['false_alarms'].items()},
        'trials': found['trials'],
        'curves': found['curves'],
    }


def _values(options: BenchmarkOptions) -> dict[str, str]:
    values = {**_DEFAULTS, **options.values}
    known = set(values) == set(_DEFAULTS) and values['of'] in _CHECKPOINTS
    if not known or not values['nominal'].isdigit():
        expected = 'of=motion|camera, nominal=NUMBER, record=FILE, jobs=NUMBER'
        raise ConfigError('go2_novelty', [f'{dict(options.values)}: expected {expected}'])
    if values['of'] == 'motion' and (values['record'] or values['jobs'] != '1'):
        raise ConfigError('go2_novelty', ['record and jobs are for of=camera'])
    return values


def _walks(
    seed: int, settings: Mapping[str, Any], episodes: int, many: int, _values: Mapping[str, str]
) -> list[Row]:
    """Judge walks, many at once in one physics."""
    from robot_policies.training.novelty_fit import streams
    from robot_policies.training.novelty_walks import CASES, KEPT_TICKS, TICK_S, walk
    from robot_policies.training.novelty_walks import NOMINAL as USUAL
    from robot_policies.training.recipes.go2_proprioception_novelty import batch_controller
    import torch

    torch.set_num_threads(1)
    _, config, context = load_checkpoint(settings['checkpoint'], load_robot('go2'))
    detector = NoveltyDetector.of_checkpoint(context)
    rows: list[Row] = []

    def judge(case: Any, count: int, first_seed: int) -> None:  # noqa: ANN401
        for begin in range(0, count, _BATCH):
            robots = min(_BATCH, count - begin)
            chunk = walk(
                load_robot('go2'),
                batch_controller(robots),
                case,
                count=robots,
                seconds=settings['seconds'],
                seed=500_000 + 10_000 * seed + first_seed + begin,
                time_constant_s=config['time_constant_s'],
                threads=len(os.sched_getaffinity(0)),
            )
            for number, stream in enumerate(streams(chunk), start=begin):
                trial = NoveltyTrial(case.name, number)
                rows.append(judged(trial, detector, stream, 1.0 / (TICK_S * KEPT_TICKS)))
            _say(f'{case.name}: {begin + robots} of {count} episodes')

    judge(USUAL, many, 0)
    for i, case in enumerate(CASES, start=50):
        judge(case, episodes, 100 * i)
    return rows


def _views(
    seed: int, settings: Mapping[str, Any], episodes: int, many: int, values: Mapping[str, str]
) -> list[Row]:
    """Judge drives, one after the other or in several processes."""
    from robot_policies.training.novelty_views import CASES

    checkpoint = settings['checkpoint']
    _, _, context = load_checkpoint(checkpoint, load_robot('go2'))
    limits = dict(context.meta['thresholds'])
    settings = {**settings, 'weights': weights_digest(checkpoint), 'thresholds': limits}
    path = Path(values['record']) if values['record'] else None
    first = 90_000 + 1000 * seed
    trials = [NoveltyTrial(NOMINAL, first + i) for i in range(many)]
    trials += [NoveltyTrial(case.name, first + i) for case in CASES for i in range(episodes)]
    return run_missing(
        trials,
        EpisodeRecord(path, settings),
        functools.partial(_looker, settings),
        _report,
        number_of_jobs(values, 'go2_novelty'),
    )


def _looker(settings: Mapping[str, Any]) -> Callable[[NoveltyTrial], Row]:
    """Load what is needed to look; return what drives and judges an episode."""
    from robot_policies.sim.world_spec import load_world
    from robot_policies.training.novelty_views import CASES, RATE_HZ, view
    from robot_policies.training.novelty_views import NOMINAL as USUAL
    from robot_policies.training.recipes.go2_camera_novelty import CAMERA, eyes, WORLD
    import torch

    torch.set_num_threads(1)
    spec, (puppet, encoder) = load_world(WORLD), eyes()
    _, _, context = load_checkpoint(settings['checkpoint'], load_robot('go2'))
    novelty = PictureNovelty(context)
    cases = {case.name: case for case in (USUAL, *CASES)}
    drive = functools.partial(
        view,
        puppet,
        lambda image: novelty.summary(image, encoder.encode(image)),
        spec,
        camera=CAMERA,
        seconds=settings['seconds'],
    )

    def look(trial: NoveltyTrial) -> Row:
        stream = drive(cases[trial.case], seed=trial.seed)
        return judged(trial, novelty.detector, stream, RATE_HZ)

    return look


def _report(row: Row, done: int, count: int, still_s: float) -> None:
    if done % 10 == 0 or row['reacts']:
        words = 'novel' if row['reacts'] else ''
        _say(f'{done}/{count} {row["key"]:24s} {words:6s} {still_s / 60.0:.0f} min to go')


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


BENCHMARK = Benchmark(
    'go2_novelty', 'how well novel motion or pictures are told from nominal ones', run
)
