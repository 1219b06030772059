"""Everything about the package stands in settings.ini; this file only hands it to setuptools."""
import sys
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

here = Path(__file__).parent
sys.path.insert(0, str(here/'docs'))
from stubs import write_stubs

parser = ConfigParser(delimiters=['='])
parser.read(here/'settings.ini', encoding='utf-8')
cfg = parser['DEFAULT']

licenses = {'apache2': 'Apache-2.0'}
statuses = ['0 - Pre-Planning', '1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable', '6 - Mature', '7 - Inactive']
extras = {k.removesuffix('_requirements'): cfg[k].split() for k in cfg if k.endswith('_requirements')}
extras['dev'] += extras['app'] + extras['cluster'] + extras['tensorboard']

class BuildModules(build_py):
    "All modules but the index of nbdev, which only its own tools read; stubs beside them"
    def find_package_modules(self, package, package_dir):
        found = super().find_package_modules(package, package_dir)
        return [m for m in found if m[1] != '_modidx']

    def run(self):
        super().run()
        write_stubs(Path(self.build_lib, cfg['lib_name']))

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=(here/'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    keywords=cfg['keywords'],
    author=cfg['author'],
    author_email=cfg['author_email'],
    license=licenses[cfg['license']],
    url=cfg['git_url'],
    project_urls={'Book': cfg['doc_host'] + cfg['doc_baseurl'] + '/',
                  'Source': cfg['git_url'],
                  'Issues': cfg['git_url'] + '/issues',
                  'Changes': f"{cfg['git_url']}/blob/{cfg['branch']}/CHANGELOG.md"},
    classifiers=['Development Status :: ' + statuses[int(cfg['status'])],
                 'Intended Audience :: ' + cfg['audience'],
                 'Natural Language :: ' + cfg['language'],
                 'Operating System :: OS Independent',
                 'Programming Language :: Python :: 3',
                 'Programming Language :: Python :: 3.11',
                 'Framework :: Jupyter',
                 'Topic :: Scientific/Engineering :: Artificial Intelligence',
                 'Topic :: Education'],
    packages=find_packages(include=['si_regimes', 'si_regimes.*']),
    include_package_data=True,
    cmdclass={'build_py': BuildModules},
    python_requires='>=' + cfg['min_python'],
    install_requires=cfg['requirements'].split(),
    extras_require=extras,
    entry_points={'console_scripts': cfg['console_scripts'].split()},
    zip_safe=False)
