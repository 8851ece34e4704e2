"""The lists of this app: visits, cases, reports, plans, briefings, incidents, councils, with their columns."""

from patrols.lists.briefings import BRIEFINGS, INCIDENTS
from patrols.lists.cases import CASES
from patrols.lists.councils import COUNCILS, MEASURES
from patrols.lists.plans import PLANS
from patrols.lists.reports import REPORTS
from patrols.lists.visits import VISITS

__all__ = ["BRIEFINGS", "CASES", "COUNCILS", "INCIDENTS", "MEASURES", "PLANS", "REPORTS", "VISITS"]
