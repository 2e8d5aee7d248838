"""Tables of townships, and the lines that a map of them is drawn from."""

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    id_column,
    number_column,
    truth_column,
)
from lantian.results.contract.declaration import Table

TOWNSHIPS = Table(
    name="townships",
    title=Text("Townships", "街道乡镇"),
    means=Text(
        "Annual mean of PM2.5 of each township beside the base year, and the plan's rule in"
        " its parts and in both readings of the average rate.",
        "各街道乡镇细颗粒物年均浓度与基准年的比较，以及方案规则的各部分和平均改善率的两种读法。",
    ),
    key=("case", "year", "township"),
    columns=(
        CASE,
        YEAR,
        id_column("township", "area", Text("township or subdistrict", "街道乡镇")),
        id_column("group", "receptor", Text("group of the rule", "规则分组")),
        amount_column("before", Text("level of the base year", "基准年浓度")),
        amount_column("value", Text("level", "浓度")),
        number_column("rate", "1", Text("improvement", "改善率")),
        number_column("mean_rate", "1", Text("mean of the rates of all", "各单位改善率的平均")),
        number_column("rate_of_means", "1", Text("rate of the mean of all", "平均浓度的改善率")),
        amount_column("above", Text("above the mean and the allowance", "高于均值及允许值")),
        truth_column("falls", Text("prints lower than the base year", "按公布位数低于基准年")),
        truth_column("level", Text("keeps the level", "浓度达标")),
        truth_column("improves", Text("rate above the mean of the rates", "改善率高于平均")),
        truth_column(
            "improves_by_means",
            Text("rate above the rate of the means", "改善率高于均值的改善率"),
        ),
        truth_column("met", Text("falls, and keeps level or rate", "是否达标")),
        UNIT,
    ),
    absent=Text("the region has no levels of townships", "地区无街道乡镇浓度"),
)


OUTLINES = Table(
    name="township_outlines",
    title=Text("Outlines of townships", "街道乡镇边界"),
    means=Text(
        "Corners of the polygons of townships.geojson, as fine as a page shows; a ring ends where"
        " it begins, and a hole is not of the township.",
        "townships.geojson 中多边形的顶点，精度与页面显示相当；"
        "每个环首尾相接，孔洞不属于该街道乡镇。",
    ),
    key=("township", "ring", "point"),
    columns=(
        id_column("township", "area", Text("township or subdistrict", "街道乡镇")),
        count_column("ring", Text("number of the closed line", "环的序号")),
        count_column("point", Text("number of the corner", "顶点序号")),
        truth_column("hole", Text("encloses what is not of it", "是否为孔洞")),
        number_column("longitude", "1", Text("longitude in degrees, WGS 84", "经度（度）")),
        number_column("latitude", "1", Text("latitude in degrees, WGS 84", "纬度（度）")),
    ),
    absent=Text("the region has no townships.geojson", "地区无 townships.geojson"),
)
