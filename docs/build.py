#!/usr/bin/env python3
"""Build the site into `_docs/html`, anew and strictly: a warning is an error. Executes nothing."""
import shutil
import sys

from sphinx.cmd.build import build_main

from pages import OUT, ROOT, stage

STRICT = ['--nitpicky', '--fail-on-warning', '--keep-going', '--quiet']

if __name__ == '__main__':
    built = ROOT/'_docs'
    shutil.rmtree(built, ignore_errors=True)
    stage()
    where = ['-c', ROOT/'docs', '-d', built/'doctrees', OUT, built/'html']
    sys.exit(build_main([*STRICT, *sys.argv[1:], *map(str, where)]))
