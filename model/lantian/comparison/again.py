"""A run made again from what it holds, held against itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lantian.comparison.altered import differing
from lantian.language import Message
from lantian.store.draft import Claim
from lantian.store.run import changed_since, claim_run, command_line, read_manifest, write_run
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.solve import solve
from lantian.study.stages import Stage, silent


@dataclass(frozen=True)
class Again:
    """What came of a run that was made again.

    Attributes
    ----------
    files
        How many files of numbers the two have.
    inputs
        Of what the run was made from, what has changed or gone since.
    versions
        Of the program, its language and its libraries, those that differ: name, then, now.
    differing
        What differs, by file.
    folder
        Where it stands.
    """

    files: int
    inputs: tuple[str, ...]
    versions: tuple[tuple[str, str, str], ...]
    differing: dict[str, Message]
    folder: Path

    @property
    def same(self) -> bool:
        """Whether every number is the one that was written."""
        return not self.differing


def make_again(run: Path, root: Path, out: Path, stage: Stage = silent) -> Again:
    """Make a run again from its scenario and tables, and hold the one against the other.

    Parameters
    ----------
    run
        Its folder. Tables that it has no copy of are those of the project.
    root
        That project.
    out
        Folder that the new run is written into, under its name.
    stage
        Opened around each stage of the work.

    Returns
    -------
    Again
        The old run stays as it is.

    Raises
    ------
    InputError
        If what it was made from cannot be computed any more.
    """
    study = load(run / "scenario.yaml", stage)
    folder = out / study.scenario.name
    with claim_run(folder, overwrite=False) as claim:
        _write(study, claim, stage)
    then, now = read_manifest(run) or {}, read_manifest(folder) or {}
    names = dict.fromkeys((*then.get("outputs_sha256", {}), *now["outputs_sha256"]))
    own = {"manifest.json", *names}
    changed = [name for name in changed_since(run, root) if name not in own]
    return Again(
        len(names),
        tuple(changed),
        tuple(_versions(then, now)),
        differing(run, folder, [*names]),
        folder,
    )


def _write(study: Study, claim: Claim, stage: Stage) -> None:
    started = datetime.now(UTC)
    results = solve(study, stage)
    write_run(study, results, claim, command=command_line(), started=started)


def _versions(then: dict[str, Any], now: dict[str, Any]) -> Sequence[tuple[str, str, str]]:
    one, other = (
        {"lantian": m.get("version", ""), "python": m.get("python", ""), **m.get("libraries", {})}
        for m in (then, now)
    )
    return [(name, str(one.get(name, "")), str(other[name])) for name in other
            if one.get(name) != other[name]]  # fmt: skip
