"""The lists of this app: visits, cases, reports and planned visits, with their columns."""

from patrols.lists.cases import CASES
from patrols.lists.councils import COUNCILS, MEASURES
from patrols.lists.plans import PLANS
from patrols.lists.reports import REPORTS
from patrols.lists.visits import VISITS

__all__ = ["CASES", "COUNCILS", "MEASURES", "PLANS", "REPORTS", "VISITS"]
