"""The Sphinx project of peerspec.

The extension `peerspec_docs` in `_ext/` fetches the specification's pages from `spec/` at the top of the checkout and
makes what is computed: tables, figures, coverage, the pages of the API.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "peerspec"
author = "peerspec contributors"
copyright = "2026, peerspec contributors"  # noqa: A001 (the name is Sphinx's)
release = version = version_of("peerspec")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_needs", "peerspec_docs"]
exclude_patterns = ["_build", "_results"]
root_doc = "index"

html_theme = "furo"
html_title = f"peerspec {release}"
html_static_path = ["_static"]
html_css_files = ["peerspec.css"]
html_theme_options = {"navigation_with_keys": True}
html_copy_source = False
pygments_style = "tango"
pygments_dark_style = "github-dark"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

# Thousands of methods copied into the navigation of every page took more than a third of the build.
toc_object_entries = False

# Docstrings are reStructuredText in which single backquotes, too, mean code.
default_role = "code"
# An annotation that names a class by a word which several modules have (`Address`) is printed, not linked.
suppress_warnings = ["ref.python"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": True, "ignore-module-all": True, "show-inheritance": True}

# Where `peerspec prove NETWORK --json` was told to write: a file for each network. The docs can do without.
peerspec_results = "_results"

needs_types = [{"directive": "req", "title": "Requirement", "prefix": "", "color": "#ffffff", "style": "node"}]
needs_id_regex = r"[A-Z]{3}-[A-Z]{3}-[0-9]{2}"
needs_fields = {
    name: {"description": description, "schema": {"type": "string"}, "default": ""}
    for name, description in {
        "level": "MUST, SHOULD or MAY, in the sense of RFC 2119",
        "binds": "the role that the requirement binds",
        "source": "the document and section that it comes from",
        "observe": "how a black-box tester sees it",
        "untestable": "why a black-box tester cannot see it",
        "feature": "what the node under test must offer",
        "time": "seconds of the node's time that its cases take",
    }.items()
}
needs_layouts = {"requirement": {"grid": "content", "layout": {}}}
needs_default_layout = "requirement"
needs_role_need_template = "{id}"
needs_build_json = True
