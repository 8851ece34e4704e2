"""The shell: navigation, preferences, components, and the promises of the style sheets."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from xinjin import navigation
from xinjin.context import Shell, shell
from xinjin.gallery import gallery
from xinjin.navigation import NavItem

ROOT = Path(settings.BASE_DIR)
CSS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "static" / "css").glob("*.css"))}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty navigation for one test."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_counters", {})


def request_for(path: str = "/", *, allowed: tuple[str, ...] = (), signed_in: bool = True) -> Any:
    request = RequestFactory().get(path)
    request.user = (
        SimpleNamespace(is_authenticated=True, pk=7, has_perm=lambda permission: permission in allowed)
        if signed_in
        else AnonymousUser()
    )
    return request


# --- navigation ------------------------------------------------------------------------------------------


def test_navigation_shows_what_the_user_may_open_in_order(items: None) -> None:
    navigation.register(
        NavItem("Health", "sign_in", "x.view_y", 2),
        NavItem("Theme", "set_theme", "", 1),
        NavItem("Session", "session_state", "x.view_z", 3),
    )
    labels = [item.label for item in navigation.items_for(request_for(allowed=("x.view_y",)))]
    assert labels == ["Theme", "Health"]


def test_navigation_is_empty_for_strangers(items: None) -> None:
    navigation.register(NavItem("Theme", "set_theme", "", 1))
    assert navigation.items_for(request_for(signed_in=False)) == []


def test_navigation_marks_the_deepest_item_only(items: None) -> None:
    navigation.register(NavItem("Home", "home", "", 1), NavItem("Theme", "set_theme", "", 2))
    active = {item.label: item.active for item in navigation.items_for(request_for("/theme/of/something/"))}
    assert active == {"Home": False, "Theme": True}


def test_navigation_counts_and_opens_sections(items: None) -> None:
    navigation.register(NavItem("Home", "home", "", 1, "a"), NavItem("Theme", "set_theme", "", 2, "b"))
    navigation.register_counter("set_theme", lambda user: user.pk)
    found = navigation.items_for(request_for())
    assert [(item.count, item.opens_section) for item in found] == [(0, False), (7, True)]


def test_navigation_survives_a_name_that_leads_nowhere(items: None) -> None:
    navigation.register(NavItem("Gone", "no_such_name", "", 1))
    assert navigation.items_for(request_for()) == []


def test_registered_items_of_the_product_lead_somewhere() -> None:
    assert [item.url_name for item in navigation.registered() if navigation._address(item) is None] == []


# --- preferences -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("pink", "auto"), (None, "auto")])
def test_theme_comes_from_the_cookie(cookie: str | None, theme: str) -> None:
    request = request_for()
    if cookie:
        request.COOKIES["theme"] = cookie
    assert Shell(request).theme == theme


def test_set_theme_remembers_and_leads_back() -> None:
    response = Client().post("/theme/", {"theme": "dark", "next": "/visits/?page=2"})
    assert (response.status_code, response["Location"]) == (302, "/visits/?page=2")
    assert response.cookies["theme"].value == "dark"


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_set_theme_never_leads_away(address: str) -> None:
    assert Client().post("/theme/", {"theme": "light", "next": address})["Location"] == "/"


def test_set_theme_without_a_page() -> None:
    assert Client().post("/theme/", {"theme": "light", "quiet": "1"}).status_code == 204
    assert Client().post("/theme/", {"theme": "pink"}).status_code == 400
    assert Client().get("/theme/").status_code == 405


def test_language_is_one_click_away_from_the_sign_in_page() -> None:
    response = Client().post("/language/", {"language": "en", "next": "/sign-in/"})
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert response["Location"] == "/sign-in/"


def test_session_state_of_a_stranger_is_empty_and_never_cached() -> None:
    response = Client().get("/session/")
    assert response.json()["user"] == ""
    assert response.json()["token"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("language", "lang", "other"), [("zh-hans", "zh-Hans", "en"), ("en", "en", "zh-hans")])
def test_shell_names_its_language_as_html_does(language: str, lang: str, other: str) -> None:
    with translation.override(language):
        assert (Shell(request_for()).lang, Shell(request_for()).other_language[0]) == (lang, other)


def test_a_changed_preference_leads_back_to_the_page() -> None:
    assert shell(request_for("/visits/?page=2"))["shell"].here == "/visits/?page=2"
    assert Shell(RequestFactory().post("/visits/?page=2")).here == "/visits/"


# --- pages and components --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["500", "503"])
def test_standalone_error_pages_need_no_context(code: str) -> None:
    page = render_to_string(f"{code}.html")
    assert "{%" not in (ROOT / "templates" / f"{code}.html").read_text(encoding="utf-8")
    assert f">{code}<" in page


@pytest.mark.parametrize("code", ["400", "403", "404", "409"])
def test_error_pages_stand_in_the_shell(code: str) -> None:
    request = request_for(signed_in=False)
    page = render_to_string(f"{code}.html", {"conflict": {"message": "late", "mine": {"a": "<b>"}}}, request)
    assert 'class="topbar"' in page
    assert "<b>" not in page


def test_an_expired_form_is_told_apart_from_a_missing_right() -> None:
    request = request_for(signed_in=False)
    assert "data-form-expired" in render_to_string("403.html", {"expired": True}, request)
    assert "data-form-expired" not in render_to_string("403.html", {}, request)


def test_an_expired_form_gives_back_the_text_but_no_password() -> None:
    request = request_for()
    request.method = "POST"
    request.POST = QueryDict("result=%3Ci%3Etalked&old_password=secret&csrfmiddlewaretoken=token-that-was-sent")
    page = render_to_string("403.html", {"expired": True, "user": request.user}, request)
    assert "&lt;i&gt;talked" in page
    assert "secret" not in page
    assert "token-that-was-sent" not in page


class Sample(forms.Form):
    households = forms.IntegerField(help_text="of the day")
    kinds = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(required=False)


class Tags(HTMLParser):
    """Ids, references to ids and link targets of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.described: set[str] = set()
        self.targets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        self.described.update((found.get("aria-describedby") or "").split())
        if tag == "a" and (found.get("href") or "").startswith("#"):
            self.targets.add((found["href"] or "")[1:])


def test_fields_and_mistakes_refer_to_each_other() -> None:
    form = Sample({})
    summary = render_to_string("_components/form_errors.html", {"form": form})
    fields = "".join(render_to_string("_components/field.html", {"field": field}) for field in form)
    tags = Tags(summary + fields)
    assert tags.targets == {"id_households", "id_kinds_field"}
    assert tags.targets <= tags.ids
    assert tags.described == {"id_households_helptext", "id_households_error", "id_kinds_error"}
    assert tags.described <= tags.ids


def test_form_without_mistakes_has_no_summary() -> None:
    assert render_to_string("_components/form_errors.html", {"form": Sample()}).strip() == ""


def test_pager_keeps_the_filters() -> None:
    page = Paginator(range(30), 10).page(2)
    html = render_to_string("_components/pager.html", {"page_obj": page}, RequestFactory().get("/?q=1&page=2"))
    assert "?q=1&amp;page=3" in html
    assert "?q=1&amp;page=1" in html


def test_pager_of_one_page_only_counts() -> None:
    page = Paginator(range(3), 10).page(1)
    html = render_to_string("_components/pager.html", {"page_obj": page}, RequestFactory().get("/"))
    assert "href" not in html


def test_meter_draws_numbers_without_local_signs() -> None:
    html = render_to_string("_components/meter.html", {"value": 1234.5, "maximum": 2000})
    assert 'viewBox="0 0 2000 1"' in html
    assert '<rect width="1234.5"' in html


def test_badge_has_a_shape_of_its_own_or_of_its_tone() -> None:
    assert "shape--half" in render_to_string("_components/badge.html", {"label": "x", "shape": "half"})
    assert "badge--ok" in render_to_string("_components/badge.html", {"label": "x", "tone": "ok"})


def test_row_editor_offers_a_row_to_copy() -> None:
    formset = forms.formset_factory(Sample, extra=2, can_delete=True)(prefix="calls")
    html = render_to_string("_components/row_editor.html", {"formset": formset, "add_label": "Add"})
    assert html.count("<tr data-row>") == 3
    assert "calls-__prefix__-households" in html
    assert 'name="calls-0-DELETE"' in html


@pytest.mark.parametrize(
    ("is_staff", "demo", "shown"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_gallery_is_for_the_staff_of_a_trial(settings: Any, is_staff: bool, demo: bool, shown: bool) -> None:
    settings.DEMO = demo
    request = request_for("/gallery/")
    request.user.is_staff = is_staff
    if shown:
        assert b'class="wall' in gallery(request).content
    else:
        with pytest.raises(Http404):
            gallery(request)


# --- what the policy and old browsers ask ----------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_hold_nothing_inline_and_nothing_from_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", text)


@pytest.mark.parametrize("name", CSS)
def test_style_sheets_fit_old_browsers(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", CSS[name], flags=re.S)
    newer = r":has\(|:is\(|:where\(|@layer|@container|oklch|oklab|color-mix|\binset:|aspect-ratio|@import|https?:"
    assert not re.search(newer, text)
    for rule in re.findall(r"\{([^{}]*)\}", text):
        assert "&" not in rule
        if re.search(r"(?:^|[\s;-])gap:", rule):  # flex boxes have no gap before Chromium 84
            assert "display: grid" in rule


def test_style_sheets_stay_small() -> None:
    shared = {"tokens.css", "xinjin.css", "components.css", "admin.css", "print.css"}
    lines = {name: text.count("\n") for name, text in CSS.items()}
    assert sum(lines[name] for name in shared) <= 1100
    assert max(lines[name] for name in lines.keys() - shared) <= 80, "the sheet of one page or list"


def tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r" \{(.*?)\n\s*\}", CSS["tokens.css"], re.S)
    assert block
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block.group(1)))


LIGHT = tokens(":root")
DARK = {**LIGHT, **tokens(':root[data-theme="dark"]')}


def test_dark_by_choice_is_dark_by_system() -> None:
    assert tokens(':root[data-theme="dark"]') == tokens(':root[data-theme="auto"]')


def luminance(colour: str) -> float:
    full = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_PAIRS = (
    [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("bg", "surface", "surface-2", "hover")]
    + [(tone, f"{tone}-soft") for tone in ("ok", "warn", "bad", "accent")]
    + [("ink", f"{tone}-soft") for tone in ("ok", "warn", "bad", "accent", "muted")]
    + [("ink-2", "muted-soft"), ("ink-3", "muted-soft"), ("accent", "ok-soft"), ("accent", "bad-soft")]
    + [(tone, "surface") for tone in ("ok", "warn", "bad")]
    + [("on-bar", "bar"), ("on-bar", "bar-2"), ("on-bar-2", "bar"), ("bar", "on-bar")]
    + [("on-accent", "accent-fill"), ("on-accent", "accent-fill-hover"), ("surface", "bad-fill")]
)
SHAPE_PAIRS = [("line-strong", "surface"), ("line-strong", "bg"), ("focus", "surface"), ("focus", "bg")] + [
    (f"{tone}-fill", ground) for tone in ("ok", "warn", "bad") for ground in ("surface", f"{tone}-soft")
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_have_contrast(theme: dict[str, str]) -> None:
    ratios = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in TEXT_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}
    ratios = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in SHAPE_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}
