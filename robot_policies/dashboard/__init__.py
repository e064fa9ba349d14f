# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The operator's web page: what the robot senses and intends, and the buttons that stop it."""
