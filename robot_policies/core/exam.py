# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a list of tasks to a running robot, one after the other, and notes what it makes of them.

Free of ROS: it is told what is heard and when, and says what to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
import math

from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.statistics import NS

_DONE = frozenset({PolicyStatus.REACHED, PolicyStatus.NOT_SEEN, PolicyStatus.NOT_UNDERSTOOD})
_STOOD_NS = NS
_STILL_M = 0.03
_POSE_NS = NS // 10
_RETRY_NS = 20 * NS
_PLACED_NS = 5 * NS
_RELEASE_NS = 3 * NS


@dataclass(frozen=True)
class ExamTask:
    """An instruction in a world.

    Attributes:
        seed: Of the world.
        text: The instruction.
        limit_s: Time there is.
    """

    seed: int
    text: str
    limit_s: float


@dataclass
class ExamRecord:
    """What became of a task.

    Attributes:
        status: Last status of the policy, by name.
        message: Its last words.
        time_s: From the instruction to the end.
        stands: It said that it is done, and stood for a second.
        falls: How often it fell.
        collisions: How often it touched something.
        stops: How often the supervisor stopped it; it is asked to go on, as an operator would.
        path: x, y, heading every 100 ms.
    """

    status: str = PolicyStatus.IDLE.name
    message: str = ''
    time_s: float = 0.0
    stands: bool = False
    falls: int = 0
    collisions: int = 0
    stops: int = 0
    path: list[tuple[float, float, float]] = field(default_factory=list)


class Do(Enum):
    """What the examiner shall do now."""

    WAIT = 'wait'
    RESET = 'reset the world to the seed of the task'
    RELEASE = 'ask the supervisor to reset'
    TELL = 'give the instruction'
    FINISH = 'write the records'


class Exam:
    """The state of an examination."""

    def __init__(self, tasks: Sequence[ExamTask], *, settle_s: float = 3.0) -> None:
        """Prepare.

        Args:
            tasks: In their order.
            settle_s: How long the supervisor must have been engaged before an instruction.
        """
        self.tasks = tuple(tasks)
        self.records: list[ExamRecord] = []
        self._settle_ns = round(settle_s * NS)
        self._asked_ns: int | None = None
        self._placed = False
        self._released_ns = 0
        self._engaged_ns: int | None = None
        self._told_ns: int | None = None
        self._done_ns: int | None = None
        self._posed_ns = 0
        self._record = ExamRecord()

    @property
    def task(self) -> ExamTask:
        """The present task."""
        return self.tasks[len(self.records)]

    def hear_engaged(self, engaged: bool, now_ns: int) -> None:
        """Take note of whether the supervisor passes commands."""
        if not engaged:
            self._record.stops += self._told_ns is not None and self._engaged_ns is not None
            self._engaged_ns = None
        elif self._engaged_ns is None:
            self._engaged_ns = now_ns

    def hear_pose(self, x: float, y: float, heading: float, now_ns: int) -> None:
        """Take note of where the robot truly is."""
        if self._told_ns is not None and now_ns - self._posed_ns >= _POSE_NS:
            self._posed_ns = now_ns
            self._record.path.append((x, y, heading))

    def hear_reset(self, seed: int) -> None:
        """Take note of the robot being put to the start of a world."""
        self._placed = self._asked_ns is not None and seed == self.task.seed

    def hear_event(self, kind: str) -> None:
        """Take note of a `fall` or a `collision`."""
        if self._told_ns is not None:
            self._record.falls += kind == 'fall'
            self._record.collisions += kind == 'collision'

    def hear_status(self, status: PolicyStatus, instruction: str, words: str, now_ns: int) -> None:
        """Take note of what the policy says about an instruction."""
        if self._told_ns is None or instruction != self.task.text.strip():
            return
        self._record.status, self._record.message = status.name, words
        if status not in _DONE:
            self._done_ns = None
        elif self._done_ns is None:
            self._done_ns = now_ns

    def step(self, now_ns: int) -> Do:
        """Return what to do now; call it some ten times a second."""
        if len(self.records) == len(self.tasks):
            return Do.FINISH
        if self._told_ns is not None:
            return self._watch(now_ns)
        if self._asked_ns is None or self._is_lost(now_ns - self._asked_ns):
            self._asked_ns, self._released_ns, self._engaged_ns = now_ns, now_ns, None
            self._placed = False
            return Do.RESET
        if self._engaged_ns is None:
            return self._release(now_ns)
        since = max(self._asked_ns, self._engaged_ns)
        if not self._placed or now_ns - since < self._settle_ns:
            return Do.WAIT
        self._told_ns, self._done_ns, self._record = now_ns, None, ExamRecord()
        return Do.TELL

    def _is_lost(self, waited_ns: int) -> bool:
        """Return True if the reset went unheard, or the robot does not get up after it."""
        if not self._placed:
            return waited_ns > _PLACED_NS
        return self._engaged_ns is None and waited_ns > _RETRY_NS

    def _release(self, now_ns: int) -> Do:
        if now_ns - self._released_ns <= _RELEASE_NS:
            return Do.WAIT
        self._released_ns = now_ns
        return Do.RELEASE

    def _watch(self, now_ns: int) -> Do:
        assert self._told_ns is not None
        record = self._record
        stood = self._done_ns is not None and now_ns - self._done_ns >= _STOOD_NS and self._still()
        late = now_ns - self._told_ns > self.task.limit_s * NS
        if not (stood or late or record.falls or record.collisions):
            return Do.WAIT if self._engaged_ns is not None else self._release(now_ns)
        record.stands, record.time_s = stood, (now_ns - self._told_ns) / NS
        self.records.append(record)
        self._told_ns = self._asked_ns = self._engaged_ns = None
        return Do.FINISH if len(self.records) == len(self.tasks) else Do.WAIT

    def _still(self) -> bool:
        if len(self._record.path) < 4:
            return False
        (x, y, _), (x0, y0, _) = self._record.path[-1], self._record.path[-4]
        return math.hypot(x - x0, y - y0) < _STILL_M
