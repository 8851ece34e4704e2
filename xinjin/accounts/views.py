"""Signing in and out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from xinjin.accounts.demo import DEMO_ACCOUNTS, demo_accounts
from xinjin.audit.trail import record


class SignInForm(AuthenticationForm):
    """User name and password, or in the demo profile the name of a demo account alone."""

    demo_account = forms.ChoiceField(choices=[(a.username, a.username) for a in DEMO_ACCOUNTS], required=False)
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.DEMO and self.data.get("demo_account"):
            self.fields["username"].required = self.fields["password"].required = False
        self.fields["username"].widget.attrs["autofocus"] = True

    def clean(self) -> dict:
        demo = self.cleaned_data.get("demo_account")
        if settings.DEMO and demo:
            self.user_cache = authenticate(self.request, username=demo, password=settings.DEMO_PASSWORD)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            return self.cleaned_data
        return super().clean()


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """The door. In the demo profile each demo account is one click."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> Any:
        record(form.get_user(), "sign_in", form.get_user())
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict:
        accounts = demo_accounts() if settings.DEMO else []
        demo = {"demo_accounts": accounts, "demo_password": settings.DEMO_PASSWORD} if accounts else {}
        return super().get_context_data(**demo, **kwargs)
