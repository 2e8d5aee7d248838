"""Public inventories read with one mapping at most: lines as they stand in the files named below.

=============== ==================================================================================
EDGAR           ``archive/EDGARv432_FT2016_CO2_total_emissions_1970-2016.csv`` in
                openclimatedata/edgar-co2-emissions, less years and countries
EDGAR 4.2       ``input/emissions-inventories/EDGAR/EDGAR42_NMVOC.csv`` in JGCRI/CEDS, as above
GAINS (EMF30)   ``input/emissions-inventories/GAINS/Global by region-detail_emf30_NOx_wSE.csv`` in
                JGCRI/CEDS; SUM is that of the lines left here
Canada (APEI)   ``input/emissions-inventories/Canada/raw_2021/CO/APEI_Trend_UTF-8_EN (1).csv`` in
                JGCRI/CEDS; sums are those of the lines left here
Australia (NPI) ``input/emissions-inventories/Australia/Aus_total_air_emissions_by_sector.csv`` in
                JGCRI/CEDS
=============== ==================================================================================

EMEP/CEIP and SMOKE FF10 are in :mod:`intake.test_import`.
"""

from pathlib import Path

import pandas as pd
import pytest

from integration.workbench import Answer, call

EDGAR = """\
Release: EDGARv4.3.2_FT2016 of September 2016,,,,,
"Timeseries 1970-2016 of CO2 emissions by country and sector in kton CO2 / year.",,,,,
,,,,,
ISO_CODE,ISO_NAME,sector,substance,2015,2016
AFG,Afghanistan,Transport,CO2,7096.63,7607.106
AFG,Afghanistan,Power Industry,CO2,76.22725,81.71044
ALB,Albania,Transport,CO2,2751.584,2840.548
"""
EDGAR_42 = """\
IPCC-Annex,World Region,ISO_A3,Name,IPCC,IPCC_description,2007,2008
Annex_I,Canada,CAN,Canada,1A1a,Public electricity and heat production,3.88E+00,3.68E+00
Annex_I,Canada,CAN,Canada,4E,Savanna burning,,
Non-Annex_I,USA,SPM,Saint Pierre and Miquelon,1A2,Manufacturing Industries,4.57E-02,4.56E-02
"""
GAINS = """\
"EMF30 sectors",,,
,,,
"Pollutant: NOX",,,
"Scenario: ECLIPSE_V6b_CLE_base with high emitters added",,,
"Unit: kt NOX",,,
,,,
"Region","EMF30 kt","2015","2020"
"AFRI_EAST","AACID",,
"AFRI_EAST","CEMENT","65.159","87.178"
"AFRI_EAST","Power_Gen_Coal_Old","2.166","3.059"
"AFRI_EAST","SUM","67.325","90.237"
"AFRI_NORT","CEMENT","264.523","272.699"
"AFRI_NORT","PAPER","1.367","1.984"
"AFRI_NORT","SUM","265.89","274.683"
"""
APEI = """\
"Source","Sector","SubSector","2002","2003"
"Ore and Mineral Industries","","","333127.27","358893.31"
"Ore and Mineral Industries","Aluminium Industry","","333080.53","358818.91"
"Ore and Mineral Industries","Aluminium Industry","Alumina","288","226"
"Ore and Mineral Industries","Aluminium Industry","Primary Aluminium","332792.53","358592.91"
"Ore and Mineral Industries","Foundries","","46.74","74.4"
"Ore and Mineral Industries","Foundries","Die Casting","46.74","74.4"
"Electric Power Generation (Utilities)","","","24903.85","26310.08"
"Electric Power Generation (Utilities)","Coal","","24903.85","26310.08"
"Electric Power Generation (Utilities)","Coal","Coal","24903.85","26310.08"
"""
NPI = """\
"report_year","emission","primary_anzsic_class_code","primary_anzsic_class_name",\
"substance_id","air_total_emission_kg"
"1998/1999","CO",1821,"Synthetic Resin and Synthetic Rubber Manufacturing",20,3e+05
"1998/1999","NH3",1111,"Meat Processing",8,2770
"1998/1999","NH3",2812,"Sewerage and Drainage Services",8,NA
"1998/1999","NMVOC",600,"Coal Mining",85,2228
"1999/2000","CO",600,"Coal Mining",20,10748210.61
"""
NPI_MAPPING = """\
book: npi.csv
year: 1999
inventory:
  header: '1'
  names: {source: D, pollutant: B}
  values: [{column: F, heading: air_total_emission_kg, unit: kg}]
  only: {A: 1998/1999}
"""


def take(folder: Path, name: str, text: str, mapping: str = "") -> Answer:
    (folder / name).write_text(text, encoding="utf-8")
    if mapping:
        (folder / f"{name}.import.yaml").write_text(mapping, encoding="utf-8")
    return call("import", name, "--name", "own", "--yes", at=folder)


def edit(folder: Path, name: str, **keys: str) -> Answer:
    """Write keys into the mapping that was proposed, and call again."""
    path = folder / f"{name}.import.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, value in keys.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"  {key}:"))
        lines[at] = f"  {key}: {value}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return call("import", name, "--name", "own", at=folder)


def tonnes(folder: Path) -> dict[tuple[str, str], float]:
    rows = pd.read_csv(folder / "scenarios" / "own" / "inventory.csv")
    assert set(rows["unit"]) == {"t"}
    return {(r.source, r.pollutant): r.value for r in rows.itertuples()}


def test_edgar_by_country_needs_nothing_written(tmp_path: Path) -> None:
    answer = take(tmp_path, "edgar.csv", EDGAR)
    assert (answer.code, "the format edgar-country" in answer.out) == (0, True)
    assert tonnes(tmp_path) == {
        ("AFG/Transport", "CO2"): 7607106,
        ("Power Industry", "CO2"): 81710.44,
        ("ALB/Transport", "CO2"): 2840548,
    }


def test_gains_with_its_sums_held_against_their_lines(tmp_path: Path) -> None:
    answer = take(tmp_path, "gains.csv", GAINS)
    assert (answer.code, answer.out.count("gains-emf30")) == (0, 2)
    assert sum(tonnes(tmp_path).values()) == pytest.approx(90237 + 274683)
    assert {pollutant for _, pollutant in tonnes(tmp_path)} == {"NOx"}
    assert "'SUM' is a total and is left out" in answer.out
    assert "is not the sum" not in answer.out


def test_a_pollutant_is_taken_from_the_name_and_a_unit_never(tmp_path: Path) -> None:
    answer = take(tmp_path, "EDGAR42_NMVOC.csv", EDGAR_42)
    assert answer.code == 2
    assert "VOC is taken from 'EDGAR42_NMVOC.csv'" in answer.out
    assert "1 problem; nothing was written." in answer.err
    assert "nothing says the unit" in answer.err
    assert edit(tmp_path, "EDGAR42_NMVOC.csv", unit="Gg").code == 0
    assert sum(tonnes(tmp_path).values()) == pytest.approx(3680 + 45.6)


def test_lines_above_their_parts_are_no_sources(tmp_path: Path) -> None:
    assert take(tmp_path, "apei.csv", APEI).code == 2
    answer = edit(tmp_path, "apei.csv", pollutant="CO", unit="t")
    assert answer.code == 0
    assert "'Ore and Mineral Industries' is the sum of other lines" in answer.out
    assert sum(tonnes(tmp_path).values()) == pytest.approx(358893.31 + 26310.08)


def test_a_line_above_parts_that_are_not_all_of_it_stops_it(tmp_path: Path) -> None:
    text = APEI.replace('"Foundries","","46.74","74.4"', '"Foundries","","46.74","174.4"')
    take(tmp_path, "apei.csv", text)
    answer = edit(tmp_path, "apei.csv", pollutant="CO", unit="t")
    assert answer.code == 2
    assert answer.err.startswith("apei.csv:6\n  'Foundries' has 174.4 t")
    kept = edit(tmp_path, "apei.csv", leave_out="[Foundries]")
    assert kept.code == 0
    assert sum(tonnes(tmp_path).values()) == pytest.approx(358893.31 + 26310.08)
    edit(tmp_path, "apei.csv", leave_out="[]", keep="[Foundries]")
    assert sum(tonnes(tmp_path).values()) > 358893.31 + 26310.08


def test_a_mapping_may_be_written_by_hand(tmp_path: Path) -> None:
    answer = take(tmp_path, "npi.csv", NPI, NPI_MAPPING)
    assert answer.code == 0
    assert "1 cells with 'NA' give no emission" in answer.out
    assert tonnes(tmp_path) == {
        ("Synthetic Resin and Synthetic Rubber Manufacturing", "CO"): 300,
        ("Meat Processing", "NH3"): 2.77,
        ("Coal Mining", "VOC"): 2.228,
    }
