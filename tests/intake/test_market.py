"""What new vehicles run on after a region's own last year follows the market of the country."""

from pathlib import Path

import pytest

from lantian.errors import Problems
from lantian.intake.market import MARKET, with_market

HEAD = "vehicles,year,value,unit,low,high,basis,source_key,note\n"


def shares(electric: float, root: Path) -> dict[str, float]:
    """Return the shares of 2020 of taxis that were so electric in 2018."""
    root.joinpath("inputs").mkdir()
    table = root / "inputs" / f"{MARKET}.csv"
    table.write_text(HEAD + "taxi,2020,0.4,1,0.3,0.6,assumed,assumption,\n")
    rows = [
        {"source": "taxi", "fuel": fuel, "parameter": "share", "year": "2018", "value": str(share)}
        for fuel, share in (("battery", electric), ("gasoline", 1.0 - electric))
    ]
    problems = Problems()
    found, _ = with_market(rows, 2021, root / "inputs", problems)
    assert not problems.found
    return {row["fuel"]: float(row["value"]) for row in found if row["year"] == "2020"}


@pytest.mark.parametrize("electric", [0.0, 0.1, 0.9, 0.999])
def test_shares_of_all_fuels_add_up_to_one(electric: float, tmp_path: Path) -> None:
    found = shares(electric, tmp_path)
    assert found["battery"] == 0.4
    assert sum(found.values()) == pytest.approx(1.0, rel=1e-3)


def test_what_is_all_electric_stays_so(tmp_path: Path) -> None:
    """No other fuel is there to take the 60 % that the country leaves it."""
    assert shares(1.0, tmp_path) == {}
