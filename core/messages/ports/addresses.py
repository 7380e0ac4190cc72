"""Which addresses a webhook may have. Somebody else types them, so they must not lead into our own network.

The name is resolved once, every address it has must be public, and the connection goes to exactly those: a name that
changes its mind between the check and the call gains nothing.
"""

import ipaddress
import re
import socket

from core.messages.ports.http import Target

LONGEST = 500
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """Not an address we send to; `code` says why: shape, https, credentials, unknown, private."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def checked(url: str, *, demo: bool) -> Target:
    """The target of a webhook, its addresses pinned. In a demo world http and this very machine are allowed too.

    Raises AddressRefused.
    """
    if len(url) > LONGEST or _ODD.search(url) or not url.isascii():
        raise AddressRefused("shape")
    try:
        target = Target.of(url)
    except ValueError:
        raise AddressRefused("shape") from None
    if "@" in url.split("/", 3)[2]:
        raise AddressRefused("credentials")
    if not target.tls and not demo:
        raise AddressRefused("https")
    addresses = _resolved(target.host, target.port)
    if not all(public(address) or (demo and address.is_loopback) for address in addresses):
        raise AddressRefused("private")
    return Target.of(url, tuple(str(address) for address in addresses))


def _resolved(host: str, port: int) -> list[IPAddress]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("unknown") from None
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]


def public(address: IPAddress) -> bool:
    """Whether an address belongs to the open Internet; one that wraps another is judged by what it wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
