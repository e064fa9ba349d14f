# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What counts as following an instruction."""

from dataclasses import dataclass

import numpy as np
import pytest
from robot_policies.core.data_types import ActionChunk, Image, Odometry, PolicyStatus, Scan
from robot_policies.evaluation.go2_instruction import Course, nose_gap, plan, summary, Task
from robot_policies.evaluation.instruction_bodies import Mishaps
from robot_policies.evaluation.instruction_sets import (
    describe,
    NONSENSE,
    paraphrase,
    tell,
    tell_absent,
)
from robot_policies.networks.tokenizer import Goal, Tokenizer
from robot_policies.resources import load_robot
from robot_policies.sim.layout import build_world
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES
from robot_policies.sim.world_spec import ArenaSpec, ItemSpec, load_world, WorldSpec

ROBOT = load_robot('go2')
SPEC = WorldSpec(
    arena=ArenaSpec(start=(-2.0, 0.0, 0.0)),
    items=(
        ItemSpec(colour='red', shape='ball', size='small', x_m=0.0, y_m=0.0),
        ItemSpec(colour='blue', shape='box', size='small', x_m=2.0, y_m=0.0),
        ItemSpec(colour='blue', shape='box', size='large', x_m=2.0, y_m=2.0),
    ),
)


class Ghost:
    """A body that goes where it is told, at once, and may bump into something."""

    def __init__(self, collisions=0):
        self._collisions = collisions

    def enter(self, world, seed):
        self.place = np.array(world.start, dtype=float)

    def tick(self, wanted, now_ns):
        self.place[:2] += 0.02 * np.array([wanted.vx, wanted.vy])

    def odometry(self, now_ns):
        position = np.array([*self.place[:2], 0.3])
        return Odometry(now_ns, position, np.array([0, 0, 0, 1.0]), np.zeros(3), np.zeros(3))

    def scan(self, now_ns):
        return Scan(now_ns, -np.pi, 0.1, 0.05, 8.0, np.full(63, 4.0))

    def image(self, now_ns):
        return Image(now_ns, np.zeros((24, 32, 3), dtype=np.uint8))

    @property
    def pose(self):
        return self.place.copy()

    @property
    def mishaps(self):
        return Mishaps(0, self._collisions, 0)


@dataclass
class Walker:
    """A policy that walks straight ahead for a while and then claims something."""

    until_x: float
    claim: PolicyStatus = PolicyStatus.REACHED
    speed: float = 0.5

    def reset(self):
        pass

    def infer(self, observation):
        there = observation.odometry.position[0] >= self.until_x
        speed = 0.0 if there else self.speed
        status = self.claim if there else PolicyStatus.ACTING
        actions = np.tile([speed, 0.0, 0.0], (16, 1))
        return ActionChunk(observation.stamp_ns, 100_000_000, actions, status, 'I understand')


def outcome(policy, target=0, **ghost):
    course = Course(ROBOT, Ghost(**ghost), policy, SPEC)
    return course.do(Task('first', build_world(SPEC, 0), 'go to it', target))


def test_standing_before_the_right_thing_and_saying_so_is_success():
    result = outcome(Walker(until_x=-0.9))
    assert result.success
    assert result.gap_m == pytest.approx(0.9 - 0.38 - 0.18, abs=0.25)
    assert 2.0 < result.episode.time_s < 6.0


@pytest.mark.parametrize(
    ('policy', 'target', 'ghost'),
    [
        (Walker(until_x=-1.5), 0, {}),  # too far away
        (Walker(until_x=-0.9), 1, {}),  # another thing was named
        (Walker(until_x=-0.9, claim=PolicyStatus.NOT_SEEN), 0, {}),  # does not know it
        (Walker(until_x=99.0, speed=0.01), 0, {}),  # never gets there
        (Walker(until_x=-0.9), 0, {'collisions': 1}),  # touched something
    ],
)
def test_anything_else_is_none(policy, target, ghost):
    assert not outcome(policy, target, **ghost).success


def test_the_gap_is_from_the_nose_to_the_surface():
    world = build_world(SPEC, 0)
    gap, nearest = nose_gap(world, np.array([-1.0, 0.0, 0.0]), 0, ROBOT)
    assert gap == pytest.approx(1.0 - ROBOT.body.footprint_front_m - 0.18)
    assert nearest == 0


def test_sizes_are_named_only_where_they_are_needed():
    world = build_world(SPEC, 0)
    assert describe(world, 0) == ('red', 'ball')
    assert describe(world, 1) == ('small', 'blue', 'box')


def test_every_instruction_names_one_object_or_none():
    tokenizer = Tokenizer(SIZES, tuple(COLOURS), SHAPES)
    spec = load_world('instruction_eval')
    rng = np.random.default_rng(0)
    for seed in range(8):
        world = build_world(spec, seed)
        assert len(world.objects) >= 5
        names = [{o.size, o.colour, o.shape} for o in world.objects]
        for target in range(len(world.objects)):
            for told in (tell(world, target, rng), paraphrase(world, target, rng)):
                goal = tokenizer.understand(told.text)
                assert isinstance(goal, Goal), told.text
                fitting = [i for i, name in enumerate(names) if set(goal.words) <= name]
                assert fitting == [target]
        absent = tokenizer.understand(tell_absent(world, rng))
        assert not any(set(absent.words) <= name for name in names)


def test_nothing_of_the_nonsense_names_an_object():
    tokenizer = Tokenizer(SIZES, tuple(COLOURS), SHAPES)
    for text, _ in NONSENSE:
        assert not isinstance(tokenizer.understand(text), Goal), text


def test_the_summary_counts_each_kind_by_itself():
    good, bad = outcome(Walker(until_x=-0.9)), outcome(Walker(until_x=-1.5))
    numbers = summary([good, good, bad], [True, False])
    assert numbers['success_rate'] == pytest.approx(2 / 3)
    assert numbers['ci95'][0] < 2 / 3 < numbers['ci95'][1]
    assert numbers['refusal_rate'] == 0.5
    assert 'absent_success_rate' not in numbers


def test_the_plan_gives_two_different_tasks_in_each_world_and_is_always_the_same():
    spec = load_world('instruction_eval')
    tasks = plan(spec, worlds=3, first_seed=50_000, extras=True)
    again = plan(spec, worlds=3, first_seed=50_000, extras=True)
    assert [task.text for task in tasks] == [task.text for task in again]
    assert [task.kind for task in tasks] == [
        *('first', 'other', 'paraphrase', 'absent'), *('first', 'other') * 2,
    ]  # fmt: skip
    assert all(a.target != b.target for a, b in zip(tasks[::2], tasks[1::2], strict=True))
