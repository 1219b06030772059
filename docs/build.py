#!/usr/bin/env python3
"""Build the site into `_docs/html`, strictly: a warning is an error. Executes no notebook."""
import sys

from sphinx.cmd.build import build_main

from pages import OUT, ROOT, stage

STRICT = ['--nitpicky', '--fail-on-warning', '--keep-going', '--quiet']

if __name__ == '__main__':
    stage()
    where = ['-c', ROOT/'docs', '-d', ROOT/'_docs'/'doctrees', OUT, ROOT/'_docs'/'html']
    sys.exit(build_main([*STRICT, *sys.argv[1:], *map(str, where)]))
