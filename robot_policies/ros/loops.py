# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A periodic loop in a thread of its own, on a monotonic schedule or on simulated time.

rclpy's executor gathers every entity of the node at each wake-up; a service call or a parameter
event delays the timers behind it. A loop that only reads inputs (`ros.inputs`), computes and
publishes needs no executor. Figures are in `ros.inputs`.
"""

from collections.abc import Callable
import threading
import time

from rclpy.clock import Clock
from rclpy.duration import Duration
from robot_policies.core.statistics import DeadlineMonitor, NS
from robot_policies.ros.priority import come_first


class ControlLoop:
    """Calls `step` at a fixed rate until it is stopped.

    A step that takes too long makes the loop skip the periods that have passed, rather than
    catch up with a burst.
    """

    def __init__(
        self,
        name: str,
        rate_hz: float,
        step: Callable[[], None],
        clock: Clock | None = None,
        real_time: int = 0,
        news: Callable[[int], int] | None = None,
    ) -> None:
        """Create a loop; `start` starts it.

        Args:
            name: Of the thread.
            rate_hz: Calls per second.
            step: What to call. It must not raise.
            clock: The node's clock if its time is simulated; None for monotonic time.
            real_time: Real-time priority of the thread, where the system grants it; 0 for none.
            news: Waits until `clock` has been set again, as `ClockThread.news`; without it the
                clock is polled.
        """
        self.name = name
        self.monitor = DeadlineMonitor(round(NS / rate_hz))
        self._step = step
        self._clock = clock
        self._real_time = real_time
        self._news = news or _poll
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
        come_first(self._real_time)
        if self._clock is None:
            self._run_monotonic()
        else:
            self._run_on(self._clock)

    def _run_monotonic(self) -> None:
        period_ns = self.monitor.period_ns
        due_ns = time.monotonic_ns()
        while not self._stop.is_set():
            self.monitor.tick(time.monotonic_ns())
            self._step()
            due_ns += period_ns
            now_ns = time.monotonic_ns()
            if now_ns < due_ns:
                time.sleep((due_ns - now_ns) / NS)
            else:
                due_ns += (now_ns - due_ns) // period_ns * period_ns

    def _run_on(self, clock: Clock) -> None:
        period = Duration(nanoseconds=self.monitor.period_ns)
        self._sleep_until(clock, 1)  # simulated time is 0 until its first message
        due = clock.now()
        while not self._stop.is_set():
            now = clock.now()
            self.monitor.tick(now.nanoseconds)
            self._step()
            # After a jump in either direction the schedule starts anew.
            due = due + period
            if not now < due <= now + period:
                due = now + period
            self._sleep_until(clock, due.nanoseconds)

    def _sleep_until(self, clock: Clock, due_ns: int) -> None:
        # `Clock.sleep_until` would not notice that the loop is stopped while time is paused
        started_ns, seen = clock.now().nanoseconds, -1
        while not self._stop.is_set():
            now_ns = clock.now().nanoseconds
            if now_ns >= due_ns or now_ns < started_ns:
                return
            seen = self._news(seen)


def _poll(seen: int) -> int:
    time.sleep(0.0005)
    return seen
