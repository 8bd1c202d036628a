"""Maps the top-level folders into the package: `codecs/gnutella/ping.py` is `peerspec.codecs.gnutella.ping`.

Everything else about the distribution stands in `pyproject.toml`. The folders themselves hold no `__init__.py`
(one in `codecs/` would shadow the standard library's module of that name): they are namespace packages.
"""

from setuptools import find_namespace_packages, setup

FOLDERS = ("codecs", "reference", "conformance", "spec")

setup(
    packages=[
        "peerspec." + name for folder in FOLDERS for name in find_namespace_packages(include=[folder, folder + ".*"])
    ],
    package_dir={"peerspec." + folder: folder for folder in FOLDERS},
    package_data={"": ["py.typed", "*.md", "*.toml", "*.json", "*.lua", "*.html", "*.j2", "*.css", "*.js"]},
)
