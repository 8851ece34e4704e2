"""Files on steps of a case: judged by content, stored whole or not at all, read by those who handle the case (R6)."""

import os
import signal
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.attachments.files import sweep_attachments
from patrols.attachments.reading import display_name
from patrols.cases import handling
from patrols.models import Case, CaseFile, CaseStep
from tests.contracts.world import finished
from tests.factories import make_station_side, make_station_world
from tests.patrols.test_cases import dispute
from tests.patrols.test_photo_vault import killed_at
from tests.patrols.test_photos import bomb, files_in, media, picture, signed_in  # noqa: F401
from xinjin.errors import Conflict

PLAIN = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def pdf(inside: bytes) -> bytes:
    return PLAIN.replace(b"/Type /Catalog", b"/Type /Catalog " + inside)


def packed(objects: bytes, *, name: bytes = b"/ObjStm", how: bytes = b"/FlateDecode") -> bytes:
    stream = zlib.compress(objects)
    return PLAIN.replace(
        b"trailer",
        b"2 0 obj\n<< /Type " + name + b" /N 1 /First 4 /Filter " + how + b" /Length %d >>\nstream\n" % len(stream)
        + stream + b"\nendstream\nendobj\ntrailer",
    )  # fmt: skip


def sent(content: bytes, name: str = "调解协议.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def step(case: Case, *contents: bytes | SimpleUploadedFile) -> list[CaseFile]:
    files = [content if isinstance(content, SimpleUploadedFile) else sent(content) for content in contents]
    by = case.opened_by
    cases.add_step(by=by, case=case, kind="mediation", happened_on=timezone.localdate(), note="调解", files=files)
    return list(CaseFile.objects.filter(step=CaseStep.objects.latest("id")).order_by("uploaded_at", "id"))


@pytest.fixture
def case(db, media):  # noqa: F811
    return dispute(make_station_side())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), "picture"), (picture("PNG"), "picture"), (picture("WEBP"), "picture"),
        (PLAIN, "pdf"), (packed(b"1 0 << /Type /Pages >>"), "pdf"),
    ],
)  # fmt: skip
def test_kind_is_read_from_the_content_whatever_the_name_says(case, media, content, kind):  # noqa: F811
    (row,) = step(case, sent(content, "../../etc/随便.exe", "text/html"))
    assert (row.kind, row.name) == (kind, "随便.exe")
    stored = Path(row.file.path).read_bytes()
    assert Path(row.file.path).parent.parent == media / "attachments"
    if kind == "pdf":
        assert stored == content
    else:
        assert stored.startswith(b"\xff\xd8\xff")
        assert stored != content
    assert row.size == len(stored)


REFUSED = {
    "page": b"<html><script>alert(1)</script></html>",
    "program": b"MZ\x90\x00",
    "archive": b"PK\x03\x04",
    "empty": b"",
    "bomb": bomb(),
    "half a picture": picture()[:400],
    "half a PDF": PLAIN[:60],
    "PDF inside something": b"x" + PLAIN,
    "script": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "script in disguise": pdf(b"/OpenAction << /S /J#61va#53cript /J#53 (x) >>"),
    "script packed": packed(b"1 0 << /S /JavaScript /JS (x) >>"),
    "script packed in disguise": packed(b"1 0 << /S /Java#53cript >>", name=b"/Obj#53tm"),
    "packed twice": packed(b"x", how=b"[/ASCIIHexDecode /FlateDecode]"),
    "file within": pdf(b"/EmbeddedFiles 3 0 R"),
    "program to launch": pdf(b"/A << /S /Launch /F (cmd.exe) >>"),
    "password": pdf(b"/Encrypt 5 0 R"),
    "unpacks without end": packed(b"\0" * (65 * 1024 * 1024)),
}


@pytest.mark.parametrize("which", REFUSED)
def test_what_is_no_picture_or_harmless_pdf_is_refused_and_leaves_nothing(case, media, which):  # noqa: F811
    with pytest.raises(ValidationError) as caught:
        step(case, PLAIN, sent(REFUSED[which], "乙.pdf"))
    assert list(caught.value.message_dict) == ["files"]
    assert caught.value.messages[0].startswith("乙.pdf")
    assert not CaseStep.objects.exists()
    assert files_in(media) == []


def test_limits_of_number_and_size_and_the_same_file_twice(case, settings):
    assert len(step(case, PLAIN, PLAIN, pdf(b"/A"))) == 2
    with pytest.raises(ValidationError):
        step(case, *(pdf(b"/A%d" % n) for n in range(7)))
    assert len(step(case, *(pdf(b"/A%d" % n) for n in range(6)))) == 6
    settings.PHOTO_MAX_BYTES = len(PLAIN) - 1
    with pytest.raises(ValidationError):
        step(case, PLAIN)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王建国𠮷.pdf", "王建国𠮷.pdf"), ("C:\\桌面\\协议.pdf", "协议.pdf"), ("../../x/../passwd", "passwd"),
        ("a\x00b\r\n\u202efdp.exe", "abfdp.exe"),
        ("", "附件"), ("...", "附件"), ("长" * 300 + ".jpeg", "长" * 95 + ".jpeg"),
        (".htaccess", "htaccess"),
    ],
)  # fmt: skip
def test_name_is_words_only(name, shown):
    assert display_name(name) == shown


def test_step_that_is_refused_leaves_no_file(case, media):  # noqa: F811
    today = timezone.localdate()
    given = {"by": None, "kind": "note"}
    for wrong in ({"note": "", "happened_on": today}, {"note": "x", "happened_on": today + timedelta(days=1)}):
        with pytest.raises(ValidationError):
            cases.add_step(case=case, files=[sent(PLAIN)], **given, **wrong)
    Case.objects.filter(pk=case.pk).update(state="merged", due_on=None, merged_into=dispute(make_station_side()))
    with pytest.raises(Conflict):
        cases.add_step(case=case, files=[sent(PLAIN)], **given, note="x", happened_on=today)
    assert files_in(media) == []


def test_those_who_handle_the_case_get_the_file_and_nobody_else(media, db):  # noqa: F811
    world = make_station_world()
    case = dispute(world.own)
    paper, photo = step(case, sent(PLAIN, "王建国协议.PDF"), sent(picture(), "现场.png"))
    for user in (world.own.officers[0].user, world.own.auxiliaries[0].user, world.own.chief.user):
        client = signed_in(user)
        answer = finished(client.get(paper.get_absolute_url()))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "%E7%8E%8B%E5%BB%BA%E5%9B%BD%E5%8D%8F%E8%AE%AE.pdf" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content) == PLAIN
        shown = finished(client.get(photo.get_absolute_url()))
        assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == ("image/jpeg", "inline")
        assert finished(client.get(reverse("case_file_small", args=[photo.pk]))).status_code == 200
        assert client.get(reverse("case_file_small", args=[paper.pk])).status_code == 404
        assert "王建国协议.PDF" in client.get(case.get_absolute_url()).content.decode()
    for user, status in ((world.brigade, 403), (world.inspector, 403), (world.own.officers[1].user, 404),
                         (world.foreign.chief.user, 404), (world.auditor, 404)):  # fmt: skip
        client = signed_in(user)
        assert client.get(paper.get_absolute_url()).status_code == status
        assert client.get(reverse("case_file_small", args=[photo.pk])).status_code == status
    text = signed_in(world.brigade).get(case.get_absolute_url()).content.decode()
    assert "王建国协议" not in text
    assert "2个附件" in text


def test_page_keeps_what_was_typed_and_says_what_is_wrong_with_the_files(case):
    client = signed_in(case.opened_by)
    url = reverse("case_act", args=[case.pk, "step"])
    data = {"revision": 0, "kind": "note", "happened_on": timezone.localdate().isoformat(), "note": "上门<b>"}
    page = client.post(url, data | {"files": [sent(PLAIN), sent(b"MZ", "坏.pdf")]})
    assert page.status_code == 200
    text = page.content.decode()
    assert "坏.pdf" in text
    assert "上门&lt;b&gt;" in text
    page = client.post(url, data | {"note": "", "files": [sent(PLAIN)]})
    assert "请重新选择文件" in page.content.decode()
    assert client.post(url, data | {"files": [sent(PLAIN), sent(picture())]}).status_code == 302
    assert CaseFile.objects.count() == 2


def test_sweep_removes_what_no_step_owns_and_names_what_is_missing(case, media):  # noqa: F811
    (row,) = step(case, picture())
    kept = files_in(media)
    stray, young = (media / "attachments" / "ab" / f"{n * 32}.pdf" for n in "cd")
    for path in (stray, young):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    os.utime(stray, (1_700_000_000, 1_700_000_000))
    assert sweep_attachments() == (1, [])
    assert sorted(files_in(media)) == sorted([*kept, young])
    Path(row.file.path).unlink()
    assert sweep_attachments().missing == [str(row.pk)]


POINTS = [(os, "fsync", 1), (Path, "replace", 2), (handling, "hold", 1), (handling, "move", 1),
          (transaction.Atomic, "__exit__", 1)]  # fmt: skip


@pytest.mark.usefixtures("committed")
def test_killed_at_any_point_no_row_is_without_its_file(media):  # noqa: F811
    left = []
    for holder, name, number in POINTS:
        case = dispute(make_station_side())
        ended = killed_at(holder, name, number, lambda case=case: step(case, picture(), PLAIN))
        assert ended == signal.SIGKILL, name
        assert not CaseStep.objects.filter(case=case).exists()
        swept = sweep_attachments(older_than=timedelta(0))
        assert swept.missing == [], name
        assert files_in(media) == []
        left.append(swept.removed)
    assert left[-1] == 3, "a killed upload leaves its files behind, or the point is not reached"
