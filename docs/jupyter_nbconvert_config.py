"""How the index becomes README.md: hidden cells stay out; links start at the root."""
import posixpath
import re


def for_readme(nb, resources):
    "The index links relative to `nbs/`, README.md to the root; it shows tables as text and no directives."
    relink = lambda m: '](' + posixpath.normpath(posixpath.join('nbs', m[1])) + ')'
    nb.metadata.language_info = {'name': 'python'}
    link = r'\]\((?![a-z]+:|#)([^)\s]+)\)'
    for cell in nb.cells:
        if cell.cell_type == 'markdown':
            cell.source = re.sub(link, relink, cell.source)
            continue
        if '#| echo: false' in cell.source: cell.metadata.transient = {'remove_source': True}
        cell.source = re.sub(r'^#\|.*\n', '', cell.source, flags=re.M)
        for data in (output.get('data', {}) for output in cell.outputs):
            data.pop('text/html', None)
            if 'text/markdown' in data: data['text/markdown'] = re.sub(link, relink, data['text/markdown'])
    return nb, resources


c.RegexRemovePreprocessor.patterns = [r'#\| *(hide|default_exp)\b']  # noqa: F821 (Jupyter provides `c`)
c.MarkdownExporter.preprocessors = [for_readme]  # noqa: F821
