"""How notebooks become README.md and the pages of the site: hidden cells stay out; links in README.md start at the root."""
import posixpath
import re


def for_readme(nb, resources):
    "The index links relative to `nbs/`, README.md to the root; it shows tables as text and no directives."
    relink = lambda m: '](' + posixpath.normpath(posixpath.join('nbs', m[1])) + ')'
    nb.metadata.language_info = {'name': 'python'}
    for cell in nb.cells:
        if cell.cell_type == 'markdown':
            cell.source = re.sub(r'\]\((?![a-z]+:|#)([^)\s]+)\)', relink, cell.source)
            continue
        cell.source = re.sub(r'^#\|.*\n', '', cell.source, flags=re.M)
        for output in cell.outputs: output.get('data', {}).pop('text/html', None)
    return nb, resources


c.RegexRemovePreprocessor.patterns = [r'#\| *(hide|default_exp)\b']  # noqa: F821 (Jupyter provides `c`)
c.MarkdownExporter.preprocessors = [for_readme]  # noqa: F821
