#!/usr/bin/env python3
"""Execute notebooks in place, and mark each output with the code that it came from.

The mark, in the metadata of a cell, is a digest of the cell, of what is exported above it, and of
the cells above that define a name which these use. If it no longer fits, that code has changed
since, and the output is older than it.
"""
import argparse
import ast
import hashlib
import re
from configparser import ConfigParser
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbdev.clean import nbdev_clean

ROOT = Path(__file__).resolve().parent.parent
MARK = 'executed'
STORED = {'slow', 'browser'}  # flags of cells that tests leave out and whose outputs are shown


def test_flags():
    "Flags of the cells that tests leave out"
    settings = ConfigParser(delimiters=['='])
    settings.read(ROOT/'settings.ini', encoding='utf-8')
    return {*settings['DEFAULT']['tst_flags'].split()}


def flags(cell):
    return {*re.findall(r'^#\|\s*(\w+)\s*$', cell.source, re.M)}


def names(cell):
    "Names that a cell uses, and those that it defines"
    nodes = [*ast.walk(ast.parse(cell.source))]
    used = {getattr(n, 'id', getattr(n, 'attr', None)) for n in nodes}
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made = {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    return used, stored | made | {a.asname or a.name for a in nodes if isinstance(a, ast.alias)}


def marked(nb):
    "The code cells of a notebook, each with the mark that it should have"
    above = []
    for cell in nb.cells:
        if cell.cell_type != 'code': continue
        used, defined = names(cell)
        needed, code = used | {'*'}, [cell.source]
        for source, uses, defines in reversed(above):
            if source.startswith('#| export') or defines & needed:
                needed |= uses
                code.append(source)
        above.append((cell.source, used, defined))
        yield cell, hashlib.sha256('\0'.join(code).encode()).hexdigest()[:12]


def stale(nb):
    "Sources of the cells whose output is older than the code, or was never made"
    return [cell.source for cell, mark in marked(nb)
            if (cell.outputs or flags(cell) & STORED) and cell.metadata.get(MARK) != mark]


def is_passing(output):
    "Is it of the moment: a progress bar, dead on a page, or a warning, with paths of one machine?"
    data = output.get('data', {})
    is_bar = 'application/vnd.jupyter.widget-view+json' in data and 'image/png' not in data
    return is_bar or output.get('name') == 'stderr'


def execute(file, wanted):
    "Run a notebook; cells that tests leave out only if they have one of the `wanted` flags"
    nb = nbformat.read(file, as_version=4)
    left_out = test_flags() - {*wanted}
    run = [(cell, mark) for cell, mark in marked(nb)
           if not flags(cell) & left_out and '#| eval: false' not in cell.source]
    for cell, _ in marked(nb): cell.metadata['tags'] = ['skip-execution']
    for cell, _ in run: cell.metadata['tags'] = []
    where = dict(metadata=dict(path=str(file.parent)))
    NotebookClient(nb, timeout=None, resources=where, store_widget_state=False).execute()
    for cell, mark in run:
        cell.outputs = [output for output in cell.outputs if not is_passing(output)]
        if cell.outputs or flags(cell) & STORED: cell.metadata[MARK] = mark
        else: cell.metadata.pop(MARK, None)
    nbformat.write(nb, file)
    nbdev_clean.__wrapped__(str(file))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('notebooks', nargs='+', type=Path)
    parser.add_argument('--flags', default='', help='cells to run as well: "slow browser"')
    given = parser.parse_args()
    for notebook in given.notebooks: execute(notebook.resolve(), given.flags.split())
