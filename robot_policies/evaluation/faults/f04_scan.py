# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F4: the range sensor stops."""

from robot_policies.evaluation.faults.fault import Case, Fault
from robot_policies.evaluation.faults.sources import stands_without
from robot_policies.ros import topics

FAULT = Fault(
    id='F4',
    fault='scan stops',
    reaction='velocity limited, then zero',
    bound='300 ms',
    measured='last new scan sent, to base velocity zero at locomotion',
    bound_ms=300.0,
    cases=(
        Case('silent', stands_without(topics.SCAN, 'silent')),
        Case('stamps frozen', stands_without(topics.SCAN, 'frozen'), short=False),
    ),
)
