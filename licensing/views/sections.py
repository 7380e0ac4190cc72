"""The applicant's wizard: one page per section of the draft, or of an answer to a correction notice (R-29, R-31)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries import open_units
from core.files.intake import prepare
from core.parties.access import PortalRequest, drafter
from licensing.actions import drafts, typed
from licensing.forms.drafts import (
    CommitmentForm,
    EnterpriseForm,
    EquipmentFormSet,
    InstrumentFormSet,
    LicenceCopyForm,
    ProcessForm,
    SiteForm,
    UnitsForm,
)
from licensing.models import Application
from licensing.queries.choices import category_by_key, category_choices, category_name
from licensing.queries.drafts import letter_of, sections_done
from licensing.views.answers import asked_in, hold, open_for_answer, prepared_licence
from licensing.views.common import case_or_404, context, filed_already, now, perform, posted_version, today
from licensing.views.typed import drop_aside, keeps_words, words_of

View = Callable[..., HttpResponseBase]


def section(template: str) -> Callable[[Callable[..., Any]], View]:
    """A page of one section: opens the draft, keeps what was typed when saving is refused, goes back to the list.

    What was sent after the session had ended is kept through the sign-in (`keeps_words`).
    """

    def decorate(body: Callable[..., Any]) -> View:
        @keeps_words(body.__name__)
        @drafter
        @require_http_methods(["GET", "POST"])
        def page(request: PortalRequest, public_id: UUID) -> HttpResponse:
            application = case_or_404(request, public_id)
            if not application.is_open_to_applicant:
                return filed_already(application)
            if body.__name__ not in application.rules.all_sections:
                return redirect("licensing:tasks", public_id)
            if not open_for_answer(application, body.__name__, today()):
                messages.info(request, _("这一部分不在补正通知里，以原申请为准"))
                return redirect("licensing:answer", public_id)
            result = body(request, application)
            if isinstance(result, HttpResponse):
                return result
            status = 422 if request.method == "POST" and not result.pop("quiet", False) else 200
            result.pop("quiet", None)
            application.refresh_from_db(fields=["draft_version"])
            noticed = asked_in(application, body.__name__)
            shown = context(application, noticed=noticed, **place_of(application, body.__name__), **result)
            return render(request, template, shown, status=status)

        page.__name__, page.__doc__ = body.__name__, body.__doc__
        return page

    return decorate


def place_of(application: Application, section: str) -> dict[str, int]:
    """Which step of how many a section is, for the kind of the case; step 0 for one that may stay empty."""
    wanted = application.rules.required
    return {"step": wanted.index(section) + 1 if section in wanted else 0, "steps": len(wanted)}


def back_to_list(request: PortalRequest, application: Application) -> HttpResponse:
    messages.success(request, _("已保存"))
    return redirect("licensing:tasks" if application.is_draft else "licensing:answer", application.public_id)


@section("licensing/section_enterprise.html")
def enterprise(request: PortalRequest, application: Application) -> Any:
    """Step 1: confirm the facts of the business licence."""
    kept = application.draft.get("enterprise", {})
    words = words_of(request, application, "enterprise")
    form = EnterpriseForm(words.data, initial=kept, today=today(), expected_uscc=application.enterprise.uscc)
    hold(application, "enterprise", form)
    if "switch" in request.POST or words.source:
        return {"form": unchecked(form), "words": words, "quiet": True}
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "confirmed": True}
        if save_words(request, application, "enterprise", data, form):
            return back_to_list(request, application)
    return {"form": form, "words": words}


def unchecked(form: Any) -> Any:
    """The same form with what was typed, without complaints: nobody has said yet that it is finished."""
    form._errors = {}
    return form


def save_words(
    request: PortalRequest, application: Application, name: str, data: dict[str, Any], form: Any
) -> Any:
    return _confirm(
        request, application, name,
        lambda: drafts.save_section(
            public_id=application.public_id, section=name, data=data,
            draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
        ),
        form,
    )  # fmt: skip


def _confirm(
    request: PortalRequest, application: Application, name: str, act: Callable[[], Any], form: Any = None
) -> Any:
    """Save a section; the words typed for it are settled with it, wherever they were kept."""
    done = perform(request, lambda: typed.confirming(application=application, section=name, act=act), form)
    if done:
        drop_aside(request, application, name)
    return done


@section("licensing/section_product.html")
def product(request: PortalRequest, application: Application) -> Any:
    """Step 2: the category, then its units. Nothing below the unit can be chosen (R-7)."""
    open_choice = application.licence_id is None
    if "category" in request.POST and open_choice:
        return _choose_category(request, application)
    if application.category is None or ("change" in request.GET and open_choice):
        asked = request.GET.get("q", "").strip()
        return {"categories": category_choices(today(), asked), "asked": asked}
    units = open_units(application.category.key, today())
    chosen = [str(pk) for pk in application.units.values_list("unit_id", flat=True)]
    words = words_of(request, application, "product")
    form = UnitsForm(
        words.data,
        initial={"units": chosen},
        choices=[(str(unit.unit_id), unit.name) for unit in units],
    )
    if words.source:
        unchecked(form)
    if request.method == "POST" and form.is_valid():
        wanted = [unit.unit for unit in units if str(unit.unit_id) in form.cleaned_data["units"]]
        saved = _confirm(
            request, application, "product",
            lambda: drafts.choose_units(
                public_id=application.public_id, units=wanted,
                draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if saved:
            return back_to_list(request, application)
    return {"form": form, "words": words, "category_name": category_name(application, today())}


def _choose_category(request: PortalRequest, application: Application) -> Any:
    category = category_by_key(request.POST["category"])
    if category is not None:
        chosen = _confirm(
            request, application, "product",
            lambda: drafts.choose_category(
                public_id=application.public_id, category=category,
                draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
            ),
        )  # fmt: skip
        if chosen:
            return redirect("licensing:product", application.public_id)
    return {"categories": category_choices(today(), ""), "asked": ""}


@section("licensing/section_sites.html")
def sites(request: PortalRequest, application: Application) -> Any:
    """Step 3: where it is produced; one address at a time."""
    rows = list(application.draft.get("sites", {}).get("rows", []))
    registered = application.draft.get("enterprise", {})
    words = words_of(request, application, "sites")
    typing = request.method == "GET" or "add" in request.POST or "switch" in request.POST
    form = SiteForm(words.data if typing else None, today=today(),
                    initial={"division": registered.get("division", "")})  # fmt: skip
    shown = {
        "form": form,
        "rows": rows,
        "offer_same": _offer_same(registered, rows),
        "registered": registered,
        "words": words,
    }
    if "switch" in request.POST or words.source:
        return {**shown, "form": unchecked(form), "quiet": True}
    if request.method != "POST":
        return shown
    wanted = _changed_sites(request, rows, registered, form)
    if wanted is not None and _save_sites(request, application, wanted, form):
        return redirect("licensing:sites", application.public_id)
    return shown


def _save_sites(request: PortalRequest, application: Application, wanted: list[Any], form: SiteForm) -> Any:
    """Adding an address settles what was typed for it; taking another away leaves that alone."""
    if "add" in request.POST:
        return save_words(request, application, "sites", {"rows": wanted}, form)
    return perform(
        request,
        lambda: drafts.save_section(
            public_id=application.public_id, section="sites", data={"rows": wanted},
            draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
        ),
    )  # fmt: skip


def _offer_same(registered: dict[str, str], rows: list[dict[str, str]]) -> bool:
    """Whether the registered address can still be added as a place of production."""
    there = registered.get("full_address")
    return bool(there) and there not in {row["full_address"] for row in rows}


def _changed_sites(
    request: PortalRequest, rows: list[dict[str, str]], registered: dict[str, str], form: SiteForm
) -> list[dict[str, str]] | None:
    if "remove" in request.POST:
        return [row for index, row in enumerate(rows) if str(index) != request.POST["remove"]]
    if "same" in request.POST and registered.get("full_address"):
        site = {key: registered[key] for key in ("division", "address", "full_address")}
    elif form.is_bound and form.is_valid():
        site = {key: form.cleaned_data[key] for key in ("division", "address", "full_address")}
    else:
        return None
    return rows if site in rows else [*rows, site]


@section("licensing/section_conditions.html")
def conditions(request: PortalRequest, application: Application) -> Any:
    """Step 4: equipment, instruments, process and staff (L2 art. 9)."""
    kept = application.draft.get("conditions", {})
    words = words_of(request, application, "conditions")
    data = words.data
    equipment = EquipmentFormSet(data, prefix="equipment", initial=kept.get("equipment"), today=today())
    instruments = InstrumentFormSet(
        data, prefix="instruments", initial=kept.get("instruments"), today=today()
    )
    process = ProcessForm(data, initial=kept)
    hold(application, "conditions", process, equipment=equipment, instruments=instruments)
    shown = {"equipment": equipment, "instruments": instruments, "form": process, "words": words}
    if "more" in request.POST:
        return {**shown, **_one_more_row(request), "form": unchecked(process), "quiet": True}
    if words.source:
        return {
            **shown,
            **_unchecked_rows(equipment=equipment, instruments=instruments),
            "form": unchecked(process),
        }
    if request.method == "POST" and all([equipment.is_valid(), instruments.is_valid(), process.is_valid()]):
        filled = {"equipment": equipment.rows(), "instruments": instruments.rows(), **process.cleaned_data}
        if save_words(request, application, "conditions", filled, process):
            return back_to_list(request, application)
    return shown


def _one_more_row(request: PortalRequest) -> dict[str, Any]:
    data = request.POST.copy()
    key = f"{data['more']}-TOTAL_FORMS"
    if data["more"] in ("equipment", "instruments") and data.get(key, "").isdigit():
        data[key] = str(min(int(str(data[key])) + 2, 60))
    return _unchecked_rows(
        equipment=EquipmentFormSet(data, prefix="equipment", today=today()),
        instruments=InstrumentFormSet(data, prefix="instruments", today=today()),
    )


def _unchecked_rows(**tables: Any) -> dict[str, Any]:
    """`_unchecked` for tables of rows."""
    for rows in tables.values():
        rows._errors = [{} for _row in rows.forms]
        rows._non_form_errors = rows.error_class()
        for form in rows.forms:
            unchecked(form)
    return tables


@section("licensing/section_business_licence.html")
def business_licence(request: PortalRequest, application: Application) -> Any:
    """Step 5: the one upload, looked into before the draft is locked. A script gets this page back with the preview."""
    form = LicenceCopyForm(request.POST or None, request.FILES or None)
    document = prepared_licence(application)
    if document and "next" in request.POST and not request.FILES:
        return redirect("licensing:tasks", application.public_id)
    if request.method == "POST" and form.is_valid():
        with form.cleaned_data["file"] as upload:
            saved = perform(request, lambda: _attach(request, application, upload), form, upload_field="file")
        if saved and "X-Upload" in request.headers:
            return redirect("licensing:business_licence", application.public_id)
        if saved:
            return back_to_list(request, application)
    return {"form": form, "document": document}


def _attach(request: PortalRequest, application: Application, upload: File) -> Application:
    name = str(upload.name)
    with prepare(content=upload, filename=name, slot="business_licence") as ready:
        return drafts.attach_licence(
            public_id=application.public_id, upload=ready, filename=name,
            draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
        )  # fmt: skip


@section("licensing/section_commitment.html")
def commitment(request: PortalRequest, application: Application) -> Any:
    """Step 6: read and sign, once the rest is complete (R-28)."""
    done = sections_done(application)
    ready = all(ok for name, ok in done.items() if name != "commitment")
    form = CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = perform(
            request,
            lambda: drafts.sign_commitment(
                public_id=application.public_id, signer=form.cleaned_data["signer"],
                draft_version=posted_version(request, "draft_version"), actor=request.actor, at=now(),
            ),
            form,
        )  # fmt: skip
        if saved:
            return back_to_list(request, application)
    letter = letter_of(application).fill(
        enterprise=application.draft.get("enterprise", {}).get("name", ""),
        product=drafts.catalogue_name(application, now()),
    )
    return {
        "form": form,
        "letter": letter.split("\n"),
        "ready": ready,
        "signed": application.commitment if done["commitment"] else None,
        "outdated": hasattr(application, "commitment") and not done["commitment"],
    }
