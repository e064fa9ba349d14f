# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Every run gets a folder of its own, or one clear message."""

from datetime import datetime

import pytest
from robot_policies.data import run_folder

NOON = datetime(2026, 5, 4, 12, 0, 0)


def test_the_name_is_the_time_of_the_start(tmp_path):
    assert run_folder.create(tmp_path / 'runs', NOON).name == '2026-05-04_12-00-00'


def test_two_runs_in_one_second_get_two_folders(tmp_path):
    first, second = (run_folder.create(tmp_path, NOON) for _ in range(2))
    assert first != second
    assert first.is_dir()
    assert second.is_dir()


def test_no_write_access_is_said_with_what_to_do():
    with pytest.raises(run_folder.RunFolderError, match='name another folder'):
        run_folder.create(run_folder.Path('/proc/runs'), NOON)
    with pytest.raises(run_folder.RunFolderError, match=r'/proc/runs cannot be written'):
        run_folder.use(run_folder.Path('/proc/runs'))


def test_using_a_folder_leaves_nothing_in_it(tmp_path):
    assert list(run_folder.use(tmp_path / 'a' / 'b').iterdir()) == []


def test_the_latest_run_is_the_newest_with_a_recording(tmp_path):
    for name in ('2026-01-01_00-00-00', '2026-01-02_00-00-00'):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'recording.mcap').touch()
    (tmp_path / '2026-01-03_00-00-00').mkdir()
    (tmp_path / 'latest').symlink_to('2026-01-03_00-00-00')
    assert run_folder.latest(tmp_path).name == '2026-01-02_00-00-00'
    with pytest.raises(run_folder.RunFolderError, match='no run'):
        run_folder.latest(tmp_path / '2026-01-03_00-00-00')
