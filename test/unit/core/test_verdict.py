# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Severities."""

from robot_policies.core.verdict import Severity, Verdict


def test_the_worst_wins_by_order():
    assert Severity.PASS < Severity.LIMIT < Severity.HOLD < Severity.RECOVER < Severity.DAMP
    assert max(
        Verdict(Severity.LIMIT, 1), Verdict(Severity.DAMP, 2), key=lambda v: v.severity
    ) == (Verdict(Severity.DAMP, 2))
