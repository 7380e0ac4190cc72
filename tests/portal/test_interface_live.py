"""An integrator with nothing but the pages for tokens and the interface, on the running portal with its workers."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests

from core.lifecycle.dates import shanghai_date
from portal.embedded import processes
from tests.support.stack import Stack
from tests.support.world import PDF

pytestmark = pytest.mark.slow
WITHIN = 90


class System:
    """One person's own system: a token issued on the page, then JSON alone."""

    def __init__(self, stack: Stack, username: str, scopes: tuple[str, ...]) -> None:
        self.root = f"{stack.url}/api/v1/"
        browser = requests.Session()
        link = stack.manage("demo_login", username).strip().splitlines()[-1]
        browser.get(stack.url + link[link.index("/demo/login/") :])
        page = browser.get(f"{stack.url}/accounts/tokens/new/").text
        form = dict(re.findall(r'name="(csrfmiddlewaretoken|public_id)" value="([^"]+)"', page))
        enterprise = re.search(r'<option value="([0-9A-Z]{18})"', page)
        form |= {"name": "自动申报", "scopes": scopes, "days": "7"}  # type: ignore[dict-item]
        form |= {"enterprise": enterprise.group(1)} if enterprise else {}
        answer = browser.post(f"{stack.url}/accounts/tokens/new/", form, headers={"Referer": stack.url})
        found = re.search(r"plp_[0-9A-Za-z_-]{43}", answer.text)
        assert found, answer.text[:2000]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {found.group()}"
        self.etag = ""

    def get(self, path: str) -> Any:
        answer = self.session.get(self.root + path)
        assert answer.status_code == 200, answer.text
        self.etag = answer.headers.get("ETag", self.etag)
        return answer

    def act(self, method: str, path: str, **content: Any) -> Any:
        headers = {"If-Match": self.etag, "Idempotency-Key": str(uuid.uuid4())}
        answer = self.session.request(method, self.root + path, headers=headers, **content)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.text)
        self.etag = answer.headers.get("ETag", self.etag)
        return answer.json()

    def until(self, case: str, ready: Any) -> Any:
        """Read the case until the workers have done their part."""
        assert processes.wait_until(lambda: ready(self.get(case).json()), WITHIN, pause=0.5)
        return self.get(case).json()


ENTERPRISE = ("applications:read", "applications:write", "applications:file")
DESK = ("work:read", "work:act")


def filled(system: System, today: date) -> str:
    """A new application of the token's own enterprise, complete and signed."""
    me = system.get("me/").json()["enterprise"]
    made = system.act("POST", "applications/", json={"category": "water-pipe", "units": []})
    case, facts = f"applications/{made['id']}/", made["content"]["enterprise"]
    keys = ("name", "uscc", "legal_representative", "division", "address", "contact", "phone")
    assert facts["uscc"] == me["uscc"]
    system.act("PUT", f"{case}enterprise/", json={key: facts[key] for key in keys})
    unit = system.session.get(f"{system.root}catalog/water-pipe/").json()["units"][0]["key"]
    system.act("PUT", f"{case}product/", json={"category": "water-pipe", "units": [unit]})
    site = {"division": facts["division"], "address": "港城路 9 号"}
    system.act("PUT", f"{case}sites/", json={"rows": [site]})
    conditions = {
        "equipment": [{"name": "挤出机", "model": "SJ-90", "quantity": 2}],
        "instruments": [{"name": "爆破试验机", "number": "BP-1", "valid_until": str(today + timedelta(days=200))}],
        "process": "GB/T 10002.1", "staff": "工艺员 2 人",
    }  # fmt: skip
    system.act("PUT", f"{case}conditions/", json=conditions)
    system.act("PUT", f"{case}business-licence/", files={"file": ("营业执照.pdf", PDF, "application/pdf")})
    system.act("PUT", f"{case}commitment/", json={"signer": facts["legal_representative"], "agreed": True})
    return case


def test_from_the_first_draft_to_a_certificate_anybody_can_verify(stack: Stack) -> None:
    stack.wait_ready()
    today = shanghai_date(datetime.now(UTC))
    applicant = System(stack, "dafeng", ENTERPRISE)
    case = filled(applicant, today)
    applicant.act("POST", f"{case}submit/")
    applicant.until(case, lambda told: len(told["documents"]) == 3)

    clerk = System(stack, "js-clerk", DESK)
    assert "accept" in clerk.get(case).json()["acts"]
    clerk.act("POST", f"{case}accept/")
    reviewer = System(stack, "js-reviewer", DESK)
    reviewer.get(case)
    reviewer.act("POST", f"{case}review/take/", json={"no_conflict": True})
    outcome = {"outcome": "passed", "body": "省质检院", "concluded_on": str(today), "finding": "合格"}
    for track in ("onsite", "testing"):
        reviewer.act(
            "POST", f"{case}evidence/{track}/",
            data=outcome | ({"verifiers": ["孟晓东", "罗静"]} if track == "onsite" else {}),
            files={"document": ("记录.pdf", PDF, "application/pdf")},
        )  # fmt: skip
    reviewer.act("POST", f"{case}review/conclude/")
    approver = System(stack, "js-approver", DESK)
    approver.get(case)
    number = approver.act("POST", f"{case}grant/", json={"basis": ["L2 第二十四条"], "no_conflict": True})[
        "licence_number"
    ]

    applicant.until(case, lambda told: told["status"] == "certificate_issued")
    pdf = applicant.get(f"{case}certificate/").content
    applicant.get(case)
    assert applicant.act("POST", f"{case}delivery/")["status"] == "delivered"
    public = requests.Session()
    address = f"{applicant.root}licences/{number}/"
    assert processes.wait_until(lambda: public.get(address).status_code == 200, WITHIN, pause=0.6)
    verdict = public.post(
        f"{applicant.root}verify/", files={"file": ("证书.pdf", pdf, "application/pdf")}
    ).json()
    assert (verdict["authentic"], verdict["unaltered"], verdict["licence_number"]) == ("yes", "yes", number)
    assert public.get(address).json()["holder"].startswith("盐城大丰")
