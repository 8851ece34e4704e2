"""Signing in and out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from xinjin.accounts import kept as keeping
from xinjin.accounts.demo import DEMO_ACCOUNTS, demo_accounts
from xinjin.accounts.kept_wording import lines
from xinjin.audit.trail import record


class SignInForm(AuthenticationForm):
    """User name and password, or in the demo profile the name of a demo account alone."""

    demo_account = forms.ChoiceField(
        label=_("user name"), choices=[(a.username, a.username) for a in DEMO_ACCOUNTS], required=False
    )
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

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who reloads the page of what was kept is given it again."""
        kept = self._kept() if request.method == "POST" and request.user.is_authenticated else None
        return kept_page(request, kept) if kept else super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> Any:
        record(form.get_user(), "sign_in", form.get_user())
        response, kept = super().form_valid(form), self._kept()
        if kept is not None:
            response = kept_page(self.request, kept)
        keeping.remember_writer(self.request, response, form.get_user())
        return response

    def _kept(self) -> keeping.Kept | None:
        return keeping.opened(self.request.POST.get(keeping.FIELD, ""))

    def get_context_data(self, **kwargs: Any) -> dict:
        sent = self.request.POST.get(keeping.FIELD, "")
        if sent and "kept" not in kwargs:
            kwargs["kept" if self._kept() else "kept_lost"] = sent
        accounts = demo_accounts() if settings.DEMO else []
        demo = {"demo_accounts": accounts, "demo_password": settings.DEMO_PASSWORD} if accounts else {}
        return super().get_context_data(**demo, **kwargs)


def door_keeping(request: HttpRequest, kept: keeping.Kept) -> HttpResponse:
    """The door, in answer to a form whose session has ended; the form waits in it."""
    door = SignInView()
    door.setup(request)
    text = keeping.sealed(kept)
    more = {"kept": text} if text else {"kept_too_large": True}
    context = door.get_context_data(form=SignInForm(request), **more) | {"next": kept.page}
    response = render(request, door.template_name, context, status=403)
    add_never_cache_headers(response)
    return response


def kept_page(request: HttpRequest, kept: keeping.Kept) -> HttpResponse:
    """What was sent before signing in, and one button that sends it again; for another person only the text."""
    is_own = str(request.user.pk) == kept.writer
    context = {
        "kept": kept,
        "lines": lines(kept),
        "is_own": is_own,
        "may_send": is_own and bool(kept.typed) and not kept.has_secret,
        "page": kept.page,
    }
    response = render(request, "accounts/kept.html", context)
    add_never_cache_headers(response)
    return response
