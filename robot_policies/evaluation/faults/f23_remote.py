# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F23: not built: there is no remote inference."""

from robot_policies.evaluation.faults.fault import Fault, SCRIPTED

FAULT = Fault(
    id='F23',
    fault='remote inference server gone, slow, hostile bytes',
    reaction='as F5; malformed or oversized payload closes the connection, nothing is executed '
    'or unpickled',
    bound='always',
    setting=SCRIPTED,
)
