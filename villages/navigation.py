from django.utils.translation import gettext_lazy as _

from xinjin.navigation import NavItem, register

register(
    NavItem(_("Villages"), "village_list", "villages.view_village", 40),
    NavItem(_("Roster"), "officer_list", "villages.view_officer", 45),
)
