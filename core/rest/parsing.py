"""JSON from strangers: bounded in size and depth before anything is made of it."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from core.rest.errors import BodyTooLarge

TOO_DEEP: Final = "JSON is nested too deeply"


class BoundedJsonParser(JSONParser):
    """Raises BodyTooLarge above `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, ParseError for what cannot be read."""

    def parse(
        self, stream: Any, media_type: Any = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        told = parser_context["request"].META.get("CONTENT_LENGTH") if parser_context else None
        if int(told or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge()
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
