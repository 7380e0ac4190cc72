"""The published description against the running interface, for every role: no server error, nothing undescribed.

Requests are made up from the description, well-formed and odd ones; half of them name real cases. Each is rolled
back, so that every one meets the same world.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.accounts.limits import Window
from core.parties.models import Authority, Delegation
from core.rest import base
from licensing.actions import delegation
from portal.api_docs import path_of
from tests.support.cases import Cases, build_cases
from tests.support.interface import token_for
from tests.support.world import DAY, PDF, actor, at, official

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "public"])]

ROLES = ("visitor", "applicant", "clerk", "reviewer", "approver", "head", "auditor")
EXAMPLES = 3
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DESCRIPTION = schemathesis.openapi.from_path(path_of("zh-hans"))
APPLICATION = get_wsgi_application()
OPERATIONS = [found.ok() for found in DESCRIPTION.get_all_operations()]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests share the test's transaction; Django's own test client does the same."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> Cases:
    many = 10**9
    monkeypatch.setattr(base, "CLIENT", Window("api", many, base.CLIENT.length))
    monkeypatch.setattr(base, "VISITOR", Window("api_visitor", many, base.VISITOR.length))
    found = build_cases()
    entrust_suzhou()
    return found


def entrust_suzhou() -> None:
    """A delegation of acceptance, so that requests about one can name a real one."""
    head, codes = official("320000", "head"), {row.code: row for row in Authority.objects.all()}
    delegation.delegate(
        delegator=codes["320000"], to=codes["320500"], stage="acceptance", category_key="", valid_from=DAY,
        valid_to=None, basis_instrument="委托办法", basis_article="第三条", document=PDF, filename="委托书.pdf",
        actor=actor(head), at=at(DAY, 8),
    )  # fmt: skip


def secret_of(role: str, cases: Cases) -> str:
    cast = cases.cast
    if role == "visitor":
        return ""
    if role == "applicant":
        return token_for(cast.applicant, cast.enterprise)[1]
    if role == "auditor":
        return token_for(official("AQSIQ", "audit"))[1]
    person = official("320000", "head") if role == "head" else getattr(cast, role)
    return token_for(person)[1]


@pytest.mark.parametrize("role", ROLES)
def test_no_request_of_this_role_breaks_the_interface(role: str, cases: Cases) -> None:
    secret = secret_of(role, cases)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    for operation in OPERATIONS:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            attack(operation, mode, headers, cases)


def attack(operation: Any, mode: GenerationMode, headers: dict[str, str], cases: Cases) -> None:
    """Some requests to one operation; raises what a check finds."""
    tags = {str(c.public_id): f'"{c.version}-{c.draft_version}"' for c in map(cases.fresh, cases.all())}
    if operation.path.startswith("/api/v1/delegations/"):
        tags = {str(row.public_id): f'"{row.file.version}-0"' for row in Delegation.objects.all()}
    known = list(tags)

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode), st.sampled_from(known), st.booleans(), st.booleans())
    def run(request: Any, public_id: str, real: bool, fresh: bool) -> None:
        if real and "public_id" in (request.path_parameters or {}):
            request.path_parameters["public_id"] = public_id
        if real and fresh and "If-Match" in (request.headers or {}):
            request.headers["If-Match"] = tags[public_id]
        with transaction.atomic():
            request.call_and_validate(app=APPLICATION, headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    try:
        run()
    except schemathesis.errors.InvalidSchema as error:
        pytest.fail(str(error))
    except Exception as error:
        if type(error).__name__ in ("Unsatisfiable", "SkipTest"):
            return
        raise
