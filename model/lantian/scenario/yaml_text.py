"""YAML 1.2 through libyaml: ``no`` is a word, ``1:30`` is not a number, ``1e3`` is one.

PyYAML's own rules are those of YAML 1.1; here its parser and its writer, which are C, follow the
core schema of YAML 1.2.2, section 10.3.2 (with ``_`` between digits, as before).
"""

import re
from functools import cache, lru_cache
from typing import Any, ClassVar

CORE_SCHEMA = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    (
        "int",
        r"^(?:[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9_]+)$",
        "-+0123456789",
    ),
    (
        "float",
        r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
            |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
            |[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
            |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$""",
        "-+0123456789.",
    ),
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
)
"""Kind, form and first signs of each plain scalar that is no word."""


@cache
def _tools() -> tuple[type[Any], type[Any]]:
    """Return a loader that composes nodes, and a dumper; PyYAML is imported on first use."""
    from yaml import CSafeDumper
    from yaml.cyaml import CParser
    from yaml.resolver import BaseResolver

    class Loader(CParser, BaseResolver):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            BaseResolver.__init__(self)

    class Dumper(CSafeDumper):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}

        def ignore_aliases(self, data: Any) -> bool:
            return True

    for kind, form, first in CORE_SCHEMA:
        for tool in (Loader, Dumper):
            tag = f"tag:yaml.org,2002:{kind}"
            tool.add_implicit_resolver(tag, re.compile(form, re.VERBOSE), list(first))
    return Loader, Dumper


# Scenarios extend one another: a parent is read with each of its children.
@lru_cache(maxsize=16)
def composed(text: str) -> Any:
    """Return the nodes of a text, which nobody changes.

    Parameters
    ----------
    text
        One document of YAML.

    Returns
    -------
    Any
        The top node with tags of the core schema and the place of each part; None if empty.

    Raises
    ------
    yaml.MarkedYAMLError
        If the text is no YAML, or more than one document.
    yaml.reader.ReaderError
        If a character may not stand in YAML; its position counts bytes.
    """
    loader = _tools()[0](text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


_KEY = r"[A-Za-z_][\w-]*"
TYPED_WIDE = tuple(
    map(
        re.compile,
        (
            rf"(?:^\s*(?:- )?|[{{,，]\s*){_KEY}\s*(?P<sign>：)",
            rf"(?P<sign>，)\s*{_KEY}\s*[:：]",
            r"(?:[:：]|^\s*-)\s*(?P<sign>[｛［])",
            r"(?P<sign>[｝］])\s*$",
            r"[:：]\s*(?P<sign>[“‘＂＇])",
            r"[:：]\s*[\"'][^\"']*(?P<sign>[“”‘’＂＇])\s*(?:[,，}｝]|$)",
            rf"(?:^ *-?|{_KEY}:)(?P<sign>[\u00a0\u3000])",
        ),
    )
)
"""Signs that are typed in the place of those that YAML knows, where these would stand."""
_WIDE = {"：": ":", "，": ",", "｛": "{", "［": "[", "｝": "}", "］": "]"}
_WIDE |= {
    "“": '"',
    "”": '"',
    "＂": '"',
    "‘": "'",
    "’": "'",
    "＇": "'",
    "\u00a0": " ",
    "\u3000": " ",
}


def wide_sign(text: str, last: int) -> tuple[int, int, str, str] | None:
    """Return the last sign up to a line that looks like one of YAML and is none.

    Parameters
    ----------
    text
        What is no YAML.
    last
        Line in which its parser gave up.

    Returns
    -------
    tuple or None
        Line and column, from 1, the sign, and the one that is meant.
    """
    for n in range(min(last, len(lines := text.split("\n"))), 0, -1):
        line = re.sub(r"(^|\s)#.*", "", lines[n - 1])
        for pattern in TYPED_WIDE:
            if found := pattern.search(line):
                return n, found.start("sign") + 1, found["sign"], _WIDE[found["sign"]]
    return None


def written(data: Any) -> str:
    """Return plain data as YAML that reads back as the same, in the order given."""
    import yaml

    text: str = yaml.dump(data, Dumper=_tools()[1], sort_keys=False, allow_unicode=True, width=100)
    return text
