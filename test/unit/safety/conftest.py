# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot, its context, and states that differ from the nominal one in what a test names."""

from dataclasses import replace

import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.resources import load_robot
from robot_policies.safety.assembly import build_supervisor, default_configure
from robot_policies.safety.nominal import nominal_command, nominal_state, nominal_velocity

NOW = 10_000_000_000
TICK = 5_000_000


@pytest.fixture(scope='session')
def robot():
    return load_robot('go2')


@pytest.fixture
def context(robot):
    return PluginContext(robot=robot)


@pytest.fixture
def state_with(robot):
    """Return `state_with(**changes)`: engaged, everything fresh, one tick after the last."""

    def make(now_ns=NOW, **changes):
        nominal = nominal_state(robot, now_ns)
        nominal = replace(
            nominal,
            engaged_ns=now_ns - TICK,
            last_command=nominal_command(robot, now_ns - TICK),
            tick_s=TICK * 1e-9,
        )
        return replace(nominal, **changes)

    return make


@pytest.fixture
def drive(robot):
    """Return `drive(values)`: a supervisor with a clock that is stepped by hand."""

    def make(values=None, **options):
        return Drive(robot, values or {}, **options)

    return make


class Drive:
    """Ticks a supervisor with nominal input unless told otherwise."""

    def __init__(self, robot, values, **options):
        self.robot = robot
        self.now = NOW
        self.supervisor = build_supervisor(robot, configure=default_configure(values), **options)

    def state(self, **changes):
        return replace(nominal_state(self.robot, self.now), **changes)

    def tick(self, command='nominal', **changes):
        self.now += TICK
        if command == 'nominal':
            command = nominal_command(self.robot, self.now)
        return self.supervisor.judge(command, self.state(**changes), self.now)

    def velocity(self, command='nominal', **changes):
        if command == 'nominal':
            command = nominal_velocity(self.now)
        return self.supervisor.judge_velocity(command, self.state(**changes), self.now)

    def engage(self):
        for _ in range(4):
            verdict = self.tick()
            self.velocity()
        assert verdict.command.position is not None
        return self
