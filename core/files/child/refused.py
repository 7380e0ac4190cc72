"""How the inspecting process says no."""


class Refused(Exception):
    """The file cannot be taken; `reason` is a key of `core.files.errors.BY_REASON` or `active`."""

    def __init__(self, reason: str, **params: int | str) -> None:
        self.reason, self.params = reason, params
        super().__init__(reason)
