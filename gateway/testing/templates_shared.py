"""Files that every new plugin begins with; ``$name`` and its like are filled in."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.partners import PartnerKind

HOOKS: Mapping[PartnerKind, str] = {
    PartnerKind.BANK: '{"settings_schema", "layouts"}',
    PartnerKind.REGISTRY: """
        {"settings_schema", "identify_file", "render_inquiries", "read_credit_reports"}
    """,
}

FILES: Mapping[str, str] = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
""",
    "setup.cfg": """\
[metadata]
name = kotajambi-gateway-$dashed
version = 0.1.0
description = $title: its files for the gateway of Kota Jambi
classifiers =
    Private :: Do Not Upload
    Programming Language :: Python :: 3.11

[options]
packages = find:
python_requires = >=3.11
install_requires =
    kotajambi-gateway
    marshmallow>=4.3

[options.packages.find]
include =
    $package

[options.package_data]
$package =
    py.typed

[options.entry_points]
gateway.plugins =
    $name = $package

[tool:pytest]
addopts = --import-mode=importlib
testpaths = tests
pythonpath = .
""",
    "README.md": """\
# $title

How far this format is proven: **drafted** (nobody at $title has seen it).

| question | answer |
|---|---|
| Who agreed to the format, and when? | nobody yet |
| Cut-off hours | not known yet |
| Desk to call | not known yet |
| Known quirks | none yet |

## What to do next

1. Change the format until it is the partner's own. The plugin translates and does nothing else:
   no connection, no clock, no file.
2. Put one real, anonymised file of each kind into `samples/`, and beside it what must be read
   from it (`<name>.expected.json`). Made-up people have a NIK that begins with `157199`.
3. Run the conformance suite: `python -m pytest` here, or `gateway plugin check $name` once the
   plugin is installed (`pip install --no-deps -e .`).
4. Name the plugin in the partner's file: `plugin = "$name"`.
""",
    "$package/py.typed": "",
    "$package/settings.py": '''\
"""What a partner's file may set for this plugin."""

from __future__ import annotations

from marshmallow import Schema, fields


class Settings(Schema):
    """``[settings]`` of a partner whose plugin is ``$name``."""

    branch = fields.String(load_default="", metadata={"about": "The branch in charge."})
''',
    "tests/test_${name}_conformance.py": '''\
"""$title keeps every law of the contract."""

from __future__ import annotations

from pathlib import Path

import $package

from gateway.domain.partners import Partner
from gateway.testing.conformance import $suite


class Test$klass($suite):
    plugin = $package
    partner = Partner(code="$name", name="$title", bank_code="$bank_code")
    samples = Path(__file__).parent.parent / "samples"
    hooks = frozenset($hooks)
''',
}
