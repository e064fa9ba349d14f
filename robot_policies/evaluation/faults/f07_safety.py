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
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.joints import joint_state_from_msg

_STIFF_N_M = 3.0
"""A standing leg's knee carries several times as much."""


def is_soft(rig: Rig) -> Callable[[Any], bool]:
    """Return what tells from a joint state that the motors only damp."""
    joint_map, damping = rig.robot.joint_map(), rig.robot.per_joint('damping')

    def soft(message: Any) -> bool:  # noqa: ANN401
        state = joint_state_from_msg(message, joint_map)
        return bool(np.abs(state.effort + damping * state.velocity).max() < _STIFF_N_M)

    return soft


def _killed(rig: Rig) -> Outcome:
    killed_ns = rig.stack.kill('safety')
    soft_ns = rig.reaction(topics.JOINT_STATES, is_soft(rig), killed_ns, 'soft joints')
    return Outcome((soft_ns.published_ns - killed_ns) / MS)


def _stopped(rig: Rig) -> Outcome:
    with rig.stack.stopped('safety') as stopped_ns:
        soft_ns = rig.reaction(topics.JOINT_STATES, is_soft(rig), stopped_ns, 'soft joints')
    return Outcome((soft_ns.published_ns - stopped_ns) / MS)


FAULT = Fault(
    id='F7',
    fault='safety process killed with -9, or hangs',
    reaction='robot side times out to damping by itself',
    bound='100 ms',
    measured='signal sent, to the joint state in which no motor holds any more',
    bound_ms=100.0,
    cases=(Case('killed', _killed), Case('stopped (SIGSTOP)', _stopped)),
)
