from django.utils.translation import gettext_lazy as _

from xinjin.navigation import NavItem, register

register(NavItem(_("Administration"), "admin:index", "accounts.administer_user", 100, section="admin"))
