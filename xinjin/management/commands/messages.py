"""Keeps the Chinese catalogue: `manage.py messages` adds what the sources say and drops what they no longer say."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import templatize

CATALOGUE = Path(settings.BASE_DIR, "locale", "zh_Hans", "LC_MESSAGES", "django.po")
SOURCES = ("xinjin", "villages", "patrols", "assessments", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def find_messages() -> dict[str, list[str]]:
    """{message: where it stands} over all Python sources and templates."""
    from babel.messages.extract import extract

    found: dict[str, list[str]] = {}
    for top in SOURCES:
        for path in sorted(Path(settings.BASE_DIR, top).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                # What is not a message comes back as X; its indentation means nothing to Python.
                text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
            place = str(path.relative_to(settings.BASE_DIR))
            for line, message, _comments, _context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
                for part in message if isinstance(message, tuple) else (message,):
                    if part:
                        found.setdefault(part, []).append(f"{place}:{line}")
    return found


def untranslated(catalogue: polib.POFile) -> list[str]:
    """Messages of the sources that the catalogue does not say in Chinese."""
    said = {entry.msgid for entry in catalogue if entry.msgstr and not entry.fuzzy and not entry.obsolete}
    return sorted(set(find_messages()) - said)


class Command(BaseCommand):
    help = "Brings the Chinese catalogue up to the sources; --fill FILE adds translations from a JSON object."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--fill", action="append", default=[], metavar="FILE")
        parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile(wrapwidth=110)
        if options["check"]:
            missing = untranslated(catalogue)
            if missing:
                raise CommandError(f"{len(missing)} messages without Chinese: {missing[:10]}")
            return
        known = {entry.msgid: entry.msgstr for entry in catalogue}
        for name in options["fill"]:
            known.update(json.loads(Path(name).read_text(encoding="utf-8")))
        fresh = polib.POFile(wrapwidth=110)
        fresh.metadata = {
            "Language": "zh_Hans",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        for message, places in sorted(find_messages().items()):
            flags = ["python-format"] if "%(" in message else []
            comment = " ".join(sorted({place.rpartition(":")[0] for place in places}))
            fresh.append(polib.POEntry(msgid=message, msgstr=known.get(message, ""), comment=comment, flags=flags))
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(CATALOGUE))
        missing = untranslated(fresh)
        self.stdout.write(json.dumps(missing, ensure_ascii=False, indent=0))
        self.stderr.write(f"{len(fresh)} messages, {len(missing)} without Chinese")
