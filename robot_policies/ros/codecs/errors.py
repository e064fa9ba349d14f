# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a codec raises."""

from robot_policies.core.errors import RobotPoliciesError


class CodecError(RobotPoliciesError):
    """A message does not hold what its topic promises. The message says what was expected."""
