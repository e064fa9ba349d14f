# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a resume starts from."""

from pathlib import Path

import numpy as np
import pytest
from robot_policies.core.errors import CheckpointError
from robot_policies.training.snapshot import read_snapshot, write_snapshot


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / 'state.safetensors'
    arrays = {'a': np.arange(6.0).reshape(2, 3), 'b': np.array([True, False])}
    state = {'iteration': 3, 'generator': {'state': 2**100}}
    write_snapshot(path, arrays, state)
    read, again = read_snapshot(path)
    assert again == state
    assert all(np.array_equal(read[name], arrays[name]) for name in arrays)
    assert list(tmp_path.iterdir()) == [path]


def test_failure_while_writing_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / 'state.safetensors'
    write_snapshot(path, {'a': np.ones(2)}, {'iteration': 1})
    with pytest.raises(TypeError):
        write_snapshot(path, {'a': np.zeros(2)}, {'iteration': object()})
    _, state = read_snapshot(path)
    assert state == {'iteration': 1}


def test_missing_and_truncated_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / 'state.safetensors'
    with pytest.raises(CheckpointError, match='no run to resume'):
        read_snapshot(path)
    write_snapshot(path, {'a': np.ones(200)}, {})
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckpointError, match='not a snapshot'):
        read_snapshot(path)
