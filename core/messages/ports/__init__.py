"""The ways out of the portal, behind one interface: e-mail, SMS gateway, webhook.

A port knows how to reach an address and nothing of whom to tell or when. It raises `TryAgain` or `GiveUp`, each with a
short code that holds no address and no text, because it is kept and shown to operators.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class TryAgain(Exception):
    """It may work later: the other side is away, busy, or failed on its own."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class GiveUp(Exception):
    """It will not work however often it is tried: the address is refused or forbidden."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Letter:
    """What is sent, in the recipient's language. `id` stays the same over retries, so that a receiver can tell."""

    id: str
    kind: str
    category: str
    title: str
    body: str
    url: str
    created_at: datetime


class Port(Protocol):
    """One channel. `to` is what the channel needs of the recipient: address, number, or address and secret."""

    def offered(self) -> bool:
        """Whether this installation can send on the channel at all."""
        ...

    def send(self, letter: Letter, to: str, *, secret: bytes = b"", at: datetime) -> None:
        """Hand the letter over. Raises TryAgain or GiveUp."""
        ...
