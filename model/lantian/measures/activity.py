"""Kind ``activity``: the activity no longer takes place, or moves to another source."""

from lantian.measures.contract import AVOIDED, AppliesRow
from lantian.measures.states import Rules, StateKey, matches


def step(state: StateKey, row: AppliesRow, rules: Rules) -> StateKey | str | None:
    """Return :data:`AVOIDED`, the state of the other source, or None if the row does not apply.

    Parameters
    ----------
    state
        State to move away from.
    row
        Line of the applies-table.
    rules
        Not used by this kind.

    Returns
    -------
    StateKey, str or None
        Where the activity goes.
    """
    if not matches(state, row):
        return None
    if row.to_technology == AVOIDED:
        return AVOIDED
    return StateKey(row.to_source, row.to_technology, frozenset())
