#!/usr/bin/env python3
"""Build the site into `_docs/html`, strictly: a warning is an error. Executes no notebook."""
import sys

from sphinx.cmd.build import build_main

from pages import OUT, ROOT, stage

if __name__ == '__main__':
    stage()
    strict = ['--nitpicky', '--fail-on-warning', '--keep-going', '--quiet']
    sys.exit(build_main(['-c', f'{ROOT}/docs', '-d', f'{ROOT}/_docs/doctrees', *strict,
                         *sys.argv[1:], f'{OUT}', f'{ROOT}/_docs/html']))
