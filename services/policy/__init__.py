"""The rules of the documents as dated data with pure functions, for selection and settlement alike.

No clock and no look-ups: facts and the day are passed in, lines and refusals with their clauses come out.
"""

from services.policy.caps import CapUse, cap_use
from services.policy.class_training import class_training
from services.policy.cost_share import cost_share, free_training
from services.policy.editions import EditionAltered, EditionUnknown, rules_of_edition
from services.policy.eligibility import eligibility, grounds_of
from services.policy.evidence import claim_evidence
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
from services.policy.facts_claims import (
    ClassTrainingFacts,
    CostShareFacts,
    PaidWorker,
    UpliftPerson,
    WageMonth,
)
from services.policy.funds import fund_barred, fund_choice
from services.policy.limits import LimitKeys, limit_keys, payment_key
from services.policy.living_cost import living_cost, transport
from services.policy.loader import RulesInvalid, rules_for
from services.policy.project import advance, balance, decision_range, employment_rate, follow_up_ends
from services.policy.results import Calculation, Decision, Factor, Line, Reason, RefusalLine, merged, yuan
from services.policy.rules import NoRule, Rule, RuleSet
from services.policy.shanxi import OrientedClass, OrientedTrainee, certificate_subsidy, oriented_training
from services.policy.uplift import employment_uplift
from services.policy.watched import front_line_share, provincial_support
from services.policy.work_for_training import counts_as_training, work_for_training

__all__ = [
    "Calculation",
    "CapUse",
    "Certificate",
    "CertifiedPerson",
    "ClassFacts",
    "ClassTrainingFacts",
    "CostShareFacts",
    "Decision",
    "EditionAltered",
    "EditionUnknown",
    "EmploymentFact",
    "Factor",
    "GroupFact",
    "LimitKeys",
    "Line",
    "LivingCostFacts",
    "NoRule",
    "OrientedClass",
    "OrientedTrainee",
    "PaidWorker",
    "PastSubsidy",
    "PersonFacts",
    "ProjectFacts",
    "Reason",
    "RefusalLine",
    "Rule",
    "RuleSet",
    "RulesInvalid",
    "TraineeFacts",
    "UpliftPerson",
    "WageMonth",
    "advance",
    "balance",
    "cap_use",
    "certificate_subsidy",
    "claim_evidence",
    "class_training",
    "cost_share",
    "counts_as_training",
    "decision_range",
    "eligibility",
    "employment_rate",
    "employment_uplift",
    "follow_up_ends",
    "free_training",
    "front_line_share",
    "fund_barred",
    "fund_choice",
    "grounds_of",
    "limit_keys",
    "living_cost",
    "merged",
    "oriented_training",
    "payment_key",
    "provincial_support",
    "rules_for",
    "rules_of_edition",
    "transport",
    "work_for_training",
    "yuan",
]
