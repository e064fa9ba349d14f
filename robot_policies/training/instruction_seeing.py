# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The networks that see, as they are trained together, and the loss that teaches them."""

from robot_policies.networks.conv_trunk import ConvTrunk
from robot_policies.networks.grounding import all_fit, LanguageGrounding, log_complement
from robot_policies.sim.vocabulary import SIZES
from robot_policies.training.instruction_pictures import WORDS
from robot_policies.training.instruction_questions import Questions
from robot_policies.training.instruction_settings import InstructionSettings
import torch
from torch import nn

_MISTAKEN = 0.3


class Seeing(nn.Module):
    """Trunk and grounding head, trained together."""

    def __init__(self, settings: InstructionSettings) -> None:
        super().__init__()
        self.trunk = ConvTrunk(
            height=settings.height,
            width=settings.width,
            channels=settings.channels,
            size=settings.token_size,
        )
        self.grounding = LanguageGrounding(
            token_size=settings.token_size,
            vocabulary_size=len(WORDS),
            hidden_size=settings.grounding_size,
        )

    def loss(self, pictures: torch.Tensor, questions: Questions, *, sharpen: bool) -> torch.Tensor:
        """Return the loss: what every token shows, where it is, and which sentences name it.

        Args:
            pictures: (b, 3, height, width).
            questions: About them.
            sharpen: Count nameless tokens (walls, pillars, crates) the more, the more surely they
                are taken for something, and sizes, which are hardest, double.
        """
        tokens = self.trunk(pictures)
        fit = self.grounding.fit(tokens)
        naming = nn.functional.binary_cross_entropy_with_logits(
            fit, questions.names, reduction='none'
        )
        log_share = all_fit(fit, questions.words)
        sentences = -torch.where(questions.answer > 0, log_share, log_complement(log_share)).mean(
            1
        )
        bearing, log_distance = self.grounding.where(tokens)
        smooth = nn.functional.smooth_l1_loss
        place = smooth(bearing, questions.bearing, reduction='none', beta=0.05)
        place = place + smooth(log_distance, questions.log_distance, reduction='none', beta=0.1)
        weight = questions.weight
        if sharpen:
            naming = torch.cat([2.0 * naming[..., : len(SIZES)], naming[..., len(SIZES) :]], -1)
            mistaken = torch.sigmoid(fit[..., len(SIZES) :]).amax(-1).detach()
            weight = weight + _MISTAKEN * mistaken * (weight > 0) * (1.0 - questions.shown)
        each = naming.sum(-1) + 2.0 * sentences + 2.0 * place * questions.shown
        return (each * weight).sum(-1).mean() / 4.0
