# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What killed processes left in shared memory goes away, what living ones use stays."""

import fcntl
import mmap
import os
import time

from robot_policies.bringup.shared_memory import remove_leftovers

OLD = time.time() - 60.0


def segment(folder, name, age=OLD):
    for path in (folder / f'fastrtps_{name}', folder / f'fastrtps_{name}_el'):
        path.touch()
        os.utime(path, (age, age))
    return folder / f'fastrtps_{name}_el'


def test_only_old_segments_that_nobody_holds_are_removed(tmp_path):
    segment(tmp_path, 'dead')
    segment(tmp_path, 'newborn', age=time.time())
    other = tmp_path / 'somebody_elses'
    other.touch()
    with segment(tmp_path, 'alive').open('rb') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert remove_leftovers(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        'fastrtps_alive',
        'fastrtps_alive_el',
        'fastrtps_newborn',
        'fastrtps_newborn_el',
        'somebody_elses',
    ]


def port(folder, number, age=OLD):
    """Make one of a number that no running stack has: what is mapped is told by its name."""
    path = folder / f'fastrtps_port{number}'
    path.write_bytes(bytes(4096))
    os.utime(path, (age, age))
    return path


def test_only_old_ports_that_nobody_holds_or_maps_are_removed(tmp_path):
    port(tmp_path, 997001)
    port(tmp_path, 997002, age=time.time())
    mapped, held = port(tmp_path, 997003), port(tmp_path, 997004)
    lock = tmp_path / 'fastrtps_port997004_sl'
    lock.touch()
    with mapped.open('rb') as file, lock.open('rb') as locked:
        fcntl.flock(locked, fcntl.LOCK_SH)
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ):
            assert remove_leftovers(tmp_path) == 1
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {'fastrtps_port997002', mapped.name, held.name, lock.name}
