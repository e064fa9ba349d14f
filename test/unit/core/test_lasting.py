# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""For how long something has been so."""

from robot_policies.core.lasting import Lasting

S = 10**9


def test_it_counts_from_the_first_time_it_holds():
    lasting = Lasting()
    assert lasting.note(False, 1 * S) == 0.0
    assert lasting.note(True, 2 * S) == 0.0
    assert lasting.note(True, 4 * S) == 2.0


def test_a_break_ends_it():
    lasting = Lasting()
    lasting.note(True, 1 * S)
    lasting.note(False, 2 * S)
    assert lasting.note(True, 3 * S) == 0.0


def test_it_counts_from_when_it_was_seen():
    assert Lasting().note(True, 3 * S, seen_ns=1 * S) == 2.0


def test_a_clock_that_goes_back_begins_it_anew_and_never_takes_time_away():
    lasting = Lasting()
    lasting.note(True, 100 * S)
    assert lasting.note(True, 5 * S) == 0.0
    assert lasting.note(True, 7 * S) == 2.0


def test_cleared_it_counts_anew():
    lasting = Lasting()
    lasting.note(True, 1 * S)
    lasting.clear()
    assert lasting.note(True, 3 * S) == 0.0
