# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Write `doc/results.md` from `doc/results/*.json`.

Run it as `python -m robot_policies.evaluation.results_page`. The JSON files are those of
`robot-policies bench --json` and `robot-policies eval --json`; nothing is typed by hand, so no
number can stand there that no command made.
"""

from collections.abc import Iterator, Mapping, Sequence
import json
from pathlib import Path
import sys
from typing import Any

from robot_policies.evaluation.results_plots import has_plot, write_plots
from robot_policies.evaluation.soak_growth import SERIES

FOLDER = Path('doc') / 'results'
PAGE = Path('doc') / 'results.md'
IMAGES = Path('doc') / 'images'
_INTRO = """# Results

Each table is made from a JSON file beside this page by
`python -m robot_policies.evaluation.results_page`, and each file by the command above its table.
Nothing here is typed by hand. *n* is the number of samples, *ci95* the 95 % confidence interval.
"""
_COLUMNS = (
    *('episodes', 'seconds', 'falls', 'success_rate', 'ci95', 'collisions'),
    *('vx_error', 'vy_error', 'yaw_error'),
    *('auc', 'auc_ci95', 'auc_mahalanobis', 'auc_nearest'),
    *('auc_tokens_mahalanobis', 'auc_tokens_nearest'),
    *('auc_light_mahalanobis', 'auc_light_nearest'),
    *('auc_patches_mahalanobis', 'auc_patches_nearest', 'detected'),
    *('success_change', 'success_change_ci95', 'time_change_s', 'time_change_s_ci95'),
    *('collision_rate', 'interventions_per_min', 'interventions_per_min_ci95', 'acting_share'),
    *('velocity_jerk', 'target_jerk'),
)
_NONE_YET = 'Nothing has been measured into `doc/results/` yet.\n'


def page(folder: Path) -> str:
    """Return the page for the JSON files in a folder.

    Args:
        folder: Holds `<name>.json`, and where there is more to say, `<name>.md`.
    """
    parts = [_INTRO]
    for path in sorted(folder.glob('*.json')):
        content = json.loads(path.read_text(encoding='utf-8'))
        if 'rows' in content and 'benchmark' not in content:
            continue  # the fault suite has a page of its own
        if 'longest_part_hours' in content:
            parts += _soak(path, content)
        elif 'measurements' in content:
            parts += _bench(content)
        else:
            parts += _benchmark(path, content)
    return '\n'.join(parts if len(parts) > 1 else [*parts, _NONE_YET])


def _soak(path: Path, content: Mapping[str, Any]) -> Iterator[str]:
    yield f'## {path.stem}\n\n`robot-policies soak --hours {content["hours"]:.2g} --json FILE`\n'
    if path.with_suffix('.md').is_file():
        yield f'More about it: [{path.stem}.md](results/{path.stem}.md).\n'
    if has_plot(content):
        yield f'![{path.stem}](images/{path.stem}.png)\n'
    left_out = ('machine', 'benchmark', SERIES)
    numbers = {key: value for key, value in content.items() if key not in left_out}
    yield _table(_flat(numbers))


def _benchmark(path: Path, content: Mapping[str, Any]) -> Iterator[str]:
    name = content.get('benchmark', path.stem)
    command = f'robot-policies eval {name} --episodes {content.get("episodes")}'
    checkpoint = content.get('checkpoint', name)
    command += f' --checkpoint {checkpoint}' if checkpoint != name else ''
    command += f' --stack {content["stack"]}' if content.get('stack') else ''
    for setting, value in content.get('settings', {}).items():
        command = command.replace(f' {name} ', f' {name} {setting}={value} ', 1)
    yield f'## {path.stem}\n\n`{command} --seed {content.get("seed")} --json FILE`\n'
    if path.with_suffix('.md').is_file():
        yield f'More about it: [{path.stem}.md](results/{path.stem}.md).\n'
    yield _table((key, _shown(value)) for key, value in content.items() if _is_plain(value))
    if has_plot(content):
        yield f'![{path.stem}](images/{path.stem}.png)\n'
    bars = content.get('bars')
    if isinstance(bars, Mapping) and all(isinstance(bar, Mapping) for bar in bars.values()):
        yield _bars(bars)
    if isinstance(content.get('trials'), Mapping):
        yield _trials(content['trials'])
    if content.get('rows'):
        yield _rows(content['rows'])


def _rows(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(rows[0])
    lines = [f'| {" | ".join(columns)} |', '|---' * len(columns) + '|']
    for row in rows:
        cells = ['' if row[column] is None else _shown(row[column]) for column in columns]
        lines.append(f'| {" | ".join(cells)} |')
    return '\n'.join(lines) + '\n'


def _bars(bars: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ['| to reach | measured | limit | |', '|---|---|---|---|']
    for name, bar in bars.items():
        met = 'met' if bar['holds'] else '**not met**'
        lines.append(f'| {name} | {_shown(bar["value"])} | {_shown(bar["limit"])} | {met} |')
    return '\n'.join(lines) + '\n'


def _trials(trials: Mapping[str, Mapping[str, Any]]) -> str:
    columns = [name for name in _COLUMNS if any(name in t for t in trials.values())]
    lines = [f'| trial | {" | ".join(columns)} |', '|---' * (len(columns) + 1) + '|']
    for name, numbers in trials.items():
        cells = [_shown(numbers[column]) if column in numbers else '' for column in columns]
        lines.append(f'| {name} | {" | ".join(cells)} |')
    return '\n'.join(lines) + '\n'


def _bench(content: Mapping[str, Any]) -> Iterator[str]:
    machine = content['machine']
    versions = ', '.join(f'{name} {version}' for name, version in machine['versions'].items())
    yield '## Machine\n\n`robot-policies bench --json FILE`\n'
    yield 'More about it: [bench.md](results/bench.md).\n'
    yield (
        f'{machine["processor"]}, {machine["cores"]} cores, {machine["memory_gb"]} GB; '
        f'{machine["system"]}, Python {machine["python"]}; {versions}.\n'
    )
    for name, numbers in content['measurements'].items():
        yield f'### {name}\n'
        yield _table(_flat(numbers))


def _flat(numbers: Mapping[str, Any], prefix: str = '') -> Iterator[tuple[str, str]]:
    for name, value in numbers.items():
        if isinstance(value, Mapping) and 'aim' in value:
            met = 'met' if value['met'] else '**not met**'
            yield f'{prefix}{name}', f'{_shown(value["value"])} ({value["aim"]}: {met})'
        elif isinstance(value, Mapping) and 'n' in value:
            yield f'{prefix}{name}', ', '.join(f'{k} {_shown(v)}' for k, v in value.items())
        elif isinstance(value, Mapping):
            yield from _flat(value, f'{prefix}{name} · ')
        else:
            yield f'{prefix}{name}', _shown(value)


def _table(rows: Any) -> str:  # noqa: ANN401
    lines = ['| | |', '|---|---|', *(f'| {name} | {value} |' for name, value in rows)]
    return '\n'.join(lines) + '\n'


def _is_plain(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, list):
        return len(value) <= 4 and all(isinstance(item, (int, float)) for item in value)
    return isinstance(value, (str, int, float, bool))


def _shown(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, float):
        return f'{value:.4g}'
    if isinstance(value, list):
        return f'[{", ".join(_shown(item) for item in value)}]'
    return str(value)


def main() -> int:
    """Write the page and the pictures on it."""
    PAGE.write_text(page(FOLDER), encoding='utf-8')
    write_plots(FOLDER, PAGE.parent / 'images')
    return 0


if __name__ == '__main__':
    sys.exit(main())
