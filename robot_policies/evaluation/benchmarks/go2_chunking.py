# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_chunking`."""

from collections.abc import Mapping
import functools
import os
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions, plugin_of
from robot_policies.evaluation.benchmarks.go2_instruction import FIRST_SEED
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.trials import number_of_jobs, run_missing
from robot_policies.resources import load_robot

_DEFAULTS: Mapping[str, str] = {
    'body': 'puppet',
    'controller': 'go2_velocity',
    'world': 'instruction_eval',
    'schedulers': '',
    'delays_ms': '',
    'record': '',
    'jobs': '1',
}
_CHOICES = ('body', 'controller', 'world', 'schedulers', 'delays_ms')
"""What makes another result; the rest is how it is made."""
EPISODES = 100


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Compare the schedulers; see `evaluation/chunking.py`.

    Args:
        options: `episodes` is the number of worlds, each run once per scheduler and delay.
            `values` may hold `body` (puppet or walking), `controller`, `world`, `schedulers` and
            `delays_ms` (with commas), `jobs` (processes), and `record`, a file of finished
            episodes that a later run goes on with.

    Raises:
        ConfigError: An unknown value, or a record of other settings.
    """
    os.environ.setdefault('MUJOCO_GL', 'egl')
    from robot_policies.evaluation import chunking
    from robot_policies.evaluation.go2_instruction import plan
    from robot_policies.sim.world_spec import load_world

    values = _values(options)
    jobs = number_of_jobs(values, 'go2_chunking')
    delays_ms = _delays(values['delays_ms'], chunking.DELAYS_MS)
    schedulers = _schedulers(values['schedulers'], chunking.SCHEDULERS)
    worlds = options.episodes or (1 if options.quick else EPISODES)
    first_seed = FIRST_SEED + 1000 * options.seed
    checkpoint = str(options.checkpoint or 'go2_instruction')
    settings = {key: values[key] for key in ('body', 'controller', 'world')}
    settings |= {'checkpoint': checkpoint}
    record = EpisodeRecord(Path(values['record']) if values['record'] else None, settings)
    spec = load_world(values['world'])
    tasks = plan(spec, worlds=worlds, first_seed=first_seed, extras=False)[::2]
    rows = run_missing(
        list(chunking.trials(tasks, delays_ms, schedulers)),
        record,
        functools.partial(_runner, settings),
        _report,
        jobs,
    )
    head = {'benchmark': 'go2_chunking', 'episodes': worlds, 'seed': options.seed}
    chosen = {key: values[key] for key in _CHOICES if values[key] != _DEFAULTS[key]}
    return {**head, 'settings': chosen, **settings, **chunking.summary(rows)}


def _values(options: BenchmarkOptions) -> dict[str, str]:
    values = {**_DEFAULTS, **options.values}
    if set(values) != set(_DEFAULTS) or values['body'] not in ('puppet', 'walking'):
        known = 'body=puppet|walking, controller=…, world=…, schedulers=…, delays_ms=0,200, '
        known += 'record=FILE, jobs=2'
        raise ConfigError('go2_chunking', [f'{dict(options.values)}: expected {known}'])
    if options.stack:
        raise ConfigError('go2_chunking', ['delays are injected in process: leave out --stack'])
    return values


def _delays(text: str, default: tuple[int, ...]) -> tuple[int, ...]:
    try:
        found = tuple(int(word) for word in text.split(',')) if text else default
    except ValueError:
        raise ConfigError('go2_chunking', [f'delays_ms={text}: expected e.g. 0,200']) from None
    if min(found) < 0:
        raise ConfigError('go2_chunking', [f'delays_ms={text}: at least 0'])
    return found


def _schedulers(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(word for word in text.split(',') if word) or tuple(known)
    if not set(found) <= set(known):
        problem = f'schedulers={text}: expected some of {", ".join(known)}'
        raise ConfigError('go2_chunking', [problem])
    return found


def _runner(settings: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Load robot, policy and body; return what runs a trial with them."""
    from robot_policies.evaluation import chunking
    from robot_policies.evaluation.go2_instruction import CAMERA, Course
    from robot_policies.evaluation.instruction_bodies import Body, PuppetBody, WalkingBody
    from robot_policies.sim.world_spec import load_world
    import torch

    torch.set_num_threads(1)
    robot = load_robot('go2')

    body: Body
    if settings['body'] == 'puppet':
        body = PuppetBody(robot, CAMERA)
    else:
        body = WalkingBody(robot, plugin_of(settings['controller'], 'step', robot), CAMERA)
    policy = plugin_of(settings['checkpoint'], 'infer', robot)
    course = Course(robot, body, policy, load_world(settings['world']))
    return functools.partial(chunking.run, course)


def _report(row: Mapping[str, Any], done: int, count: int, still_s: float) -> None:
    words = (
        f'{done}/{count} {row["scheduler"]:20s} {row["delay_ms"]:3d} ms world {row["world"]} '
        f'{"ok  " if row["success"] else "FAIL"} {row["time_s"]:5.1f} s  '
        f'jump {row["jump_m_s"]:.3f} m/s  jerk {row["jerk_rms_m_s3"]:5.2f} m/s³  '
        f'{still_s / 60.0:.0f} min to go'
    )
    print(words, flush=True)  # noqa: T201


BENCHMARK = Benchmark(
    name='go2_chunking',
    help='Chunk schedulers side by side with slow inference: success and smoothness.',
    run=run,
)
