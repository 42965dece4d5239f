"""Tables leave the portal as CSV or XLSX: streamed, and never with a live formula."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# OWASP, "CSV Injection": what a spreadsheet may take for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 — full-width on purpose


@dataclass(frozen=True)
class Table:
    """What a person exports: a title, the column heads, and rows of text and numbers."""

    title: str
    columns: list[str]
    rows: Iterable[Iterable[object]]


def clean(value: object) -> str:
    """The value as text without control characters, which spreadsheets refuse to open."""
    text = "" if value is None else str(value)
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def harmless(value: object) -> str:
    """The text as CSV can carry it: what looks like a formula gets an apostrophe in front."""
    text = clean(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that hands back what is written to it, so that a row can be streamed."""

    def write(self, value: str) -> str:
        return value


def as_csv(table: Table) -> StreamingHttpResponse:
    """The table as UTF-8 CSV (RFC 4180) with a byte order mark, sent row by row."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([harmless(head) for head in table.columns])
        for row in table.rows:
            yield writer.writerow([harmless(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, f"{table.title}.csv")},
    )


def sheet_name(title: str) -> str:
    """The title as Excel takes it for a sheet: at most 31 signs, without the ones it refuses."""
    return "".join(sign for sign in clean(title) if sign not in "[]:*?/\\'\n\t")[:31] or "1"


def as_xlsx(table: Table) -> FileResponse:
    """The table as a workbook of one sheet in which every cell is text or a number."""
    return as_workbook(table.title, [table])


def as_workbook(title: str, tables: Iterable[Table]) -> FileResponse:
    """Several tables as the sheets of one workbook, each named by its own title."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True})
    for table in tables:
        _fill(book.add_worksheet(sheet_name(table.title)), table, bold)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


def _fill(sheet: Worksheet, table: Table, bold: Format) -> None:
    for column, head in enumerate(table.columns):
        sheet.write_string(0, column, clean(head), bold)
    for line, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, clean(value))
    sheet.freeze_panes(1, 0)


def as_json(title: str, facts: Mapping[str, object], tables: Mapping[str, Table]) -> HttpResponse:
    """Facts and tables as one JSON object; each row of a table is an object by column."""
    known = {
        name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for name, table in tables.items()
    }
    words = json.dumps({**facts, **known}, ensure_ascii=False, indent=1, default=str)
    return HttpResponse(
        words,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, f"{title}.json")},
    )


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


def export(table: Table, format_name: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Answer with the table in the asked format: `csv` or `xlsx`."""
    return FORMATS[format_name](table)
