# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the policies: reinforcement learning, imitation, black-box search."""
