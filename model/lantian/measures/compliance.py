"""Kind ``compliance``: controls in place are run better, or a rule is kept more often."""

from lantian.measures import control
from lantian.measures.contract import AppliesRow
from lantian.measures.states import Rules, StateKey, matches


def step(state: StateKey, row: AppliesRow, rules: Rules) -> StateKey | str | None:
    """Return the state under better-run controls, or None if the row does not apply.

    Parameters
    ----------
    state
        State to move away from.
    row
        Line of the applies-table.
    rules
        Tells whether a control can be added.

    Returns
    -------
    StateKey or None
        Where the activity goes.
    """
    if not row.replaces:
        return control.step(state, row, rules)
    if not matches(state, row) or row.replaces not in state.controls:
        return None
    return state.with_controls(state.controls - {row.replaces} | {row.control})
