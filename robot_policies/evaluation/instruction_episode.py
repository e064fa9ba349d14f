# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One episode: a robot in a world, told something, until it stands for good or time is up.

The policy is asked as the policy node asks it: every 200 ms at most, when the scheduler says so,
with a picture that is 40 ms old, its answer taking effect 80 ms later, or as late as is asked for,
through the same `PolicyExecutor`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from robot_policies.core.action_buffer import ActionBuffer
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import ChunkScheduler, PluginContext, Policy
from robot_policies.core.data_types import ActionChunk, Image, Observation, PolicyStatus
from robot_policies.core.policy_executor import PolicyExecutor, STANDING
from robot_policies.core.robot import RobotSpec
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.evaluation.instruction_bodies import Body, Mishaps, TICK_NS
from robot_policies.scheduling.latest_wins import LatestWins, LatestWinsConfig
from robot_policies.sim.world import World

NS = 1_000_000_000
_ASK_NS = 10 * TICK_NS
_PICTURE_NS = 2 * TICK_NS
_ANSWER_NS = 4 * TICK_NS
_SETTLE_S = 2.0
_HORIZON_NS = 5 * NS
_STOOD_S = 1.0
_STILL_M_S = 0.1

Delay = Callable[[], int]
"""How long the next answer takes, ns."""


@dataclass(frozen=True, eq=False)
class Episode:
    """What happened.

    Attributes:
        status: Last status of the policy.
        message: Its last words.
        time_s: From the instruction until the robot stood for good, or all the time it had.
        stands: True if it stood for a second at the end.
        path: (n, 3) true x, y, heading every 100 ms, from the instruction on.
        mishaps: Falls, collisions.
        statuses: Every status there was, in order, without repetitions.
        stops: How often a supervisor stopped the robot, where there is one.
        commanded: (n, 3) velocity every 20 ms, from the instruction on.
        planned: (n, 3) what the scheduler wanted, before speed and acceleration were limited;
            NaN where it had no plan.
    """

    status: PolicyStatus
    message: str
    time_s: float
    stands: bool
    path: FloatArray
    mishaps: Mishaps
    statuses: tuple[PolicyStatus, ...]
    stops: int = 0
    commanded: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))
    planned: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))


class _Asker:
    """Asks one question at a time; of those that wait, only the newest is answered."""

    def __init__(
        self, policy: Policy, executor: PolicyExecutor, camera: str, first_ns: int, delay: Delay
    ) -> None:
        self._policy, self._executor, self._camera, self._delay = policy, executor, camera, delay
        self._next_ns = first_ns
        self._picture: Image | None = None
        self._question: Observation | None = None
        self._answer: tuple[int, ActionChunk] | None = None
        self.statuses: list[PolicyStatus] = []
        self.message = ''

    @property
    def status(self) -> PolicyStatus:
        """What was answered last."""
        return self.statuses[-1] if self.statuses else PolicyStatus.IDLE

    def work(self, body: Body, now_ns: int) -> None:
        """Look and ask if it is time, hand over what is ready, begin with what waits."""
        if now_ns >= self._next_ns and self._executor.is_due(now_ns):
            self._picture, self._next_ns = body.image(now_ns), now_ns + _ASK_NS
        if self._picture is not None and self._picture.stamp_ns == now_ns - _PICTURE_NS:
            self._question = Observation(
                stamp_ns=now_ns,
                instruction=self._executor.instruction,
                odometry=body.odometry(now_ns),
                images={self._camera: self._picture},
                scan=body.scan(now_ns),
            )
            self._executor.asked(now_ns)
        self._hand_over(now_ns)
        if self._answer is None and self._question is not None:
            chunk = self._executor.consult(self._policy, self._question)
            self._question, self._answer = None, (now_ns + self._delay(), chunk)
            self._hand_over(now_ns)

    def _hand_over(self, now_ns: int) -> None:
        if self._answer is None or self._answer[0] > now_ns:
            return
        chunk, self._answer = self._answer[1], None
        self._executor.answer(chunk, self._executor.generation, now_ns)
        self.message = chunk.message
        if not self.statuses or self.status is not chunk.status:
            self.statuses.append(chunk.status)


def run_episode(
    robot: RobotSpec,
    body: Body,
    policy: Policy,
    world: World,
    instruction: str,
    *,
    camera: str,
    limit_s: float,
    seed: int = 0,
    scheduler: ChunkScheduler | None = None,
    delay: Delay = lambda: _ANSWER_NS,
) -> Episode:
    """Let the robot stand up, tell it something, and watch.

    Args:
        robot: The robot.
        body: It, in whatever form.
        policy: Is asked.
        world: Where.
        instruction: What it is told.
        camera: Name of the camera.
        limit_s: Time it has.
        seed: Of sensor noise.
        scheduler: Makes one stream of the answers; if not given, the newest wins.
        delay: How long answers take.
    """
    body.enter(world, seed)
    policy.reset()
    if scheduler is None:
        scheduler = LatestWins(LatestWinsConfig(), PluginContext(robot=robot))
    buffer = ActionBuffer(scheduler, 3, _HORIZON_NS)
    executor = PolicyExecutor(buffer, VelocityRamp(robot.body), NS)
    start, still, limit = round(_SETTLE_S * NS / TICK_NS), 0, round(limit_s * NS / TICK_NS)
    asker = _Asker(policy, executor, camera, start * TICK_NS + _ASK_NS - _PICTURE_NS, delay)
    path, commanded, planned = [body.pose], [], []
    tick = 0
    for tick in range(start + limit):
        now_ns = tick * TICK_NS
        if tick == start:
            executor.instruct(instruction)
        asker.work(body, now_ns)
        if tick >= start and (tick - start) % 5 == 0:
            path.append(body.pose)
        wanted, velocity = buffer.sample(now_ns), executor.velocity(now_ns)
        if tick >= start:
            planned.append(np.full(3, np.nan) if wanted is None else wanted)
            commanded.append(velocity.as_array())
        body.tick(velocity, now_ns)
        still = still + 1 if _stands(asker, path) else 0
        if still >= _STOOD_S * NS / TICK_NS or body.mishaps.falls or body.mishaps.collisions:
            break
    return Episode(
        status=asker.status,
        message=asker.message,
        time_s=(tick + 1 - start) * TICK_NS / NS,
        stands=still >= _STOOD_S * NS / TICK_NS,
        path=np.array(path),
        mishaps=body.mishaps,
        statuses=tuple(asker.statuses),
        commanded=np.array(commanded),
        planned=np.array(planned),
    )


def _stands(asker: _Asker, path: list[FloatArray]) -> bool:
    """True if the policy says that it is done and the robot hardly moves."""
    if asker.status not in STANDING or not asker.statuses or len(path) < 4:
        return False
    moved = np.hypot(*(path[-1][:2] - path[-4][:2]))
    return bool(moved < 0.3 * _STILL_M_S)
