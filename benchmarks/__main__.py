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


def parsed(argv):
    parser = argparse.ArgumentParser('python -m benchmarks', description=__doc__)
    parser.add_argument('cases', nargs='*', metavar='case',
                        help=f'which: {", ".join(CASES)}; all if none is named')
    parser.add_argument('--rounds', type=int, default=9, help='of each comparison (default 9)')
    parser.add_argument('--out', type=Path, help='file to write (default results/HOST-DATE.json)')
    args = parser.parse_args(argv)
    unknown = ', '.join(sorted({*args.cases} - {*CASES}))
    if unknown: parser.error(f'no case {unknown}: known are {", ".join(CASES)}')
    if args.rounds < 1: parser.error('give at least one round')
    return args


def main(argv=None):
    args = parsed(argv)
    print(*(f'{name}: {value}' for name, value in hardware().items()), sep='\n', flush=True)
    rows = []
    for name in args.cases or CASES:
        print(f'\n== {name}: {CASES[name].__doc__}', flush=True)
        found = [dict(case=name) | row for row in CASES[name](args.rounds)]
        print(pd.DataFrame(found).drop(columns='case').to_string(index=False), flush=True)
        rows += found
    out = args.out or Path(__file__).parent/'results'/f'{date.today()}.json'
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(dict(hardware=hardware(), rounds=args.rounds, rows=rows), indent=1))
    print(f'\nwritten: {out}')


if __name__ == '__main__': main(sys.argv[1:])
