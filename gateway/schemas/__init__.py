"""Shapes from outside in: application forms become drafts, or errors people can mend."""

from gateway.schemas.cells import Cell
from gateway.schemas.columns import COLUMNS, Column
from gateway.schemas.drafts import ApplicationDraft, RowResult
from gateway.schemas.forms import FormLimits, FormRow
from gateway.schemas.groups import check_groups
from gateway.schemas.jsonforms import load_strictly, read_object
from gateway.schemas.problems import FormProblem, RowError
from gateway.schemas.reading import read_form
from gateway.schemas.rows import check_row
from gateway.schemas.template import write_template

__all__ = [
    "COLUMNS",
    "ApplicationDraft",
    "Cell",
    "Column",
    "FormLimits",
    "FormProblem",
    "FormRow",
    "RowError",
    "RowResult",
    "check_groups",
    "check_row",
    "load_strictly",
    "read_form",
    "read_object",
    "write_template",
]
