# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Faults injected into real processes: the simulator, locomotion and safety nodes, killed, stopped
and pushed. A stack is started for several of them, because starting takes longer than the faults.

The reactions are asserted and their times printed (`-s`).
"""

import json
import signal
import subprocess
import sys
import time

from faults_rig import Processes, use_dds_profile, Watcher
import numpy as np
import pytest
from robot_policies.ros import topics

pytestmark = [pytest.mark.ros, pytest.mark.slow]
STANDS_M, LIES_M = 0.24, 0.17


@pytest.fixture
def stack(ros_domain, tmp_path, monkeypatch):
    use_dds_profile(monkeypatch)
    parameters = {
        'locomotion': {'controller.checkpoint': 'go2_velocity'},
        'sim': {'world.name': 'arena'},
    }
    processes, watcher = Processes(tmp_path, parameters), Watcher()
    try:
        for name in ('safety', 'locomotion', 'sim'):
            processes.start(name)
        yield processes, watcher
    finally:
        watcher.close()
        processes.close()
        for name in ('safety', 'locomotion', 'sim'):
            print(f'--- {name}\n{processes.log(name)}')  # noqa: T201  shown when a test fails


class Faults:
    """Breaks the stack, waits for the reaction, mends it."""

    def __init__(self, stack, wait_for):
        self.processes, self.watcher = stack
        self._wait_for = wait_for

    def wait(self, condition, what, timeout_s=60.0):
        self._wait_for(condition, timeout_s, f'{what} ({self.watcher.status.get("words")})')

    def break_(self, row, action, condition, what):
        started = time.monotonic()
        action()
        self.wait(condition, f'{row}: {what}')
        elapsed_ms = (time.monotonic() - started) * 1e3
        words = self.watcher.status.get('words')
        print(f'{row}: {what} after {elapsed_ms:.0f} ms: {words}')  # noqa: T201

    def latched(self):
        return self.watcher.status.get('latched') == 'true' and self.watcher.damps

    def velocity(self):
        message = self.watcher.last(topics.CMD_VEL)
        return np.nan if message is None else message.twist.linear.x

    def lies(self):
        return self.watcher.height_m < LIES_M

    def stands(self):
        watcher = self.watcher
        engaged = watcher.status.get('phase') == 'engaged'
        ramped = watcher.status.get('check') != 'EngageRamp'
        return engaged and ramped and watcher.height_m > STANDS_M

    def reset_is_possible(self):
        return self.watcher.status.get('reset_requires') == ''

    def up_again(self):
        """Reset as soon as that is allowed, and wait until the robot stands."""
        self.wait(self.reset_is_possible, 'a reset to be possible', 120.0)
        self.wait(lambda: self.watcher.call(topics.SAFETY_RESET).success, 'a reset')
        self.wait(self.stands, 'standing again')


def test_the_robot_reacts_to_the_death_of_every_node_and_stands_up_afterwards(stack, wait_for):
    faults = Faults(stack, wait_for)
    processes, watcher = stack
    faults.wait(faults.stands, 'standing for the first time', 180.0)
    a_button_makes_it_soft(faults, watcher)
    locomotion_is_killed(faults, processes, watcher)
    joint_states_stop(faults, processes)
    safety_is_killed(faults, processes, watcher)


def test_the_robot_reacts_to_what_happens_to_it_in_its_world(stack, wait_for):
    faults = Faults(stack, wait_for)
    _, watcher = stack
    faults.wait(faults.stands, 'standing for the first time', 180.0)
    the_robot_is_thrown_over(faults, watcher)
    an_obstacle_is_in_the_way(faults, watcher)
    the_policy_falls_silent(faults, watcher)


def raised_at_the_engage_speed(watcher):
    """F11: from wherever it lay to its stance."""
    targets = [(t, m.position) for t, m in watcher.heard(topics.JOINT_COMMAND) if m.position]
    ramp = [(t, position) for t, position in targets if t - targets[0][0] < 0.8]
    # from the first to each one that came a while later: arrival times alone jitter
    speeds = [
        np.abs(np.subtract(position, ramp[0][1])).max() / (t - ramp[0][0])
        for t, position in ramp
        if t - ramp[0][0] > 0.3
    ]
    assert max(speeds) < 2.0
    during = (ramp[0][0], ramp[-1][0])
    states = watcher.heard(topics.JOINT_STATES)
    moved = [m.velocity for t, m in states if during[0] < t < during[1]]
    fastest = np.abs(moved).max()
    print(f'F11: targets at {max(speeds):.2f} rad/s, joints at {fastest:.2f}')  # noqa: T201


def a_button_makes_it_soft(faults, watcher):
    """F14, F24."""
    faults.break_('F14', lambda: watcher.press(True), faults.latched, 'DAMP')
    faults.wait(faults.lies, 'lying')
    refused = watcher.call(topics.SAFETY_RESET)
    assert not refused.success
    assert 'e-stop pressed' in refused.message
    watcher.press(False)
    watcher.forget()
    faults.up_again()
    raised_at_the_engage_speed(watcher)


def locomotion_is_killed(faults, processes, watcher):
    """F6, F24."""
    kill = lambda: processes.signal('locomotion', signal.SIGKILL)  # noqa: E731
    faults.break_('F6', kill, faults.latched, 'DAMP')
    assert 'locomotion/command' in watcher.status['reason']
    faults.wait(faults.lies, 'lying')
    assert not watcher.call(topics.SAFETY_RESET).success
    processes.start('locomotion')
    faults.up_again()


def joint_states_stop(faults, processes):
    """F1, F2: the whole robot hangs."""
    hang = lambda: processes.signal('sim', signal.SIGSTOP)  # noqa: E731
    faults.break_('F1', hang, faults.latched, 'DAMP')
    assert not faults.watcher.call(topics.SAFETY_RESET).success
    processes.signal('sim', signal.SIGCONT)
    faults.up_again()


def safety_is_killed(faults, processes, watcher):
    """F7: the robot damps by itself, and is raised when the node is back."""
    kill = lambda: processes.signal('safety', signal.SIGKILL)  # noqa: E731
    faults.break_('F7', kill, faults.lies, 'lying')
    watcher.forget()
    processes.start('safety')
    faults.wait(faults.stands, 'standing again', 120.0)


def the_robot_is_thrown_over(faults, watcher):
    """F12, F24."""
    faults.break_('F12', lambda: watcher.push(0.0, 6.0), faults.latched, 'DAMP')
    assert watcher.call(topics.SIM_RESET).success  # somebody sets it on its feet
    faults.up_again()


def an_obstacle_is_in_the_way(faults, watcher):
    """F13: the yellow cone stands 2.4 m ahead of the start."""
    watcher.forget()
    watcher.walk = (0.6, 0.08, 0.0)
    faults.wait(lambda: watcher.x_m > -3.2, 'walking')
    faults.wait(
        lambda: watcher.status.get('check') == 'Distance' and faults.velocity() < 0.1,
        'F13: (nearly) standing before the obstacle',
        40.0,
    )
    events = [json.loads(m.data) for _, m in watcher.heard(topics.SIM_CONTACTS)]
    assert not [event for event in events if event['event'] in ('collision', 'fall')]
    print(f'F13: {watcher.status["words"]} at x = {watcher.x_m:.2f} m')  # noqa: T201
    watcher.walk = (-0.4, 0.0, 0.0)
    faults.wait(lambda: faults.velocity() < -0.3, 'backing away')


def the_policy_falls_silent(faults, watcher):
    """F5: nobody publishes a velocity any more."""
    silence = lambda: setattr(watcher, 'walk', None)  # noqa: E731
    faults.break_(
        'F5',
        silence,
        lambda: faults.velocity() == 0.0,
        'velocity zero',
    )
    assert faults.watcher.status['latched'] == 'false'


@pytest.mark.parametrize(
    ('parameter', 'words'),
    [
        ('tilt.limit_rad:=9.0', 'outside [0, 3.2] rad'),
        ('checks:=["nowhere.at_all:X"]', 'there is no package'),
        ('robot:=go3', 'did you mean go2?'),
    ],
)
def test_f19_a_process_with_a_bad_parameter_ends_and_says_why(ros_domain, parameter, words):
    command = [sys.executable, '-m', 'robot_policies.nodes.safety_node', '--ros-args']
    ended = subprocess.run(
        [*command, '-p', parameter], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert words in ended.stderr + ended.stdout
