"""The hand-over to the police master database (R9): what has been forwarded since the last file, each change once."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from patrols.choices import BaseInfoState
from patrols.models import BaseInfoChange, BaseInfoTransfer
from xinjin.audit.trail import record
from xinjin.errors import Conflict


def waiting_changes() -> Any:
    """The forwarded changes that no file holds yet."""
    return BaseInfoChange.objects.filter(state=BaseInfoState.FORWARDED, transfer=None)


@transaction.atomic
def hand_over_changes(*, by: Any) -> BaseInfoTransfer:
    """Marks everything that waits as handed over in one file; of two at once the second finds nothing."""
    pks = list(waiting_changes().select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not pks:
        raise Conflict(_("Nothing waits to be handed over."))
    transfer = BaseInfoTransfer.objects.create(made_by=by, count=len(pks))
    BaseInfoChange.objects.filter(pk__in=pks).update(transfer=transfer)
    record(by, "hand over", transfer, {"count": len(pks)})
    return transfer
