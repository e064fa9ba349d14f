# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F2: the IMU stops."""

from robot_policies.evaluation.faults.fault import Case, Fault
from robot_policies.evaluation.faults.sources import damps_without
from robot_policies.ros import topics

FAULT = Fault(
    id='F2',
    fault='IMU stops',
    reaction='DAMP',
    bound='40 ms',
    measured='last IMU sample with a new stamp sent, to damping at the robot',
    bound_ms=40.0,
    cases=(
        Case('silent', damps_without(topics.IMU, 'silent')),
        Case('stamps frozen', damps_without(topics.IMU, 'frozen'), short=False),
    ),
)
