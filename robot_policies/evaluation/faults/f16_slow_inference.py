# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F16: not built: nothing schedules chunks by the measured delay yet.

What happens without it when the policy falls behind its chunks is F5. When a scheduler is there,
`policies.ScriptedPolicy` is the policy whose delay is stepped, and the row judges the jumps of
`cmd_vel` and that it holds beyond the envelope.
"""

from robot_policies.evaluation.faults.fault import Fault, SCRIPTED

FAULT = Fault(
    id='F16',
    fault='inference slower than the chunk allows',
    reaction='measured delay feeds the scheduler; beyond the envelope: HOLD, never jerk',
    bound='continuous',
    setting=SCRIPTED,
)
