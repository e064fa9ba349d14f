# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Small processes that measurements are made with: sources, echoes and listeners."""
