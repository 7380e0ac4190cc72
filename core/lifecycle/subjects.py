"""What an act is about: an aggregate's kind, its public id and its version after the act."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    kind: str
    id: str
    version: int = 0
