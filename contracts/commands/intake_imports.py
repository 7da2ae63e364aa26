"""Demands by spreadsheet (批量导入): a file's rows are handed over in chunks and posted by a job."""

from marshmallow import fields, validate

from contracts.fields import Contract, Count, LongText, Moment, Ref, Sha256, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import imports, roles, statuses

_POSTERS = {roles.ENTERPRISE, roles.AGENCY}
WRONG_AT_ONCE = 200


class StartImportRequest(Contract):
    """A file that was read. sha256: of its bytes; rows: filled ones; chunks: how many follow."""

    sha256 = Sha256(required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    encoding = one_of(imports.ENCODINGS, required=True)
    rows = Count(low=1, high=imports.MOST_ROWS, required=True)
    chunks = Count(low=1, high=imports.MOST_CHUNKS, required=True)


class ImportRow(Contract):
    """One row of the sheet. row: its number there; cells: values by the demand's field (person.name).

    fault: what is wrong with its form, a refusal as it crosses processes; null when it can be read.
    """

    row = Count(low=1, required=True)
    cells = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 60)),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(max=imports.MOST_CELLS),
    )
    fault = fields.Dict(load_default=None, allow_none=True)


class PutRowsRequest(Contract):
    """number: of the chunk, from 0. A chunk that came already changes nothing."""

    import_id = Ref(required=True)
    number = Count(high=imports.MOST_CHUNKS - 1, required=True)
    rows = listed(fields.Nested(ImportRow), low=1, high=imports.CHUNK_ROWS, required=True)


class Import(Contract):
    """A file on its way. missing: chunks that have not come; remark: how the file was read.

    done = posted + doubled + wrong; doubled: posted, and returned at once because an open demand is the same;
    wrong: not posted, kept with the error until wrong_until (null when nothing is kept).
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(imports.IMPORT, required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    encoding = one_of(imports.ENCODINGS, required=True)
    remark = LongText(required=True)
    rows = Count(required=True)
    missing = listed(Count(), high=imports.MOST_CHUNKS, required=True)
    done = Count(required=True)
    posted = Count(required=True)
    doubled = Count(required=True)
    wrong = Count(required=True)
    wrong_until = Moment(required=True, allow_none=True)
    started_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class ImportRequest(Contract):
    import_id = Ref(required=True)


class ListImportsRequest(Page):
    """One's own, newest first."""

    status = one_of(imports.IMPORT, load_default=None, allow_none=True)


class ImportList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Import), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class WrongRowsRequest(ImportRequest):
    """after: the number of the last row that was read, 0 at first."""

    after = Count(load_default=0)


class WrongRow(Contract):
    """field: of the demand, null when it is the row as a whole."""

    row = Count(low=1, required=True)
    cells = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    field = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    way_zh = fields.String(required=True)
    way_en = fields.String(required=True)


class WrongRows(Contract):
    """In the sheet's order; more: whether others follow."""

    kind = one_of(statuses.DEMAND_KINDS, required=True)
    items = listed(fields.Nested(WrongRow), high=imports.MOST_ROWS, required=True)
    more = fields.Boolean(required=True)


START_IMPORT = command("intake.start_import", StartImportRequest, Import, _POSTERS)
PUT_ROWS = command("intake.put_rows", PutRowsRequest, Import, _POSTERS)
CLEAR_IMPORT = command("intake.clear_import", ImportRequest, Import, _POSTERS)
GET_IMPORT = query("intake.get_import", ImportRequest, Import, _POSTERS)
LIST_IMPORTS = query("intake.list_imports", ListImportsRequest, ImportList, _POSTERS)
WRONG_ROWS = query("intake.wrong_rows", WrongRowsRequest, WrongRows, _POSTERS)
