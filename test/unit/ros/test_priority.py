# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A thread steps back, its process does not."""

import os
import threading

import pytest
from robot_policies.ros.priority import step_back


@pytest.mark.skipif(os.uname().sysname != 'Linux', reason='threads have priorities on Linux only')
def test_only_the_calling_thread_steps_back():
    before = os.getpriority(os.PRIO_PROCESS, 0)
    seen = []

    def work():
        step_back(before + 3)
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before + 3]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
