# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F7: the safety process is gone or hangs, and the robot's driver is alone.

Nothing is sent to the robot any more, so the reaction is seen in what its motors do: a damped
joint's torque is against its velocity and nothing else.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS, without
from robot_policies.evaluation.faults.witness import REACTION_S
from robot_policies.ros import topics
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.probes.listener import Heard

_STIFF_N_M = 1.0
"""Mean over the joints; a standing robot's is about three, noise makes a tenth."""
_IN_A_ROW = 5


def is_soft(rig: Rig) -> Callable[[Any], bool]:
    """Return what tells from joint states in their order that the motors only damp by now."""
    joint_map, damping = rig.robot.joint_map(), rig.robot.per_joint('damping')

    def soft(message: Any) -> bool:  # noqa: ANN401
        state = joint_state_from_msg(message, joint_map)
        return bool(np.abs(state.effort + damping * state.velocity).mean() < _STIFF_N_M)

    return soft


def _following(rig: Rig, after_ns: int) -> list[Heard]:
    """Wait for the next joint states after a system time, and return them."""
    topic = topics.JOINT_STATES
    enough = lambda: len(rig.probe.heard(topic, after_ns)) >= _IN_A_ROW  # noqa: E731
    rig.wait(enough, 'further joint states', REACTION_S)
    return rig.probe.heard(topic, after_ns)[:_IN_A_ROW]


def _soft_ns(rig: Rig, after_ns: int) -> int:
    """Wait until the robot is soft and stays it; return when the first such state was sent."""
    soft = is_soft(rig)
    while True:
        first = rig.reaction(topics.JOINT_STATES, soft, after_ns, 'soft joints')
        then = _following(rig, first.received_ns)
        if all(soft(heard.message) for heard in then):
            return first.published_ns
        after_ns = first.received_ns


def _process(how: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        with without(rig, 'safety', how) as gone_ns:
            return Outcome((_soft_ns(rig, gone_ns) - gone_ns) / MS)

    return run


FAULT = Fault(
    id='F7',
    fault='safety process killed with -9, or hangs',
    reaction='robot side times out to damping by itself',
    bound='100 ms',
    measured='signal sent, to the joint state in which no motor holds any more',
    bound_ms=100.0,
    cases=(
        Case('killed', _process('killed')),
        Case('stopped (SIGSTOP)', _process('stopped'), short=False),
    ),
)
