"""What is true of every source file."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django import forms
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

from xinjin.accounts.views import SignInForm
from xinjin.management.commands import messages

ROOT = Path(settings.BASE_DIR)
OURS = ("xinjin", "villages", "patrols", "assessments")
MODULES = [path for top in OURS for path in sorted((ROOT / top).rglob("*.py")) if "migrations" not in path.parts] + [
    ROOT / "run.py"
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
MOST_LINES = 400


def test_modules_stay_small():
    too_long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert too_long == {}


def test_templates_carry_no_inline_script_or_style():
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I
    )
    found = {str(p.relative_to(ROOT)): m[0] for p in TEMPLATES if (m := inline.search(p.read_text()))}
    assert found == {}


def test_nothing_comes_from_outside():
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|@import\s+url|url\(["']?https?:""", re.I)
    assets = [*TEMPLATES, *sorted((ROOT / "static").rglob("*.css")), *sorted((ROOT / "static").rglob("*.js"))]
    assert [str(p.relative_to(ROOT)) for p in assets if outside.search(p.read_text())] == []


def test_no_unfinished_marks():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplemented)\b")
    files = [*MODULES, *TEMPLATES, *sorted((ROOT / "static").rglob("*.js"))]
    assert [str(p.relative_to(ROOT)) for p in files if marks.search(p.read_text())] == []


def test_every_message_has_its_chinese():
    assert messages.untranslated(polib.pofile(str(messages.CATALOGUE))) == []


def test_no_message_stands_inside_another_text():
    """What is marked within an f-string is not found by the catalogue's tool, and stays English."""

    def hidden(path: Path) -> list[int]:
        inside = [node for text in ast.walk(ast.parse(path.read_text())) if isinstance(text, ast.JoinedStr)
                  for node in ast.walk(text) if isinstance(node, ast.Call)]  # fmt: skip
        return [node.lineno for node in inside if getattr(node.func, "id", "") in ("_", "gettext", "gettext_lazy")]

    assert {str(path.relative_to(ROOT)): found for path in MODULES if (found := hidden(path))} == {}


def forms_below(base: type) -> set[type]:
    """All forms that are defined somewhere."""
    return {base}.union(*(forms_below(form) for form in base.__subclasses__()))


def test_every_field_of_a_form_has_a_label():
    """Without one a message names the field by its English identifier."""
    get_resolver().url_patterns  # noqa: B018 - imports the pages, and with them their forms
    assert [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms_below(forms.Form)
        if form.__module__.startswith(OURS) and form is not SignInForm  # Django names its fields when one is made
        for name, field in form.base_fields.items()
        if field.label is None and not field.widget.is_hidden
    ] == []


def test_translations_keep_their_placeholders():
    def named(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)[sd]", text)) | set(re.findall(r"\{(\w*)\}", text))

    catalogue = polib.pofile(str(messages.CATALOGUE))
    assert [entry.msgid for entry in catalogue if named(entry.msgid) != named(entry.msgstr)] == []


@pytest.mark.django_db
@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_access_table_is_documented():
    call_command("access_matrix", "--check", verbosity=0)


def test_import_direction():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [*MODULES, *TEMPLATES], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_address_of_a_registry_or_a_machine(path):
    # Written apart, so that this file does not name them either.
    registries = ["python" + "hosted", "py" + "pi.org", "npm" + "js", "deb." + "debian"]
    forbidden = "|".join(re.escape(word) for word in [*registries, "/" + "root/", "/" + "work/"])
    assert not re.search(forbidden, path.read_text())
