"""Kind ``shift``: the same activity by another technology, under the controls that still fit."""

from lantian.measures.contract import AppliesRow
from lantian.measures.states import Rules, StateKey, matches


def step(state: StateKey, row: AppliesRow, rules: Rules) -> StateKey | str | None:
    """Return the state of the new technology, or None if the row does not apply.

    Parameters
    ----------
    state
        State to move away from.
    row
        Line of the applies-table.
    rules
        Tells which controls stay.

    Returns
    -------
    StateKey or None
        Where the activity goes.
    """
    if not matches(state, row) or state.technology == row.to_technology:
        return None
    controls = rules.keep(state.source, row.to_technology, state.controls)
    return StateKey(state.source, row.to_technology, controls)
