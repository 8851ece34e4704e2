"""The file of a case on paper: a long text begins on the first page and goes on overleaf."""

from io import BytesIO
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser


def test_long_detail_begins_below_its_heading(sign_in: SignIn):
    person = sign_in("officer")
    page = person.open("/ledger/new/")
    page.select_option('select[name="kind"]', "concern")
    page.select_option('select[name="category"]', "facilities")
    page.fill('input[name="title"]', "多年未决的事项")
    page.fill('textarea[name="detail"]', "\n".join(f"{line}组路口路灯不亮。" for line in range(1, 71)))
    page.fill('input[name="parties-0-name"]', "赵某")
    person.press(page.locator(".form-actions button").first)
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = [normalize("NFKC", sheet.extract_text()) for sheet in paper.pages]
    assert "多年未决的事项" in pages[0]
    assert "40组路口" in pages[0], "the first page is filled"
    assert "70组路口" in pages[1]
    assert len(pages) == 2
