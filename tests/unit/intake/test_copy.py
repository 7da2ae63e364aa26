"""A person's own copy holds what their demands keep sealed."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from contracts.personal import PersonalData
from services.intake import deleting
from services.intake.domain.content import Contact, Proof, Wish
from services.intake.domain.demands import Demand
from services.intake.domain.persons import Details, Person
from services.intake.store import demands

WISH = Wish("worker", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1), group="veteran")
DEMAND = Demand(
    "d1", "verified", WISH, "p1", datetime(2027, 3, 1, tzinfo=UTC),
    proof=Proof("veteran_card", "0001", sealed={"number": b"proof-0001"}),
    contact=Contact({"name": b"sample", "phone": b"13900000001"}),
)  # fmt: skip


def opened(sealed, *names):
    """Return sealed fields as a vault does whose cipher changes nothing."""
    return {name: sealed[name].decode() for name in names if name in sealed}


def test_contact_and_proof_of_a_demand_are_in_the_copy_and_no_sealed_bytes():
    doc = {**demands._write(DEMAND), "version": 1, "seq": 1}
    reader = SimpleNamespace(
        find=lambda collection, filter, sort=None, limit=0: [doc] if collection == "demands" else []
    )
    person = Person("p1", "verified", "account", Details("370611", (), "hash", b"key", {"name": b"sample"}))
    told = PersonalData().dump(deleting.export(reader, SimpleNamespace(open=opened), person))
    assert PersonalData().validate(told) == {}
    sections = {each["name"]: each["items"] for each in told["sections"]}
    clear = {"name": "sample", "phone": "13900000001", "proof_number": "proof-0001"}
    assert sections["demand_contacts"] == [{"id": "d1", **clear}]
    assert sections["demands"][0]["proof"]["sealed"] == {"number": None}
    assert sections["mandates"] == []
