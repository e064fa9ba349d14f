# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F15: not built: no detector stands between observation and policy yet.

When one does, the simulator's camera and scan are made strange by `ros.fault_injection`, and
nominal walking gives the false alarms.
"""

from robot_policies.evaluation.faults.fault import Fault, INSTRUCTED

FAULT = Fault(
    id='F15',
    fault="observation far outside the policy's training data",
    reaction='slow, then HOLD; reported',
    bound='configured; at most 1 false alarm per hour nominal',
    setting=INSTRUCTED,
)
