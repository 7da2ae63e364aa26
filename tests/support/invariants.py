"""The invariants of the domain, checked in the databases themselves: one function each, empty when it holds.

The number in each docstring is that of the invariant. What each takes for granted of the services' code is
only where they keep their documents.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from services.policy import Calculation, rules_of_edition
from services.settlement.domain import evidence
from services.settlement.store.claims import facts_of
from tests.support.delivery import DELIVERY, Document, World, no_dead_letters

Check = Callable[[World], list[str]]
SEATED = ("held", "confirmed", "attending", "completed", "failed")
LIVE = ("refused", "withdrawn")


def seats_within_capacity(world: World) -> list[str]:
    """1: seats taken never exceed capacity, and are those of the rows and of the enrolments."""
    found = []
    rows = Counter(row["_id"].rpartition(":")[0] for row in world.rows("selection", "seats"))
    seated = Counter(
        row["class_id"] for row in world.rows("selection", "enrolments") if row["status"] in SEATED
    )
    waiting = Counter(
        row["class_id"] for row in world.rows("selection", "enrolments") if row["status"] == "waiting"
    )
    for seating in world.rows("selection", "seatings"):
        id, taken = seating["_id"], seating["taken"]
        if not taken <= seating["capacity"]:
            found.append(f"class {id}: {taken} of {seating['capacity']} seats taken")
        if not taken == rows[id] == seated[id]:
            found.append(f"class {id}: taken {taken}, rows {rows[id]}, enrolments {seated[id]}")
        if seating["waiting"] != waiting[id]:
            found.append(f"class {id}: waiting {seating['waiting']}, enrolments {waiting[id]}")
    return found


def freed_seats_go_to_the_first(world: World) -> list[str]:
    """1: while somebody waits no seat is free, and nobody moved up past a person who still waited."""
    found = [
        f"class {seating['_id']}: a seat is free while {seating['waiting']} wait"
        for seating in world.rows("selection", "seatings", status="open")
        if seating["waiting"] and seating["taken"] < seating["capacity"]
    ]
    held = {row["subject"] for row in world.rows("selection", "outbox", type="selection.enrolment.held")}
    lines: dict[str, list[Document]] = defaultdict(list)
    for row in world.rows("selection", "enrolments"):
        if row["place"] is not None:
            lines[row["class_id"]].append(row)
    for class_id, line in lines.items():
        last = max((row["place"] for row in line if row["_id"] in held), default=0)
        passed = [
            row["place"]
            for row in line
            if row["place"] < last and row["_id"] not in held and row["status"] in ("waiting", "expired")
        ]
        found += [f"class {class_id}: place {place} was passed over" for place in passed]
    return found


def vouchers_serve_one_class(world: World) -> list[str]:
    """2: a voucher is used for one class, by one enrolment and one person."""
    used: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in world.rows("acceptance", "sign_ins"):
        used[row["voucher_id"]].add((row["class_id"], row["person_ref"]))
    vouchers = world.by_id("selection", "vouchers")
    found = [f"voucher {id}: used for {sorted(of)}" for id, of in used.items() if len(of) > 1]
    for id, of in used.items():
        if {(vouchers[id]["class_id"], vouchers[id]["person_ref"])} != of:
            found.append(f"voucher {id}: bound elsewhere than where it was used")
    held = Counter(row["voucher_id"] for row in world.rows("selection", "enrolments") if row["voucher_id"])
    return found + [f"voucher {id}: on {count} enrolments" for id, count in held.items() if count > 1]


def nobody_in_two_places(world: World) -> list[str]:
    """2: no two sessions that a person attended overlap, and each is attended once."""
    spans = {
        session["session_id"]: (session["starts"], session["ends"])
        for training in world.rows("acceptance", "trainings")
        for session in training["plan"]["sessions"]
    }
    attended: dict[str, list[Any]] = defaultdict(list)
    for row in world.rows("acceptance", "sign_ins"):
        attended[row["person_ref"]].append(spans[row["session_id"]])
    found = []
    for person, times in attended.items():
        times.sort()
        if any(later[0] < earlier[1] for earlier, later in pairwise(times)):
            found.append(f"person {person}: sessions overlap")
    return found


def subsidised_within_limits(world: World) -> list[str]:
    """3: at most three trainings a person a year, one for an occupation and level, one payment a stage."""
    trainings: dict[tuple[str, str], set[str]] = defaultdict(set)
    pairs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    stages: Counter[tuple[str, ...]] = Counter()
    for claim, facts, line in _paid_lines(world):
        person, project = line["person_ref"], claim["project_id"]
        # a list of certificates is no stage: each holds its own row
        part = claim["month"] or ("" if project else claim["_id"])
        stages[person, claim["kind"], project or "", claim["class_id"] or "", part] += 1
        about = facts.get("project") or facts.get("training")
        if about and claim["kind"] != "employment_uplift":
            trainings[person, about["last_session"][:4]].add(project)
            pairs[person, about["occupation"], about["level"]].add(project)
    found = [f"{key}: {len(of)} trainings subsidised" for key, of in trainings.items() if len(of) > 3]
    found += [f"{key}: subsidised for {sorted(of)}" for key, of in pairs.items() if len(of) > 1]
    return found + [f"{key}: {count} payments" for key, count in stages.items() if count > 1]


def limits_held_by_rows(world: World) -> list[str]:
    """3: each line of a live claim holds its rows; no row is held by a claim that is refused or withdrawn."""
    claims = world.by_id("settlement", "claims")
    rows: Counter[str] = Counter()
    found = []
    for row in world.rows("settlement", "limit_rows"):
        for claim_id in row["claims"]:
            rows[claim_id] += row["kind"] == "payment"
            if claims[claim_id]["status"] in LIVE:
                found.append(f"row {row['_id']}: held by {claim_id}, {claims[claim_id]['status']}")
    lines = Counter(claim["_id"] for claim, _, _ in _paid_lines(world))
    return found + [
        f"claim {id}: {count} lines, {rows[id]} rows" for id, count in lines.items() if rows[id] != count
    ]


def never_overdrawn(world: World) -> list[str]:
    """4: budget ≥ encumbered + ordered + paid − recovered after every single entry."""
    found = []
    for chain, entries in _chains(world).items():
        sums: Counter[str] = Counter()
        for entry in entries:
            for posting in entry["postings"]:
                sums[posting["account"]] += posting["amount_fen"]
            used = sums["encumbered"] + sums["ordered"] + sums["paid"] + sums["recovered"]
            if used > -sums["budget"] or sums["available"] < 0:
                found.append(f"{chain} entry {entry['number']}: {used} fen of {-sums['budget']}")
    return found


def books_balance(world: World) -> list[str]:
    """5: each entry sums to zero, the chain has no gap, and the account is the sum of its entries."""
    found = []
    accounts = world.by_id("settlement", "fund_accounts")
    for chain, entries in _chains(world).items():
        sums: Counter[str] = Counter()
        for number, entry in enumerate(entries, 1):
            if entry["number"] != number or sum(row["amount_fen"] for row in entry["postings"]):
                found.append(f"{chain} entry {entry['number']}: out of order or not balanced")
            for posting in entry["postings"]:
                sums[posting["account"]] += posting["amount_fen"]
        account = accounts[chain]
        wanted = {"budget": -account["budget_fen"], "recovered": -account["recovered_fen"]}
        wanted |= {name: account[f"{name}_fen"] for name in ("encumbered", "ordered", "paid")}
        if any(sums[name] != fen for name, fen in wanted.items()):
            found.append(f"{chain}: account {wanted}, entries {dict(sums)}")
        links = pairwise(entries)
        if any(later["previous"] != earlier["hash"] for earlier, later in links):
            found.append(f"{chain}: the chain of hashes is broken")
        if (account["head"]["number"], account["head"]["hash"]) != (len(entries), entries[-1]["hash"]):
            found.append(f"{chain}: the head is not its last entry")
    return found


def bank_ledger_and_claims_agree(world: World) -> list[str]:
    """5: what each claim was paid is the same in the bank's own books, the ledger and the claim."""
    lines = world.by_id("settlement", "payments")
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in world.instructions():
        line_id = row["instruction_id"].rpartition(":")[0]
        if line_id not in lines:
            return [f"the bank booked {row['instruction_id']}, which is nobody's"]
        if row["outcome"] == "paid":
            sums[lines[line_id]["claim_id"]]["bank"] += row["amount_fen"]
    for entries in _chains(world).values():
        for entry in entries:
            if entry["kind"] in ("pay", "unpay"):
                # the first posting is that of what was ordered
                sums[entry["claim_id"]]["ledger"] -= entry["postings"][0]["amount_fen"]
    for line in lines.values():
        sums[line["claim_id"]]["lines"] += line["amount_fen"] if line["status"] == "paid" else 0
    for claim in world.rows("settlement", "claims"):
        sums[claim["_id"]]["claim"] += claim["paid_fen"]
    return [
        f"claim {id}: {dict(by)}"
        for id, by in sums.items()
        if not by["bank"] == by["ledger"] == by["lines"] == by["claim"]
    ]


def each_line_paid_once(world: World) -> list[str]:
    """5, 8: no payment line was paid twice at the bank, whatever was sent again."""
    paid = Counter(
        row["instruction_id"].rpartition(":")[0] for row in world.instructions() if row["outcome"] == "paid"
    )
    return [f"line {id}: paid {count} times" for id, count in paid.items() if count > 1]


def payees_on_record_and_roster(world: World) -> list[str]:
    """6: everybody with an amount is confirmed by the registries and on the filed roster."""
    persons, trainings = world.by_id("intake", "persons"), world.rows("acceptance", "trainings")
    rosters: dict[str, set[str]] = defaultdict(set)
    for training in trainings:
        rosters[training["project_id"]] |= set(training["roster"])
    found = []
    for claim, _, line in _paid_lines(world):
        person = persons.get(line["person_ref"])
        if person is None or person["status"] != "verified":
            found.append(f"claim {claim['_id']}: {line['person_ref']} is not confirmed")
        # certificates and wage months belong to no project: their lists were checked line by line
        if claim["project_id"] and line["person_ref"] not in rosters[claim["project_id"]]:
            found.append(f"claim {claim['_id']}: {line['person_ref']} is on no roster")
    return found


def nobody_acts_twice(world: World) -> list[str]:
    """7: on one claim each account acts in one duty only."""
    found = []
    for claim in world.rows("settlement", "claims"):
        duties: dict[str, set[str]] = defaultdict(set)
        for step in claim["steps"]:
            duties[step["by"]].add(step["duty"])
        found += [f"claim {claim['_id']}: {by} as {sorted(of)}" for by, of in duties.items() if len(of) > 1]
    return found


def bids_sealed_until_opened(world: World) -> list[str]:
    """7: no layer of a bid lies open before its opening, and none was opened before the deadline."""
    sourcings = world.by_id("acceptance", "sourcings")
    found = []
    for bid in world.rows("acceptance", "bids"):
        sourcing = sourcings[bid["sourcing_id"]]
        opened = sourcing["outer_opened_at"]
        if opened is None and (bid["plaintext"] is not None or bid["offer"] is not None):
            found.append(f"bid {bid['_id']}: readable before its opening")
        if opened is not None and opened < sourcing["notice"]["bids_until"]:
            found.append(f"bid {bid['_id']}: opened before the deadline")
    return found


def amounts_compute_again(world: World) -> list[str]:
    """9: each stored calculation gives the same lines and fen from its stored facts."""
    found = []
    for row in world.rows("settlement", "calculations"):
        kept = Calculation.from_dict(row["calculation"])
        rules = rules_of_edition(kept.edition)
        if rules.hash != kept.hash:
            found.append(f"calculation {row['_id']}: computed with other rules")
        elif evidence.compute(facts_of(row["facts"]), rules) != kept or not kept.adds_up():
            found.append(f"calculation {row['_id']}: computes differently")
    return found


def copies_agree(world: World) -> list[str]:
    """8: what services keep of each other's things is what those are."""
    found = []
    for here, there in (
        (("acceptance", "enrolments"), ("selection", "enrolments")),
        (("acceptance", "vouchers"), ("selection", "vouchers")),
        (("acceptance", "projects"), ("catalogue", "projects")),
        (("acceptance", "bodies"), ("intake", "bodies")),
        (("catalogue", "demands"), ("intake", "demands")),
    ):
        copies, originals = world.by_id(*here), world.by_id(*there)
        if copies.keys() != originals.keys():
            found.append(f"{here}: {len(copies)} copies of {len(originals)}")
        for id in copies.keys() & originals.keys():
            if copies[id]["status"] != originals[id]["status"]:
                found.append(f"{here} {id}: {copies[id]['status']}, in truth {originals[id]['status']}")
    return found


def nothing_doubled(world: World) -> list[str]:
    """8: one person a citizen number, one open demand a person, occupation and level, one seat a class."""
    numbers = Counter(row["number_hash"] for row in world.rows("intake", "persons") if row["number_hash"])
    demands = Counter(
        (row["poster_ref"], row["occupation"], row["level"])
        for row in world.rows("intake", "demands")
        if row["kind"] == "worker" and row["status"] in ("submitted", "verified", "listed", "met")
    )
    seats = Counter(
        (row["class_id"], row["person_ref"])
        for row in world.rows("selection", "enrolments")
        if row["status"] in SEATED
    )
    counted: list[Counter[Any]] = [numbers, demands, seats]
    return [f"{key} is there {count} times" for each in counted for key, count in each.items() if count > 1]


INVARIANTS: tuple[Check, ...] = (
    seats_within_capacity,
    freed_seats_go_to_the_first,
    vouchers_serve_one_class,
    nobody_in_two_places,
    subsidised_within_limits,
    limits_held_by_rows,
    never_overdrawn,
    books_balance,
    bank_ledger_and_claims_agree,
    each_line_paid_once,
    payees_on_record_and_roster,
    nobody_acts_twice,
    bids_sealed_until_opened,
    amounts_compute_again,
    copies_agree,
    nothing_doubled,
)


def await_delivered(world: World, seconds: float = 90.0) -> None:
    """Wait until every fact has been delivered and applied. Raises AssertionError naming what has not."""
    end = time.monotonic() + seconds
    while open := [line for check in DELIVERY for line in check(world)]:
        dead = no_dead_letters(world)
        assert not dead, dead
        assert time.monotonic() < end, f"not delivered within {seconds:.0f} s: {open[:20]}"
        time.sleep(0.5)


def violations(world: World) -> dict[str, list[str]]:
    """Return what is wrong, by invariant; empty when all hold."""
    found = {check.__name__: check(world) for check in (*DELIVERY, *INVARIANTS)}
    return {name: lines for name, lines in found.items() if lines}


def _paid_lines(world: World) -> Iterator[tuple[Document, Document, Document]]:
    """Yield claim, facts and line for each amount above zero of each live claim's last calculation."""
    calculations = world.by_id("settlement", "calculations")
    for claim in world.rows("settlement", "claims"):
        if claim["status"] in LIVE:
            continue
        kept = calculations[f"{claim['_id']}:{claim['attempt']}"]
        for line in kept["calculation"]["lines"]:
            if line["amount_fen"] > 0:
                yield claim, kept["facts"], line


def _chains(world: World) -> dict[str, list[Document]]:
    chains: dict[str, list[Document]] = defaultdict(list)
    for entry in sorted(world.rows("settlement", "entries"), key=lambda row: row["number"]):
        chains[entry["chain"]].append(entry)
    return chains
