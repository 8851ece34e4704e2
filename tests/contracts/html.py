"""What a browser would refuse or fetch from elsewhere in a page."""

from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data", "hx-get", "hx-post", "xlink:href"}


class Inspector(HTMLParser):
    """Collects what strict pages must not have; `lang` is the language of the page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.lang: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"inline <{tag}>")
        for name, value in given.items():
            self._attribute(tag, name, value)

    handle_startendtag = handle_starttag

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith(("on", "hx-on")) or name == "style":
            self.found.append(f"<{tag} {name}={value!r}>")
        target = value.strip().lower()
        if name in ADDRESSES and target.startswith(("http:", "https:", "//", "javascript:")):
            self.found.append(f"<{tag} {name}={value!r}>")


def mistakes(text: str) -> list[str]:
    """What a strict page must not have."""
    return Inspector(text).found
