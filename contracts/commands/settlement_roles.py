"""Who calls settlement: the roles of its commands and queries."""

from contracts.vocabularies import roles

CLAIMANTS = {roles.PROVIDER, roles.ENTERPRISE, roles.ASSESSOR, roles.WORKER}
FIRST = {roles.FIRST_REVIEWER}
SECOND = {roles.SECOND_REVIEWER}
FINANCE = {roles.FINANCE_OFFICER}
PAYMENT = {roles.PAYMENT_OFFICER}
SUPERVISION = {roles.SUPERVISOR}
REVIEWERS = FIRST | SECOND | FINANCE | PAYMENT | SUPERVISION
READERS = REVIEWERS | CLAIMANTS | {roles.AUDITOR}
BOOKS = FINANCE | PAYMENT | SUPERVISION | {roles.AUDITOR}
