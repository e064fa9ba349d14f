# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Tunes the open-loop oscillators by CMA-ES (Hansen and Ostermeier, 2001)."""

from dataclasses import dataclass, fields

from cmaes import CMA
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import rotate_inverse, tilt
from robot_policies.locomotion.oscillators import OscillatorsBatch, OscillatorsConfig, TUNED
from robot_policies.sim.batched_robots import add_foot_sensors, BatchedRobots
from robot_policies.sim.randomisation import Randomisation, randomised_models
from robot_policies.sim.robot_model import build_training_spec, standing_qpos
from robot_policies.training.training_ground import add_plane

_PERIOD_S = 0.02
_PHYSICS_STEPS = 2
_COMMANDS = np.array(
    [
        [0.3, 0.0, 0.0],
        [0.6, 0.0, 0.0],
        [0.9, 0.0, 0.0],
        [-0.4, 0.0, 0.0],
        [0.0, 0.3, 0.0],
        [0.0, -0.3, 0.0],
        [0.0, 0.0, 0.8],
        [0.0, 0.0, -0.8],
        [0.5, 0.0, 0.5],
        [0.4, -0.15, -0.4],
        [0.5, 0.2, 0.0],
        [-0.2, 0.0, -0.5],
    ]
)


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """How long and wide to search.

    Attributes:
        generations: Number of generations.
        population: Candidates per generation.
        seconds: Simulated time per trial.
        threads: Physics threads.
    """

    generations: int = 19
    population: int = 16
    seconds: float = 4.0
    threads: int = 2


class OscillatorSearch:
    """An ask-and-tell search whose whole state is the list of what it was told."""

    def __init__(self, robot: RobotSpec, settings: SearchSettings, seed: int) -> None:
        """Create it at the defaults of `OscillatorsConfig`."""
        self._robot = robot
        self._settings = settings
        bounds = _bounds()
        self._span = bounds[:, 1] - bounds[:, 0]
        start = np.array([getattr(OscillatorsConfig(), name) for name in TUNED])
        self._cma = CMA(
            mean=start / self._span,
            sigma=0.08,
            bounds=bounds / self._span[:, None],
            population_size=settings.population,
            seed=seed,
        )
        self.told: list[tuple[FloatArray, FloatArray]] = []
        self._robots = self._build(np.random.default_rng(seed))

    @property
    def best(self) -> tuple[FloatArray, float]:
        """Parameters (p,) and cost of the centre of the search: less lucky than the best draw."""
        _, costs = self.told[-1]
        return self._cma.mean * self._span, float(costs.min())

    def close(self) -> None:
        """Stop the physics threads."""
        self._robots.close()

    def generation(self) -> float:
        """Draw, judge and learn one generation; return its best cost."""
        asked = np.array([self._cma.ask() for _ in range(self._settings.population)])
        costs = self.costs(asked * self._span)
        self._tell(asked, costs)
        return float(costs.min())

    def replay(self, told: list[tuple[FloatArray, FloatArray]]) -> None:
        """Take up what an earlier part of the search was told; the draws repeat themselves."""
        for _, costs in told:
            asked = np.array([self._cma.ask() for _ in range(self._settings.population)])
            self._tell(asked, costs)

    def costs(self, parameters: FloatArray) -> FloatArray:
        """Return (c,) costs of (c, p) candidates: speed errors, wobble, falls."""
        robots, count = self._robots, len(_COMMANDS)
        each = np.repeat(parameters, count, axis=0)
        command = np.tile(_COMMANDS, (len(parameters), 1))
        controller = OscillatorsBatch(each, self._robot.default_pose, len(each))
        qpos = np.tile(standing_qpos(self._robot), (len(each), 1))
        robots.place(np.arange(len(each)), qpos)
        steps = round(self._settings.seconds / _PERIOD_S)
        nothing = np.zeros((len(each), 3))
        speeds, wobble = np.zeros((steps, len(each), 3)), np.zeros(len(each))
        fallen = np.zeros(len(each), dtype=bool)
        for step in range(steps):
            target = controller.step(nothing, nothing, nothing, nothing, command, _PERIOD_S)
            state = robots.step(np.repeat(target[:, None], _PHYSICS_STEPS, axis=1))
            speeds[step, :, :2] = rotate_inverse(state.orientation, state.qvel[:, :3])[:, :2]
            speeds[step, :, 2] = state.qvel[:, 5]
            lean = tilt(state.orientation)
            wobble += lean / steps
            fallen |= (lean > self._robot.body.max_tilt_rad) | (state.qpos[:, 2] < 0.16)
        mean_error = np.abs(speeds[50:].mean(axis=0) - command) @ [1.0, 1.0, 0.5]
        error = np.abs(speeds[50:] - command).mean(axis=0) @ [1.0, 1.0, 0.5]
        cost = mean_error + 0.3 * error + 0.5 * wobble + 1.0 * fallen
        return np.asarray(cost.reshape(len(parameters), count).mean(axis=1))

    def _tell(self, asked: FloatArray, costs: FloatArray) -> None:
        self._cma.tell([(x, float(cost)) for x, cost in zip(asked, costs, strict=True)])
        self.told.append((asked, costs))

    def _build(self, rng: np.random.Generator) -> BatchedRobots:
        spec = build_training_spec(self._robot)
        spec.option.timestep = _PERIOD_S / _PHYSICS_STEPS
        add_foot_sensors(spec, self._robot)
        add_plane(spec)
        # the same robots for every candidate, so that costs differ by the candidate only
        models, _ = randomised_models(
            spec.compile(), self._robot, Randomisation(), rng, len(_COMMANDS)
        )
        assignment = np.tile(np.arange(len(_COMMANDS)), self._settings.population)
        return BatchedRobots(models, assignment, threads=self._settings.threads)


def _bounds() -> FloatArray:
    """Return (p, 2) the documented ranges of the tuned parameters."""
    declared = {item.name: item.metadata for item in fields(OscillatorsConfig)}
    metas = [next(iter(declared[name].values())) for name in TUNED]
    return np.array([[meta.low, meta.high] for meta in metas])
