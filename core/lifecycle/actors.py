"""Who acts, as a value that outlives the account (DESIGN §2: no foreign key upward)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """A person or the system at the moment of an act; `code` is stable, labels are as they were then."""

    kind: Literal["user", "system", "public"]
    code: str
    label: str
    organisation: str = ""
    organisation_label: str = ""
    user_id: int | None = None


SYSTEM = Actor("system", "system", "系统")
ANYONE = Actor("public", "public", "公众")
