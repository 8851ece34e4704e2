"""The lists of this app: visits, cases, base-info changes, reports and planned visits, with their columns."""

from patrols.lists.base_info import BASE_INFO
from patrols.lists.cases import CASES
from patrols.lists.plans import PLANS
from patrols.lists.reports import REPORTS
from patrols.lists.visits import VISITS

__all__ = ["BASE_INFO", "CASES", "PLANS", "REPORTS", "VISITS"]
