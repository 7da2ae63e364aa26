"""Files of banks: what we write is valid and reads back the same; what is wrong is named by its place."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.settlement.bank_files import camt053, pain001, pain002, tables, things
from services.settlement.bank_files.things import BankFileError, Booking, Head, Order, Orders, Outcome, Place

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
ORDERS = Orders(
    message_id="B20260320-0123456789abcdef",
    payer="370600000001",
    payer_name="示例市职业培训补贴专户",
    purpose="职业技能培训补贴",
    day=DAY,
    orders=(
        Order("c1-0001:1", "6228000000000001", "示例甲", 150_00),
        Order("c1-0002:1", "6228000000000002", "=HYPERLINK(1)", 1),
    ),
)
RECEIPT_CSV = "\r\n".join(
    [
        "批次号,指令号,状态,金额,币种,日期,原因代码",
        "B1,c1-0001:1,成功,150.00,CNY,2026-03-20,",
        "B1,c1-0002:1,退回,0.01,CNY,20260320,AC04",
        "",
    ]
)
STATEMENT_CSV = "\r\n".join(
    [
        "账号,起始日期,截止日期,期初余额,期末余额,币种",
        "370600000001,2026-03-20,2026-03-21,1000.00,850.00,CNY",
        "流水号,记账日期,指令号,借贷,金额,币种,原因代码,摘要",
        "E1,2026-03-20,c1-0001:1,借,150.00,CNY,,补贴",
        "E2,2026-03-20,c1-0002:1,借,0.01,CNY,,补贴",
        "E3,2026-03-21,c1-0002:1,贷,0.01,CNY,AC04,退回",
        "",
    ]
)
PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-03-20T10:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>c1-0001:1</OrgnlEndToEndId><TxSts>ACSC</TxSts>
<AccptncDtTm>2026-03-20T10:00:00+08:00</AccptncDtTm>
<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">150.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>c1-0002:1</OrgnlEndToEndId><TxSts>RJCT</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
CAMT_053 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-03-21T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><FrToDt><FrDtTm>2026-03-20T00:00:00</FrDtTm><ToDtTm>2026-03-21T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>370600000001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-03-20</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">850.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-03-21</Dt></Dt></Bal>
<Ntry><Amt Ccy="CNY">150.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-20</Dt></BookgDt><AcctSvcrRef>E1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>c1-0001:1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">0.01</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-20</Dt></BookgDt><AcctSvcrRef>E2</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>c1-0002:1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">0.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-21</Dt></BookgDt><AcctSvcrRef>E3</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>c1-0002:1</EndToEndId></Refs>
<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def xml_of(text: str, *changes: tuple[str, str]) -> bytes:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text.encode()


def where(problem: pytest.ExceptionInfo[BankFileError]) -> tuple[int, str]:
    assert problem.value.zh
    assert problem.value.en
    return problem.value.line, problem.value.item


def test_a_payment_file_fits_the_official_schema() -> None:
    content = pain001.write(ORDERS, NOW)
    root = etree.fromstring(content)
    space = {"p": pain001.SPACE}
    assert root.xpath("//p:GrpHdr/p:NbOfTxs/text()", namespaces=space) == ["2"]
    assert root.xpath("//p:GrpHdr/p:CtrlSum/text()", namespaces=space) == ["150.01"]
    assert root.xpath("//p:EndToEndId/text()", namespaces=space) == ["c1-0001:1", "c1-0002:1"]
    assert root.xpath("//p:InstdAmt/@Ccy", namespaces=space) == ["CNY", "CNY"]


@pytest.mark.parametrize(
    "spoiled",
    [
        replace(ORDERS, message_id="x" * 36),
        replace(ORDERS, orders=()),
        replace(ORDERS, orders=(replace(ORDERS.orders[0], account=""),)),
        replace(ORDERS, orders=(replace(ORDERS.orders[0], instruction="c" * 36),)),
        replace(ORDERS, orders=(replace(ORDERS.orders[0], name="长" * 141),)),
    ],
)
def test_a_file_that_does_not_fit_the_schema_is_not_made(spoiled: Orders) -> None:
    with pytest.raises(pain001.NotValid) as refused:
        pain001.write(spoiled, NOW)
    assert "示例" not in str(refused.value)


def test_what_xml_cannot_hold_is_known_before() -> None:
    assert pain001.writable("示例甲 <&>")
    assert not pain001.writable("示例\x02")


def test_no_cell_is_a_formula() -> None:
    text = tables.write_payments(ORDERS).decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in text
    for start in "=+-@\t＝＋－＠":
        assert tables.harmless(f"{start}1").startswith("'")
    assert tables.harmless("示例") == "示例"


names = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40
).filter(pain001.writable)
orders = st.builds(
    Order,
    instruction=st.from_regex(r"[0-9a-f]{24}-[0-9]{4,5}:[1-9]", fullmatch=True),
    account=st.from_regex(r"[0-9]{8,30}", fullmatch=True),
    name=names,
    amount_fen=st.integers(1, things.LARGEST_FEN),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(orders, min_size=1, max_size=5), names)
def test_what_is_written_reads_back_the_same(rows: list[Order], purpose: str) -> None:
    file = replace(ORDERS, orders=tuple(rows), purpose=purpose, payer_name="")
    for encoding in ("utf-8", "gb18030"):
        assert tables.read_payments(tables.write_payments(file, encoding)) == file  # type: ignore[arg-type]
    content = pain001.write(replace(file, payer_name="示例"), NOW)
    space = {"p": pain001.SPACE}
    found = etree.fromstring(content).findall(".//p:CdtTrfTxInf", space)
    read = [
        Order(
            each.findtext("p:PmtId/p:EndToEndId", None, space),
            each.findtext("p:CdtrAcct/p:Id/p:Othr/p:Id", None, space),
            each.findtext("p:Cdtr/p:Nm", None, space),
            things.read_fen(each.findtext("p:Amt/p:InstdAmt", "", space), 1, "Amt"),
        )
        for each in found
    ]
    assert read == rows


@given(st.integers(1, things.LARGEST_FEN))
def test_amounts_read_back_to_the_fen(fen: int) -> None:
    assert things.read_fen(things.yuan(fen), 1, "Amt") == fen


OUTCOMES = (
    Outcome(2, "c1-0001:1", "paid", 150_00, DAY, None),
    Outcome(3, "c1-0002:1", "returned", 1, DAY, "AC04"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_receipts_of_both_kinds(encoding: str) -> None:
    receipt = tables.read_receipt(RECEIPT_CSV.encode(encoding))
    assert (receipt.message_id, receipt.outcomes) == ("B1", OUTCOMES)
    other = pain002.read(PAIN_002.encode())
    assert (other.id, other.message_id) == ("R1", "B1")
    assert [each.status for each in other.outcomes] == ["paid", "returned"]
    assert (other.outcomes[0].amount_fen, other.outcomes[0].day) == (150_00, DAY)
    assert (other.outcomes[1].reason, other.outcomes[1].line) == ("AC04", 9)


def test_statements_of_both_kinds() -> None:
    ours, other = tables.read_statement(STATEMENT_CSV.encode()), camt053.read(CAMT_053.encode())
    bookings = (
        Booking(4, "E1", "c1-0001:1", "payment", -150_00, DAY),
        Booking(5, "E2", "c1-0002:1", "payment", -1, DAY),
        Booking(6, "E3", "c1-0002:1", "return", 1, date(2026, 3, 21), "AC04"),
    )
    assert ours.bookings == bookings
    assert [replace(each, line=0) for each in other.bookings] == [replace(b, line=0) for b in bookings]
    for statement in (ours, other):
        assert (statement.first, statement.last) == (DAY, date(2026, 3, 21))
        assert (statement.opening_fen, statement.closing_fen) == (1000_00, 850_00)


def test_where_the_parts_of_a_statement_stand() -> None:
    ours, other = tables.read_statement(STATEMENT_CSV.encode()).head, camt053.read(CAMT_053.encode()).head
    assert ours == Head(Place(2, "账号"), Place(2, "起始日期"), Place(2, "截止日期"), Place(2, "期初余额"))
    account, opening = Place(5, "Acct/Id/Othr/Id"), Place(6, "Bal/Amt")
    assert other == Head(account, Place(4, "FrToDt/FrDtTm"), Place(4, "FrToDt/ToDtTm"), opening)
    moved = xml_of(CAMT_053, ("<Acct>", "\n<Acct>"), ("<Bal>", "\n<Bal>"))
    assert camt053.read(moved).head == replace(
        other, account=replace(account, line=6), opening=Place(8, "Bal/Amt")
    )


OURS = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("texts", "about"),
    [
        ((f"追回{OURS}",), OURS),
        ((f"示例甲 退还 {OURS}，谢谢",), OURS),
        ((OURS, f"追回：{OURS}"), OURS),
        ((OURS, "f" * 32), None),
        ((f"{OURS}0",), None),
        ((f"a{OURS}",), None),
        (("NOTPROVIDED", ""), None),
    ],
)
def test_a_credit_names_one_recovery_or_none(texts: tuple[str, ...], about: str | None) -> None:
    assert things.named_in(*texts) == about


def test_what_a_payer_wrote_is_read_from_both_kinds_of_statement() -> None:
    credit = "E3,2026-03-21,c1-0002:1,贷,0.01,CNY,AC04,"
    assert credit in STATEMENT_CSV
    text = STATEMENT_CSV.replace(credit, f"E3,2026-03-21,,贷,0.01,CNY,,追回{OURS} ")
    other = xml_of(
        CAMT_053, ("<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", f"<RmtInf><Ustrd>{OURS}</Ustrd></RmtInf>")
    )
    for statement in (tables.read_statement(text.encode()), camt053.read(other)):
        assert [(each.kind, each.about) for each in statement.bookings] == [
            ("payment", None),
            ("payment", None),
            ("other", OURS),
        ]


RECEIPT_MISTAKES = [
    (("150.00,CNY", "150.005,CNY"), (2, "金额")),
    (("150.00,CNY", "-150.00,CNY"), (2, "金额")),
    (("150.00,CNY", "0.00,CNY"), (2, "金额")),
    (("150.00,CNY", "1e3,CNY"), (2, "金额")),
    (("150.00,CNY", "１５０,CNY"), (2, "金额")),
    (("150.00,CNY", "100000000000.01,CNY"), (2, "金额")),
    (("150.00,CNY", "9999999999999999999,CNY"), (2, "金额")),
    (("150.00,CNY", "150.00,USD"), (2, "币种")),
    (("20260320", "2026-02-30"), (3, "日期")),
    (("20260320", "20.03.2026"), (3, "日期")),
    (("20260320", "0001-01-01"), (3, "日期")),
    (("AC04", ""), (3, "原因代码")),
    (("成功", "好"), (2, "状态")),
    (("c1-0002:1", "c1-0001:1"), (3, "EndToEndId")),
    (("c1-0002:1", "<script>"), (3, "指令号")),
    (("B1,c1-0002", "B2,c1-0002"), (3, "批次号")),
    (("CNY,2026-03-20,", "CNY,2026-03-20"), (2, "-")),
    (("状态", "结果"), (1, "状态")),
    (("成功", '"成功'), (3, "CSV")),
    (("成功", "成\0功"), (1, "-")),
]


@pytest.mark.parametrize(("change", "place"), RECEIPT_MISTAKES)
def test_a_mistake_in_a_csv_receipt_is_named(change: tuple[str, str], place: tuple[int, str]) -> None:
    with pytest.raises(BankFileError) as refused:
        tables.read_receipt(xml_of(RECEIPT_CSV, change))
    assert where(refused) == place


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x80\x81\xff", RECEIPT_CSV.split("\r\n")[0].encode()]
)
def test_no_receipt_at_all(content: bytes) -> None:
    with pytest.raises(BankFileError):
        tables.read_receipt(content)


STATEMENT_MISTAKES = [
    (("850.00", "850.01"), (2, "Bal")),
    (("E2,2026-03-20", "E2,2026-03-19"), (5, "BookgDt")),
    (("E2,", "E1,"), (5, "AcctSvcrRef")),
    (("0.01,CNY,,", "0.01,EUR,,"), (5, "币种")),
    (("E1,2026-03-20,c1-0001:1,借", "E1,2026-03-20,c1-0001:1,-"), (4, "借贷")),
    (("2026-03-21,1000.00", "2026-03-19,1000.00"), (2, "截止日期")),
    (("1000.00", "1000.001"), (2, "期初余额")),
    (("850.00,CNY", "850.00,HKD"), (2, "币种")),
]


@pytest.mark.parametrize(("change", "place"), STATEMENT_MISTAKES)
def test_a_mistake_in_a_csv_statement_is_named(change: tuple[str, str], place: tuple[int, str]) -> None:
    with pytest.raises(BankFileError) as refused:
        tables.read_statement(xml_of(STATEMENT_CSV, change))
    assert where(refused) == place


PAIN_MISTAKES = [
    (("<TxSts>ACSC", "<TxSts>DONE"), (6, "TxSts")),
    (('Ccy="CNY"', 'Ccy="USD"'), (8, "OrgnlTxRef/Amt/InstdAmt/@Ccy")),
    ((">150.00<", ">150.001<"), (8, "OrgnlTxRef/Amt/InstdAmt")),
    ((">150.00<", ">-1<"), (8, "OrgnlTxRef/Amt/InstdAmt")),
    (("2026-03-20T10:00:00+08:00", "2026-13-20T10:00:00"), (7, "AccptncDtTm")),
    (("<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>", ""), (9, "StsRsnInf/Rsn/Cd")),
    (("<OrgnlEndToEndId>c1-0002:1</OrgnlEndToEndId>", ""), (9, "OrgnlEndToEndId")),
    (("c1-0002:1", "c1-0001:1"), (9, "EndToEndId")),
    (("<MsgId>R1</MsgId>", ""), (3, "GrpHdr/MsgId")),
    (("</OrgnlPmtInfAndSts>", ""), (11, "XML")),
    (("pain.002.001.10", "pain.001.001.09"), (2, "Document")),
    (("<Document", BOMB + "<Document"), (1, "DOCTYPE")),
    (("<Document", OUTSIDE + "<Document"), (1, "DOCTYPE")),
]


@pytest.mark.parametrize(("change", "place"), PAIN_MISTAKES)
def test_a_mistake_in_a_pain_002_is_named(change: tuple[str, str], place: tuple[int, str]) -> None:
    with pytest.raises(BankFileError) as refused:
        pain002.read(xml_of(PAIN_002, change))
    assert where(refused) == place


def test_a_batch_refused_as_a_whole_is_not_guessed_at() -> None:
    whole = "</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>"
    start, end = PAIN_002.index("<OrgnlPmtInfAndSts>"), PAIN_002.index("</CstmrPmtStsRpt>")
    text = PAIN_002[:start] + PAIN_002[end:]
    with pytest.raises(BankFileError) as refused:
        pain002.read(xml_of(text, ("</OrgnlMsgNmId>", whole)))
    assert where(refused) == (4, "GrpSts")


CAMT_MISTAKES = [
    ((">850.00<", ">850.01<"), (8, "Bal")),
    (('Ccy="CNY">150.00', 'Ccy="USD">150.00'), (10, "Amt/@Ccy")),
    ((">150.00<", ">150.009<"), (10, "Amt")),
    ((">150.00<", ">-150.00<"), (10, "Amt")),
    ((">150.00<", ">99999999999999999.00<"), (10, "Amt")),
    (("<Dt>2026-03-20</Dt></BookgDt>", "<Dt>2026-02-29</Dt></BookgDt>"), (11, "BookgDt")),
    (("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>"), (10, "Sts")),
    (("<AcctSvcrRef>E2</AcctSvcrRef>", ""), (13, "AcctSvcrRef")),
    (("<AcctSvcrRef>E2<", "<AcctSvcrRef>E1<"), (13, "AcctSvcrRef")),
    (("<Ccy>CNY</Ccy>", "<Ccy>EUR</Ccy>"), (5, "Acct/Ccy")),
    (("<Cd>CLBD</Cd>", "<Cd>XPCD</Cd>"), (4, "Bal")),
    (("2026-03-21T23:59:59", "2026-03-19T23:59:59"), (4, "FrToDt")),
    (("</TxDtls></NtryDtls>", "</TxDtls><TxDtls/></NtryDtls>"), (10, "NtryDtls")),
    (("<Document", OUTSIDE + "<Document"), (1, "DOCTYPE")),
]


@pytest.mark.parametrize(("change", "place"), CAMT_MISTAKES)
def test_a_mistake_in_a_camt_053_is_named(change: tuple[str, str], place: tuple[int, str]) -> None:
    with pytest.raises(BankFileError) as refused:
        camt053.read(xml_of(CAMT_053, change))
    assert where(refused) == place


def test_a_bomb_is_not_expanded_and_nothing_outside_is_read() -> None:
    text = PAIN_002.replace("<MsgId>R1<", "<MsgId>&a;<").replace("<Document", f"{OUTSIDE}<Document", 1)
    with pytest.raises(BankFileError) as refused:
        pain002.read(text.encode())
    assert refused.value.item == "DOCTYPE"
    with pytest.raises(BankFileError):
        pain002.read(b"<Document>" + b" " * 8_000_000)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(CAMT_053)), st.binary(max_size=4))
def test_whatever_stands_in_a_file_it_is_read_or_refused(at: int, harm: bytes) -> None:
    for read, text in (
        (camt053.read, CAMT_053),
        (pain002.read, PAIN_002),
        (tables.read_statement, STATEMENT_CSV),
    ):
        content = text.encode()
        try:
            read(content[:at] + harm + content[at + len(harm) :])  # type: ignore[operator]
        except BankFileError:
            continue
