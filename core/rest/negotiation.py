"""One representation each: JSON for facts, the document's own type for papers. `Accept` does not choose."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class OneRepresentation(BaseContentNegotiation):
    """The first parser that fits, and the first renderer."""

    def select_parser(self, request: Any, parsers: list[Any]) -> Any:
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: Any, renderers: list[Any], format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
