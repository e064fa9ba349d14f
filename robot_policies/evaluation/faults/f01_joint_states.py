# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F1: the joint states stop, or go on without any news."""

from robot_policies.evaluation.faults.fault import Case, Fault
from robot_policies.evaluation.faults.sources import damps_without
from robot_policies.ros import topics

FAULT = Fault(
    id='F1',
    fault='joint states stop, or their stamps stop advancing',
    reaction='DAMP',
    bound='2 locomotion periods, 40 ms',
    measured='last joint state with a new stamp sent, to damping at the robot',
    bound_ms=40.0,
    cases=(
        Case('silent', damps_without(topics.JOINT_STATES, 'silent')),
        Case('stamps frozen', damps_without(topics.JOINT_STATES, 'frozen')),
    ),
)
