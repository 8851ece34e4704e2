"""Our admin site: Django's own, inside the shared shell, for those whose role works there."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class XinjinAdminSite(admin.AdminSite):
    """Sign-in is the product's own page; rights are those of the rights table."""

    site_header = site_title = _("One village, one officer")
    index_title = _("Administration")
    enable_nav_sidebar = False
    final_catch_all_view = True

    def has_permission(self, request: Any) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request: Any, extra_context: dict | None = None) -> Any:
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("sign_in"))

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
        """Records in the order of the work (`menu_order`), not of their names."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda row: getattr(self._registry[row["model"]], "menu_order", 100))
        return apps
