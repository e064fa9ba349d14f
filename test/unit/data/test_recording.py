# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever records never waits for the disk, and a disk that fails stops nothing but recording."""

import errno
from pathlib import Path
import threading

import pytest
from robot_policies.data.mcap_file import McapFile
from robot_policies.data.mcap_reader import read
from robot_policies.data.recording import Recording

JOINT_STATE = 'sensor_msgs/msg/JointState'
NS = 1_000_000_000


class SlowFile(McapFile):
    """A disk that stands still until it is released."""

    released = threading.Event()

    def add(self, topic, log_ns, publish_ns, data):
        assert self.released.wait(10.0)
        super().add(topic, log_ns, publish_ns, data)


class FullDisk(McapFile):
    """Has room for the first three flushes."""

    flushes = 0

    def flush(self):
        self.flushes += 1
        if self.flushes > 3:
            raise OSError(errno.ENOSPC, 'No space left on device')
        super().flush()


def start(file: McapFile, **options) -> Recording:
    recording = Recording(file, **options)
    recording.add_topic('/joint_states', JOINT_STATE, reliable=False, latched=False)
    return recording


def test_everything_put_in_is_in_the_file_after_closing(tmp_path: Path, joint_state):
    recording = start(McapFile(tmp_path / 'a.mcap'))
    for i in range(100):
        recording.put('/joint_states', i, i, joint_state(i * NS))
    status = recording.close()
    assert (status.messages, status.dropped, status.error) == (100, 0, '')
    assert status.bytes == (tmp_path / 'a.mcap').stat().st_size
    assert [m.log_ns for m in read(tmp_path / 'a.mcap')] == list(range(100))


def test_messages_reach_the_disk_while_recording_goes_on(tmp_path, joint_state, wait_for):
    recording = start(McapFile(tmp_path / 'a.mcap'), flush_s=0.01)
    recording.put('/joint_states', 1, 1, joint_state(NS))
    wait_for(lambda: list(read(tmp_path / 'a.mcap')), what='the first chunk on the disk')
    recording.close()


def test_a_slow_disk_never_blocks_and_what_does_not_fit_is_counted(tmp_path, joint_state):
    data = joint_state(NS)
    SlowFile.released.clear()
    recording = start(SlowFile(tmp_path / 'a.mcap'), max_waiting_bytes=10 * len(data))
    for i in range(50):
        recording.put('/joint_states', i, i, data)  # would wait 10 s each if it waited
    assert recording.status.dropped == 50 - 11, 'ten fit, and one that crossed the bound'
    SlowFile.released.set()
    status = recording.close()
    assert (status.messages, status.dropped) == (11, 39)


def test_a_full_disk_ends_the_recording_with_words_and_a_readable_file(
    tmp_path, joint_state, wait_for
):
    recording = start(FullDisk(tmp_path / 'a.mcap'), flush_s=0.0)
    number = 0

    def put_until_it_fails() -> str:
        nonlocal number
        number += 1
        recording.put('/joint_states', number, number, joint_state(number * NS))
        return recording.status.error

    wait_for(put_until_it_fails, what='the error')
    status = recording.status
    assert 'No space left on device' in status.error
    assert 'a.mcap' in status.error
    assert status.complete
    kept = [m.log_ns for m in read(tmp_path / 'a.mcap')]
    assert kept == list(range(1, len(kept) + 1))
    assert kept
    recording.put('/joint_states', 0, 0, b'')  # goes nowhere, and says so
    assert recording.status.dropped == status.dropped + 1
    assert recording.close().error == status.error


def test_any_failure_of_the_writer_is_seen(tmp_path, joint_state, wait_for):
    recording = Recording(McapFile(tmp_path / 'a.mcap'))
    recording.put('/never_announced', 1, 1, joint_state(NS))
    wait_for(lambda: recording.status.error, what='the error')
    assert 'never_announced' in recording.status.error
    recording.close()


def test_a_missing_folder_is_an_error_at_once(tmp_path):
    with pytest.raises(FileNotFoundError):
        McapFile(tmp_path / 'gone' / 'a.mcap')
