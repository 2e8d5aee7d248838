"""An activity per unit of another one, or of a driver: coal per GDP, chargers per vehicle."""

from lantian.indicators.activity_share import QuotientDeclared, Sides, declared_quotients
from lantian.indicators.amounts import own_unit
from lantian.indicators.contract import Asked, Context, Indicator
from lantian.inventory.conversions import CONVERSIONS


class Ratio(Indicator):
    """Amount of an activity over another amount, or over a driver."""

    def declare(self, context: Context) -> QuotientDeclared | None:
        """Take what the targets count.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        wanted = [(a, self._sides(context, a)) for a in context.asked.get(self.id, ())]
        return declared_quotients(context, [(a, s) for a, s in wanted if s is not None])

    def _sides(self, context: Context, asked: Asked) -> Sides | None:
        """Return both sides; None if nothing is chosen, which is noted."""
        per = asked.subject.per
        unit = None if per is None else own_unit(context, per, asked.of("per"))
        if per is None or unit is None:
            return None
        return Sides("per", per, f"({self.unit_of(asked.subject)})*({unit})", unit)


INDICATOR = Ratio(
    id="activity-ratio",
    unit="1",
    order=32,
    takes=("activity", "per", "areas", "unit"),
    needs=("activity", "per"),
    any_unit=True,
    counted=True,
    beside=(CONVERSIONS,),
)
