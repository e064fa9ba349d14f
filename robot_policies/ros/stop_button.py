# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The e-stop as a button: press it, or release it and then ask for a reset."""

from collections.abc import Callable
import threading
import time
from typing import Any

from robot_policies.ros import topics
from robot_policies.ros.lifecycle import ManagedNode

RELEASE_FIRST_NS = 150_000_000
"""The reset is asked for this long after the release, which takes another way."""
Answer = Callable[[bool, str], None]
"""(accepted, the supervisor's words), from the executor's thread."""


class StopButton:
    """May be pressed from any thread; `work` asks for the resets that have become due."""

    def __init__(self, node: ManagedNode) -> None:
        self._estop = node.publisher(topics.SAFETY_ESTOP)
        self._client = node.create_client(topics.SAFETY_RESET.type, topics.SAFETY_RESET.name)
        node.own(lambda: node.destroy_client(self._client))
        self._lock = threading.Lock()
        self._due: tuple[int, Answer] | None = None

    def press(self) -> None:
        """Stop at once; a reset that was still to be asked for is not."""
        with self._lock:
            self._due = None
        self._estop.publish(topics.SAFETY_ESTOP.type(data=True))

    def release(self, answer: Answer) -> None:
        """Release, and ask for a reset a little later.

        Args:
            answer: Told what came of it.
        """
        self._estop.publish(topics.SAFETY_ESTOP.type(data=False))
        with self._lock:
            self._due = (time.monotonic_ns() + RELEASE_FIRST_NS, answer)

    def work(self) -> None:
        """Ask for the reset if it is due; call it some ten times a second or more."""
        with self._lock:
            if self._due is None or time.monotonic_ns() < self._due[0]:
                return
            answer, self._due = self._due[1], None
        if not self._client.service_is_ready():
            answer(False, f'nobody offers {self._client.srv_name}')
            return
        asked = self._client.call_async(topics.SAFETY_RESET.type.Request())
        asked.add_done_callback(lambda done: _tell(answer, done.result()))


def _tell(answer: Answer, response: Any) -> None:  # noqa: ANN401
    answer(bool(response.success), str(response.message))
