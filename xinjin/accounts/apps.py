from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "xinjin.accounts"
    verbose_name = _("Accounts and roles")

    def ready(self) -> None:
        from xinjin.accounts import access, navigation  # noqa: F401
