# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What tells one message from another at the robot."""

from typing import Any

import numpy as np


def is_damping(command: Any) -> bool:  # noqa: ANN401
    """Whether a joint command holds nothing but damping."""
    return not len(command.position) and not any(command.velocity)


def speed(velocity: Any) -> float:  # noqa: ANN401
    """Return the speed along the ground of a base velocity, m/s."""
    return float(np.hypot(velocity.twist.linear.x, velocity.twist.linear.y))


def is_zero(velocity: Any) -> bool:  # noqa: ANN401
    """Whether a base velocity is exactly zero."""
    twist = velocity.twist
    return not any((twist.linear.x, twist.linear.y, twist.angular.z))
