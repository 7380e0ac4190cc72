"""Known devices: browsers in which somebody has signed in before (OWASP "device cookies"), and how they are named.

The cookie opens nothing. It only gives its owner's attempts a budget apart from everybody else's.
"""

import ipaddress
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.parties.models import User

COOKIE = "device"
LIFE = timedelta(days=400)
PEOPLE_PER_DEVICE = 8
UNKNOWN = "unknown"
_SALT = "core.accounts.device"


def device_of(request: HttpRequest, user: User) -> str:
    """The mark of this browser for this person; `UNKNOWN` for a browser he has not signed in from, or a forged one."""
    return _marks(request).get(str(user.public_id), UNKNOWN)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """After a complete sign-in: this browser is known for this person from now on."""
    marks = _marks(request)
    mark = marks.pop(str(user.public_id), None) or secrets.token_urlsafe(12)
    newest = dict([*marks.items(), (str(user.public_id), mark)][-PEOPLE_PER_DEVICE:])
    response.set_cookie(
        COOKIE, signing.dumps(newest, salt=_SALT), max_age=LIFE, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _marks(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg/", "Edge"), ("EdgA/", "Edge"), ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"), ("HuaweiBrowser", "华为浏览器"), ("SamsungBrowser", "Samsung Internet"),
    ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("Trident/", "Internet Explorer"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Kylin", "麒麟"), ("UOS", "统信 UOS"), ("Linux", "Linux"),
)  # fmt: skip


def describe(user_agent: str) -> str:
    """Browser and system by their names, such as "Firefox · Windows"; empty when neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def coarse(address: str) -> str:
    """A network instead of an address: 203.0.113.*, 2001:db8:7::; empty for what is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 4:
        return ".".join(str(ip).split(".")[:3]) + ".*"
    return str(ipaddress.ip_network(f"{ip}/48", strict=False).network_address)


def counted(address: str) -> str:
    """Whom a limit per network counts: an IPv4 address, or the /64 an IPv6 subscriber gets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network(f"{ip}/64", strict=False).network_address)
