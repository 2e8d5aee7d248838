"""Kind ``control``: a device or practice added to a technology."""

from lantian.measures.contract import AppliesRow
from lantian.measures.states import Rules, StateKey, matches


def step(state: StateKey, row: AppliesRow, rules: Rules) -> StateKey | str | None:
    """Return the state with the control added, or None if the row does not apply.

    Parameters
    ----------
    state
        State to move away from.
    row
        Line of the applies-table.
    rules
        Tells whether the control can be added.

    Returns
    -------
    StateKey or None
        Where the activity goes.
    """
    if not matches(state, row) or not rules.allows(state, row.control):
        return None
    return state.with_controls(state.controls | {row.control})
