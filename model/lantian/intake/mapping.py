"""How a book is read: proposed once, kept beside it as YAML, edited by hand, applied ever after."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from lantian.errors import Place, Problems
from lantian.intake import words
from lantian.intake.sheets import Grid, column_of
from lantian.language import NOTHING, message
from lantian.parameters.opening import UNREAD
from lantian.parameters.reader import fault_fix, fault_message
from lantian.parameters.rows import CalendarYear
from lantian.scenario.model import Truth
from lantian.scenario.nodes import Document, read_document
from lantian.vocabulary import POLLUTANTS, Pollutant

SUFFIX = ".import.yaml"
"""Of a mapping, after the whole name of its book."""
LETTERS = r"^[A-Za-z]{1,3}$"
KEY = "[key]"
"""What pydantic adds to the path of a key that is at fault itself."""
HEADER = r"^\d{1,7}(-\d{1,7})?$"
MOST_HEADINGS = 20
"""Lines that headings may take."""


def _lines(header: str) -> range:
    """Return the lines that ``5`` or ``4-5`` stands for."""
    first, _, last = header.partition("-")
    return range(int(first), int(last or first) + 1)


def _sound(header: str) -> str:
    """Return lines of headings as they are written; they must be lines of a sheet."""
    lines = _lines(header)
    if not 0 < len(lines) <= MOST_HEADINGS or lines[0] < 1:
        told = message(
            "{value} is no line, or first and last line, of a table's headings", value=repr(header)
        )
        raise ValueError(told)
    return header


Letter = Annotated[str, Field(pattern=LETTERS)]
"""A column, as Excel names it."""
MaybeLetter = Annotated[str, Field(pattern=LETTERS + "|^$")]
CostOf = Literal["", "programme", "whole source"]
"""Use of a measure that a yearly cost is of: at its reach, or on all of the source."""
FormatName = Literal["", "emep-webdab", "smoke-ff10", "edgar-country", "gains-emf30"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class ValueColumn(_Part):
    """A column of numbers: what they are of, and their unit."""

    column: Letter
    heading: str
    pollutant: Pollutant | None = None
    unit: str = ""
    year: CalendarYear | None = None


class Names(_Part):
    """Columns of text, by letters; several of a source are its levels, the outermost first."""

    measure: MaybeLetter = ""
    sector: MaybeLetter = ""
    source: tuple[Letter, ...] = ()
    area: MaybeLetter = ""
    pollutant: MaybeLetter = ""
    unit: MaybeLetter = ""
    year: MaybeLetter = ""
    group: MaybeLetter = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Letters of all columns of text."""
        single = (self.measure, self.sector, self.area, self.pollutant, self.unit, self.year)
        return tuple(c for c in (*self.source, *single, self.group) if c)

    @field_validator("source", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        return [given] if isinstance(given, str) else given


class Table(_Part):
    """How one sheet is read."""

    sheet: str = ""
    header: Annotated[str, Field(pattern=HEADER), AfterValidator(_sound)]
    names: Names
    values: tuple[ValueColumn, ...] = Field(min_length=1)
    reach: ValueColumn | None = None
    cost: ValueColumn | None = None
    cost_of: CostOf = ""
    unit_cost: ValueColumn | None = None
    pollutant: Pollutant | None = None
    unit: str = ""
    only: dict[Letter, str] = {}
    leave_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def header_lines(self) -> range:
        """Lines of the headings."""
        return _lines(self.header)


class Mapping(_Part):
    """How a book is read."""

    book: str
    format: FormatName = ""
    year: CalendarYear | None = None
    add_up: Truth = False
    inventory: Table
    measures: Table | None = None


COMMENTS = {
    "format": "named format of the file, blank for any other table / 已命名的格式",
    "year": "of all emissions; where rows or columns have years: the one taken / 排放年份",
    "add_up": "whether rows of the same source, pollutant and year are added / 同源同类是否相加",
    "inventory": "columns by their letters / 列用字母表示",
    "header": "first and last line of the headings / 表头的首行和末行",
    "pollutant": "of columns that name none / 未注明污染物的列所属污染物",
    "cost_of": "use that the yearly cost is of: 'programme' (at its reach) or 'whole source'"
    " / 年成本对应：programme 按可实施比例实施，whole source 用于整个排放源",
    "unit": "of columns that have none of their own / 未注明单位的列所用单位",
    "only": "rows with these texts in these columns: {C: 北京} / 只读这些列为所写文字的行",
    "leave_out": "names of rows that are not taken / 不读入的行",
    "keep": "names of rows that look like sums and are none / 看似合计而应保留的行",
    "measures": "the sheet of measures, if there is one / 措施表",
}
"""What stands beside the keys of the file."""


def mapping_path(book: Path) -> Path:
    """Return where the mapping of a book is kept."""
    return book.parent / (book.name + SUFFIX)


def write_mapping(mapping: Mapping, path: Path) -> str:
    """Write a mapping beside its book and return its text."""
    text = mapping_text(mapping)
    path.write_text(text, encoding="utf-8")
    return text


def mapping_text(mapping: Mapping) -> str:
    """Return a mapping as YAML, with a comment to each key."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 100
    stream = StringIO()
    yaml.dump(_commented(mapping.model_dump(mode="json", exclude_defaults=False)), stream)
    return stream.getvalue()


def _commented(data: dict[str, Any]) -> Any:
    """Return data for ruamel, with comments beside the keys that users may want to change."""
    from ruamel.yaml.comments import CommentedMap

    found = CommentedMap()
    for key, value in data.items():
        if value is None and key not in COMMENTS:
            continue
        found[key] = (
            _commented(value) if key in ("inventory", "measures") and value else _flow(value)
        )
        if key in COMMENTS:
            found.yaml_add_eol_comment(COMMENTS[key], key)
    return found


def _flow(value: Any) -> Any:
    """Return columns as one line each, without what is blank."""
    from ruamel.yaml.scalarstring import SingleQuotedScalarString

    if isinstance(value, str) and value.startswith((":", "?")):  # which ruamel writes as they are
        return SingleQuotedScalarString(value)
    if isinstance(value, list):
        return [_flow(item) for item in value]
    if isinstance(value, dict):
        return {k: _flow(v) for k, v in value.items() if v not in (None, "", [])}
    return value


def read_mapping(path: Path, root: Path, problems: Problems) -> tuple[Mapping, Document] | None:
    """Read a mapping that was proposed, and perhaps edited.

    Parameters
    ----------
    path
        The YAML file.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.

    Returns
    -------
    tuple or None
        The mapping and the places of its parts; None if a problem was noted.
    """
    before = len(problems.found)
    document = read_document(path, root, problems)
    if len(problems.found) > before:
        return None
    try:
        return Mapping.model_validate(document.data), document
    except ValidationError as error:
        for fault in error.errors():
            spot = tuple(part for part in fault["loc"] if part != KEY)
            problems.add(document.place(spot), fault_message(fault), fix=fault_fix(fault))
        return None


def check_mapping(
    table: Table, part: str, grid: Grid, document: Document, problems: Problems
) -> None:
    """Hold a mapping against the sheet: headings where it says, and a unit for each number.

    Parameters
    ----------
    table
        How the sheet is read.
    part
        Its key in the file: ``inventory`` or ``measures``.
    grid
        The sheet.
    document
        Places of the mapping.
    problems
        Receives what does not fit.
    """
    for value in (*table.values, table.reach, table.cost, table.unit_cost):
        if value is not None:
            _check_heading(value, table, grid, problems)
    if part == "inventory":
        units, pollutants = Problems(), Problems()
        for i, value in enumerate(table.values):
            _check_unit(value, table, grid, document.place((part, "values", i)), units)
            _check_pollutant(value, table, (part, "values", i), document, pollutants)
        for told in (units, pollutants):
            _add_once(told, len(table.values), problems)
    if table.cost is not None:
        _check_unit(table.cost, table, grid, document.place((part, "cost")), problems)
        _check_use(table, document.place((part,)), problems)
    if table.unit_cost is not None:
        _check_unit(table.unit_cost, table, grid, document.place((part, "unit_cost")), problems)


def _check_use(table: Table, place: Place, problems: Problems) -> None:
    """Note that nothing says which use of a measure a yearly cost is of."""
    if table.cost is not None and table.reach is not None and not table.cost_of:
        problems.add(
            place,
            message(
                "nothing says whether '{heading}' is paid for the reach of a measure or for its use"
                " on all of the source.",
                heading=table.cost.heading,
            ),
            fix=message("Write cost_of: programme, or cost_of: whole source."),
        )


def check_year(mapping: Mapping, document: Document, problems: Problems) -> None:
    """Note that nothing says the year of the emissions."""
    table = mapping.inventory
    if mapping.year is None and not table.names.year and not any(v.year for v in table.values):
        problems.add(
            document.place(("inventory",)),
            message("nothing says the year of the emissions."),
            fix=message("Write year: and the year of the book into the mapping."),
        )


def _add_once(told: Problems, columns: int, problems: Problems) -> None:
    """Add what is told of columns; what all of many lack is one problem."""
    kinds = {problem.kind for problem in told.found}
    alike = len(told.found) == columns > 1 and len(kinds) == 1
    problems.found += told.found[:1] if alike else told.found


def _check_heading(value: ValueColumn, table: Table, grid: Grid, problems: Problems) -> None:
    column = column_of(value.column)
    found = heading(grid, table.header_lines, column)
    if found != value.heading and UNREAD not in found:
        problems.add(
            grid.place(table.header_lines[-1], column),
            message("the heading is '{found}'.", found=found),
            message("The mapping expects '{heading}'.", heading=value.heading),
            message("Delete the mapping to have a new one proposed, or mend it."),
        )


def _check_unit(
    value: ValueColumn, table: Table, grid: Grid, place: Place, problems: Problems
) -> None:
    unit = value.unit or table.unit
    if not unit and not table.names.unit:
        title = title_of_units(grid, table.header_lines)
        apart = title and words.split_unit(value.heading)[1]
        problems.add(
            place,
            message(
                "the heading '{heading}' and the title give different units."
                if apart
                else "nothing says the unit of '{heading}'.",
                heading=value.heading,
            ),
            message("The sheet says: '{title}'.", title=title) if title else NOTHING,
            message("Write unit: and the unit that the book is in beside the column."),
        )
    elif unit and words.unit_of(unit) == "":
        problems.add(
            place, message("'{unit}' is no unit of an emission, a share or a cost.", unit=unit)
        )


def title_of_units(grid: Grid, header: range) -> str:
    """Return what the lines above a table, or its headings, say of units; a blank if nothing."""
    lines = [line for line in sorted(grid.lines) if line <= header[-1]]
    said = (text for line in lines for text in grid.lines[line] if words.said_of_units(text))
    titles = (text for line in lines if line < header[0] for text in grid.lines[line])
    return next(said, next((text for text in titles if words.unit_in_title(text).unit), ""))


def _check_pollutant(
    value: ValueColumn,
    table: Table,
    path: tuple[str | int, ...],
    document: Document,
    problems: Problems,
) -> None:
    if value.pollutant is None and table.pollutant is None and not table.names.pollutant:
        problems.add(
            document.place(path),
            message("nothing says the pollutant of '{heading}'.", heading=value.heading),
            fix=message(
                "Write pollutant: and one of these beside the column, or take the column out of"
                " values: {names}.",
                names=", ".join(POLLUTANTS),
            ),
        )


def heading(grid: Grid, lines: range, column: int) -> str:
    """Return the texts of a column's headings, the upper first, each once."""
    texts = (grid.cell(line, column) for line in lines)
    return " ".join(dict.fromkeys(text for text in texts if text))
