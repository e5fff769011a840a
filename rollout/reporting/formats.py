"""What a report can be written as; the command line names it without loading a single renderer."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What a report can be written as; all but the terminal are also the ending of the file."""

    TERMINAL = "terminal"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    MARKDOWN = "md"
    JSON = "json"
