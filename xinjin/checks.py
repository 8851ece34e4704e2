"""System checks: what would be wrong on every request is said once, at the start."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, Warning, register
from django.utils import timezone

from xinjin.access import engine
from xinjin.accounts.roles import Role


@register(Tags.security)
def rights_name_known_roles(app_configs, **kwargs) -> list:
    """A role that is no role, or a model of ours without any rights, is a mistake in an access table."""
    found = [
        Error(f"access table of {model._meta.label}, {action}: unknown role {role!r}", id="xinjin.E001")
        for (model, action), scopes in engine.RULES.items()
        for role in scopes
        if role not in Role.values
    ]
    declared = {model for model, _ in engine.RULES}
    for config in apps.get_app_configs():
        if config.name.split(".")[0] not in ("villages", "patrols", "assessments"):
            continue
        found += [
            Error(f"{model._meta.label} is in no access table", id="xinjin.E002")
            for model in config.get_models()
            if model not in declared and not getattr(model, "rights_of", None)
        ]
    return found


@register(Tags.security)
def nobody_is_superuser(app_configs, **kwargs) -> list:
    """Rights come from the rights table alone, in every profile: no flag passes it by, and no other backend answers."""
    found = []
    if hasattr(get_user_model(), "is_superuser"):
        found.append(Error("accounts have a superuser flag", id="xinjin.E003"))
    found += [
        Error(f"{backend} answers questions of rights past the rights table", id="xinjin.E003")
        for backend in settings.AUTHENTICATION_BACKENDS
        if backend != "xinjin.accounts.backends.RightsBackend"
    ]
    return found


@register(Tags.compatibility)
def calendar_knows_this_year(app_configs, **kwargs) -> list:
    """Without the State Council's notice a year falls back to Monday to Friday."""
    from xinjin.workdays.calendar import is_known

    year = timezone.localdate().year
    if is_known(year):
        return []
    return [
        Warning(
            f"the holidays of {year} are not known: Monday to Friday is assumed",
            hint="enter the State Council's notice as workday overrides, or update the holidays library",
            id="xinjin.W001",
        )
    ]
