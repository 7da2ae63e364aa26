"""The register of training bodies as a whole: bodies, what is heard of them, grades."""

from services.acceptance.grade_calls import GradeCalls
from services.acceptance.provider_calls import ProviderCalls
from services.acceptance.provider_facts import ProviderFacts


class RegisterCalls(ProviderCalls, ProviderFacts, GradeCalls):
    """All calls, facts and jobs of the register."""
