# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Policies: one observation in, one chunk of actions out. One policy per file."""
