# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Write the reference pages from the code: `python -m robot_policies.cli.reference`."""

import argparse
from collections.abc import Iterator, Sequence
import os
from pathlib import Path
import sys

FOLDER = Path('doc') / 'reference'
_MARK = '<!-- Written by python -m robot_policies.cli.reference from the code. Do not edit. -->\n'


def pages() -> dict[str, str]:
    """Return file name -> content of every page."""
    from robot_policies.cli import reference_nodes, reference_plugins, reference_topics

    made = {
        'nodes.md': reference_nodes.page(),
        'plugins.md': reference_plugins.plugins_page(),
        'topics.md': reference_topics.page(),
        'files.md': reference_plugins.files_page(),
        'command_line.md': _command_line(),
    }
    return {name: f'{_MARK}\n{text}' for name, text in made.items()}


def main(args: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--check', action='store_true', help='write nothing; 1 if out of date')
    parser.add_argument('--out', type=Path, default=FOLDER, metavar='FOLDER')
    options = parser.parse_args(args)
    stale = [name for name, text in pages().items() if _content(options.out / name) != text]
    if options.check:
        for name in stale:
            print(f'{options.out / name} is out of date: python -m robot_policies.cli.reference')
        return 1 if stale else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (options.out / name).write_text(text, encoding='utf-8')
    print(f'{len(stale)} of {len(pages())} pages were out of date')
    return 0


def _content(path: Path) -> str:
    return path.read_text(encoding='utf-8') if path.is_file() else ''


def _command_line() -> str:
    parts = [
        '# Command line',
        '`robot-policies <verb>`; `robot-policies <verb> --help` says it too.',
    ]
    parts += _verbs()
    parts += ['## Recipes, benchmarks, measurements', _definitions()]
    return '\n\n'.join(parts) + '\n'


def _verbs() -> Iterator[str]:
    from robot_policies.cli.main import verbs

    for name, verb in verbs().items():
        parser = argparse.ArgumentParser(
            prog=f'robot-policies {name}', description=verb.HELP, formatter_class=_Narrow
        )
        verb.add_arguments(parser)
        yield f'## `{name}`'
        yield f'```text\n{parser.format_help().strip()}\n```'


class _Narrow(argparse.HelpFormatter):
    """As wide on every terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=88)


def _definitions() -> str:
    from robot_policies.cli import evaluate, train
    from robot_policies.cli.discovery import load_definition, module_names
    from robot_policies.cli.reference_tables import table
    from robot_policies.evaluation.bench import measurements

    rows = []
    kinds = (('train', train.PACKAGE, 'RECIPE'), ('eval', evaluate.PACKAGE, 'BENCHMARK'))
    for verb, package, attribute in kinds:
        for name in module_names(package):
            found = load_definition(package, attribute, name)
            rows.append((f'`{verb} {name}`', found.help))
    rows += [(f'`bench --only {item.name}`', item.help) for item in measurements().values()]
    return table(('command', 'what it does'), rows)


if __name__ == '__main__':
    os.environ.setdefault('MUJOCO_GL', 'egl')
    sys.exit(main())
