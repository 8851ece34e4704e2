from django.utils.translation import gettext_lazy as _

from xinjin.navigation import NavItem, register

register(
    NavItem(_("Assessments"), "month_list", "assessments.view_assessment", 70),
    NavItem(_("Bulletins"), "bulletin_list", "assessments.view_bulletin", 80),
)
