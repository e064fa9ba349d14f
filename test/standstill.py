# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Tests of running nodes during which the machine itself stood still are run again.

Nodes have deadlines, and a shared or virtual machine does not always keep its own. Loops that
do nothing, before everything else, tell the two apart: a test that fails while they were in time
has failed. What was run again stands at the end.
"""

from collections.abc import Iterable
from contextlib import ExitStack
import time

import pytest
from robot_policies.evaluation.machine.awake import cores_awake
from robot_policies.evaluation.machine.bare_loops import bare_loops, BareLoops

STALL_MS, RERUNS = 50.0, 2
_PERIOD_S = 0.005


class Standstill:
    """Whether the machine stood still during the test that runs."""

    def __init__(self, loops: BareLoops) -> None:
        self._loops = loops
        self.begin()

    def begin(self) -> None:
        """Note that a test begins."""
        self._begun_ns = time.time_ns()

    def __call__(self) -> bool:
        """Return whether the machine stood still since the test began."""
        now_ns = time.time_ns()
        self._loops.wait_for(now_ns)
        return self._loops.worst_delay_ms(self._begun_ns, now_ns) > STALL_MS


class StandstillPlugin:
    """Marks the tests of a session, and runs the loops beside them."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = frozenset(folders)
        self._open = ExitStack()
        self._standstill: Standstill | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark the tests in the folders; start the loops if there is one."""
        chosen = [item for item in items if item.path.parent.name in self._folders]
        if chosen and self._standstill is None:
            self._open.enter_context(cores_awake())
            loops = self._open.enter_context(bare_loops(_PERIOD_S))
            self._standstill = Standstill(loops)
        for item in chosen:
            item.add_marker(pytest.mark.flaky(reruns=RERUNS, condition=self._standstill))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """A test begins, or begins anew."""
        if self._standstill is not None:
            self._standstill.begin()

    def pytest_unconfigure(self) -> None:
        """End the loops."""
        self._open.close()
