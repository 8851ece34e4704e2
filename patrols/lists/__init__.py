"""The lists of this app: visits, cases, reports, plans and what belongs to the village's month, with their columns."""

from patrols.lists.base_info import BASE_INFO
from patrols.lists.briefings import BRIEFINGS, INCIDENTS
from patrols.lists.cases import CASES
from patrols.lists.councils import COUNCILS, MEASURES
from patrols.lists.plans import PLANS
from patrols.lists.reports import REPORTS
from patrols.lists.visits import VISITS

__all__ = ["BASE_INFO", "BRIEFINGS", "CASES", "COUNCILS", "INCIDENTS", "MEASURES", "PLANS", "REPORTS", "VISITS"]
