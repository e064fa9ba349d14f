# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A periodic loop that an arriving message may wake early.

A command that waits for the next tick of a 200 Hz loop is 2.5 ms older on average when it gets
through. Here the loop waits for its tick or for the message, whichever comes first; the tick
comes in any case. At most one early step per period, so that a flood of messages gets no more of
the processor than one step per period. What is urgent has another one of its own: an e-stop does
not wait for the tick because a command came before it.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
import threading
import time
from typing import Any

from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from robot_policies.core.statistics import DeadlineMonitor, NS
from robot_policies.ros.priority import wake_promptly


class WokenLoop:
    """Calls `step` at a fixed rate of the steady clock, and when a message has come."""

    def __init__(
        self,
        name: str,
        rate_hz: float,
        step: Callable[[], None],
        subscription: Any,  # noqa: ANN401
        context: Any,  # noqa: ANN401
        urgent: Any = None,  # noqa: ANN401
        due_ns: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Create a loop; `start` starts it.

        Args:
            name: Of the thread.
            rate_hz: Calls per second at least.
            step: What to call. It must not raise, and must take what `subscription` holds.
            subscription: Its messages wake the loop; it must be in no executor.
            context: The node's rclpy context.
            urgent: A subscription like it, for messages that never wait for the tick.
            due_ns: Asked after each step: when, by the steady clock, the next one must come at
                the latest; None if the tick will do.
        """
        self.name = name
        self.monitor = DeadlineMonitor(round(NS / rate_hz))
        self._step = step
        self._subscription = subscription
        self._context = context
        self._urgent = urgent
        self._due_ns = due_ns
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start calling."""
        self._stop.clear()
        self.monitor.pause()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until the step that may be running has ended."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _run(self) -> None:
        wake_promptly()
        urgent = [] if self._urgent is None else [self._urgent]
        wait_set = _rclpy.WaitSet(1 + len(urgent), 0, 0, 0, 0, 0, self._context.handle)
        period_ns = self.monitor.period_ns
        due_ns = time.monotonic_ns()
        while not self._stop.is_set():
            now_ns = time.monotonic_ns()
            self.monitor.tick(now_ns)
            self._step()
            # what cannot be caught up is skipped, never made up for by a burst
            due_ns += period_ns * max(1, (now_ns - due_ns) // period_ns + 1)
            for subscriptions in ([self._subscription, *urgent], urgent):
                if not self._called(wait_set, subscriptions, due_ns):
                    break
                self._step()
            time.sleep(max(0.0, (due_ns - time.monotonic_ns()) / NS))

    def _called(self, wait_set: Any, subscriptions: Sequence[Any], tick_ns: int) -> bool:  # noqa: ANN401
        """Wait until `tick_ns` at most; return True if a step has to come before it."""
        due_ns = self._due_ns()
        until_ns = tick_ns if due_ns is None else min(due_ns, tick_ns)
        if subscriptions:
            return self._woken(wait_set, subscriptions, until_ns) or until_ns < tick_ns
        time.sleep(max(0.0, (until_ns - time.monotonic_ns()) / NS))
        return until_ns < tick_ns

    def _woken(self, wait_set: Any, subscriptions: Sequence[Any], due_ns: int) -> bool:  # noqa: ANN401
        """Wait until `due_ns` at most; return True if a message came first."""
        left_ns = due_ns - time.monotonic_ns()
        if left_ns <= 0 or not self._context.ok():
            return False
        wait_set.clear_entities()
        with ExitStack() as held:
            for subscription in subscriptions:
                held.enter_context(subscription.handle)
                wait_set.add_subscription(subscription.handle)
            wait_set.wait(left_ns)
            return bool(wait_set.get_ready_entities('subscription'))
