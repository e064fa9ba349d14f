# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The cost of safety: paired episodes, and layers that act."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.errors import ConfigError
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.benchmark import BenchmarkOptions
from robot_policies.evaluation.benchmarks.go2_safety_cost import run
from robot_policies.evaluation.instruction_bodies import TICK_NS
from robot_policies.evaluation.layered_bodies import LayeredPuppet, LayerTrace
from robot_policies.evaluation.safety_cost import summary, trials
from robot_policies.evaluation.safety_layers import arms, supervisor_of
from robot_policies.resources import load_robot
from robot_policies.safety.nominal import nominal_command, nominal_state, nominal_velocity
from robot_policies.sim.look import Look
from robot_policies.sim.world import World

FREE = World('free', 0, 12.0, 12.0, 0.7, (0.0, 0.0, 0.0), Look())
ROBOT = load_robot('go2')


def record(success, time_s=10.0, **changes):
    return {
        'success': success,
        'time_s': time_s,
        'collisions': 0,
        'falls': 0,
        'interventions': 2,
        'by_check': {'Distance': 2},
        'acting_share': 0.1,
        'velocity_jerk': 1.0,
        'target_jerk': 0.0,
        'seconds': 60.0,
        **changes,
    }


def test_every_arm_gets_every_task_and_no_two_episodes_are_mistaken_for_each_other():
    found = list(trials(('none', 'distance'), ['a', 'b']))
    assert [(t.arm, t.task) for t in found] == [
        ('none', 'a'),
        ('distance', 'a'),
        ('none', 'b'),
        ('distance', 'b'),
    ]
    assert len({trial.key for trial in found}) == 4


def test_changes_are_paired_and_times_compare_only_what_both_reached():
    none = [record(True, 10.0), record(True, 10.0), record(False)]
    slow = [record(True, 12.0), record(False), record(False, collisions=1)]
    arms = {'none': none, 'distance': slow}
    numbers = summary([{**r, 'arm': arm} for arm, own in arms.items() for r in own])['distance']
    assert numbers['success_change'] == pytest.approx(-1 / 3)
    assert numbers['time_change_s'] == pytest.approx(2.0)
    assert numbers['collision_rate'] == pytest.approx(1 / 3)
    assert numbers['interventions_per_min'] == pytest.approx(2.0)
    assert numbers['by_check_per_min'] == {'Distance': pytest.approx(2.0)}
    assert numbers['by_check']['Distance'] == pytest.approx(2.0 * 60.0 * numbers['hours'])


def test_every_arm_makes_a_supervisor_with_its_layers_and_the_first_has_none():
    made = {name: supervisor_of(layers, ROBOT) for name, layers in arms('walking').items()}
    own = {name: set(s._velocity.names) | set(s._joint.names) for name, s in made.items()}
    layers = {'Distance', 'BaseBarrier', 'JointBarrier', 'TemporalRules'}
    layers |= {'ProprioceptionNovelty', 'FeatureNovelty'}
    assert next(iter(own)) == 'none'
    assert not own['none'] & layers
    assert own['distance'] & layers == {'Distance'}
    assert own['all'] >= layers


def test_a_trace_counts_begins_of_a_reaction_not_ticks():
    supervisor, trace = supervisor_of(arms('puppet')['none'], ROBOT), LayerTrace()
    for tick in range(100):
        now_ns = 10**10 + tick * 20_000_000
        state = nominal_state(ROBOT, now_ns)
        wanted = nominal_velocity(now_ns) if 40 <= tick < 60 else None
        supervisor.judge(nominal_command(ROBOT, now_ns), state, now_ns)
        supervisor.judge_velocity(wanted, state, now_ns)
        trace.note(supervisor)
    numbers = trace.numbers()
    assert 1 <= numbers['interventions'] <= 4
    assert numbers['seconds'] == pytest.approx(2.0)
    assert supervisor.velocity_verdict.severity <= Severity.HOLD
    assert np.isfinite(numbers['velocity_jerk'])


def test_pictures_are_judged_for_the_layer_that_asks_and_novel_ones_stop_the_robot():
    chosen = {'layers': arms('puppet')['camera_novelty']}
    body = LayeredPuppet(ROBOT, 'front', lambda: supervisor_of(chosen['layers'], ROBOT))
    body.enter(FREE, 0)
    for tick in range(150):
        now_ns = tick * TICK_NS
        if tick % 10 == 0:
            image = body.image(now_ns)
            noise = np.random.default_rng(tick).integers(0, 255, image.pixels.shape)
            body.layering.see(replace(image, pixels=noise.astype(np.uint8)))
        body.tick(VelocityCommand(now_ns, 0.2, 0.0, 0.0), now_ns)
    assert body.layering.trace.numbers()['by_check'].get('FeatureNovelty')
    assert body.pose[0] < 0.2 * 3.0 - 0.1, 'it went on'
    body.enter(FREE, 0)
    for tick in range(100):  # for longer than it bears silence nobody asks for a picture
        body.tick(VelocityCommand(tick * TICK_NS, 0.2, 0.0, 0.0), tick * TICK_NS)
    assert 'FeatureNovelty' not in body.layering.trace.numbers()['by_check']
    chosen['layers'] = arms('puppet')['none']
    body.enter(FREE, 0)
    body.image(0)
    assert body.layering.complete(nominal_state(ROBOT, 0)).novelty is None


@pytest.mark.parametrize(
    'values', [{'body': 'wheels'}, {'arms': 'none,magic'}, {'speed': '3'}, {'jobs': '0'}]
)
def test_a_wrong_setting_is_refused_with_what_there_is(values):
    with pytest.raises(ConfigError, match='go2_safety_cost'):
        run(BenchmarkOptions(values=values))
