"""What a verb refuses after the form has passed, shown by the same form."""

from django.core.exceptions import ValidationError

from xinjin.forms import StrictModelForm, add_errors


class Refused(Exception):
    """A verb refused the row of the form with this prefix (None: the page's own form)."""

    def __init__(self, prefix: str | None, error: ValidationError) -> None:
        super().__init__(error)
        self.prefix, self.error = prefix, error


class AdminForm(StrictModelForm):
    """The form of every admin page."""

    refused: Refused | None = None

    def _post_clean(self) -> None:
        super()._post_clean()
        self.show_refusal()

    def show_refusal(self) -> None:
        """Adds the messages of the verb when it was this form's row that it refused."""
        if self.refused is not None and self.refused.prefix == self.prefix:
            add_errors(self, self.refused.error)
