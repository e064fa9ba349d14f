# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chunk schedulers: when to ask a policy, and how its chunks become one stream. One per file."""
