from django.utils.translation import gettext_lazy as _

from patrols.models import InboxItem
from xinjin.navigation import NavItem, register, register_counter

register(
    NavItem(_("Today"), "today", "patrols.add_visit", 10),
    NavItem(_("Overview"), "overview", "patrols.supervise_visit", 20),
    NavItem(_("Coverage"), "coverage", "patrols.view_visit", 30),
    NavItem(_("Visits"), "visit_list", "patrols.view_visit", 50),
    NavItem(_("Photo hints"), "hint_list", "patrols.judge_photohint", 55),
    NavItem(_("Ledger"), "ledger", "patrols.view_case", 52),
    NavItem(_("Base info"), "base_info_list", "patrols.view_baseinfochange", 54),
    NavItem(_("Briefings"), "briefing_list", "patrols.view_briefing", 56),
    NavItem(_("Incidents"), "incidents", "patrols.view_incidentcount", 57),
    NavItem(_("Councils"), "council_list", "patrols.view_councilmeeting", 58),
    NavItem(_("Reports"), "report_list", "patrols.view_workreport", 60),
    NavItem(_("Inbox"), "inbox", "patrols.view_inboxitem", 90),
)


def unread(user) -> int:
    """How many inbox items wait for the user."""
    return InboxItem.objects.allowed(user).filter(read_at=None, done_at=None).count()


register_counter("inbox", unread)
