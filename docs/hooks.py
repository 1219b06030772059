"""mkdocs hooks: the site links between chapters, leaves hidden cells out, and carries its own MathJax, so that it works from a folder."""
import os
import re
import shutil
from pathlib import Path

import jupyter_server_mathjax
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

here = Path(__file__).parent
os.environ['JUPYTER_CONFIG_DIR'] = str(here)
fonts = """<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], preferredFont: null, imageFont: null, webFont: "STIX-Web"}});
</script>"""


def on_files(files, config):
    "The pages that stand beside `nbs/` belong to the site too."
    for name in ('CHANGELOG.md', 'CONTRIBUTING.md'):
        files.append(File.generated(config, name, content=(here.parent/name).read_text(encoding='utf-8')))
    files.append(File.generated(config, 'wide.css', content='.md-grid {max-width: 76rem}'))
    return files


def on_post_page(output, page, config):
    "Chapters link to notebooks, their pages to pages; directives mean nothing to a reader."
    output = re.sub(r'href="(?![a-z]+:)(?:\.\./(?=C[A-Z]+\.))?([^"#]+)\.(?:ipynb|md)(#[^"]*)?"', r'href="\1.html\2"', output)
    output = re.sub(r'<span class="c1">#\|[^<]*</span>\n', '', output)
    output = output.replace('<!-- Load mathjax -->', fonts)
    return output.replace('MATHJAX/', get_relative_url('mathjax/', page.url))


def on_post_build(config):
    shutil.copytree(Path(jupyter_server_mathjax.__file__).parent/'static', Path(config['site_dir'])/'mathjax', dirs_exist_ok=True)
