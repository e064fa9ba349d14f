# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Cards and tables as HTML. Everything that came from a topic is escaped."""

from collections.abc import Sequence
from html import escape

from robot_policies.dashboard.model import Card, HealthRow, Tone


def banner(card: Card) -> str:
    """Return a card on its full colour: what must be seen from across the room."""
    style = f'background:{card.tone.value}'
    return f'<div class="rp"><div class="rp-card" style="{style}">{_content(card)}</div></div>'


def note(card: Card) -> str:
    """Return a card with a coloured edge."""
    style = f'border-color:{card.tone.value}'
    inside = f'<div class="rp-card rp-soft" style="{style}">{_content(card)}</div>'
    return f'<div class="rp">{inside}</div>'


def health_table(rows: Sequence[HealthRow]) -> str:
    """Return the nodes' reports as a table."""
    if not rows:
        return '<div class="rp rp-dim">Nobody reports on /diagnostics.</div>'
    return f'<div class="rp"><table>{"".join(map(_row, rows))}</table></div>'


def line(parts: Sequence[tuple[str, Tone]]) -> str:
    """Return short facts in one line, each with a dot of its colour."""
    return (
        f'<div class="rp">{"&emsp;".join(_dot(tone) + escape(text) for text, tone in parts)}</div>'
    )


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Return names, each with a dash of its colour."""
    dashes = (
        f'<span style="color:{colour};font-weight:800">━</span> {escape(name)}'
        for name, colour in entries
    )
    return f'<div class="rp rp-dim">{"&emsp;".join(dashes)}</div>'


def _content(card: Card) -> str:
    text = f'<p>{escape(card.text)}</p>' if card.text else ''
    heading = f'<p><b>{escape(card.points_title)}</b></p>' if card.points_title else ''
    points = ''.join(f'<li>{escape(point)}</li>' for point in card.points)
    listed = f'<ul>{points}</ul>' if points else ''
    foot = f'<p class="rp-foot">{escape(card.footnote)}</p>' if card.footnote else ''
    return f'<h2>{escape(card.title)}</h2>{text}{heading}{listed}{foot}'


def _row(row: HealthRow) -> str:
    text = f'<br><span style="color:#ffa8a8">{escape(row.text)}</span>' if row.text else ''
    figures = '<br>'.join(map(escape, row.figures))
    return f'<tr><td>{_dot(row.tone)}{escape(row.name)}{text}</td><td>{figures}</td></tr>'


def _dot(tone: Tone) -> str:
    return f'<span class="rp-dot" style="background:{tone.value}"></span>'
