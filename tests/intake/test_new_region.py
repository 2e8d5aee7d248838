"""A new region of a few rows by hand: what is scaled, what is moved, and what is borrowed."""

import csv
from pathlib import Path

import pytest

from lantian.errors import InputError
from lantian.intake.region import NewRegion, Scale, new_region

AMOUNT = "value,unit,low,high,basis,source_key,note"
EMITTING = [f"s{n}" for n in range(10)]
"""Ten sources: one may be missing in a base year."""
MARKET = (
    *("car,2018,0.2,1,0.1,0.3,assumed,assumption,", "car,2020,0.4,1,0.3,0.6,assumed,assumption,"),
    "light,2020,0.7,1,0.4,0.8,assumed,assumption,",
)
TABLES = {
    "prices": ("year", ["2018,99,percent,98,99,assumed,assumption,", "2020,100,percent,99,101,,,"]),
    "vehicle_market": ("vehicles,year", MARKET),
    "regions/old/activity/voc": (
        "source,year",
        [
            *(f"{source},2017,1,t,1,1,published,book,p. 1" for source in EMITTING),
            *(f"{source},2018,10,t,8,13,published,book,p. 2" for source in EMITTING[1:]),
            *(f"{source},2019,99,t,90,99,published,book,p. 3" for source in EMITTING[2:]),
            "s1,2018,40,%,30,50,measured,book,",
        ],
    ),
    "regions/old/region": (
        "parameter,year",
        [
            "population,2018,1000,person,900,1100,published,book,",
            "population,2020,1200,person,900,1300,published,book,",
            "city-population,2018,9000,person,8000,9900,published,book,",
            "urban-share,2018,0.5,1,0.4,0.6,published,book,",
            "area,,50,km2,50,50,published,book,",
        ],
    ),
    "regions/old/drivers": (
        "driver,year",
        ["gdp,2018,5,亿元,4,6,derived,book,", "gdp,2021,8,亿元,7,9,derived,book,"],
    ),
    "regions/old/fleet": (
        "source,parameter,year",
        ["car,stock,2018,300,vehicle,200,400,published,book,", "car,mileage,2018,9,km,8,9,,book,"],
    ),
    "regions/old/air": (
        "indicator,year",
        ["pm25,2017,60,ug/m3,60,60,measured,b,", "pm25,2018,50,ug/m3,50,50,measured,b,"],
    ),
    "regions/old/fleet_sales": (
        "source,fuel,parameter,year",
        [
            *(
                f"{source},{fuel},share,{year},{value},1,0,1,published,book,"
                for source in ("car", "light-truck", "heavy-truck")
                for fuel, shares in (("battery", (0.1, 0.2)), ("gasoline", (0.9, 0.8)))
                for year, value in zip((2016, 2018), shares, strict=True)
            ),
            "car,battery,sales,2016,5,vehicle,4,6,published,book,",
        ],
    ),
    "regions/old/topdown": ("sector,pollutant,year", []),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, (keys, lines) in TABLES.items():
        path = tmp_path / "inputs" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([f"{keys},{AMOUNT}", *lines, ""]), encoding="utf-8")
    named = tmp_path / "inputs" / "regions" / "old" / "shown.csv"
    named.write_text("source,word\ncar,Wagen\n", encoding="utf-8")
    return tmp_path


def amounts(root: Path, table: str, *keys: str) -> list[tuple[str, ...]]:
    """Return the keys of each row of a table of the new region, its amounts, basis and source."""
    with (root / "inputs" / "regions" / "new" / f"{table}.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [
        tuple(r[k] for k in (*keys, "value", "low", "high", "basis", "source_key")) for r in rows
    ]


def half(root: Path, year: int | None = 2025) -> NewRegion:
    return new_region(root, "new", "old", year, Scale("population", "0.05 万人"))


BORROWED = ("assumed", "borrowed-old")


def test_amounts_are_halved_and_moved_to_the_new_base_year(root: Path) -> None:
    """The base year is 2018: nine of ten sources have activity of it, of 2019 eight."""
    made = half(root)
    assert (made.base_year, made.last_year) == (2025, 2028)
    voc = amounts(root, "activity/voc", "source", "year")
    assert voc[0] == ("s0", "2024", "0.5", "0.5", "0.5", "derived", "borrowed-old")
    assert ("s1", "2025", "5", "4", "6.5", *BORROWED) in voc
    assert ("s1", "2025", "40", "30", "50", *BORROWED) in voc  # a share
    assert len(voc) == 10 + 9 + 8 + 1
    assert amounts(root, "drivers", "driver", "year") == [
        ("gdp", "2025", "2.5", "2", "3", *BORROWED),
        ("gdp", "2028", "4", "3.5", "4.5", *BORROWED),
    ]
    assert amounts(root, "fleet", "source", "parameter", "year") == [
        ("car", "stock", "2025", "150", "100", "200", *BORROWED),
        ("car", "mileage", "2018", "9", "8", "9", *BORROWED),
    ]


def test_the_size_that_was_given_is_no_borrowed_number_and_its_surroundings_keep_theirs(
    root: Path,
) -> None:
    made = half(root)
    assert amounts(root, "region", "parameter", "year") == [
        ("population", "2025", "500", "475", "525", "assumed", "assumption"),
        ("population", "2027", "600", "450", "650", *BORROWED),
        ("city-population", "2025", "9000", "8000", "9900", *BORROWED),
        ("urban-share", "2025", "0.5", "0.4", "0.6", *BORROWED),
        ("area", "", "25", "25", "25", "derived", "borrowed-old"),
    ]
    assert made.unscaled == ("city-population",)


def test_levels_that_were_observed_are_told_with_both_years(root: Path) -> None:
    assert half(root).observed == {"pm25": (2018, 2025)}
    assert amounts(root, "air", "year")[1] == ("2025", "50", "50", "50", "derived", "borrowed-old")


def test_without_years_and_size_everything_is_as_it_was_but_for_its_source(root: Path) -> None:
    made = new_region(root, "new", "old", None, None)
    assert (made.base_year, made.last_year, made.observed, made.unscaled) == (2018, 2021, {}, ())
    assert made.market == {}
    for table in ("region", "drivers", "fleet", "fleet_sales", "activity/voc"):
        with (root / f"inputs/regions/old/{table}.csv").open(encoding="utf-8") as stream:
            before = [(r["value"], r["low"], r["high"]) for r in csv.DictReader(stream)]
        assert sorted(row[:3] for row in amounts(root, table)) == sorted(before)
    text = made.scenario.read_text(encoding="utf-8")
    assert "base_year: 2018\nlast_year: 2021\n" in text
    assert "price_year: 2018\n" in text
    assert (root / "inputs/regions/new/shown.csv").read_text() == "source,word\ncar,Wagen\n"
    assert not (root / "inputs/regions/new/extends.csv").exists()
    assert (root / "inputs/regions/new/topdown.csv").read_text().count("\n") == 1


def test_costs_are_of_the_last_year_whose_prices_are_known(root: Path) -> None:
    assert "price_year: 2020\n" in half(root).scenario.read_text(encoding="utf-8")


def test_notes_say_whose_number_it_was(root: Path) -> None:
    half(root)
    with (root / "inputs/regions/new/activity/voc.csv").open(encoding="utf-8") as stream:
        notes = {r["note"] for r in csv.DictReader(stream)}
    assert notes == {"old, book: p. 1", "old, book: p. 2", "old, book: p. 3", "old, book"}


def test_sales_go_on_as_the_market_says(root: Path) -> None:
    """Cars of 2020: 40 % on batteries; petrol has the rest, 0.8 of 0.8 before: 0.8 x 0.6 / 0.8."""
    made = half(root)
    assert made.market == {"car": 2018, "light-truck": 2018}
    found = amounts(root, "fleet_sales", "source", "fuel", "parameter", "year")
    assert ("car", "battery", "sales", "2016", "5", "4", "6", *BORROWED) in found
    market = ("assumed", "assumption")
    for name, own, rest in (
        ("car", ("0.4", "0.3", "0.6"), ("0.6", "0.42", "0.78")),
        ("light-truck", ("0.7", "0.4", "0.8"), ("0.3", "0.21", "0.39")),
    ):
        told = [row[3:] for row in found if row[:3] == (name, "battery", "share")]
        assert told == [
            ("2016", "0.1", "0", "1", *BORROWED),
            ("2018", "0.2", "0", "1", *BORROWED),
            ("2020", *own, *market),
        ]
        told = [row[3:] for row in found if row[:3] == (name, "gasoline", "share")]
        assert told[2] == ("2020", *rest, *market)
    assert (
        len([row for row in found if row[0] == "heavy-truck"]) == 4
    )  # of which the market says nothing


@pytest.mark.parametrize(("year", "gone"), [(2018, False), (2019, True)])
def test_sales_that_are_known_up_to_the_base_year_stay(root: Path, year: int, gone: bool) -> None:
    """Of 2018 and a base year of 2018 nothing is missing; before that nothing is moved at all."""
    sales = root / "inputs/regions/old/activity/voc.csv"
    text = sales.read_text(encoding="utf-8").replace(",2018,10", ",2015,10")
    sales.write_text(text, encoding="utf-8")  # so that the base year is 2017
    made = new_region(root, "new", "old", year, None)
    assert set(made.market) == ({"car", "light-truck"} if gone else set())


def test_sources_are_scaled_by_a_table_and_all_others_by_its_blank(root: Path) -> None:
    (root / "factors.csv").write_text("source,factor\ns1,3\n,0.5\n", encoding="utf-8")
    new_region(root, "new", "old", None, Scale("table", str(root / "factors.csv")))
    voc = amounts(root, "activity/voc", "source", "year")
    assert ("s1", "2018", "30", "24", "39", *BORROWED) in voc
    assert ("s2", "2018", "5", "4", "6.5", *BORROWED) in voc
    assert amounts(root, "region", "parameter", "year")[0][2] == "500"


@pytest.mark.parametrize("factor", ["0", "-1", "nan", "1e16", "x"])
def test_a_factor_is_a_number_above_zero(root: Path, factor: str) -> None:
    (root / "factors.csv").write_text(f"source,factor\ns1,{factor}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"factors\.csv:2"):
        new_region(root, "new", "old", None, Scale("table", str(root / "factors.csv")))
