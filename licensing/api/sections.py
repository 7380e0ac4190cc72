"""Filling in: each section of a draft, or of an answer to a correction notice, as a whole (R-29, R-31)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from catalog.queries import open_units
from core.files.intake import prepare
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import Fields
from core.rest.schema import both, operation
from core.rest.scopes import READING, Scope
from core.rest.tags import seen
from licensing.actions import drafts, typed
from licensing.api import samples
from licensing.api.facts import case_of, respond
from licensing.api.inputs import (
    GroupSerializer,
    ProductChoiceSerializer,
    SignSerializer,
    SitesSerializer,
    StatementSerializer,
    UnknownCategory,
    UnknownUnit,
    UploadSerializer,
    as_rows,
    cleaned,
    form_faults,
    judged,
)
from licensing.api.letter import LetterSerializer, letter_facts
from licensing.api.shapes import CaseSerializer, ConditionsSerializer, FactsSerializer
from licensing.forms.drafts import (
    CommitmentForm,
    EnterpriseForm,
    EquipmentFormSet,
    InstrumentFormSet,
    ProcessForm,
    SiteForm,
)
from licensing.forms.held import keep_licensed, keep_unnoticed
from licensing.forms.statement import MemberForm, StatementForm
from licensing.models import Application
from licensing.queries.choices import category_by_key
from licensing.queries.notices import notice_of

TAG = "filling-in"
Data = dict[str, Any]


def section(name: str, summary: Any, shape: type[Serializer], *examples: Data) -> Any:
    """The description of a PUT of one section."""
    return operation(
        f"applications_put_{name}", summary, tag=TAG, answers=CaseSerializer, request=shape,
        examples=both(*examples) if examples else [], refuses=(400, 404, 415, 422), moves=True,
    )  # fmt: skip


class Section(ApiView):
    """One section. What a correction notice did not ask for keeps its content."""

    scopes = {"PUT": (Scope.APPLICATIONS_WRITE,)}

    def open(self, request: ApiRequest, public_id: UUID) -> tuple[Application, int]:
        """The case, and the save of the draft the client saw."""
        case = case_of(request, public_id)
        return case, seen(request, 2)[1]

    def save(self, request: ApiRequest, case: Application, name: str, data: Data, saves: int) -> Response:
        """Keep the section; words typed for it in a browser are settled with it."""
        typed.confirming(
            application=case, section=name,
            act=lambda: drafts.save_section(
                public_id=case.public_id, section=name, data=data, draft_version=saves, actor=request.actor,
                at=request.at,
            ),
        )  # fmt: skip
        return respond(request, case)


def _hold(request: ApiRequest, case: Application, name: str, form: Any, **tables: Any) -> None:
    notice = notice_of(case, request.today, working=True)
    if notice is not None:
        keep_unnoticed(notice, name, form, **tables)
    keep_licensed(case.kind, name, form)


def _placed(data: Data) -> Data:
    """With the province a county lies in, which the page asks for first."""
    return {**data, "province": f"{data['division'][:2]}0000"}


class EnterpriseSection(Section):
    """The facts of the business licence."""

    @section("enterprise", _("企业信息，与营业执照一致"), FactsSerializer, samples.FACTS, samples.FACTS_EN)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        data = cleaned(FactsSerializer, request.data)
        kept = case.draft.get("enterprise", {})
        form = EnterpriseForm(
            _placed(data), initial=kept, today=request.today, expected_uscc=case.enterprise.uscc
        )
        _hold(request, case, "enterprise", form)
        return self.save(request, case, "enterprise", {**judged(form), "confirmed": True}, saves)


class ProductSection(Section):
    """Category and units."""

    @section("product", _("产品类别和单元"), ProductChoiceSerializer, samples.PRODUCT)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        data = cleaned(ProductChoiceSerializer, request.data)
        category = category_by_key(data["category"])
        if category is None:
            raise UnknownCategory("category")
        offered = {row.unit.key: row.unit for row in open_units(category.key, request.today)}
        if unknown := [key for key in data["units"] if key not in offered]:
            raise UnknownUnit("units", units="、".join(unknown))
        common: dict[str, Any] = {"public_id": public_id, "actor": request.actor, "at": request.at}
        with transaction.atomic():
            chosen = drafts.choose_category(category=category, draft_version=saves, **common)
            units = [offered[key] for key in data["units"]]
            drafts.choose_units(units=units, draft_version=chosen.draft_version, **common)
            typed.forget(application=case, section="product")
        return respond(request, case)


class SitesSection(Section):
    """Where it is produced."""

    @section("sites", _("全部生产地址"), SitesSerializer, samples.SITES)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        rows = []
        for index, row in enumerate(cleaned(SitesSerializer, request.data)["rows"]):
            data = judged(SiteForm(_placed(row), today=request.today), f"/rows/{index}")
            rows.append({key: data[key] for key in ("division", "address", "full_address")})
        distinct = [row for index, row in enumerate(rows) if row not in rows[:index]]
        return self.save(request, case, "sites", {"rows": distinct}, saves)


class ConditionsSection(Section):
    """Equipment, instruments, process and staff."""

    @section(
        "conditions",
        _("设备、仪器、工艺和人员"),
        ConditionsSerializer,
        samples.CONDITIONS,
        samples.CONDITIONS_EN,
    )
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        data = cleaned(ConditionsSerializer, request.data)
        kept = case.draft.get("conditions", {})
        tables = {
            name: form_set(
                as_rows(name, data[name]), prefix=name, initial=kept.get(name), today=request.today
            )
            for name, form_set in (("equipment", EquipmentFormSet), ("instruments", InstrumentFormSet))
        }
        form = ProcessForm({key: data[key] for key in ("process", "staff")}, initial=kept)
        _hold(request, case, "conditions", form, **tables)
        faults = form_faults(form) + [f for name, table in tables.items() for f in _table_faults(name, table)]
        if faults:
            raise Fields(faults)
        rows = {name: table.rows() for name, table in tables.items()}
        return self.save(request, case, "conditions", {**rows, **form.cleaned_data}, saves)


def _table_faults(name: str, table: Any) -> list[tuple[str, str, str]]:
    if table.is_valid():
        return []
    rows = [fault for i, form in enumerate(table.forms) for fault in form_faults(form, f"/{name}/{i}")]
    return rows + [(f"/{name}", "api.invalid", str(words)) for words in table.non_form_errors()]


class StatementSection(Section):
    """What happened and why."""

    @section("statement", _("变更、迁址、补领、注销的说明"), StatementSerializer, samples.STATEMENT)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        if "statement" not in case.rules.all_sections:
            raise drafts.SectionNotAsked()
        data = cleaned(StatementSerializer, request.data)
        form = StatementForm(data, kind=case.kind, today=request.today)
        _hold(request, case, "statement", form)
        return self.save(request, case, "statement", dict(judged(form)), saves)


class GroupSection(Section):
    """Members of a group licensed together."""

    @section("group", _("集团公司所属单位"), GroupSerializer, samples.GROUP)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        rows = []
        for index, row in enumerate(cleaned(GroupSerializer, request.data)["rows"]):
            data = judged(MemberForm(_placed(row), today=request.today), f"/rows/{index}")
            rows.append({key: data[key] for key in ("name", "uscc", "division", "address", "full_address")})
        return self.save(request, case, "group", {"rows": rows}, saves)


class BusinessLicenceSection(Section):
    """The one upload."""

    parser_classes = (MultiPartParser,)

    @section("business_licence", _("营业执照：PDF、JPEG 或 PNG，不超过 20 MB"), UploadSerializer)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        upload = cleaned(UploadSerializer, request.data)["file"]
        with prepare(content=upload, filename=upload.name, slot="file") as ready:
            drafts.attach_licence(
                public_id=public_id, upload=ready, filename=upload.name, draft_version=saves, actor=request.actor,
                at=request.at,
            )  # fmt: skip
        return respond(request, case)


class CommitmentSection(Section):
    """The letter to read, and the legal representative's signature (R-28)."""

    scopes = {"GET": READING, "PUT": (Scope.APPLICATIONS_FILE,)}

    @operation(
        "applications_commitment", _("要签署的承诺书全文"), tag=TAG, answers=LetterSerializer, refuses=(404,)
    )
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        case = case_of(request, public_id)
        return Response(LetterSerializer(letter_facts(request, case)).data)

    @section("commitment", _("由法定代表人签署承诺书"), SignSerializer, samples.SIGN)
    def put(self, request: ApiRequest, public_id: UUID) -> Response:
        case, saves = self.open(request, public_id)
        data = judged(CommitmentForm(cleaned(SignSerializer, request.data)))
        drafts.sign_commitment(
            public_id=public_id,
            signer=data["signer"],
            draft_version=saves,
            actor=request.actor,
            at=request.at,
        )
        return respond(request, case)
