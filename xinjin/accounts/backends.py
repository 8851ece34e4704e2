"""Who signs in, and the answer to every has_perm()."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend

from xinjin.access import engine


class RightsBackend(BaseBackend):
    """Password sign-in, and rights from the same table that filters lists."""

    def authenticate(self, request: Any, username: str | None = None, password: str | None = None, **_: Any) -> Any:
        users = get_user_model()._default_manager
        user = users.filter(username=username).first()
        if user is None:
            get_user_model()().set_password(password)  # as slow as a wrong password, so names cannot be probed
            return None
        return user if user.check_password(password or "") and may_sign_in(user) else None

    def get_user(self, user_id: int) -> Any:
        user = get_user_model()._default_manager.filter(pk=user_id).first()
        return user if user is not None and may_sign_in(user) else None

    def has_perm(self, user: Any, permission: str, obj: Any = None) -> bool:
        """`app.action_model` on any row, or on `obj`; unknown names are refused, never granted."""
        if not getattr(user, "roles", None):
            return False
        app_label, _, codename = permission.partition(".")
        action, _, model_name = codename.rpartition("_")
        try:
            model = apps.get_model(app_label, model_name)
        except LookupError:
            return False
        if not engine.allows(user, model, action):
            return False
        return obj is None or model._default_manager.allowed(user, action).filter(pk=obj.pk).exists()

    def has_module_perms(self, user: Any, app_label: str) -> bool:
        return any(
            model._meta.app_label == app_label and engine.allows(user, model, action) for model, action in engine.RULES
        )


def may_sign_in(user: Any) -> bool:
    """Active, and a demo account only in the demo profile."""
    return user.is_active and (settings.DEMO or not user.is_demo)
