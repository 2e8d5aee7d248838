"""Names of sources with wildcards: ``kiln-1``, ``kiln-*``, ``industry/*``."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from lantian.errors import Place, Problems, closest
from lantian.language import message


def fits(pattern: str, source: str, sector: str) -> bool:
    """Tell whether a pattern names a source.

    Parameters
    ----------
    pattern
        A source, or ``sector/source``; ``*`` stands for any signs.
    source, sector
        Ids.
    """
    return pattern in (source, f"{sector}/{source}") or (
        "*" in pattern and any(fnmatchcase(n, pattern) for n in (source, f"{sector}/{source}"))
    )


def nearest_pattern(patterns: Iterable[str], source: str, sector: str) -> str | None:
    """Return the pattern that says most about a source: without wildcard, else the longest.

    Parameters
    ----------
    patterns
        As :func:`fits` takes them.
    source, sector
        Ids.

    Returns
    -------
    str or None
        None if no pattern names the source.
    """
    fitting = [pattern for pattern in patterns if fits(pattern, source, sector)]
    return max(fitting, key=lambda p: ("*" not in p, len(p)), default=None)


def note_unmatched(
    pattern: str, sources: Mapping[str, str], place: Place, problems: Problems
) -> list[str]:
    """Return the sources that a pattern names; note one that names none.

    Parameters
    ----------
    pattern
        As :func:`fits` takes it.
    sources
        Source -> its sector.
    place
        Where it is written.
    problems
        Receives the fault.

    Returns
    -------
    list of str
        In the order of ``sources``.
    """
    found = [source for source, sector in sources.items() if fits(pattern, source, sector)]
    if not found:
        known = [*sources, *(f"{sector}/*" for sector in dict.fromkeys(sources.values()))]
        problems.add(
            place,
            message("'{name}' is not a source of the inventory.", name=pattern),
            fix=closest(pattern, known),
        )
    return found
