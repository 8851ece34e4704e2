"""Forms of the security administrator."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from xinjin.access.refusal import AdminForm
from xinjin.accounts.models import RoleGrant, User

_rules = lazy(password_validators_help_text_html, str)


def _password_field(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, required=False, widget=widget, max_length=128, help_text=help_text)


class AccountForm(AdminForm):
    """An account; a password is set by typing it twice, and kept by leaving it empty."""

    password1 = _password_field(_("New password"), _rules())
    password2 = _password_field(_("New password, again"))

    class Meta:
        model = User
        fields = ["username", "display_name", "is_active"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        first, second = data.get("password1") or "", data.get("password2") or ""
        if first != second:
            self.add_error("password2", _("The two passwords differ."))
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        password = self.cleaned_data.get("password1")
        if not password or self.errors:
            return
        try:
            validate_password(password, self.instance)
        except ValidationError as error:
            self.add_error("password1", error)
        else:
            self.instance.set_password(password)


class GrantForm(AdminForm):
    """A role for an account, with its days and the reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "starts_on" in self.fields:
            self.fields["starts_on"].required = False
            self.fields["starts_on"].help_text = _("Empty: from today. The holder has it from his next request on.")

    class Meta:
        model = RoleGrant
        fields = ["user", "role", "starts_on", "ends_on", "granted_reason"]

    def _post_clean(self) -> None:
        # The verb fills in who and when, and then checks everything.
        forms.ModelForm._post_clean(self)  # type: ignore[attr-defined]
        self.show_refusal()


class WithdrawForm(forms.Form):
    """Why roles are taken away."""

    withdrawn_reason = forms.CharField(label=_("reason for withdrawal"), max_length=200)
