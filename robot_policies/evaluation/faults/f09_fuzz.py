# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F9: commands that are none, from an outside publisher."""

import time

import numpy as np
from robot_policies.evaluation.faults.commands import improper_since, longest_gap_ms, standing_in
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.ros.probes.fuzz import bad_velocity, CommandFuzz

_PAUSE_S = 0.003
_FATAL_EVERY = 100
_LIMITED_SHARE = 0.1
_DEAD_MS = 1000.0
_SLACK = 1e-6


def _joint_commands(rig: Rig) -> Outcome:
    fuzz = CommandFuzz(rig.robot, rig.rng)
    begun_ns = rig.now_ns
    with standing_in(rig, fuzz) as stand_in:
        for count in range(1, rig.messages + 1):
            stamp_ns = stand_in.stamp_ns()
            if count % _FATAL_EVERY == 0:
                stand_in.say(fuzz.fatal(stamp_ns))
                rig.stand_up()
            elif rig.rng.random() < _LIMITED_SHARE:
                stand_in.say(fuzz.limited(stamp_ns))
            else:
                stand_in.say(fuzz.refused(stamp_ns))
            time.sleep(_PAUSE_S)
        gap_ms = longest_gap_ms(rig, topics.JOINT_COMMAND, begun_ns)
    violations = improper_since(rig, begun_ns)
    if gap_ms > _DEAD_MS:
        violations.append(f'the supervisor said nothing for {gap_ms:.0f} ms')
    return Outcome(injected=rig.messages, violations=tuple(violations[:5]))


def _velocities(rig: Rig) -> Outcome:
    begun_ns = rig.now_ns
    for _ in range(rig.messages):
        rig.probe.say(topics.POLICY_CMD_VEL, bad_velocity(rig.now_ns, rig.rng))
        time.sleep(_PAUSE_S)
    body = rig.robot.body
    high = body.highest_velocity + _SLACK
    low = body.lowest_velocity - _SLACK
    violations = []
    for heard in rig.probe.heard(topics.CMD_VEL, begun_ns):
        twist = heard.message.twist
        values = np.array([twist.linear.x, twist.linear.y, twist.angular.z])
        if not (np.isfinite(values).all() and (values >= low).all() and (values <= high).all()):
            violations.append(f'velocity {values}')
    violations += improper_since(rig, begun_ns)
    return Outcome(injected=rig.messages, violations=tuple(violations[:5]))


FAULT = Fault(
    id='F9',
    fault='NaN, Inf, wrong names, wrong count, bytes that are no message, out-of-limit, jump',
    reaction='rejected or limited; never reaches the robot',
    bound='0 of 10,000 fuzzed',
    cases=(
        Case('joint commands', _joint_commands),
        Case('base velocities', _velocities),
    ),
)
