# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The description of a stack, and starting one: read by the launch files and the command line."""
