# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Injects every fault of the contract into the running stack and times the reaction.

One file per row: a file in this folder that defines `FAULT` is found by itself. The stack is real
(processes, DDS, a simulated robot that walks); the reaction is observed from outside, on what
arrives at the robot.
"""
