# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A periodic loop that arriving messages may wake early.

A command that waits for the next tick of a 200 Hz loop is 2.5 ms older on average when it gets
through. Here the loop waits for its tick or for the message, whichever comes first; the tick
comes in any case. At most two early steps per period, so that a flood of messages gets no more of
the processor than that, and a command that follows closely upon another does not wait either.
Every source of messages has as many of its own: an e-stop does not wait because commands came
before it.

What is only listened to, because it seldom matters, is asked when it has come, and wakes the loop
if it wants to.

A pacemaker sets the beat: the tick comes with its message, so that what the sensor says is judged
when it arrives and not up to a period later. It may not come more than twice as fast as the loop's
own rate, and where it falls silent the loop ticks by its own clock.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
import threading
import time
from typing import Any

from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from rclpy.service import Service
from robot_policies.core.statistics import DeadlineMonitor, NS
from robot_policies.ros.priority import come_first

EARLY_STEPS = 2
"""So many messages of a subscription, or calls of a service, may wake the loop in a period."""
_LATE_SHARE = 0.25
"""A message of the pacemaker may come so much of a period late before the loop ticks without."""


class WokenLoop:
    """Calls `step` at a fixed rate of the steady clock, and when a message has come."""

    def __init__(
        self,
        name: str,
        rate_hz: float,
        step: Callable[[], None],
        wakers: Sequence[Any],
        context: Any,  # noqa: ANN401
        pacemaker: Any = None,  # noqa: ANN401
        listened: Mapping[Any, Callable[[], bool]] | None = None,
        due_ns: Callable[[], int | None] = lambda: None,
        real_time: int = 0,
    ) -> None:
        """Create a loop; `start` starts it.

        Args:
            name: Of the thread.
            rate_hz: Calls per second at least.
            step: What to call. It must not raise, and must take what the wakers hold.
            wakers: Subscriptions and services, in no executor; what comes wakes the loop.
            context: The node's rclpy context.
            pacemaker: A subscription in no executor, of a sensor whose messages bring the tick.
            listened: Subscriptions in no executor; each with what takes its messages when they
                come, and returns whether they are worth a step.
            due_ns: Asked after each step: when, by the steady clock, the next one must come at
                the latest; None if the tick will do.
            real_time: Real-time priority of the thread, where the system grants it; 0 for none.
        """
        self.name = name
        self.monitor = DeadlineMonitor(round(NS / rate_hz))
        self._step = step
        self._listened = dict(listened or {})
        self._wakers = [*wakers, *self._listened]
        self._pacemaker = pacemaker
        self._context = context
        self._due_ns = due_ns
        self._real_time = real_time
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._wait_set: Any = None
        self._called_off: Any = None

    def start(self) -> None:
        """Start calling."""
        self._stop.clear()
        self.monitor.pause()
        self._called_off = _rclpy.GuardCondition(self._context.handle)
        room = len(self._wakers) + 1  # for the pacemaker
        self._wait_set = _rclpy.WaitSet(room, 1, 0, 0, room, 0, self._context.handle)
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until the step that may be running has ended."""
        self._stop.set()
        if self._thread is None or self._thread is threading.current_thread():
            return
        self._called_off.trigger_guard_condition()
        self._thread.join()
        self._thread = None

    def _run(self) -> None:
        come_first(self._real_time)
        period_ns = self.monitor.period_ns
        due_ns = time.monotonic_ns()
        paced = False
        not_before_ns = due_ns
        while not self._stop.is_set():
            now_ns = time.monotonic_ns()
            self.monitor.tick(now_ns)
            self._step()
            if paced:
                due_ns = now_ns + round((1.0 + _LATE_SHARE) * period_ns)
                not_before_ns = now_ns + period_ns // 2
            else:
                # what cannot be caught up is skipped, never made up for by a burst
                due_ns += period_ns * max(1, (now_ns - due_ns) // period_ns + 1)
            paced = self._wait(due_ns, not_before_ns)

    def _wait(self, tick_ns: int, not_before_ns: int) -> bool:
        """Wait for the tick, with the early steps there are; True if the pacemaker brings it.

        Args:
            tick_ns: When the tick comes by the clock.
            not_before_ns: The pacemaker brings none before.
        """
        left, heeds_limit = dict.fromkeys(self._wakers, EARLY_STEPS), True
        while (now_ns := time.monotonic_ns()) < tick_ns and not self._stop.is_set():
            until_ns, awaited = tick_ns, [waker for waker, steps in left.items() if steps]
            limit_ns = self._due_ns() if heeds_limit else None
            if limit_ns is not None:
                until_ns = min(until_ns, limit_ns)
            if self._pacemaker is not None and now_ns >= not_before_ns:
                awaited.append(self._pacemaker)
            elif self._pacemaker is not None:
                until_ns = min(until_ns, not_before_ns)
            ready = self._ready(awaited, until_ns)
            if self._pacemaker in ready:
                return True
            if waking := [waker for waker in ready if self._is_worth_a_step(waker)]:
                for waker in waking:
                    left[waker] -= 1
                self._step()
            elif limit_ns is not None and limit_ns <= time.monotonic_ns():
                heeds_limit = False
                self._step()
        return False

    def _is_worth_a_step(self, waker: Any) -> bool:  # noqa: ANN401
        return waker not in self._listened or self._listened[waker]()

    def _ready(self, awaited: Sequence[Any], until_ns: int) -> list[Any]:
        """Wait for messages until a time at most; return the wakers that hold some."""
        left_ns = until_ns - time.monotonic_ns()
        if left_ns <= 0:
            return []
        if not self._context.ok():
            time.sleep(left_ns / NS)
            return []
        self._wait_set.clear_entities()
        with ExitStack() as held:
            for waker in awaited:
                held.enter_context(waker.handle)
                if isinstance(waker, Service):
                    self._wait_set.add_service(waker.handle)
                else:
                    self._wait_set.add_subscription(waker.handle)
            self._wait_set.add_guard_condition(self._called_off)
            self._wait_set.wait(left_ns)
            pointers = {
                *self._wait_set.get_ready_entities('subscription'),
                *self._wait_set.get_ready_entities('service'),
            }
            return [waker for waker in awaited if waker.handle.pointer in pointers]
