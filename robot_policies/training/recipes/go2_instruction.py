# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_instruction`."""

from robot_policies.training.instruction import train
from robot_policies.training.recipe import Recipe

RECIPE = Recipe(
    name='go2_instruction',
    help='Vision-language-action policy of the Go2: walk to the object that is named.',
    run=train,
)
