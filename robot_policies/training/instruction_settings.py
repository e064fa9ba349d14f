# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers of the `go2_instruction` recipe, in one place."""

from dataclasses import dataclass, replace

from robot_policies.sim.world_spec import (
    ArenaSpec,
    LookSpec,
    ObjectsSpec,
    ObstaclesSpec,
    WorldSpec,
)

ROBOT = 'go2'
CAMERA = 'front'
FIRST_WORLD = 1_000_000
"""Training worlds have seeds from here on; evaluation stays below it."""


@dataclass(frozen=True, kw_only=True)
class InstructionSettings:
    """How much of everything.

    Attributes:
        height: Rows of the reduced picture.
        width: Columns of the reduced picture.
        channels: Widths of the trunk.
        token_size: Length of an image token.
        grounding_size: Width of the grounding head.
        shards: Files of pictures.
        worlds_per_shard: Worlds in each.
        pictures_per_world: Pictures of each.
        grounding_epochs: Passes over the pictures.
        sharpening_shards: Further files of pictures, for the second stage.
        sharpening_epochs: Passes over those, in which what is mistaken counts more.
        grounding_batch: Pictures per step.
        queries: Sentences asked of each picture in a step.
        sectors: Length of the ring of distances.
        chunk_steps: Actions in a chunk.
        dt_s: Time per action.
        condition_size: Length of the condition of the flow.
        width_flow: Width of the flow's residual stream.
        depth_flow: Blocks of the flow.
        robots: Robots that drive at once.
        rounds: DAgger rounds.
        round_steps: Inferences per robot and round.
        updates: Gradient steps after each round.
        batch: Samples per gradient step.
    """

    height: int = 120
    width: int = 160
    channels: tuple[int, ...] = (16, 32, 48)
    token_size: int = 48
    grounding_size: int = 64
    shards: int = 16
    worlds_per_shard: int = 40
    pictures_per_world: int = 16
    grounding_epochs: int = 8
    sharpening_shards: int = 8
    sharpening_epochs: int = 6
    grounding_batch: int = 16
    queries: int = 6
    sectors: int = 72
    chunk_steps: int = 16
    dt_s: float = 0.1
    condition_size: int = 128
    width_flow: int = 192
    depth_flow: int = 3
    robots: int = 192
    rounds: int = 12
    round_steps: int = 60
    updates: int = 700
    batch: int = 256


def quick(settings: InstructionSettings) -> InstructionSettings:
    """Return the same with as little of everything as still runs through every stage."""
    return replace(
        settings,
        shards=1,
        worlds_per_shard=2,
        pictures_per_world=4,
        grounding_epochs=2,
        sharpening_shards=1,
        sharpening_epochs=1,
        grounding_batch=4,
        robots=4,
        rounds=2,
        round_steps=4,
        updates=3,
        batch=8,
    )


def training_worlds() -> list[WorldSpec]:
    """Return what training worlds are drawn from, in turn."""
    worlds = []
    for size, variety, obstacles in ((8.0, 0.0, 3), (8.0, 1.0, 5), (7.0, 0.5, 2), (9.0, 1.0, 6)):
        worlds.append(
            WorldSpec(
                name='instruction_train',
                arena=ArenaSpec(length_m=size, width_m=size),
                objects=ObjectsSpec(count_min=5, count_max=8, twin_share=0.3),
                obstacles=ObstaclesSpec(count_min=1, count_max=obstacles),
                look=LookSpec(variety=variety),
            )
        )
    return worlds
