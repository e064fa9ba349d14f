# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train <recipe>`."""

import argparse
from pathlib import Path

from robot_policies.cli.discovery import load_definition

HELP = 'train a checkpoint by a recipe'
PACKAGE = 'robot_policies.training.recipes'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('recipe', help='see robot-policies list recipes')
    parser.add_argument('--out', type=Path, help='folder of the run; default training/<recipe>')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--resume', action='store_true', help='go on from what lies in the folder')
    parser.add_argument('--quick', action='store_true', help='seconds only: shows that it works')


def run(options: argparse.Namespace) -> int:
    """Train."""
    from robot_policies.training.recipe import RecipeOptions

    recipe = load_definition(PACKAGE, 'RECIPE', options.recipe)
    recipe.run(
        RecipeOptions(
            out_dir=options.out or Path('training', options.recipe),
            seed=options.seed,
            resume=options.resume,
            quick=options.quick,
        )
    )
    return 0
