# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The newest value of a source, and whether it may be used."""

import threading

from robot_policies.core.data_types import Missing
from robot_policies.core.latest_slot import LatestSlot

MS = 1_000_000


def test_an_empty_slot_says_that_nothing_arrived():
    assert LatestSlot('imu').take(0, 10) == Missing(('imu has not arrived',))


def test_a_fresh_value_can_be_taken_again_and_again():
    slot = LatestSlot('imu')
    slot.put('a', 100 * MS)
    assert [slot.take(110 * MS, 20 * MS) for _ in range(3)] == ['a'] * 3
    assert slot.age_ns(110 * MS) == 10 * MS


def test_the_age_limit_is_inclusive_and_the_message_has_both_numbers():
    slot = LatestSlot('camera/front')
    slot.put('a', 0)
    assert slot.take(300 * MS, 300 * MS) == 'a'
    missing = slot.take(412 * MS, 300 * MS)
    assert str(missing) == 'camera/front is 412 ms old, limit 300'


def test_a_stamp_from_the_future_is_not_believed():
    slot = LatestSlot('odom')
    slot.put('a', 1000 * MS)
    assert slot.take(960 * MS, 300 * MS) == 'a'  # clocks differ a little
    assert str(slot.take(0, 300 * MS)) == 'odom is stamped 1000 ms in the future'


def test_a_refused_value_leaves_the_one_before_and_its_reason_until_a_good_one_comes():
    slot = LatestSlot('scan')
    slot.reject('a scan without ranges')
    assert str(slot.take(0, 10)) == 'scan has not arrived (a scan without ranges)'
    slot.put('a', 0)
    slot.reject('NaN')
    assert slot.take(10, 10) == 'a'
    assert str(slot.take(500 * MS, MS)) == 'scan is 500 ms old, limit 1 (NaN)'
    slot.put('b', 500 * MS)
    assert slot.reason == ''
    assert (slot.received, slot.rejected) == (2, 2)


def test_clear_forgets():
    slot = LatestSlot('odom')
    slot.put('a', 0)
    slot.clear()
    assert slot.newest() is None
    assert isinstance(slot.take(0, 10), Missing)


def test_value_and_stamp_never_mix_between_threads():
    slot = LatestSlot('pair')
    stop = threading.Event()

    def write():
        i = 0
        while not stop.is_set():
            slot.put(i, i)
            i += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(2000):
            # with max_age 0 the value is accepted only at its own stamp
            value = slot.newest()
            taken = slot.take(value or 0, 0)
            assert isinstance(taken, Missing) or taken >= (value or 0)
    finally:
        stop.set()
        writer.join()
