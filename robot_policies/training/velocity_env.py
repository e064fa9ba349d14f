# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The task of walking to a velocity command, for many robots at once."""

from dataclasses import dataclass, field

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import projected_gravity, rotate_inverse, yaw
from robot_policies.locomotion.gait import Gait
from robot_policies.locomotion.proprioception import (
    build_frame,
    build_observation,
    frame_size,
    push_frame,
)
from robot_policies.sim.robot_model import build_training_spec, standing_qpos
from robot_policies.training.batched_robots import add_foot_sensors, BatchedRobots, BatchState
from robot_policies.training.randomisation import Randomisation, randomised_models
from robot_policies.training.training_ground import KINDS, TrainingGround
from robot_policies.training.velocity_rewards import (
    GaitTargets,
    reward_terms,
    RewardWeights,
    StepFacts,
    total_reward,
)


@dataclass(frozen=True, kw_only=True)
class VelocityTask:
    """Everything that defines the task.

    Attributes:
        robots: Number of robots in the batch.
        variants: Number of differently randomised models among them.
        threads: Threads that step the physics.
        control_period_s: Time between two actions.
        physics_steps: Physics steps per action.
        episode_s: Length of an episode.
        history: Frames of proprioception that the actor sees.
        action_scale_rad: Joint offset for a network output of one.
        kind_shares: Share of the robots on each of `training_ground.KINDS`.
        standing_share: Share of commands that are zero.
        command_s: Shortest and longest time between two commands.
        push_s: Shortest and longest time between two pushes.
        push_m_s: Largest horizontal speed that a push adds.
    """

    robots: int = 512
    variants: int = 64
    threads: int = 2
    control_period_s: float = 0.02
    physics_steps: int = 2
    episode_s: float = 20.0
    history: int = 3
    action_scale_rad: float = 0.25
    kind_shares: tuple[float, ...] = (0.5, 0.18, 0.14, 0.18)
    standing_share: float = 0.12
    command_s: tuple[float, float] = (3.0, 8.0)
    push_s: tuple[float, float] = (3.0, 7.0)
    push_m_s: float = 1.3
    gait: Gait = field(default_factory=Gait)
    targets: GaitTargets = field(default_factory=GaitTargets)
    weights: RewardWeights = field(default_factory=RewardWeights)
    randomisation: Randomisation = field(default_factory=Randomisation)


_STATE = (
    'history',
    'actions',
    'target',
    'command',
    'phase',
    'age',
    'next_command',
    'next_push',
    'delay',
    'feet',
    'joint_velocity',
)


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
        terms: Name -> mean of an unweighted reward term.
        tracking: (n, 3) absolute error of vx, vy, yaw rate.
    """

    actor: FloatArray
    critic: FloatArray
    reward: FloatArray
    fallen: FloatArray
    ended: FloatArray
    final_critic: FloatArray
    terms: dict[str, float]
    tracking: FloatArray


class VelocityEnv:
    """Robots that are told velocities, pushed, and put back on their feet when they fall."""

    def __init__(self, robot: RobotSpec, task: VelocityTask, seed: int) -> None:
        """Build the models and put every robot on the ground.

        Args:
            robot: The robot.
            task: The task.
            seed: Seed of ground, randomisation, noise and commands.
        """
        self.robot = robot
        self.task = task
        self.rng = np.random.default_rng(seed)
        self.difficulty = 0.0
        self.push_share = 0.0
        count, joints = task.robots, len(robot.joints)
        self._ground = TrainingGround.build(np.random.default_rng(seed + 1))
        models, traits = self._build_models()
        assignment = np.arange(count) * task.variants // count  # neighbours share a model's cache
        self._traits = traits[assignment]
        shares = np.cumsum(task.kind_shares) * count
        self._kinds = np.searchsorted(shares, np.arange(count), side='right')
        self._kinds = np.minimum(self._kinds, len(KINDS) - 1)[self.rng.permutation(count)]
        self._rough = (self._kinds > 0).astype(float)
        self.batch = BatchedRobots(models, assignment, threads=task.threads)
        self._default = robot.default_pose
        self._lower, self._upper = robot.per_joint('lower'), robot.per_joint('upper')
        self._nominal = self._nominal_feet(models[0])
        self._history = np.zeros((count, task.history, frame_size(joints)))
        self._actions = np.zeros((count, 3, joints))
        self._target = np.tile(self._default, (count, 1))
        self._command = np.zeros((count, 3))
        self._phase = np.zeros(count)
        self._age = self.rng.integers(0, self._steps(task.episode_s), count)
        self._next_command = np.zeros(count, dtype=int)
        self._next_push = np.zeros(count, dtype=int)
        self._delay = np.zeros(count)
        self._feet = np.zeros((count, 4, 3))
        self._joint_velocity = np.zeros((count, joints))
        self._kp, self._kd = robot.per_joint('stiffness'), robot.per_joint('damping')
        self._put_back(np.arange(count))

    @property
    def actor_size(self) -> int:
        """Length of the actor's observation."""
        return self._actor_observation().shape[1]

    @property
    def critic_size(self) -> int:
        """Length of the critic's observation."""
        return self._critic_observation(self.batch.state()).shape[1]

    def observe(self) -> tuple[FloatArray, FloatArray]:
        """Return the (n, a) and (n, c) observations without a step."""
        return self._actor_observation(), self._critic_observation(self.batch.state())

    def arrays(self) -> dict[str, FloatArray]:
        """Return copies of everything that changes from step to step, by name."""
        own = {name: getattr(self, f'_{name}').copy() for name in _STATE}
        return {**own, **self.batch.arrays()}

    def restore(self, arrays: dict[str, FloatArray]) -> None:
        """Take up what `arrays` returned; the generator's state is the caller's to restore."""
        for name in _STATE:
            setattr(self, f'_{name}', arrays[name].copy())
        self.batch.restore(arrays)

    def close(self) -> None:
        """Stop the physics threads."""
        self.batch.close()

    def step(self, action: FloatArray) -> EnvStep:
        """Apply one action per robot for one control period.

        Args:
            action: (n, 12) network outputs.
        """
        moving = self.task.gait.is_moving(self._command)
        self._phase = self.task.gait.advance(self._phase, moving, self.task.control_period_s)
        self._actions = np.concatenate([self._actions[:, 1:], action[:, None]], axis=1)
        previous, self._target = self._target, self._joint_target(action, moving)
        state = self.batch.step(self._delayed(previous, self._target))
        facts = self._facts(state, moving)
        terms = reward_terms(facts, self.task.targets)
        reward = total_reward(terms, self.task.weights, self.task.control_period_s)
        self._age += 1
        xy = state.qpos[:, :2]
        ended = self._age >= self._steps(self.task.episode_s)
        ended |= self._ground.outside(xy, self._rough)
        ended &= ~facts.fallen
        tracking = np.abs(np.c_[facts.linear[:, :2], facts.angular[:, 2]] - self._command)
        self._feet = state.foot_position.copy()
        self._joint_velocity = state.qvel[:, 6:].copy()
        self._push()
        self._renew_commands()
        self._sense(self.batch.state())
        final_critic = self._critic_observation(self.batch.state())
        self._put_back(np.flatnonzero(facts.fallen | ended))
        return EnvStep(
            actor=self._actor_observation(),
            critic=self._critic_observation(self.batch.state()),
            reward=reward,
            fallen=facts.fallen,
            ended=ended,
            final_critic=final_critic,
            terms={name: float(value.mean()) for name, value in terms.items()},
            tracking=tracking,
        )

    def _build_models(self) -> tuple[list[mujoco.MjModel], FloatArray]:
        spec = build_training_spec(self.robot)
        spec.option.timestep = self.task.control_period_s / self.task.physics_steps
        add_foot_sensors(spec, self.robot)
        self._ground.add_to(spec)
        model = spec.compile()
        task = self.task
        return randomised_models(model, self.robot, task.randomisation, self.rng, task.variants)

    def _steps(self, seconds: float) -> int:
        return round(seconds / self.task.control_period_s)

    def _nominal_feet(self, model: mujoco.MjModel) -> FloatArray:
        data = mujoco.MjData(model)
        data.qpos[:] = standing_qpos(self.robot)
        mujoco.mj_kinematics(model, data)
        places = [data.site(foot).xpos[:2] for foot in self.robot.body.feet]
        return np.array(places) * [1.0, 1.0]

    def _joint_target(self, action: FloatArray, moving: FloatArray) -> FloatArray:
        offset = self.task.gait.reference(self._phase, moving)
        target = self._default + offset + self.task.action_scale_rad * action
        return np.clip(target, self._lower, self._upper)

    def _delayed(self, previous: FloatArray, target: FloatArray) -> FloatArray:
        """Return (n, physics steps, 12) controls: the old target until the delay is over."""
        steps = self.task.physics_steps
        jitter = self.rng.uniform(0.0, 1.0, len(target))
        late = np.arange(steps)[None] < np.floor(self._delay * steps + jitter)[:, None]
        return np.where(late[..., None], previous[:, None], target[:, None])

    def _facts(self, state: BatchState, moving: FloatArray) -> StepFacts:
        period = self.task.control_period_s
        heading = yaw(state.orientation)
        base_ground, foot_ground = self._ground_below(state)
        gravity = projected_gravity(state.orientation)
        offset = state.foot_position[..., :2] - state.qpos[:, None, :2]
        height = state.qpos[:, 2] - base_ground
        joint_velocity = state.qvel[:, 6:]
        torque = self._kp * (self._target - state.qpos[:, 7:]) - self._kd * joint_velocity
        moved = state.foot_position[..., :2] - self._feet[..., :2]
        body = self.robot.body
        lower = np.minimum(height, state.qpos[:, 2] - foot_ground.mean(axis=1))
        fallen = (-gravity[:, 2] < np.cos(body.max_tilt_rad)) | (lower < body.min_height_m)
        return StepFacts(
            linear=_level(heading, state.qvel[:, :3]),
            angular=state.qvel[:, 3:6],
            gravity=gravity,
            height=state.qpos[:, 2] - foot_ground.mean(axis=1),
            joint_offset=state.qpos[:, 7:] - self._default,
            joint_velocity=joint_velocity,
            joint_acceleration=(joint_velocity - self._joint_velocity) / period,
            torque=torque,
            action=self._actions,
            contact=(state.foot_load > 5.0).astype(float),
            foot_height=state.foot_position[..., 2] - foot_ground - body.foot_radius_m,
            foot_offset=_level(heading[:, None], offset) - self._nominal,
            foot_speed=np.linalg.norm(moved, axis=2) / period * (self._age > 0)[:, None],
            swing=self.task.gait.swing(self._phase, moving),
            command=self._command,
            moving=moving,
            rough=self._rough,
            fallen=fallen,
        )

    def _ground_below(self, state: BatchState) -> tuple[FloatArray, FloatArray]:
        points = np.concatenate([state.qpos[:, None, :2], state.foot_position[..., :2]], axis=1)
        heights = self._ground.height_at(points, self._rough)
        return heights[:, 0], heights[:, 1:]

    def _push(self) -> None:
        due = np.flatnonzero(self._age >= self._next_push)
        if not len(due):
            return
        low, high = self.task.push_s
        self._next_push[due] = self._age[due] + self._steps(1.0) * self.rng.uniform(
            low, high, len(due)
        )
        speed = self.rng.uniform(0.0, self.task.push_m_s, len(due)) * self.push_share
        angle = self.rng.uniform(0.0, 2.0 * np.pi, len(due))
        self.batch.qvel[due, 0] += speed * np.cos(angle)
        self.batch.qvel[due, 1] += speed * np.sin(angle)

    def _renew_commands(self) -> None:
        due = np.flatnonzero(self._age >= self._next_command)
        if not len(due):
            return
        low, high = self.task.command_s
        wait = self.rng.uniform(low, high, len(due))
        self._next_command[due] = self._age[due] + self._steps(1.0) * wait
        body = self.robot.body
        bounds = np.array(
            [
                [body.min_vx, body.max_vx],
                [-body.max_vy, body.max_vy],
                [-body.max_yaw_rate, body.max_yaw_rate],
            ]
        )
        # slightly beyond the limits, so that the limits are inside what was learned
        command = self.rng.uniform(*(1.1 * bounds.T), (len(due), 3))
        keep = self.rng.uniform(size=(len(due), 3)) > 0.15  # pure motions too
        standing = self.rng.uniform(size=(len(due), 1)) < self.task.standing_share
        command = np.where(standing, 0.0, command * keep)
        moving = self.task.gait.is_moving(command)
        self._command[due] = command * moving[:, None]

    def _put_back(self, who: FloatArray) -> None:
        """Put robots on their feet, in a random heading, and forget their past."""
        if not len(who):
            return
        count, joints = len(who), len(self._default)
        xy = self._ground.spawn(self.rng, self._kinds[who], self.difficulty)
        qpos = np.tile(standing_qpos(self.robot), (count, 1))
        around = xy[:, None] + np.concatenate([self._nominal, np.zeros((1, 2))])
        qpos[:, :2] = xy
        qpos[:, 2] += self._ground.height_at(around, self._rough[who]).max(axis=1) + 0.02
        half = self.rng.uniform(-np.pi, np.pi, count) / 2.0
        qpos[:, 3], qpos[:, 6] = np.cos(half), np.sin(half)
        qpos[:, 7:] += self.rng.uniform(-0.1, 0.1, (count, joints))
        self.batch.place(who, qpos)
        self.batch.qvel[who, :2] = self.rng.uniform(-0.3, 0.3, (count, 2))
        self._actions[who] = 0.0
        self._target[who] = self._default
        self._phase[who] = 0.0
        self._joint_velocity[who] = 0.0
        self._age[who] = 0
        self._next_command[who] = 0
        self._next_push[who] = self.rng.integers(50, 300, count)
        period = self.task.control_period_s
        self._delay[who] = self.rng.uniform(*self.task.randomisation.delay_s, count) / period
        self._renew_commands()
        self._sense(self.batch.state(), fresh=who)

    def _sense(self, state: BatchState, fresh: FloatArray | None = None) -> None:
        """Measure with noise; `fresh` robots get a history full of this one frame."""
        who = slice(None) if fresh is None else fresh
        qpos, qvel = state.qpos[who], state.qvel[who]
        noise = self.task.randomisation
        draw = self.rng.standard_normal
        gravity = projected_gravity(qpos[:, [4, 5, 6, 3]])
        frame = build_frame(
            qvel[:, 3:6] + noise.gyro_noise * draw((len(qpos), 3)),
            gravity + noise.gravity_noise * draw((len(qpos), 3)),
            qpos[:, 7:] - self._default + noise.position_noise * draw((len(qpos), 12)),
            qvel[:, 6:] + noise.velocity_noise * draw((len(qpos), 12)),
            self._actions[who, -1],
        )
        if fresh is None:
            self._history = push_frame(self._history, frame)
        else:
            self._history[who] = frame[:, None]

    def _actor_observation(self) -> FloatArray:
        moving = self.task.gait.is_moving(self._command)
        clock = self.task.gait.clock(self._phase, moving)
        return build_observation(self._history, self._command, clock)

    def _critic_observation(self, state: BatchState) -> FloatArray:
        """Return (n, c); its mirror is described by `velocity_mirror.critic_mirror`."""
        moving = self.task.gait.is_moving(self._command)
        frame = build_frame(
            state.qvel[:, 3:6],
            projected_gravity(state.orientation),
            state.qpos[:, 7:] - self._default,
            state.qvel[:, 6:],
            self._actions[:, -1],
        )
        base_ground, foot_ground = self._ground_below(state)
        velocity = rotate_inverse(state.orientation, state.qvel[:, :3])
        parts = [
            frame,
            self._command * [2.0, 2.0, 1.0],
            self.task.gait.clock(self._phase, moving),
            velocity * 2.0,
            (state.qpos[:, 2] - base_ground)[:, None] * 5.0 - 1.5,
            self._rough[:, None],
            self._traits,
            self._delay[:, None],
            (state.foot_load > 5.0).astype(float),
            (state.foot_position[..., 2] - foot_ground) * 10.0,
            (foot_ground - base_ground[:, None]) * 10.0,
        ]
        return np.concatenate(parts, axis=1)


def _level(heading: FloatArray, vector: FloatArray) -> FloatArray:
    """Turn (…, 2 or 3) world vectors about z into the frame of the (…) heading."""
    turned = vector.copy()
    cos, sin = np.cos(heading), np.sin(heading)
    turned[..., 0] = cos * vector[..., 0] + sin * vector[..., 1]
    turned[..., 1] = -sin * vector[..., 0] + cos * vector[..., 1]
    return turned
