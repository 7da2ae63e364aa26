"""What a claimant lists beside the facts that the system gathers itself."""

from dataclasses import dataclass

from services.settlement.domain.claims import Subject
from services.settlement.domain.kinds.wage_month import PayrollLine


@dataclass(frozen=True)
class Statement:
    """Certificate numbers of a batch, or the payroll of a wage month, in the claimant's order."""

    certificates: tuple[str, ...] = ()
    payroll: tuple[PayrollLine, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A claim as it is asked for: its id, its subject and the claimant's list."""

    claim_id: str
    subject: Subject
    statement: Statement = Statement()
