# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Limits for a machine that does other work: reactions are asserted there, not their times.

A busy machine stops a process for longer than a fault may last. That the shipped limits are those
of the contract is a unit test; that they hold is what `robot-policies faults` measures.
"""

from collections.abc import Mapping

PATIENT: Mapping[str, Mapping[str, float]] = {
    'safety': {
        'freshness.joint_states_s': 1.0,
        'freshness.imu_s': 1.0,
        'freshness.locomotion_s': 1.0,
        'freshness.basis_s': 1.0,
        'freshness.scan_slow_s': 2.0,
        'freshness.scan_stop_s': 3.0,
        'arbiter.policy_s': 1.0,
    },
    'locomotion': {'state_timeout_s': 1.0, 'command_timeout_s': 1.5},
    'sim': {'simulator.command_timeout_s': 1.0},
}
"""Node -> parameter -> value."""


def assignments() -> dict[str, float]:
    """Return them as `<node>.<parameter>` -> value, as a stack takes them."""
    return {f'{node}.{name}': v for node, group in PATIENT.items() for name, v in group.items()}
