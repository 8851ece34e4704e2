"""One key, one deed, one answer (reliability §1, after pretix and the IETF draft on Idempotency-Key).

The lock on the key, what the request does and its stored answer are one transaction. A process that is killed leaves
nothing of the three behind, and no mark that would keep its successor waiting.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from xinjin.errors import Conflict
from xinjin.idempotency.models import KEPT, StoredAnswer
from xinjin.races import one_winner

# Long enough for a request under way to end, short enough to give the worker back.
PATIENCE = "2s"
LOCK_NOT_AVAILABLE = "55P03"


class KeyReused(Exception):
    """The key belongs to another request."""


class StillWorking(Conflict):
    """The first request with this key has not been answered yet."""


@dataclass(frozen=True)
class Answer:
    """What a request is answered; `body` is what JSON can hold. One not kept is given once."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    is_repeated: bool = False
    is_kept: bool = True


def digest_of(*content: Any) -> str:
    """What makes two requests the same request: the order of fields and white space do not count."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def answered_once(
    *, user: Any, key: str, request_digest: str, act: Callable[[], Answer], patience: str = PATIENCE
) -> Answer:
    """The answer of `act`, or what the first request with this key was answered.

    What `act` raises is not stored: the sender may correct the request and send it again with the same key. Raises
    KeyReused for another request with the key, StillWorking while the first is under way for longer than `patience`.
    """
    try:
        with one_winner():
            _hold(user, key, patience)
            known = StoredAnswer.objects.filter(user=user, key=key).first()
            if known is not None and known.holds:
                if known.request_digest != request_digest:
                    raise KeyReused
                return Answer(known.status, json.loads(known.body), known.headers, is_repeated=True)
            answer = act()
            return _stored(user, key, request_digest, answer) if answer.is_kept else answer
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        message = _("The first request with this key is still being worked on. Repeat it in a moment.")
        raise StillWorking(message) from error


def forget_answers() -> int:
    """Removes the answers that have expired; returns how many."""
    return StoredAnswer.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _hold(user: Any, key: str, patience: str) -> None:
    """Holds the key until the end of the transaction; the server lets go when this process dies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL lock_timeout = %s; SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));"
            " SET LOCAL lock_timeout = DEFAULT",
            [patience, f"idempotency:{user.pk}:{key}"],
        )


def _stored(user: Any, key: str, request_digest: str, answer: Answer) -> Answer:
    """The answer as it will be repeated."""
    body = json.dumps(answer.body, cls=DjangoJSONEncoder, ensure_ascii=False)
    values = {
        "request_digest": request_digest,
        "status": answer.status,
        "headers": answer.headers,
        "body": body,
        "expires_at": timezone.now() + KEPT,
    }
    StoredAnswer.objects.update_or_create(user=user, key=key, defaults=values)
    return replace(answer, body=json.loads(body))
