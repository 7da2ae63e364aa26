"""The register of training bodies as a whole: bodies and what is heard of them, grades, their graduates."""

from services.acceptance.follow_up_calls import FollowUpCalls
from services.acceptance.grade_calls import GradeCalls
from services.acceptance.provider_calls import ProviderCalls
from services.acceptance.provider_facts import ProviderFacts


class RegisterCalls(ProviderCalls, ProviderFacts, GradeCalls, FollowUpCalls):
    """All calls, facts and jobs of the register."""
