"""The lists of this app: visits, cases, reports, plans, briefings and incidents, with their columns."""

from patrols.lists.briefings import BRIEFINGS, INCIDENTS
from patrols.lists.cases import CASES
from patrols.lists.plans import PLANS
from patrols.lists.reports import REPORTS
from patrols.lists.visits import VISITS

__all__ = ["BRIEFINGS", "CASES", "INCIDENTS", "PLANS", "REPORTS", "VISITS"]
