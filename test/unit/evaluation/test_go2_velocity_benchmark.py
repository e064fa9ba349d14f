# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`eval go2_velocity`: runs, says what it must, refuses what it does not know."""

import json
from pathlib import Path

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import ConfigError
from robot_policies.core.rotations import projected_gravity
from robot_policies.evaluation.batch_controller import batch_of, OneByOne, upright
from robot_policies.evaluation.benchmark import BenchmarkOptions
from robot_policies.evaluation.benchmarks.go2_velocity import BENCHMARK, trials
from robot_policies.evaluation.velocity_bars import BARS
from robot_policies.evaluation.velocity_trial import run_trial, Trial

_ROBOT = resources.load_robot('go2')
_SHORT = {'threads': '1', 'trials': 'flat,push_1.2,standing'}


def test_result_is_json_and_holds_what_every_benchmark_has(tmp_path: Path) -> None:
    options = BenchmarkOptions(episodes=2, quick=True, seed=1, values=_SHORT)
    result = json.loads(json.dumps(BENCHMARK.run(options)))
    for name in ('benchmark', 'episodes', 'seed', 'success_rate', 'ci95', 'falls', 'collisions'):
        assert name in result
    assert all(np.isfinite(result[f'{axis}_error']) for axis in ('vx', 'vy', 'yaw'))
    assert set(result['trials']) == {'flat', 'push_1.2', 'standing'}
    assert result['bars']['push_1.2.success_rate']['limit'] == 0.85


def test_same_seed_gives_the_same_walk_and_another_seed_another() -> None:
    checkpoint = resources.load_checkpoint('go2_velocity', _ROBOT)
    trial = Trial(name='flat', episodes=2, seconds=0.3)
    one, same, other = (
        run_trial(trial, _ROBOT, batch_of(*checkpoint, 2), seed=seed, threads=1).velocity
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (BenchmarkOptions(values={'trails': 'flat'}), 'trails is unknown'),
        (BenchmarkOptions(values={'trials': 'hills'}), 'hills is unknown, known are flat'),
        (BenchmarkOptions(stack='go2_mujoco'), 'without --stack'),
    ],
)
def test_unknown_settings_are_refused(options: BenchmarkOptions, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        BENCHMARK.run(options)


def test_every_bar_belongs_to_a_trial() -> None:
    names = {trial.name for trial in trials(10)}
    assert {bar.trial for bar in BARS} <= names


def test_batched_controller_and_plugins_one_by_one_walk_alike() -> None:
    plugin, values, context = resources.load_checkpoint('go2_velocity', _ROBOT)
    trial = Trial(name='flat', episodes=2, seconds=0.6)
    together = batch_of(plugin, values, context, 2)
    singles = OneByOne([batch_to_plugin(plugin, values, context) for _ in range(2)])
    records = [
        run_trial(trial, _ROBOT, controller, seed=3, threads=1)
        for controller in (together, singles)
    ]
    assert np.allclose(records[0].position, records[1].position, atol=2e-3)
    assert np.ptp(records[0].position[:, :, 0]) > 0.02  # it walked


def batch_to_plugin(plugin: str, values: object, context: object) -> object:
    """Return one ordinary instance of the plugin."""
    from robot_policies.core.plugins import create

    return create(plugin, verb='step', values=values, context=context)


def test_quaternion_made_from_gravity_gives_it_back() -> None:
    rng = np.random.default_rng(0)
    for direction in rng.standard_normal((5, 3)):
        gravity = direction / np.linalg.norm(direction)
        assert np.allclose(projected_gravity(upright(gravity)), gravity)


def test_limp_robot_is_counted_as_fallen_and_touching() -> None:
    class Limp:
        def step(self, *_: object) -> np.ndarray:
            return np.tile([0.0, 3.0, -2.7], (3, 4))

    trial = Trial(name='flat', episodes=3, seconds=2.0)
    falls = run_trial(trial, _ROBOT, Limp(), seed=0, threads=1).falls()
    assert falls['falls'] == 3
    assert falls['collisions'] == 3
