"""Published examples and totals for coal and for livestock."""

import pytest

from lantian.inventory.sectors.ammonia import places_emission, tan_excreted, tan_losses
from lantian.inventory.sectors.coal_gas import emission, so2_mass_balance

KG_PER_T = 1000


def test_so2_of_600_t_of_coal() -> None:
    """Case col02: 600 t at 0.51 % S, all released: 3.06 t S, 6.12 t SO2."""
    assert emission(600, 0.51 / 100) == pytest.approx(3.06, abs=0.005)
    assert so2_mass_balance(600, 0.51 / 100, 1 - 1.0) == pytest.approx(6.12, abs=0.005)


def test_nox_of_22374_t_of_coal() -> None:
    """Case col02: 22,374 t at 2.94 kg/t: 65.78 t."""
    assert emission(22374, 2.94 / KG_PER_T) == pytest.approx(65.78, abs=0.005)


@pytest.mark.parametrize(
    ("places", "months", "factor", "manure", "expected", "tolerance"),
    [
        ([50000, 100000], [5, 7], 0.034, (0, 0), 2692, 0.5),
        ([50000], [12], 0.034, (0, 0), 1700, 0.5),
        ([20000], [12], 0.035, (17, 2.38), 740.5, 0.05),
        ([50000], [12], 0.05 / 3, (0, 0), 833, 0.5),
        ([50000], [12], 0.078, (0, 0), 3900, 0.5),
    ],
    ids=["broilers-part-year", "broilers", "layers-belt", "layers-dust", "broilers-ch4"],
)
def test_farms_of_natural_resources_wales(
    places: list[float],
    months: list[float],
    factor: float,
    manure: tuple[float, float],
    expected: float,
    tolerance: float,
) -> None:
    """Case nh301: kg per year as printed."""
    assert places_emission(places, months, factor, *manure) == pytest.approx(
        expected, abs=tolerance
    )


# Liao and Chen 2017: excretion (table 2) as days, (kg/d, % N, % TAN) of urine and faeces; shares
# lost (table 1); NH3 per head of its regression [kg]; flow of tables 1 and 2 over regression.
PER_HEAD = {
    "pig": (
        122,
        [(3.36, 0.40, 70), (2.04, 0.34, 30)],
        [(18.5, 3.8, 40), (18.5, 4.6, 81)],
        3.383,
        0.30,
    ),
    "layer": (365, [(0.12, 1.63, 70)], [(35.9, 3.7, 63)], 0.175, 2.68),
    "broiler": (52, [(0.09, 1.63, 70)], [(40.3, 0.8, 63)], 0.133, 0.38),
    "dairy-cow": (
        365,
        [(12.89, 0.90, 60), (30.67, 0.38, 20)],
        [(14, 15.8, 55), (14, 4.2, 79)],
        38.05,
        0.77,
    ),
    "beef-cattle": (
        365,
        [(8.34, 0.90, 60), (15.67, 0.38, 20)],
        [(14, 15.8, 55), (14, 4.2, 79)],
        26.253,
        0.68,
    ),
}


@pytest.mark.parametrize("animal", PER_HEAD)
def test_flow_against_published_totals_per_head(animal: str) -> None:
    """The paper's own tables do not give its totals per head; this records by how much.

    Cattle agree within a third. Pigs and broilers come out at a third, layers at 2.7 times. The
    cause is unknown here: the regression covers the whole Chongqing inventory, and table 2 is
    partly damaged in the text that was available. The row ``method-spread`` of ``livestock.csv``
    carries the difference as the range of the factor.
    """
    days, excreta, shares, published, ratio = PER_HEAD[animal]
    tan = [float(tan_excreted(days, mass, n / 100, t / 100)) for mass, n, t in excreta]
    per_head = tan_losses(tan, [[lost / 100 for lost in stage] for stage in shares]).sum()
    assert per_head / published == pytest.approx(ratio, abs=0.01)
    if animal in ("dairy-cow", "beef-cattle"):
        assert per_head == pytest.approx(published, rel=1 / 3)


@pytest.mark.parametrize("animal", ["layer", "broiler"])
def test_poultry_loses_most_in_housing_or_on_the_field(animal: str) -> None:
    """The guide's storage loss of poultry is the smallest of the three."""
    days, excreta, shares, _, _ = PER_HEAD[animal]
    tan = [float(tan_excreted(days, mass, n / 100, t / 100)) for mass, n, t in excreta]
    housing, storage, field = tan_losses(tan, [[lost / 100 for lost in s] for s in shares])[0]
    assert storage < 0.05 * (housing + field)
