"""The name of a state while a system is being put together."""

from dataclasses import dataclass

from lantian.measures.contract import AppliesRow


@dataclass(frozen=True)
class StateKey:
    """Source, technology and control package."""

    source: str
    technology: str
    controls: frozenset[str]

    def with_controls(self, controls: frozenset[str]) -> "StateKey":
        """Return the same source and technology under another package."""
        return StateKey(self.source, self.technology, controls)


@dataclass(frozen=True)
class Rules:
    """What the applies-table says about controls.

    Attributes
    ----------
    fits
        (source, control) -> technologies it may be put on; an empty set stands for all.
    exclusive
        (source, control) -> its exclusive group, or "".
    replaced_by
        (source, control) -> the controls that take its place, directly or in the end.
    """

    fits: dict[tuple[str, str], frozenset[str]]
    exclusive: dict[tuple[str, str], str]
    replaced_by: dict[tuple[str, str], frozenset[str]]

    def allows(self, state: StateKey, control: str) -> bool:
        """Tell whether a control can be added to a state.

        Parameters
        ----------
        state
            State to start from.
        control
            Name of the control.

        Returns
        -------
        bool
            False if the state holds it already, its technology does not fit, or an exclusive group
            is taken.
        """
        fits = self.fits.get((state.source, control), frozenset())
        if self.holds(state, control) or (fits and state.technology not in fits):
            return False
        group = self.exclusive.get((state.source, control), "")
        others = {self.exclusive.get((state.source, c), "") for c in state.controls}
        return not (group and group in others)

    def holds(self, state: StateKey, control: str) -> bool:
        """Tell whether a state has a control, or one that took its place.

        Parameters
        ----------
        state
            State to look at.
        control
            Name of the control.

        Returns
        -------
        bool
            True also under a control that replaced it, in any number of steps.
        """
        if not state.controls or control in state.controls:
            return bool(state.controls)
        return not state.controls.isdisjoint(self.replaced_by.get((state.source, control), ()))

    def keep(self, source: str, technology: str, controls: frozenset[str]) -> frozenset[str]:
        """Return the controls that stay when a source changes to another technology.

        Parameters
        ----------
        source
            Id of the source.
        technology
            The technology it changes to.
        controls
            Controls in place before.

        Returns
        -------
        frozenset of str
            Those that fit the new technology.
        """
        return frozenset(
            c
            for c in controls
            if not (fits := self.fits.get((source, c), frozenset())) or technology in fits
        )


def matches(state: StateKey, row: AppliesRow) -> bool:
    """Tell whether a row of the applies-table starts from this state.

    Parameters
    ----------
    state
        State to start from.
    row
        Line of the applies-table; a blank ``from_technology`` stands for all of the source.

    Returns
    -------
    bool
        Whether source and technology are those of the row.
    """
    return state.source == row.source and row.from_technology in ("", state.technology)
