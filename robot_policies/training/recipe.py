# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a training recipe is to the command line: `robot-policies train <name>`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class RecipeOptions:
    """What the user asks of a training run.

    Attributes:
        out_dir: Folder for the checkpoint, the learning curve and what a resume needs.
        seed: Seed of everything random in the run.
        resume: Go on from what lies in `out_dir`; without it the folder must hold no run.
        quick: A run of seconds that shows that everything works, and learns nothing.
    """

    out_dir: Path
    seed: int = 0
    resume: bool = False
    quick: bool = False


@dataclass(frozen=True)
class Recipe:
    """One way to make a checkpoint.

    Attributes:
        name: What the user types.
        help: One line on what it makes.
        run: Does it, printing progress.
    """

    name: str
    help: str
    run: Callable[[RecipeOptions], None]
