# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the suite on the machine it runs on: one file per measurement.

Ratios are taken within one run, with both sides alternating, so that a busy or slow machine
weighs on both. A file in this folder that defines `MEASUREMENT` is found by itself.
"""

from robot_policies.evaluation.bench.runner import measurements, run_bench

__all__ = ['measurements', 'run_bench']
