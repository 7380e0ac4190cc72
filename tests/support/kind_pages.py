"""A case about a licence gone through by its pages: what holder and officials send, kind by kind."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from certificates.models import Certificate
from core.files.actions import put_generated
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from core.parties.models import User
from licensing.actions.delivery import note_certificate
from licensing.actions.papers import write_papers
from licensing.kinds import Kind
from licensing.models import Application
from tests.support import world
from tests.support.clients import signed_in, upload
from tests.support.holders import STATEMENTS, Holder

MEMBER = {
    "name": "测试肥业二厂有限公司", "uscc": "91320102MA1X5C7DXJ", "province": "320000", "division": "320102",
    "address": "中山路 1 号",
}  # fmt: skip
MOVED = {"province": "320000", "division": "320582", "address": "港城大道 1 号"}
REWRITTEN = {"province": "320000", "division": "320583", "address": "优比路 12 号甲"}


def at(case: Application, name: str, **more: str) -> str:
    """The page of a case by its name."""
    return reverse(f"licensing:{name}", kwargs={"public_id": case.public_id, **more})


def start_page(kind: str, number: str) -> str:
    return reverse("licensing:start") + "?" + urlencode({"kind": kind, "licence": number})


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


class Applicant:
    """The holder at his pages; every page asked for has to be there."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self.client = signed_in(holder.applicant)

    def look(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.content.decode())

    def begin(self, kind: str) -> Application:
        """From the list of licences to the task list."""
        page = start_page(kind, self.holder.licence.number)
        assert page.replace("&", "&amp;") in self.look(reverse("licensing:own_licences")), kind
        form = self.client.get(page)
        assert form.status_code == 200
        sent = {
            "draft": form.context["draft_id"], "kind": kind, "licence": self.holder.licence.number,
        }  # fmt: skip
        answer = self.client.post(reverse("licensing:start"), sent)
        assert answer.status_code == 302, answer.content.decode()
        draft = Application.objects.get(public_id=sent["draft"])
        assert answer["Location"] == at(draft, "tasks")
        return draft

    def send(self, draft: Application, section: str, **sent: Any) -> Any:
        """Post one section with the save the page was drawn with."""
        address = at(draft, section)
        self.look(address)
        return self.client.post(address, {"draft_version": fresh(draft).draft_version, **sent})

    def save(self, draft: Application, section: str, **sent: Any) -> None:
        answer = self.send(draft, section, **sent)
        shown = answer.context["form"].errors if answer.status_code != 302 else ""
        assert answer.status_code == 302, (section, answer.status_code, shown)

    def fill_in(self, draft: Application) -> None:
        """Every section of its kind; what the kind is about differs from the licence."""
        for section in draft.rules.all_sections:
            getattr(self, f"_{section}")(draft)

    def facts(self, draft: Application) -> dict[str, Any]:
        """The enterprise section as its page shows it."""
        kept = fresh(draft).draft["enterprise"]
        wanted = (
            "name",
            "uscc",
            "legal_representative",
            "province",
            "division",
            "address",
            "contact",
            "phone",
        )
        return {key: kept[key] for key in wanted}

    def _enterprise(self, draft: Application) -> None:
        facts = self.facts(draft)
        if draft.kind == Kind.CHANGE:
            facts["name"] = facts["name"].replace("有限公司", "股份有限公司")
        self.save(draft, "enterprise", **facts)

    def _product(self, draft: Application) -> None:
        self.save(draft, "product", units=[str(row.unit_id) for row in draft.units.all()])

    def _sites(self, draft: Application) -> None:
        """The place moves, or only its name is written anew."""
        self.save(draft, "sites", remove="0")
        self.save(draft, "sites", add="1", **(MOVED if draft.kind == Kind.RELOCATION else REWRITTEN))

    def table(self, draft: Application) -> dict[str, Any]:
        """The conditions as their page shows them, with one machine more."""
        kept = fresh(draft).draft["conditions"]
        machines = [*kept["equipment"], {"name": "造粒机", "model": "ZL-1", "quantity": 1}]
        sent: dict[str, Any] = {"process": kept["process"], "staff": kept["staff"]}
        for name, rows in (("equipment", machines), ("instruments", _calibrated(kept["instruments"]))):
            sent |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
            sent |= {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
        return sent

    def _conditions(self, draft: Application) -> None:
        self.save(draft, "conditions", **self.table(draft))

    def _group(self, draft: Application) -> None:
        self.save(draft, "group", add="1", **MEMBER)

    def _statement(self, draft: Application) -> None:
        self.save(draft, "statement", **STATEMENTS[draft.kind])

    def _business_licence(self, draft: Application) -> None:
        self.save(draft, "business_licence", file=upload(name="营业执照.pdf"))

    def _commitment(self, draft: Application) -> None:
        self.save(draft, "commitment", agreed="on", signer="周敏")

    def submit(self, draft: Application) -> Application:
        """The last look, filing, the receipt; the papers are written behind it."""
        assert at(draft, "check") in self.look(at(draft, "tasks"))
        assert at(draft, "submit") in self.look(at(draft, "check"))
        answer = self.client.post(at(draft, "submit"), {"draft_version": fresh(draft).draft_version})
        assert answer.status_code == 302 and answer["Location"] == at(draft, "receipt")
        case = fresh(draft)
        assert case.number and case.number in self.look(at(case, "receipt"))
        write_papers(public_id=case.public_id, at=case.received_at)
        return case

    def file(self, kind: str) -> Application:
        draft = self.begin(kind)
        self.fill_in(draft)
        return self.submit(draft)


def _calibrated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Instruments whose calibration still runs."""
    return [{**row, "valid_until": "2027-06-30"} for row in rows]


def press(person: User, case: Application, name: str, *, page: str = "", **sent: Any) -> None:
    """An official opens a page of the case and sends its form."""
    client = signed_in(person)
    more = {key: sent.pop(key) for key in ("track",) if key in sent}
    opened = client.get(at(case, page or name, **more))
    assert opened.status_code == 200, (name, opened.status_code)
    answer = client.post(at(case, name, **more), {"version": fresh(case).version, **sent})
    shown = answer.context["form"].errors if answer.status_code != 302 else ""
    assert answer.status_code == 302, (name, answer.status_code, shown)


def through_review(holder: Holder, case: Application, day: Any) -> None:
    """The desk of review: taken, both tracks recorded, sent up."""
    press(holder.reviewer, case, "take_review", page="review", no_conflict="on")
    for track in ("onsite", "testing"):
        names = {"verifiers": "\n".join(world.VERIFIERS)} if track == "onsite" else {}
        press(
            holder.reviewer, case, "record_evidence", track=track, outcome="passed", body="省质检院",
            concluded_on=str(day), finding="相符", document=upload(), **names,
        )  # fmt: skip
    press(holder.reviewer, case, "conclude_review", page="review")


def grant(holder: Holder, case: Application) -> None:
    """The desk of decision, with the provisions offered as usual."""
    last = len(case.rules.basis) - 1
    basis = sorted({"0", str(last)})
    press(holder.approver, case, "decide", act="grant", basis=basis, no_conflict="on")


def sign(case: Application) -> None:
    """The signing worker has made the certificate of this case (any PDF will do)."""
    case = fresh(case)
    assert case.licence is not None and case.decided_on is not None
    moment = world.at(case.decided_on, 17)
    rows = Certificate.objects.filter(
        licence_number=case.licence.number, licence_version=case.licence_version
    )
    stored = put_generated(
        content=world.PDF, filename="证书.pdf", content_type="application/pdf", slot="certificate", actor=SYSTEM,
        owner=Subject("certificates.certificate", case.licence.number), at=moment,
    )  # fmt: skip
    done = rows.update(
        status="issued", pdf=stored, pdf_sha256=stored.sha256, signed_at=moment, signer_fingerprint="f" * 64
    )
    assert done == 1
    note_certificate(public_id=case.public_id, at=moment)
