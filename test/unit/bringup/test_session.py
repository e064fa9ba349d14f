# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The session of a stack comes first while the stack runs, and not longer."""

from pathlib import Path

import pytest
from robot_policies.bringup import session
from robot_policies.bringup.session import nice_of_session, session_priority


@pytest.fixture
def group(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(session, 'lowest_nice', lambda: -20)
    path = tmp_path / 'autogroup'
    path.write_text('/autogroup-7 nice 3\n')
    return path


def test_the_session_comes_first_and_is_put_back(group):
    with session_priority(-10, group) as raised:
        assert raised
        assert group.read_text() == '-10'
        group.write_text('/autogroup-7 nice -10\n')
    assert group.read_text() == '3'


def test_without_the_right_nothing_is_asked(group, monkeypatch):
    monkeypatch.setattr(session, 'lowest_nice', lambda: 0)
    with session_priority(-10, group) as raised:
        assert not raised
        assert 'nice 3' in group.read_text()


def test_a_stack_without_urgent_processes_leaves_the_session_alone(group):
    with session_priority(0, group) as raised:
        assert not raised
    assert 'nice 3' in group.read_text()


def test_where_sessions_are_not_weighed_nothing_happens(tmp_path, group):
    with session_priority(-10, tmp_path / 'none') as raised:
        assert not raised


def test_a_process_in_no_weighed_session_is_left_alone(group):
    group.write_text('')
    assert nice_of_session(group) is None
    with session_priority(-10, group) as raised:
        assert not raised
    assert group.read_text() == ''


def test_a_refusal_of_the_system_is_no_failure(group, monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, 'write_text', refuse)
    with session_priority(-10, group) as raised:
        assert not raised
