"""The rules of the documents as dated data with pure functions, for selection and settlement alike.

No clock and no look-ups: facts and the day are passed in, lines and refusals with their clauses come out.
"""

from services.policy.eligibility import eligibility
from services.policy.facts import (
    Certificate,
    CertifiedPerson,
    ClassFacts,
    EmploymentFact,
    GroupFact,
    LivingCostFacts,
    PastSubsidy,
    PersonFacts,
    ProjectFacts,
    TraineeFacts,
)
from services.policy.limits import LimitKeys, limit_keys, payment_key
from services.policy.living_cost import living_cost
from services.policy.loader import RulesInvalid, rules_for
from services.policy.project import advance, balance, employment_rate, follow_up_ends
from services.policy.results import Calculation, Decision, Factor, Line, Reason, RefusalLine, merged, yuan
from services.policy.rules import NoRule, Rule, RuleSet
from services.policy.shanxi import OrientedClass, OrientedTrainee, certificate_subsidy, oriented_training

__all__ = [
    "Calculation",
    "Certificate",
    "CertifiedPerson",
    "ClassFacts",
    "Decision",
    "EmploymentFact",
    "Factor",
    "GroupFact",
    "LimitKeys",
    "Line",
    "LivingCostFacts",
    "NoRule",
    "OrientedClass",
    "OrientedTrainee",
    "PastSubsidy",
    "PersonFacts",
    "ProjectFacts",
    "Reason",
    "RefusalLine",
    "Rule",
    "RuleSet",
    "RulesInvalid",
    "TraineeFacts",
    "advance",
    "balance",
    "certificate_subsidy",
    "eligibility",
    "employment_rate",
    "follow_up_ends",
    "limit_keys",
    "living_cost",
    "merged",
    "oriented_training",
    "payment_key",
    "rules_for",
    "yuan",
]
