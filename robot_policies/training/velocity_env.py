# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Many robots that are told velocities, pushed, and put back on their feet when they fall."""

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.locomotion.proprioception import push_frame
from robot_policies.sim.batched_robots import add_foot_sensors, BatchedRobots
from robot_policies.sim.randomisation import randomised_models
from robot_policies.sim.robot_model import build_training_spec, standing_qpos
from robot_policies.training.training_ground import KINDS, TrainingGround
from robot_policies.training.velocity_memory import BoolArray, IntArray, Memory
from robot_policies.training.velocity_rewards import reward_terms, total_reward
from robot_policies.training.velocity_schedule import push, renew_commands
from robot_policies.training.velocity_task import VelocityTask
from robot_policies.training.velocity_view import View


@dataclass(frozen=True, eq=False)
class EnvStep:
    """Answer of the environment to one action.

    Attributes:
        actor: (n, a) observation for the actor.
        critic: (n, c) observation for the critic, with what a real robot cannot know.
        reward: (n,).
        fallen: (n,) True where the episode ended in a fall.
        ended: (n,) True where it ended for another reason; `final_critic` values what is lost.
        final_critic: (n, c) critic's observation before robots were put back.
        excess: (n, 3) vx, vy, yaw rate less the commanded ones.
        walking_flat: (n,) True for robots told to walk on the plane.
    """

    actor: FloatArray
    critic: FloatArray
    reward: FloatArray
    fallen: BoolArray
    ended: BoolArray
    final_critic: FloatArray
    excess: FloatArray
    walking_flat: BoolArray


class VelocityEnv:
    """The environment.

    `difficulty` and `push_share` (0 to 1) are the trainer's to raise, `weights` to change.
    """

    def __init__(self, robot: RobotSpec, task: VelocityTask, seed: int) -> None:
        """Build the models and put every robot on the ground.

        Args:
            robot: The robot.
            task: The task.
            seed: Seed of ground, randomisation, noise and commands.
        """
        self.task = task
        self.rng = np.random.default_rng(seed)
        self.difficulty = 0.0
        self.easiest = 0.0
        self.push_share = 0.0
        self.weights = task.weights
        self._robot = robot
        count = task.robots
        self._ground = TrainingGround.build(np.random.default_rng(seed + 1))
        models, traits = self._build_models()
        # neighbours share a model, which then stays in the cache
        assignment = np.arange(count) * task.variants // count
        self._kinds = self._draw_kinds(task.kind_shares, self.rng)
        self._rough = (self._kinds > 0).astype(float)
        self.batch = BatchedRobots(models, assignment, threads=task.threads)
        nominal = _nominal_feet(models[0], robot)
        self._view = View(robot, task, self._ground, self._rough, traits[assignment], nominal)
        self._memory = Memory.empty(task, len(robot.joints))
        self.start_over()

    def observe(self) -> tuple[FloatArray, FloatArray]:
        """Return the (n, a) and (n, c) observations of actor and critic without a step."""
        state = self.batch.state()
        ground = self._view.ground_below(state)
        return self._view.actor(self._memory), self._view.critic(state, ground, self._memory)

    def step(self, action: FloatArray) -> EnvStep:
        """Apply (n, j) network outputs for one control period."""
        task, memory = self.task, self._memory
        moving = task.gait.is_moving(memory.command)
        memory.phase = task.gait.advance(memory.phase, moving, task.control_period_s)
        memory.actions = np.concatenate([memory.actions[:, 1:], action[:, None]], axis=1)
        previous, memory.target = memory.target, self._joint_target(action, moving)
        state = self.batch.step(self._delayed(previous, memory.target))
        ground = self._view.ground_below(state)
        facts = self._view.facts(state, ground, memory, moving)
        terms = reward_terms(facts, task.targets)
        reward = total_reward(terms, self.weights, task.control_period_s)
        memory.age += 1
        ended = memory.age >= task.steps(task.episode_s)
        ended |= self._ground.outside(state.qpos[:, :2], self._rough)
        ended &= ~facts.fallen
        excess = np.c_[facts.linear[:, :2], facts.angular[:, 2]] - memory.command
        memory.feet = state.foot_position.copy()
        memory.joint_velocity = state.qvel[:, 6:].copy()
        push(memory, task, self.push_share, self.batch.qvel, self.rng)
        renew_commands(memory, task, self._robot.body, self.rng)
        frame = self._view.noisy_frame(self.batch.state(), memory, slice(None), self.rng)
        memory.history = push_frame(memory.history, frame)
        final_critic = self._view.critic(self.batch.state(), ground, memory)
        over = np.flatnonzero(facts.fallen | ended)
        self._put_back(over)
        actor, critic = self.observe() if len(over) else (self._view.actor(memory), final_critic)
        return EnvStep(
            actor=actor,
            critic=critic,
            reward=reward,
            fallen=facts.fallen,
            ended=ended,
            final_critic=final_critic,
            excess=excess,
            walking_flat=(moving > 0.0) & (self._rough == 0.0),
        )

    def assign_grounds(self, shares: tuple[float, ...], seed: int) -> None:
        """Send the robots to other grounds; `start_over` puts them there.

        Args:
            shares: Share of the robots on each of `training_ground.KINDS`.
            seed: Decides who goes where.
        """
        self._kinds[:] = self._draw_kinds(shares, np.random.default_rng(seed))
        self._rough[:] = self._kinds > 0

    def start_over(self) -> None:
        """Put all robots on their feet; their episodes do not all end at once."""
        everyone = np.arange(self.task.robots)
        self._put_back(everyone)
        longest = self.task.steps(self.task.episode_s)
        self._memory.age[:] = self.rng.integers(0, longest, len(everyone))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return copies of everything that changes from step to step, by name."""
        return {**self._memory.arrays(), **self.batch.arrays()}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what `arrays` returned; the generator's state is the caller's to restore."""
        self._memory.restore(arrays)
        self.batch.restore(arrays)

    def close(self) -> None:
        """Stop the physics threads."""
        self.batch.close()

    def _build_models(self) -> tuple[list[mujoco.MjModel], FloatArray]:
        task = self.task
        spec = build_training_spec(self._robot)
        spec.option.timestep = task.control_period_s / task.physics_steps
        add_foot_sensors(spec, self._robot)
        self._ground.add_to(spec)
        return randomised_models(
            spec.compile(), self._robot, task.randomisation, self.rng, task.variants
        )

    def _draw_kinds(self, shares: tuple[float, ...], rng: np.random.Generator) -> IntArray:
        """Return (n,) index into `training_ground.KINDS`, shuffled over the models."""
        count = self.task.robots
        kinds = np.searchsorted(np.cumsum(shares) * count, np.arange(count), side='right')
        return np.minimum(kinds, len(KINDS) - 1)[rng.permutation(count)]

    def _joint_target(self, action: FloatArray, moving: FloatArray) -> FloatArray:
        robot, task = self._robot, self.task
        target = robot.default_pose + task.gait.reference(self._memory.phase, moving)
        target = target + task.action_scale_rad * action
        return np.clip(target, robot.per_joint('lower'), robot.per_joint('upper'))

    def _delayed(self, previous: FloatArray, target: FloatArray) -> FloatArray:
        """Return (n, physics steps, j) controls: the old target until the delay is over."""
        steps = self.task.physics_steps
        jitter = self.rng.uniform(0.0, 1.0, len(target))
        late_steps = np.floor(self._memory.delay * steps + jitter)
        late = np.arange(steps)[None] < late_steps[:, None]
        return np.where(late[..., None], previous[:, None], target[:, None])

    def _put_back(self, who: IntArray) -> None:
        """Put robots on their feet, in a random heading, and forget their past."""
        if not len(who):
            return
        rng, memory, task, count = self.rng, self._memory, self.task, len(who)
        self.batch.place(who, self._standing(who))
        self.batch.qvel[who, :2] = rng.uniform(-0.3, 0.3, (count, 2))
        memory.forget(who, self._robot.default_pose)
        memory.next_push[who] = rng.integers(50, 300, count)
        memory.delay[who] = rng.uniform(*task.randomisation.delay_s, count) / task.control_period_s
        renew_commands(memory, task, self._robot.body, rng)
        frame = self._view.noisy_frame(self.batch.state(), memory, who, rng)
        memory.history[who] = frame[:, None]

    def _standing(self, who: IntArray) -> FloatArray:
        """Return (k, nq) positions of robots that stand somewhere on their ground."""
        rng, count = self.rng, len(who)
        xy = self._ground.spawn(rng, self._kinds[who], self.difficulty, self.easiest)
        qpos = np.tile(standing_qpos(self._robot), (count, 1))
        below = np.concatenate([self._view.nominal_feet, np.zeros((1, 2))])
        heights = self._ground.height_at(xy[:, None] + below, self._rough[who])
        qpos[:, :2] = xy
        qpos[:, 2] += heights.max(axis=1) + 0.02
        half = rng.uniform(-np.pi, np.pi, count) / 2.0
        qpos[:, 3], qpos[:, 6] = np.cos(half), np.sin(half)
        qpos[:, 7:] += rng.uniform(-0.1, 0.1, (count, qpos.shape[1] - 7))
        return qpos


def _nominal_feet(model: mujoco.MjModel, robot: RobotSpec) -> FloatArray:
    """Return (4, 2) places of the feet below the base in the default pose, m."""
    data = mujoco.MjData(model)
    data.qpos[:] = standing_qpos(robot)
    mujoco.mj_kinematics(model, data)
    return np.array([data.site(foot).xpos[:2] for foot in robot.body.feet])
