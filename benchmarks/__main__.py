"""What things cost: `python -m benchmarks` prints a table and writes a file of JSON."""
import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')  # as the workers of a sweep

import pandas as pd

from benchmarks.cases import CASES
from benchmarks.measure import hardware

LATEST = Path(__file__).parent/'results'/'latest.json'


def parsed(argv):
    parser = argparse.ArgumentParser('python -m benchmarks', description=__doc__)
    parser.add_argument('cases', nargs='*', metavar='case',
                        help=f'which: {", ".join(CASES)}; all if none is named')
    parser.add_argument('--rounds', type=int, default=9, help='of each comparison (default 9)')
    parser.add_argument('--out', type=Path, help='file to write (default, if all are measured: '
                        'benchmarks/results/latest.json)')
    args = parser.parse_args(argv)
    unknown = ', '.join(sorted({*args.cases} - {*CASES}))
    if unknown: parser.error(f'no case {unknown}: known are {", ".join(CASES)}')
    if args.rounds < 1: parser.error('give at least one round')
    if not args.cases and not args.out: args.out = LATEST
    try: writable(args.out)
    except OSError as e: parser.error(f'cannot write {args.out} ({e.strerror}): name another file')
    return args


def writable(file):
    "OSError unless a file can be written, which is noticed before hours of measuring"
    if file is None: return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.open('a').close()


def main(argv=None):
    args = parsed(argv)
    print(*(f'{name}: {value}' for name, value in hardware().items()), sep='\n', flush=True)
    rows = []
    for name in args.cases or CASES:
        print(f'\n== {name}: {CASES[name].__doc__}', flush=True)
        found = [dict(case=name) | row for row in CASES[name](args.rounds)]
        print(pd.DataFrame(found).drop(columns='case').to_string(index=False), flush=True)
        rows += found
    if not args.out: return
    found = dict(hardware=hardware(), date=str(date.today()), rounds=args.rounds, rows=rows)
    args.out.write_text(json.dumps(found, indent=1))
    print(f'\nwritten: {args.out}')


if __name__ == '__main__': main(sys.argv[1:])
