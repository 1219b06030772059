"""Sphinx's settings for the site; what is written about the project stands in settings.ini."""
import re
import sys
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.transforms import SphinxTransform

sys.path.insert(0, str(Path(__file__).parent))
from pages import CONFIG, OUT, source_of  # noqa: E402

project, author, copyright = CONFIG['title'], CONFIG['author'], CONFIG['copyright']
version = release = CONFIG['version']
html_baseurl = CONFIG['doc_host'] + CONFIG['doc_baseurl'] + '/'
extensions = ['myst_nb', 'sphinx.ext.mathjax', 'sphinx_copybutton']
nb_execution_mode = 'off'
nb_ipywidgets_js = {}
myst_enable_extensions = ['amsmath', 'attrs_block', 'colon_fence', 'deflist', 'dollarmath',
                          'fieldlist']
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_html_meta = {'description': CONFIG['description']}
myst_heading_slug_func = 'pages.slug'
mathjax_path = 'mathjax/tex-chtml-full.js'
html_theme = 'pydata_sphinx_theme'
html_title = project
html_static_path = ['static', f'{OUT}/static']
templates_path = ['templates']
add_module_names = False
smartquotes_action = 'D'             # dashes, no quotes
toc_object_entries_show_parents = 'hide'
html_favicon = 'static/favicon.svg'
html_css_files, html_js_files = ['site.css'], ['site.js']
html_copy_source = html_use_index = html_show_sphinx = False
html_sidebars = {'index': []}
html_context = dict(default_mode='auto')
html_theme_options = dict(
    github_url=CONFIG['git_url'], navigation_depth=2, show_toc_level=2, search_bar_text='Search',
    secondary_sidebar_items=['page-toc', 'source'], footer_start=['copyright'], footer_end=[])
APPENDIX = 'For builders'


class FoldAppendix(SphinxTransform):
    "The appendix of a chapter, from its heading to the end of the page, is folded"
    default_priority = 10

    def apply(self):
        for section in [*self.document.findall(nodes.section)]:
            if not section[0].astext().startswith(APPENDIX): continue
            for later in section.parent[section.parent.index(section) + 1:]:
                section.parent.remove(later)
                section += later
            words = 'Show what is exported and not taught'
            opening = f'<details class="builders"><summary>{words}</summary>'
            section.insert(1, nodes.raw('', opening, format='html'))
            section += nodes.raw('', '</details>', format='html')


def finish_page(app, pagename, templatename, context, doctree):
    "What `source.html` needs; code without spans that have no colour, a third of a page"
    context['source'] = source_of(pagename)
    body = re.sub(r'<span class="(?:n|p|w)">([^<]*)</span>', r'\1', context.get('body', ''))
    context['body'] = body.replace(' aria-label="Toggle hidden content"', '')


def lighten(app, error):
    "Large pictures in 256 colours, a third of their size; no source maps"
    for file in (Path(app.outdir)/'_images').glob('*.png'):
        if file.stat().st_size < 100_000: continue
        with Image.open(file) as image: image.convert('RGB').quantize(256, dither=0).save(file)
    for file in Path(app.outdir).rglob('*.map'): file.unlink()


def setup(app):
    app.add_transform(FoldAppendix)
    app.connect('html-page-context', finish_page)
    app.connect('build-finished', lighten)
