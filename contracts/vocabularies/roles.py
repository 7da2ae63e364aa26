"""Roles of the people and bodies who act (角色)."""

from typing import Final

WORKER: Final = "worker"
ENTERPRISE: Final = "enterprise"
PROVIDER: Final = "provider"
ASSESSOR: Final = "assessor"
AGENCY: Final = "agency"
CATALOGUE_OFFICER: Final = "catalogue_officer"
SUPERVISOR: Final = "supervisor"
FIRST_REVIEWER: Final = "first_reviewer"
SECOND_REVIEWER: Final = "second_reviewer"
FINANCE_OFFICER: Final = "finance_officer"
PAYMENT_OFFICER: Final = "payment_officer"
PANEL_MEMBER: Final = "panel_member"
OPENING_OFFICER: Final = "opening_officer"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"

NAMES: Final[dict[str, str]] = {
    WORKER: "劳动者",
    ENTERPRISE: "企业",
    PROVIDER: "培训机构",
    ASSESSOR: "评价机构",
    AGENCY: "代办机构",
    CATALOGUE_OFFICER: "目录管理",
    SUPERVISOR: "监管",
    FIRST_REVIEWER: "初审",
    SECOND_REVIEWER: "复核",
    FINANCE_OFFICER: "财政审核",
    PAYMENT_OFFICER: "拨付",
    PANEL_MEMBER: "评审专家",
    OPENING_OFFICER: "开标",
    AUDITOR: "审计",
    ADMINISTRATOR: "管理员",
}
OFFICERS: Final = frozenset(
    {
        CATALOGUE_OFFICER,
        SUPERVISOR,
        FIRST_REVIEWER,
        SECOND_REVIEWER,
        FINANCE_OFFICER,
        PAYMENT_OFFICER,
        PANEL_MEMBER,
        OPENING_OFFICER,
        AUDITOR,
        ADMINISTRATOR,
    }
)
SELF_REGISTERED: Final = frozenset({WORKER, ENTERPRISE, PROVIDER, ASSESSOR, AGENCY})


def service_role(name: str) -> str:
    """Return the role under which a service itself asks another one (never a person's role)."""
    return f"service:{name}"
