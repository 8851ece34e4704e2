"""What somebody sent after his session had ended is kept, and given back when he has signed in (design §8).

It stands in the sign-in page itself, signed and for a day: nothing of it is stored, neither for a stranger nor in a
log. Files and passwords are not kept. Who wrote it is told by a cookie of his last sign-in in this browser; another
sign-in makes the tokens of older pages invalid, so a form that still has a valid one is that person's.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "kept"
KEPT_FOR = timedelta(hours=24)
LARGEST = 200 * 1024
SALT = "xinjin.accounts.kept"
WRITER_COOKIE = "writer"
YEAR = 365 * 24 * 3600
SECRET = re.compile(r"passw|csrfmiddlewaretoken", re.I)
# Of these nobody has typed anything: keys, counts of rows, buttons of the admin, the way back.
TECHNICAL = re.compile(
    r"^(id|next|page|page_key|revision|step|seen|_.*|initial-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$"
)


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: who wrote it, where it went, from which page it came."""

    writer: str
    path: str
    page: str
    fields: list[tuple[str, list[str]]]
    files: list[str]
    has_secret: bool = False

    @property
    def typed(self) -> list[tuple[str, list[str]]]:
        """What a person has written or chosen."""
        shown = [(name, [value for value in values if value.strip()]) for name, values in self.fields]
        return [(name, values) for name, values in shown if values and not TECHNICAL.match(name)]


def remember_writer(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """Notes in the browser who has signed in here last."""
    value = signing.dumps(str(user.pk), salt=SALT)
    response.set_cookie(WRITER_COOKIE, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")


def keep(request: HttpRequest, view: Any, page: str) -> Kept | None:
    """The form that was sent without a session; None for what is no form of a page, or of nobody known here.

    The token of the form has been judged before; a view that asks for none is no page.
    """
    asks_json = "application/json" in request.headers.get("Accept", "")
    if request.method != "POST" or asks_json or "HX-Request" in request.headers or getattr(view, "csrf_exempt", False):
        return None
    try:
        writer = signing.loads(request.COOKIES.get(WRITER_COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    fields = list(request.POST.lists())
    kept = Kept(
        writer=writer,
        path=request.get_full_path(),
        page=page,
        fields=[(name, [str(value) for value in values]) for name, values in fields if not SECRET.search(name)],
        files=[str(file.name) for _name, files in request.FILES.lists() for file in files],
        has_secret=any("passw" in name.lower() and any(values) for name, values in fields),
    )
    return kept if kept.typed or kept.files else None


def sealed(kept: Kept) -> str | None:
    """The form as a field of the sign-in page; None when it is too large for one."""
    if len(json.dumps(asdict(kept))) > 10 * LARGEST:  # packing it would be work for nothing
        return None
    text = signing.dumps(asdict(kept), salt=SALT, compress=True)
    return text if len(text) <= LARGEST else None


def opened(text: str) -> Kept | None:
    """The form again; None when it is forged, too old, or leads to no address of this site."""
    if not text or len(text) > LARGEST:
        return None
    try:
        kept = Kept(**signing.loads(text, salt=SALT, max_age=KEPT_FOR))
        path = kept.path.partition("?")[0]
        resolve(path)
    except (signing.BadSignature, Resolver404, TypeError):
        return None
    is_local = all(url_has_allowed_host_and_scheme(each, allowed_hosts=None) for each in (kept.path, kept.page))
    return kept if is_local else None
