# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A small vision-language-action policy: picture + free text + motion -> chunk of base velocities.

A text-free convolutional trunk makes tokens of the picture (`networks/conv_trunk.py`, also an
encoder of its own); the instruction modulates them and every token says whether, where and how far
the thing named is (`networks/grounding.py`); a belief carries that over time
(`target_belief.py`); and a flow, conditioned on belief, own motion and scan, samples chunks of
velocities (`networks/navigation_flow.py`), of which one that keeps clear is taken. Chunks by flow
matching after Lipman et al., *Flow Matching for Generative Modeling*, 2023.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk, Observation, PolicyStatus
from robot_policies.core.params import param
from robot_policies.networks.conv_trunk import reduce_picture
from robot_policies.networks.grounding import best_token
from robot_policies.networks.navigation_inputs import navigation_inputs
from robot_policies.networks.scan_encoder import sector_minima
from robot_policies.networks.tokenizer import Goal, NotUnderstood, Stop
from robot_policies.networks.weights import load_weights
from robot_policies.policies.chunk_choice import choose
from robot_policies.policies.flow_vla_parts import (
    build_networks,
    make_tokenizer,
    vocabulary_of,
)
from robot_policies.policies.target_belief import Pose, Sighting, TargetBelief
from robot_policies.policies.target_search import Step, TargetSearch
import torch

NS = 1_000_000_000
_EAGER = 0.8
_SLACK_M = 0.25
_STILL_M_S = 0.06
_STOOD = 6
"""Answers in a row that found it standing near: it will come no nearer."""
_VIEWPOINT_OFFSET_M = 0.45
"""A viewpoint has no surface to stop at: the flow is told a distance that ends on the spot."""


@dataclass(frozen=True, kw_only=True)
class FlowVlaConfig:
    """Sizes, fixed by the checkpoint, and what may be chosen when it runs."""

    source: str = param(
        'camera/front', doc='Where pictures come from: camera/<name>, or features/<encoder>.'
    )
    camera: str = param('front', doc='Camera whose view the features or pictures show.')
    height: int = param(120, doc='Rows of the reduced picture.', unit='px', low=8, high=1024)
    width: int = param(160, doc='Columns of the reduced picture.', unit='px', low=8, high=1024)
    channels: tuple[int, ...] = param((16, 32, 48), doc='Widths of the trunk.', low=1, high=512)
    token_size: int = param(48, doc='Length of an image token.', low=1, high=512)
    grounding_size: int = param(64, doc='Width of the grounding head.', low=1, high=512)
    sectors: int = param(72, doc='Sectors of the scan.', low=4, high=720)
    steps: int = param(16, doc='Actions in a chunk.', low=1, high=100)
    dt_s: float = param(0.1, doc='Time per action.', unit='s', low=0.01, high=1.0)
    condition_size: int = param(128, doc='Length of the condition.', low=1, high=1024)
    flow_width: int = param(192, doc='Width of the flow.', low=1, high=2048)
    flow_depth: int = param(3, doc='Blocks of the flow.', low=1, high=20)
    solver_steps: int = param(5, doc='Steps from noise to a chunk.', low=1, high=100)
    candidates: int = param(8, doc='Chunks sampled to choose from.', low=1, high=256)
    reach_m: float = param(
        0.78, doc='Base to surface: nearer is arrived.', unit='m', low=0.1, high=5.0
    )
    look_turns: int = param(
        2, doc='Full turns before a thing is said to be absent.', low=1, high=5
    )
    seed: int = param(0, doc='Seed of the noise that chunks are made of.', low=0)
    word_similarity: float = param(
        0.0,
        doc='Unknown words count as the known one whose sentence embedding has at least this '
        'cosine, e.g. 0.82 (needs the extra `sentence`); 0: they are refused.',
        low=0.0,
        high=1.0,
    )


class FlowVla:
    """Walks to what the instruction names; says so if it does not understand or see it."""

    config_class: ClassVar[type] = FlowVlaConfig

    def __init__(self, config: FlowVlaConfig, context: PluginContext) -> None:
        """Build the networks and load their weights; without any, they are random but fixed.

        Raises:
            CheckpointError: A weight is missing, extra or of another shape, or no vocabulary.
        """
        self._config, self._body = config, context.robot.body
        camera = context.robot.camera(config.camera)
        half_height = np.tan(camera.vertical_fov_rad / 2.0)
        view = float(np.arctan(half_height * camera.width / camera.height))
        vocabulary = vocabulary_of(context)
        self._tokenizer = make_tokenizer(config, vocabulary)
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            self._networks = build_networks(config, sum(map(len, vocabulary)))
        if context.tensors:
            load_weights(self._networks, context.tensors, where='flow_vla')
        self._networks.eval().requires_grad_(False)
        rng = np.random.default_rng(config.seed)
        noise = rng.standard_normal((config.candidates, config.steps * 3))
        self._noise = noise.astype(np.float32)
        self._noise[0] = 0.0  # the middle of the distribution comes first
        self._belief, self._search = TargetBelief(view), TargetSearch(config.look_turns)
        self.reset()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the sources it needs."""
        return (self._config.source, 'scan')

    def reset(self) -> None:
        """Forget the target and where it was looked for."""
        self._instruction: str | None = None
        self._goal: Goal | Stop | NotUnderstood = Stop()
        self._belief.reset()
        self._search.reset()
        self._reached = False
        self._stood = 0

    def infer(self, observation: Observation) -> ActionChunk:
        """Return the chunk for one observation, with the observation's stamp."""
        return self._answer(observation, None)

    def infer_with_prefix(self, observation: Observation, prefix: CommittedPrefix) -> ActionChunk:
        """Return the chunk that goes on from what is being executed, unless it stands."""
        return self._answer(observation, prefix)

    def _answer(self, observation: Observation, prefix: CommittedPrefix | None) -> ActionChunk:
        if observation.instruction != self._instruction:
            self.reset()
            self._instruction = observation.instruction
            self._goal = self._tokenizer.understand(observation.instruction)
        if isinstance(self._goal, NotUnderstood):
            return self._stand(observation, PolicyStatus.NOT_UNDERSTOOD, self._goal.message)
        if isinstance(self._goal, Stop):
            return self._stand(observation, PolicyStatus.IDLE, 'Standing.')
        pose = Pose.of(observation.odometry)
        eager = _EAGER * self._search.turns_done  # who has looked in vain goes and looks closer
        sighting = self._look(observation, self._goal)
        self._belief.update(sighting, pose, observation.scan, eager=eager)
        if self._belief.is_believed:
            return self._approach(observation, pose, self._goal, prefix)
        return self._look_around(observation, pose, self._goal, prefix)

    def _look(self, observation: Observation, goal: Goal) -> Sighting:
        """Return where the thing most likely is from the base now."""
        tokens, stamp_ns = self._tokens(observation)
        words = torch.from_numpy(self._tokenizer.encode(goal))[None]
        with torch.inference_mode():
            grounding = self._networks['grounding'](tokens, words)
        log_odds, bearing, distance = best_token(grounding, columns=self._config.width // 8)
        delay_s = (observation.odometry.stamp_ns - stamp_ns) / NS
        turned = float(observation.odometry.angular_velocity[2]) * delay_s
        return Sighting(log_odds, bearing - turned, distance)

    def _tokens(self, observation: Observation) -> tuple[torch.Tensor, int]:
        kind, _, name = self._config.source.partition('/')
        if kind == 'features':
            features = observation.features[name]
            return torch.tensor(features.tokens)[None], features.stamp_ns
        image = observation.images[name]
        picture = reduce_picture(
            image.pixels, height=self._config.height, width=self._config.width
        )
        with torch.inference_mode():
            return self._networks['trunk'](picture), image.stamp_ns

    def _approach(
        self, observation: Observation, pose: Pose, goal: Goal, prefix: CommittedPrefix | None
    ) -> ActionChunk:
        assert self._belief.point is not None
        bearing, distance = pose.polar(self._belief.point)
        self._search.reset(1.0 if bearing >= 0.0 else -1.0)
        speed = float(np.hypot(*observation.odometry.linear_velocity[:2]))
        is_near = distance <= self._config.reach_m + _SLACK_M
        self._stood = self._stood + 1 if is_near and speed < _STILL_M_S else 0
        is_there = distance <= self._config.reach_m and abs(bearing) < 0.4
        self._reached = is_there or (is_near and (self._reached or self._stood >= _STOOD))
        if self._reached:
            return self._stand(observation, PolicyStatus.REACHED, f'I am at the {goal}.')
        words = f'Walking to the {goal}, {distance:.1f} m away.'
        actions = self._sample(observation, (0.0, bearing, distance), prefix)
        return self._chunk(observation, actions, PolicyStatus.ACTING, words)

    def _look_around(
        self, observation: Observation, pose: Pose, goal: Goal, prefix: CommittedPrefix | None
    ) -> ActionChunk:
        self._reached = False
        step = self._search.step(pose, observation.scan, observation.stamp_ns)
        if step is Step.GIVE_UP:
            return self._stand(observation, PolicyStatus.NOT_SEEN, f'I don’t see a {goal}.')
        if step is Step.WALK and self._search.viewpoint is not None:
            bearing, distance = pose.polar(self._search.viewpoint)
            told = (0.0, bearing, distance + _VIEWPOINT_OFFSET_M)
        else:
            told = (self._search.side, 0.0, 0.0)
        actions = self._sample(observation, told, prefix)
        return self._chunk(observation, actions, PolicyStatus.SEARCHING, f'Looking for a {goal}.')

    def _sample(
        self,
        observation: Observation,
        told: tuple[float, float, float],
        prefix: CommittedPrefix | None,
    ) -> FloatArray:
        """Return (steps, 3): the chunk to execute.

        Args:
            observation: Motion and surroundings.
            told: Side to search on (or 0), bearing, rad, and distance, m, of where to go.
            prefix: What all chunks to choose from continue.
        """
        searching, bearing, distance = told
        config, odometry, scan = self._config, observation.odometry, observation.scan
        assert scan is not None
        vx, vy = odometry.linear_velocity[:2]
        inputs = navigation_inputs(
            searching=[searching],
            bearing=[bearing],
            distance=[distance],
            velocity=[[vx, vy, odometry.angular_velocity[2]]],
            minima=[sector_minima(scan, config.sectors)],
        )
        flow: Any = self._networks['flow']
        chunks = flow.sample(inputs, self._noise, steps=config.solver_steps, prefix=prefix)
        chunks = np.clip(chunks, self._body.lowest_velocity, self._body.highest_velocity)
        if prefix is not None:
            chunks = prefix.over(chunks)
        return np.asarray(chunks[choose(chunks, config.dt_s, scan, self._body)])

    def _stand(self, observation: Observation, status: PolicyStatus, words: str) -> ActionChunk:
        return self._chunk(observation, np.zeros((self._config.steps, 3)), status, words)

    def _chunk(
        self,
        observation: Observation,
        actions: npt.NDArray[np.float64],
        status: PolicyStatus,
        words: str,
    ) -> ActionChunk:
        stamp_ns, dt_ns = observation.stamp_ns, round(self._config.dt_s * NS)
        return ActionChunk(stamp_ns, dt_ns, actions, status, words)
