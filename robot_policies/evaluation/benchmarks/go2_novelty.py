# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_novelty`: ROC of the novelty detectors, and their false alarms."""

import os
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.novelty import NoveltyDetector
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions
from robot_policies.evaluation.novelty_trials import judge_streams
from robot_policies.resources import load_checkpoint, load_robot

_CHECKPOINTS = {'motion': 'go2_proprioception_novelty', 'camera': 'go2_camera_novelty'}
EPISODES = 60
_NOMINAL = 12
"""So many times more nominal episodes: false alarms are rare."""
_SECONDS = {'motion': 24.0, 'camera': 12.0}


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Judge one detector.

    Args:
        options: `episodes` is the number per case. `values` may hold `of` (motion or camera) and
            `nominal` (how many times as many nominal episodes).

    Raises:
        ConfigError: An unknown value.
    """
    values = {'of': 'motion', 'nominal': str(_NOMINAL), **options.values}
    unknown = sorted(set(values) - {'of', 'nominal'})
    if unknown or values['of'] not in _CHECKPOINTS or not values['nominal'].isdigit():
        raise ConfigError('go2_novelty', [f'{values}: expected of=motion|camera, nominal=NUMBER'])
    of, episodes = values['of'], options.episodes or (3 if options.quick else EPISODES)
    checkpoint = options.checkpoint or _CHECKPOINTS[of]
    _, config, context = load_checkpoint(checkpoint, load_robot('go2'))
    detector = NoveltyDetector.of_checkpoint(context)
    many = episodes * (1 if options.quick else max(1, int(values['nominal'])))
    make = _walks if of == 'motion' else _views
    nominal, cases, rate_hz = make(options, episodes, many, config)
    found = judge_streams(detector, nominal, cases, rate_hz)
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


def _walks(options: BenchmarkOptions, episodes: int, many: int, config: Any) -> Any:  # noqa: ANN401
    from robot_policies.training.novelty_fit import streams
    from robot_policies.training.novelty_walks import CASES, KEPT_TICKS, NOMINAL, TICK_S, walk
    from robot_policies.training.recipes.go2_proprioception_novelty import batch_controller
    import torch

    torch.set_num_threads(1)

    def made(case: Any, count: int, first_seed: int) -> list[Any]:  # noqa: ANN401
        found: list[Any] = []
        for begin in range(0, count, 30):
            robots = min(30, count - begin)
            chunk = walk(
                load_robot('go2'),
                batch_controller(robots),
                case,
                count=robots,
                seconds=8.0 if options.quick else _SECONDS['motion'],
                seed=500_000 + 10_000 * options.seed + first_seed + begin,
                time_constant_s=config['time_constant_s'],
                threads=len(os.sched_getaffinity(0)),
            )
            found += streams(chunk)
            _say(f'{case.name}: {begin + robots} of {count} episodes')
        return found

    cases = {case.name: made(case, episodes, 100 * i) for i, case in enumerate(CASES, start=50)}
    return made(NOMINAL, many, 0), cases, 1.0 / (TICK_S * KEPT_TICKS)


def _views(options: BenchmarkOptions, episodes: int, many: int, _config: Any) -> Any:  # noqa: ANN401
    from robot_policies.sim.world_spec import load_world
    from robot_policies.training.novelty_fit import streams
    from robot_policies.training.novelty_views import CASES, NOMINAL, RATE_HZ, view
    from robot_policies.training.recipes.go2_camera_novelty import CAMERA, eyes, WORLD
    import torch

    torch.set_num_threads(1)
    spec, (puppet, encoder) = load_world(WORLD), eyes()
    seconds = 4.0 if options.quick else _SECONDS['camera']

    def made(case: Any, count: int) -> list[Any]:  # noqa: ANN401
        found: list[Any] = []
        first = 90_000 + 1000 * options.seed
        for seed in range(first, first + count):
            found += streams(
                view(puppet, encoder, spec, case, camera=CAMERA, seconds=seconds, seed=seed)
            )
            if (seed - first + 1) % 10 == 0:
                _say(f'{case.name}: {seed - first + 1} of {count} episodes')
        return found

    return made(NOMINAL, many), {case.name: made(case, episodes) for case in CASES}, RATE_HZ


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


BENCHMARK = Benchmark(
    'go2_novelty', 'how well novel motion or pictures are told from nominal ones', run
)
