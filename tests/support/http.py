"""A person at the running portal without a browser: cookies, forms, and how long an answer took."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    url: str
    text: str
    seconds: float


class _Stay(urllib.request.HTTPRedirectHandler):
    """Answers are measured as they come; where they lead is for the caller."""

    def redirect_request(self, *arguments: object) -> None:
        return None


class Person:
    """A session of one person."""

    def __init__(self, base: str) -> None:
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, _Stay())

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self._url(path)))

    def post(self, path: str, page: Answer, **fields: str | list[str]) -> Answer:
        """Send the form as it stood on `page`, with its token and version."""
        token, version = TOKEN.search(page.text), VERSION.search(page.text)
        assert token is not None and version is not None, page.text[:500]
        data = {"csrfmiddlewaretoken": token[1], "version": version[1], **fields}
        body = urllib.parse.urlencode(data, doseq=True).encode()
        return self._ask(
            urllib.request.Request(self._url(path), data=body, headers={"Referer": self._url(path)})
        )

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.base + path

    def _ask(self, request: urllib.request.Request) -> Answer:
        began = time.monotonic()
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode(errors="replace")
            where = answer.headers.get("Location") or answer.geturl()
            return Answer(answer.status, where, text, time.monotonic() - began)
