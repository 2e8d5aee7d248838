"""A made-up run folder with every table: the numbers mean nothing, the shapes are real."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lantian.inventory.sectors.on_road.vehicles import group_of
from lantian.results.contract import table
from lantian.results.frame import ENCODING
from lantian.vocabulary import BASES

YEARS = (2015, 2017, 2018, 2019, 2020)
PLANNED = (2018, 2019, 2020)
POLLUTANTS = ("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2")

# sector: (en, zh, tonnes in 2017 in the order of POLLUTANTS)
SECTORS = {
    "on-road": ("On-road vehicles", "道路机动车", (7200, 1900, 260, 280, 290, 25, 120, 21000, 9e5)),
    "non-road": (
        "Non-road machinery",
        "非道路移动机械",
        (1900, 320, 105, 110, 112, 6, 0, 1500, 1e5),
    ),
    "dust": ("Dust", "扬尘", (0, 0, 1900, 6800, 21000, 0, 0, 0, 0)),
    "voc": ("Solvents and fuel supply", "溶剂使用与油品储运", (0, 6900, 0, 0, 0, 0, 0, 0, 0)),
    "coal-gas": (
        "Coal and gas",
        "燃煤与燃气",
        (1100, 640, 880, 1150, 1400, 1300, 40, 16000, 1.6e6),
    ),
    "industry": ("Industry", "工业", (380, 1500, 190, 330, 520, 90, 10, 400, 2e5)),
    "catering": ("Catering", "餐饮", (12, 510, 240, 290, 300, 0, 0, 0, 0)),
    "ammonia": ("Agriculture and ammonia", "农业与氨", (0, 0, 0, 0, 0, 0, 3900, 0, 0)),
    "open-burning": ("Open burning", "露天焚烧", (6, 14, 22, 24, 25, 1, 2, 120, 0)),
}

MEASURES = """
zev-new-bus|on-road|Zero-emission share of new buses|新增更新公交车电动化
zev-new-taxi|on-road|Zero-emission share of new taxis|新增更新出租车电动化
zev-new-sanitation|on-road|Zero-emission share of new sanitation vehicles|新增更新环卫车电动化
zev-new-light-logistics|on-road|Zero-emission new delivery vans|新增更新物流配送车电动化
zev-stock-postal|on-road|Postal and sanitation vans electric|4.5吨以下邮政环卫车电动化
zev-stock-permitted-light-trucks|on-road|Permit light trucks electric|有通行证轻型货车电动化
zev-stock-subcentre-bus|on-road|Sub-centre buses electric|副中心公交车电动化
retire-china3-diesel-public-soe|on-road|Public bodies drop China III trucks|公共机构淘汰国三柴油货车
retire-china3-diesel-trucks|on-road|Retire China III diesel trucks|国三及以下柴油货车提前淘汰
retire-lean-burn-gas|on-road|Retire lean-burn gas vehicles|稀薄燃烧天然气车辆淘汰
low-emission-zone|on-road|Low-emission zone|高排放车辆低排放区
diesel-retrofit|on-road|Diesel filter retrofit|在用柴油车颗粒捕集器改造
hdd-inspection|on-road|Heavy-diesel inspection|重型柴油车联合执法检查
fuel-quality|on-road|Fuel quality enforcement|油品质量监管
road-to-rail|on-road|Road to rail|大宗货物公转铁
ban-unlabelled-nrmm|non-road|Ban unlabelled machines|禁用无标识非道路移动机械
retire-old-nrmm|non-road|Retire old machines|淘汰老旧工程机械
electric-forklifts|non-road|Electric forklifts|叉车电动化
nrmm-retrofit|non-road|Machine retrofit|工程机械尾气治理改造
site-six-controls|dust|Six controls at building sites|施工工地六个百分之百
site-video|dust|Site video and monitors|工地视频与颗粒物在线监控
road-new-process|dust|Sweep-wash-collect on urban roads|城市道路冲扫洗收新工艺作业
rural-road-cleaning|dust|Rural road cleaning|公路与乡村道路清扫保洁
bare-land-cover|dust|Cover or green bare land|裸露地面覆盖与绿化
sand-yards|dust|Enclose sand yards|砂石料场封闭
muck-truck-seal|dust|Sealed muck trucks|渣土运输车辆密闭
low-voc-coatings|voc|Low-VOC architectural coatings|建筑涂料低VOCs含量替代
car-repair-capture|voc|Car repair capture and treatment|汽修喷漆废气收集治理
printing-substitution|voc|Printing solvent substitution|印刷低挥发性油墨替代
furniture-waterborne|voc|Waterborne furniture coating|家具制造水性涂料替代
petrol-vapour|voc|Petrol vapour recovery upkeep|加油站油气回收在线监控
dry-cleaning|voc|Closed dry cleaning|干洗设备密闭更新
coal-to-clean|coal-gas|Homes from coal to clean heat|农村散煤清洁能源替代
coal-boilers-out|coal-gas|Coal boilers out|燃煤锅炉清零
gas-boiler-low-nox|coal-gas|Low-NOx gas boilers|燃气锅炉低氮改造
scattered-firms|industry|Close scattered polluting firms|散乱污企业动态清零
general-manufacturing|industry|General manufacturing leaves|一般制造业企业疏解退出
concrete-plants|industry|Concrete plants green upgrade|混凝土搅拌站绿色升级改造
restaurant-controls|catering|Restaurant fume controls|餐饮油烟高效净化设施
manure|ammonia|Covered manure stores|畜禽粪污密闭贮存
fertiliser|ammonia|Deep placement of fertiliser|化肥深施
straw-ban|open-burning|No straw burning|秸秆禁烧
"""

TARGETS = {
    "nox-2020": ("District NOx emissions", "全区氮氧化物排放量", "NOx", "t/a"),
    "voc-2020": ("District VOC emissions", "全区挥发性有机物排放量", "VOC", "t/a"),
    "transport-2020": ("Transport emissions", "交通领域污染物排放量", "transport", "t/a"),
    "pm25-2020": ("Annual mean PM2.5", "PM2.5年均浓度", "pm25", "ug/m3"),
    "dustfall-2020": ("Dustfall", "降尘量", "dustfall", "t/(km2*month)"),
    "heavy-days-2020": ("Share of heavy-pollution days", "重污染天数比率", "heavy-days", "%"),
    "township-2020": (
        "Township air-quality tasks",
        "乡镇（街道）空气质量任务",
        "township",
        "ug/m3",
    ),
}


def measures() -> list[tuple[str, str, str, str]]:
    return [tuple(line.split("|")) for line in MEASURES.strip().splitlines()]  # type: ignore[misc]


FLEET = {
    "car": (390e3, "gasoline", ("0", "I", "II", "III", "IV", "V", "VI", "battery")),
    "taxi": (2300, "gasoline", ("IV", "V", "VI", "battery")),
    "bus-subcentre": (520, "diesel", ("III", "IV", "V", "VI", "battery")),
    "bus-other": (900, "gas", ("III", "IV", "V", "VI", "battery")),
    "coach": (1100, "diesel", ("II", "III", "IV", "V", "VI")),
    "light-truck": (21000, "diesel", ("II", "III", "IV", "V", "VI", "battery")),
    "heavy-truck": (6900, "diesel", ("0", "I", "II", "III", "IV", "V", "VI")),
    "sanitation-light": (400, "diesel", ("III", "IV", "V", "VI", "battery")),
    "express-van": (1500, "gasoline", ("III", "IV", "V", "battery")),
    "motorcycle": (9000, "gasoline", ("I", "II", "III")),
}


def factor(case: str, year: int) -> float:
    now = {2015: 1.25, 2017: 1.0, 2018: 0.97, 2019: 0.94, 2020: 0.9}[year]
    cut = {"plan": 0.09, "least_cost": 0.1, "match_plan": 0.08}.get(case, 0)
    return now - cut * max(0, year - 2017)


def case_years() -> list[tuple[str, int]]:
    pairs = [("baseline", y) for y in YEARS] + [("plan", y) for y in PLANNED]
    return [*pairs, ("least_cost", 2020), ("match_plan", 2020)]


def emissions() -> pd.DataFrame:
    rows = []
    for case, year in case_years():
        for i, (sector, (_, _, tonnes)) in enumerate(SECTORS.items()):
            for pollutant, value in zip(POLLUTANTS, tonnes, strict=True):
                tilt = 1 + 0.05 * ((i % 3) - 1) * (year - 2017) / 3
                for n, (unit, part) in enumerate((("yongshun", 0.6), ("majuqiao", 0.4))):
                    rows.append(
                        ("tongzhou", unit, sector, f"{sector}-{n}", pollutant, case, year,
                         value * factor(case, year) * tilt * part)
                    )  # fmt: skip
    names = ["region", "unit_area", "sector", "source", "pollutant", "case", "year", "value"]
    return pd.DataFrame(rows, columns=names).assign(unit="t/a")


def fleet() -> pd.DataFrame:
    rows = []
    for case, year in case_years():
        for source, (count, fuel, standards) in FLEET.items():
            age = np.arange(len(standards))
            centre = len(standards) * (0.45 + 0.09 * (year - 2015)) + (case != "baseline") * 0.6
            weight = np.exp(-(((age - centre) / 1.7) ** 2))
            weight = weight / weight.sum() * count * (1 + 0.03 * (year - 2015))
            for standard, value in zip(standards, weight, strict=True):
                tech = "battery" if standard == "battery" else f"{fuel}-{standard}"
                rows.append((case, "on-road", source, tech, "none", year, value, "vehicle"))
    rows.append(("baseline", "dust", "bare-land", "soil", "none", 2020, 2e6, "m2"))
    names = ["case", "sector", "source", "technology", "control", "year", "value", "unit"]
    return pd.DataFrame(rows, columns=names)


def vehicles() -> pd.DataFrame:
    rows = [
        (source, standard if standard == "battery" else f"{fuel}-{standard}", group_of(source),
         standard if standard == "battery" else fuel, "" if standard == "battery" else standard)
        for source, (_, fuel, standards) in FLEET.items()
        for standard in standards
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["source", "technology", "group", "fuel", "standard"])


def targets() -> pd.DataFrame:
    numbers = {  # base, limit, baseline, plan, binding only, least cost
        "nox-2020": (13200, 9240, 9850, 8900, 9500, 9240),
        "voc-2020": (14700, 10290, 11300, 10450, 10900, 10290),
        "transport-2020": (9100, 6370, 8000, 6900, 6900, 6370),
        "pm25-2020": (66, 55, 58.4, 54.1, 56.2, 55),
        "dustfall-2020": (9.4, 6.58, 9.0, 6.3, 6.4, 6.58),
    }
    rows = []
    for target, (_, _, indicator, unit) in TARGETS.items():
        for n, case in enumerate(("baseline", "plan", "plan_strict", "least_cost")):
            if target in numbers:
                base, limit, *values = numbers[target]
                value = values[n]
                chance = (0.04, 0.71, np.nan, np.nan)[n] if target == "pm25-2020" else np.nan
                shown = (base, limit, value, str(value <= limit).lower(), limit - value, chance)
            else:
                shown = (np.nan, np.nan, np.nan, "", np.nan, np.nan)
            base_value, limit, value, met, margin, chance = shown
            rows.append((target, indicator, "tongzhou-2020-003", case, 2020,
                         2017 if "dust" in target or "transport" in target else 2015, base_value,
                         limit, value, unit, met, margin, chance, "binding"))  # fmt: skip
    names = "target indicator clause case year base_year base_value limit value unit met margin"
    return pd.DataFrame(rows, columns=[*names.split(), "probability", "bindingness"])


def measure_table(random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for measure, sector, _, _ in measures():
        reach = round(float(random.uniform(0.6, 1)), 2)
        size = float(random.integers(200, 50000))
        final = {
            "plan": random.choice([0, 0.2, 0.6, 1.0]) * reach,
            "least_cost": random.choice([0, 0.3, 1.0]) * reach,
        }
        final["match_plan"] = final["least_cost"]
        cost = float(random.uniform(50, 6000))
        for case, year in case_years():
            if case == "baseline":
                continue
            level = final[case] * ((year - 2017) / 3 if case == "plan" else 1)
            rows.append((measure, sector, case, year, level * size, "vehicle", level, reach,
                         level * size * cost, "tongzhou-2020-012", "binding"))  # fmt: skip
    names = "measure sector case year uptake uptake_unit level reach cost_yuan clause bindingness"
    return pd.DataFrame(rows, columns=names.split())


def bridge(random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for pollutant, start in (("NOx", 10598.0), ("VOC", 11784.0), ("PM2.5", 3597.0)):
        growth, turnover = 0.06 * start, -0.14 * start
        parts = -random.dirichlet(np.full(len(measures()), 0.25)) * 0.24 * start
        steps = [("base", "", start), ("growth", "", growth), ("turnover", "", turnover)]
        steps += [("measure", m[0], v) for m, v in zip(measures(), parts, strict=True)]
        steps.append(("final", "", start + growth + turnover + parts.sum()))
        rows += [(pollutant, "plan", n, *step, "t/a", 2017, 2020) for n, step in enumerate(steps)]
    names = ["pollutant", "case", "order", "step", "measure", "value", "unit"]
    names += ["from_year", "to_year"]
    return pd.DataFrame(rows, columns=names)


def credits_table(random: np.random.Generator) -> pd.DataFrame:
    alone = random.uniform(1, 300, len(measures()))
    rows = [
        (case, m[0], pollutant, 2020, a, a * 0.8, a * part, 0.0, "t/a")
        for case in ("plan", "least_cost")
        for pollutant, part in (("NOx", 0.9), ("VOC", 0.3), ("PM2.5", 0.1), ("TSP", 0.7))
        for m, a in zip(measures(), alone, strict=True)
    ]
    names = ["case", "measure", "pollutant", "year", "alone", "last_in", "credit", "error", "unit"]
    return pd.DataFrame(rows, columns=names)


def indicators() -> pd.DataFrame:
    split = {"regional": 42.0, "mobile": 8.5, "dust": 5.2, "industry": 2.9, "living": 4.8,
             "coal": 3.6, "other": 1.0}  # fmt: skip
    rows = []
    for case, year in case_years():
        values = {k: v * (0.55 + 0.45 * factor(case, year)) for k, v in split.items()}
        total = sum(values.values())
        rows += [(case, year, "pm25", k, v, np.nan, np.nan) for k, v in values.items()]
        rows.append((case, year, "pm25", "total", total, total * 0.93, total * 1.08))
        rows.append((case, year, "dustfall", "total", 9.4 * factor(case, year), np.nan, np.nan))
    names = ["case", "year", "indicator", "component", "value", "low", "high"]
    return pd.DataFrame(rows, columns=names).assign(unit="ug/m3")


def hindcast() -> pd.DataFrame:
    seen = {2015: 92.5, 2016: 83.0, 2017: 66.0, 2018: 55.0}
    rows = [("pm25", y, v, v + 1, 1.0, True, y == 2017, "ug/m3") for y, v in seen.items()]
    names = ["indicator", "year", "observed", "value", "error", "inside", "fitted", "unit"]
    return pd.DataFrame(rows, columns=names)


def macc(random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for pollutant, size in (("NOx", 2400), ("VOC", 3300), ("PM2.5", 900)):
        width = random.dirichlet(np.full(24, 0.4)) * size
        cost = np.sort(
            np.concatenate([-random.uniform(2e3, 5e4, 2), 10 ** random.uniform(3, 6.2, 22)])
        )
        picked = random.permutation(len(measures()))[:24]
        rows += [
            (pollutant, n + 1, measures()[i][0], w, c, "yuan/t", "incremental along the frontier")
            for n, (i, w, c) in enumerate(zip(picked, width, cost, strict=True))
        ]
    names = ["pollutant", "order", "measure", "reduction", "unit_cost", "unit", "method"]
    return pd.DataFrame(rows, columns=names)


def costs(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[["measure", "sector", "case", "year", "cost_yuan"]].copy()
    known = ~rows["measure"].isin(["hdd-inspection", "site-video", "straw-ban"])
    rows["cost_yuan"] = rows["cost_yuan"].where(known)
    rows["capital"] = rows["cost_yuan"] * 0.6
    rows["fixed"] = rows["cost_yuan"] * 0.1
    rows["variable"] = rows["cost_yuan"] * 0.4
    rows["savings"] = rows["cost_yuan"] * 0.1
    rows["transfer"] = rows["cost_yuan"] * 0.05
    known = known.map({True: "true", False: "false"})
    return rows.assign(known=known, unit="yuan/a", transfer_unit="yuan")


def basis() -> pd.DataFrame:
    rows = []
    for p, pollutant in enumerate(POLLUTANTS):
        for what, case, year in (("emission", "baseline", 2017), ("reduction", "plan", 2020)):
            parts = np.array([0.02 * p, 0.5 - 0.04 * p, 0.28, 0.22 + 0.02 * p])
            for kind, share in zip(
                ("measured", "published", "derived", "assumed"), parts, strict=True
            ):
                rows.append((pollutant, what, case, year, kind, share * 1e4, share, "t/a"))
    names = ["pollutant", "what", "case", "year", "basis", "value", "share", "unit"]
    return pd.DataFrame(rows, columns=names)


AREAS = ("yongshun", "majuqiao", "zhangjiawan")


def area_emissions() -> pd.DataFrame:
    rows = [
        (case, area, sector, pollutant, year, tonnes[n] * factor(case, year) * part, "t/a")
        for case, year in (("baseline", 2017), ("plan", 2020))
        for area, part in zip(AREAS, (0.5, 0.3, 0.2), strict=True)
        for sector, (_, _, tonnes) in SECTORS.items()
        for n, pollutant in enumerate(POLLUTANTS)
        if tonnes[n]
    ]
    return pd.DataFrame(
        rows, columns=["case", "area", "sector", "pollutant", "year", "value", "unit"]
    )


def comparators() -> pd.DataFrame:
    ways = [  # rule, aimed at, cost, least cost for the same result [million yuan/a], targets met
        ("plan", "", 950.0, 372.0, 3), ("ranked_in_turn", "", 1700.0, 1180.0, 4),
        ("largest_reduction", "dustfall-2020", 148.0, 44.0, 1), ("least_cost", "", 948.0, 948.0, 5),
        ("maximum", "", 1982.0, np.nan, 5),
    ]  # fmt: skip
    computed = [name for name in TARGETS if name not in ("heavy-days-2020", "township-2020")]
    rows = [
        (rule, aimed, 2020, cost * 1e6, need * 1e6, (cost - need) * 1e6, "yuan/a", target, 1.0, 1.0,
         "t/a", n < met)
        for rule, aimed, cost, need, met in ways
        for n, target in enumerate(computed)
    ]  # fmt: skip
    names = (
        "rule aimed_at year cost least_cost_for_same excess unit target value limit target_unit met"
    )
    return pd.DataFrame(rows, columns=names.split())


def prices() -> pd.DataFrame:
    rows = [
        ("nox-2020", 2020, 0.0, "yuan/t", False, "", 0.0, "t/a"),
        ("voc-2020", 2020, 65000.0, "yuan/t", True, "low-voc-coatings: a -> b", 12.0, "t/a"),
        ("pm25-2020", 2020, 1.2e8, "yuan/a/(ug/m3)", True, "site-video: a -> b", 0.0, "ug/m3"),
    ]
    names = "target year shadow_price unit binding marginal_measure relaxed_by excess_unit"
    return pd.DataFrame(rows, columns=names.split()).assign(
        excess=0.0, excess_price=np.nan, excess_cost=0.0, cost_unit="yuan/a"
    )


def topdown() -> pd.DataFrame:
    rows = [
        ("all", "NOx", 2017, 7800.0, 14000.0, 7000.0, 28000.0, "inside"),
        ("all", "SO2", 2017, 540.0, 1130.0, 570.0, 2260.0, "overlapping"),
        ("dust", "PM2.5", 2015, 2500.0, 1700.0, 900.0, 3000.0, "inside"),
        ("all", "CO", 2017, 10.0, 0.0, 0.0, 0.0, "apart"),
    ]
    names = "sector pollutant year inventory topdown low high stands"
    table = pd.DataFrame(rows, columns=names.split())
    ratio = table["inventory"] / table["topdown"].where(table["topdown"] > 0)
    own = {"own_low": 0.8 * table["inventory"], "own_high": 1.3 * table["inventory"]}
    return table.assign(
        without=None, ratio=ratio, unit="t/a", basis="derived", source_key="x", note="", **own
    )


def levels() -> pd.DataFrame:
    rows = []
    for n, (measure, _, _, _) in enumerate(measures()[:12]):
        for year in PLANNED:
            pledged = 0.3 * (year - 2017)
            reached = np.nan if n == 3 else pledged * (0.5 if n == 2 else 1.0)
            rows.append((f"do-{measure}", measure, "x", "c-1", year, "available", pledged, reached,
                         "1", "binding" if n < 8 else "encouraged",
                         ("printed", "parametric", "enabling")[n % 3]))  # fmt: skip
    rows.append(("close-firms", "scattered-firms", "x", "c-2", 2020, "amount", 120.0, 120.0, "firm",
                 "approx", "printed"))  # fmt: skip
    names = "commitment measure source clause year of pledged reached unit bindingness credit"
    return pd.DataFrame(rows, columns=names.split())


def clauses() -> pd.DataFrame:
    kinds = [("vehicles", "modelled", "", 17), ("vehicles", "not_modelled", "no-own-effect", 3),
             ("governance", "not_modelled", "governance", 9), ("dust", "modelled", "", 12),
             ("target", "not_modelled", "listed-target", 6)]  # fmt: skip
    rows = [
        (f"c-{field}-{n}", "1", n, field, "yes", "binding", "gist", "要点", fate, reason)
        for field, fate, reason, count in kinds
        for n in range(count)
    ]
    names = (
        "row_id clause_no document_line sector modelable bindingness gist_en gist_zh fate reason"
    )
    return pd.DataFrame(rows, columns=names.split())


def frontier() -> pd.DataFrame:
    kinks = [("kink", 0, n, 9000.0 - 700 * n, 1e6 * 2.0**n) for n in range(8)]
    mixes = [("plan", None, None, 6900.0, 3e8), ("least_cost", None, None, 7100.0, 9e7)]
    table = pd.DataFrame([*kinks, *mixes], columns=["kind", "curve", "order", "value", "cost"])
    known = table["order"].fillna(0) > 0
    return table.assign(
        curve=table["curve"].astype("Int64"), order=table["order"].astype("Int64"), target="NOx",
        limit=7070.0, target_unit="t/a", unit="yuan/a", price=np.where(known, 900.0, np.nan),
        gap=np.where(known, 0.0, np.nan), bound_value=np.where(known, table["value"], np.nan),
        bound_cost=np.where(known, table["cost"], np.nan), against="", against_limit=np.nan,
        against_value=np.nan, against_unit="", others="free",
        precision=np.where(table["kind"] == "kink", "exact", ""), year=2020,
    )  # fmt: skip


def probabilities() -> pd.DataFrame:
    chances = {"baseline": 0.002, "plan": 0.61, "plan_strict": 0.34, "least_cost": 0.5}
    rows = [
        (target, case, 2020, max(chance - 0.05 * n, 0.0))
        for n, target in enumerate(TARGETS)
        for case, chance in chances.items()
    ]
    return pd.DataFrame(rows, columns=["target", "case", "year", "probability"])


def variance() -> pd.DataFrame:
    """Seven causes of each target, the last ones below the noise, and the weather of one."""
    causes = [("input", n, f"boiler-{n} / NOx", BASES[n % 4], 0.4 / n) for n in range(1, 8)]
    rows = [(target, *cause) for target in TARGETS for cause in causes]
    rows += [
        ("pm25-2020", "weather", 3, "", "", 0.3),
        ("pm25-2020", "basis", None, "", "assumed", 1),
    ]
    names = ["target", "what", "rank", "input", "basis", "share"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(rank=table["rank"].astype("Int64"), noise=0.09)


def robust() -> pd.DataFrame:
    asked = ((0.5, 1e8, True), (0.8, 3e8, True), (0.95, 7e8, False), (np.nan, 6e8, True))
    rows = [
        (p, target, 0.5 if np.isnan(p) else p - 0.01, str(had).lower(), cost, cost - 9e7)
        for p, cost, had in asked
        for target in ("nox-2020", "pm25-2020", None)
    ]
    names = ["asked", "target", "probability", "within_reach", "cost", "more"]
    return pd.DataFrame(rows, columns=names)


def chosen() -> pd.DataFrame:
    rows = [(m[0], 1.0 - 0.03 * n, 0.7 if n % 3 else 0.0) for n, m in enumerate(measures()[:30])]
    table = pd.DataFrame(rows, columns=["measure", "frequency", "central"])
    often = table["frequency"]
    return table.assign(frequency_low=often - 0.05, frequency_high=(often + 0.05).clip(upper=1.0))


def alternatives() -> pd.DataFrame:
    rows = [(w, k, 1e9 * (1 + w * (k > 0)), 1e9 * w * (k > 0)) for w in (0.01, 0.05)
            for k in range(20)]  # fmt: skip
    return pd.DataFrame(rows, columns=["within", "plan", "cost", "more"])


def alternative_measures() -> pd.DataFrame:
    rows = [
        (
            w,
            k,
            m[0],
            0.0 if n > 30 else 1.0 - 0.03 * n * (k % 3),
            ("must", "free", "never")[n // 20],
        )
        for w in (0.01, 0.05)
        for k in range(20)
        for n, m in enumerate(measures())
        if k == 0 or (n < 30 and (n < 5 or (n * k) % 5))
    ]
    return pd.DataFrame(rows, columns=["within", "plan", "measure", "share", "role"])


def benefits() -> pd.DataFrame:
    rows = [
        (case, 2020, function, avoided, 0.6 * avoided, 1.3 * avoided, value, cost, 8e4, -5e4)
        for case, avoided, cost in (("plan", 150.0, 9e8), ("least_cost", 60.0, -2e7))
        for function, value in (("gemm", 4e8), ("gbd", np.nan), ("fusion", np.nan))
    ]
    names = "case year function avoided avoided_low avoided_high benefit cost co2_here co2_grid"
    found = pd.DataFrame(rows, columns=names.split())
    ends = {"benefit_low": 0.5 * found["benefit"], "benefit_high": 2.0 * found["benefit"]}
    return found.assign(**ends, scope="whole", unit="yuan/a")


def isopleth() -> pd.DataFrame:
    side = np.linspace(0.0, 1.2, 13)
    rows = [("", n, v, 60 + 90 * v + 60 * n - 45 * n * n) for n in side for v in side]
    rows += [("baseline", 0.95, 1.02, 170.0), ("plan", 0.7, 0.72, 160.0)]
    rows += [("least_cost", 0.66, 0.8, 165.0)]
    table = pd.DataFrame(rows, columns=["case", "nox", "voc", "value"])
    return table.assign(year=2020, unit="ug/m3")


def townships() -> pd.DataFrame:
    rows = [("plan", 2020, f"township-{n}", 44.5 - 0.3 * n, 43 - 0.31 * n, n != 3)
            for n in range(22)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["case", "year", "township", "before", "value", "met"])
    return table.assign(met=table["met"].map({True: "true", False: "false"}), unit="ug/m3")


def township_outlines() -> pd.DataFrame:
    """A grid of squares, the first with a hole."""
    square = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    rows = [(f"township-{n}", n, k, False, 116.5 + 0.06 * (n % 6 + x), 39.6 + 0.05 * (n // 6 + y))
            for n in range(22) for k, (x, y) in enumerate(square)]  # fmt: skip
    rows += [("township-0", 22, k, True, 116.52 + 0.01 * x, 39.61 + 0.01 * y)
             for k, (x, y) in enumerate(square)]  # fmt: skip
    names = ["township", "ring", "point", "hole", "longitude", "latitude"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(hole=table["hole"].map({True: "true", False: "false"}))


def labels() -> pd.DataFrame:
    rows = [(key, en, zh) for key, (en, zh, _) in SECTORS.items()]
    rows += [(key, en, zh) for key, _, en, zh in measures()]
    rows += [(key, en, zh) for key, (en, zh, _, _) in TARGETS.items()]
    return pd.DataFrame(rows, columns=["id", "en", "zh"])


SOMETHING = {"text": "x", "id": "x", "whole": 0, "number": 0.0, "truth": False, "year": 2020}


def write_table(folder: Path, name: str, rows: pd.DataFrame) -> None:
    """Write a table as a run does; declared columns that a test says nothing of are filled."""
    declared = table(name)
    missing = [column for column in declared.columns if column.name not in rows]
    filled = rows.assign(
        **{c.name: None if c.blank else (c.words or [SOMETHING[c.kind]])[0] for c in missing}
    )
    path = folder / "tables" / f"{name}.csv"
    filled[list(declared.names)].to_csv(path, index=False, encoding=ENCODING)


def write_run(folder: Path) -> Path:
    """Write the made-up run and return its folder."""
    random = np.random.default_rng(20180930)
    taken = measure_table(random)
    tables = {
        "emissions": emissions(), "activity": fleet(), "vehicles": vehicles(),
        "targets": targets(), "measures": taken,
        "credits": credits_table(random), "bridge": bridge(random), "indicators": indicators(),
        "hindcast": hindcast(), "macc": macc(random), "costs": costs(taken), "basis": basis(),
        "labels": labels(), "area_emissions": area_emissions(), "comparators": comparators(),
        "prices": prices(), "topdown": topdown(), "levels": levels(), "clauses": clauses(),
        "frontier": frontier(), "probabilities": probabilities(), "robust": robust(),
        "chosen": chosen(), "alternatives": alternatives(),
        "alternative_measures": alternative_measures(), "benefits": benefits(),
        "isopleth": isopleth(),
        "townships": townships(), "township_outlines": township_outlines(),
        "variance": variance(),
    }  # fmt: skip
    (folder / "tables").mkdir(parents=True)
    for name, rows in tables.items():
        write_table(folder, name, rows)
    title = {
        "en": "Tongzhou clean-air plan 2018-2020",
        "zh": "通州区蓝天保卫战2018年—2020年行动计划",
    }
    summary = {"scenario": "tongzhou-2020", "title": title, "version": "0.1.0", "base_year": 2017}
    (folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"content_id": "0123456789abcdef"}))
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("runs") / "tongzhou-2020")


@pytest.fixture
def some_tables(tmp_path: Path, run_folder: Path) -> Callable[..., Path]:
    """Return a maker of run folders that hold only some tables, changed as asked."""

    def make(*names: str, **changed: pd.DataFrame) -> Path:
        folder = tmp_path / "partial"
        (folder / "tables").mkdir(parents=True)
        for name in names:
            text = (run_folder / "tables" / f"{name}.csv").read_bytes()
            (folder / "tables" / f"{name}.csv").write_bytes(text)
        for name, rows in changed.items():
            write_table(folder, name, rows)
        return folder

    return make
