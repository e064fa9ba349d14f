# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever is commanded, nothing that is no number and nothing beyond a limit gets through."""

from dataclasses import replace

import numpy as np
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.safety.latch import Phase

COUNT = 10_000
WEIRD = np.array([np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-320, 50.0, -50.0])


def fuzzed(rng, width, scale):
    values = rng.normal(0.0, scale, width)
    if rng.random() < 0.1:
        values[rng.integers(width)] = rng.choice(WEIRD)
    return values


def fuzzed_command(rng, robot, now):
    width = 12 if rng.random() < 0.97 else int(rng.integers(1, 20))
    base = robot.default_pose if width == 12 else np.zeros(width)
    fields = {'position': base + fuzzed(rng, width, rng.choice([0.1, 1.0, 10.0]))}
    if rng.random() < 0.5:
        fields['velocity'] = fuzzed(rng, width, 30.0)
    if rng.random() < 0.5:
        fields['effort'] = fuzzed(rng, width, 30.0)
    if rng.random() < 0.1:
        del fields['position']
    return JointCommand(now, **(fields or {'velocity': np.zeros(width)}))


def assert_allowed(command, state, limits):
    for what in ('position', 'velocity', 'effort'):
        values = getattr(command, what)
        if values is not None:
            assert len(values) == 12
            assert np.isfinite(values).all(), what
    if command.position is not None:
        assert (command.position >= limits['lower']).all()
        assert (command.position <= limits['upper']).all()
    if command.velocity is not None:
        assert (np.abs(command.velocity) <= limits['velocity']).all()
    if command.effort is not None:
        assert (np.abs(command.effort) <= limits['effort']).all()
    if command.position is not None and state.joints is not None:
        wanted = 0.0 if command.velocity is None else command.velocity
        torque = limits['stiffness'] * (command.position - state.joints.position)
        torque = torque + limits['damping'] * (wanted - state.joints.velocity)
        torque = torque + (0.0 if command.effort is None else command.effort)
        assert (np.abs(torque) <= limits['effort'] + 1e-6).all()


def test_of_ten_thousand_joint_commands_none_gets_through_that_must_not(drive, robot):
    rng = np.random.default_rng(1)
    driven = drive({'reset': {'rest_s': 0.0}}).engage()
    names = ('lower', 'upper', 'velocity', 'effort', 'stiffness', 'damping')
    limits = {name: robot.per_joint(name) for name in names}
    latched, passed = 0, 0
    for _ in range(COUNT):
        if driven.supervisor.phase is Phase.LATCHED:
            latched += 1
            driven.tick()
            assert driven.supervisor.reset(driven.state()).accepted
            driven.engage()
        command = fuzzed_command(rng, robot, driven.now)
        verdict = driven.tick(command)
        state = driven.state()
        passed += verdict.command.position is not None
        assert_allowed(verdict.command, state, limits)
    # the fuzz is of use only if both ways out are taken often
    assert latched > COUNT / 20
    assert passed > COUNT / 10


def test_of_ten_thousand_velocities_none_gets_through_that_must_not(drive, robot):
    rng = np.random.default_rng(2)
    body = robot.body
    driven = drive().engage()
    moved, scan = 0, None
    for k in range(COUNT):
        driven.now += 5_000_000
        command = VelocityCommand(driven.now, *fuzzed(rng, 3, rng.choice([0.3, 3.0])))
        state = driven.state()
        ranges = rng.uniform(0.3, 8.0, len(state.scan.ranges))
        ranges[rng.integers(len(ranges))] = rng.choice(WEIRD)
        if k % 12 == 0:  # a scan comes less often than a velocity
            scan = replace(state.scan, ranges=ranges)
        state = replace(state, scan=scan)
        out = driven.supervisor.judge_velocity(command, state, driven.now).command
        assert out.is_finite
        assert body.min_vx <= out.vx <= body.max_vx
        assert abs(out.vy) <= body.max_vy
        assert abs(out.yaw_rate) <= body.max_yaw_rate
        moved += not out.is_zero
    assert moved > COUNT / 20
