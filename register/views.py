"""Public pages: anyone, no cookie, the same for everybody, without JavaScript, on the public connection."""

from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from core.parties.access import public_page
from core.parties.identifiers import normalise_licence_number
from licensing.profile import PROFILE, REFORM_2015
from register import guide, search
from register.forms import VerifyForm
from register.models import PublicProfile
from register.need import MAKERS, Activity, answer, first_day
from register.qr import qr_svg
from register.queries import catalogue, delegations, documents, orders, verification
from register.queries import licences as queries
from register.queries import need as needs
from register.queries.progress import progress_of

UPLOAD_OVERHEAD = 64 * 1024
LONGEST_DRAIN = 64 * 1024 * 1024


def _clock() -> tuple[datetime, date]:
    now = timezone.now()
    return now, shanghai_date(now)


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What licence? One box, and the figures of the day."""
    _now, today = _clock()
    recent = [
        row | {"url": reverse("register:licence", args=[row["number"]])} for row in queries.recent_grants()
    ]
    return render(request, "register/home.html", {"figures": queries.figures(today), "recent": recent})


@public_page
@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    """Search; a number or a QR code's address that is in the register leads to its page at once."""
    now, today = _clock()
    filters = queries.Filters.read(request.GET.dict())
    if number := queries.number_of(filters.question):
        return redirect("register:licence", number)
    page = queries.search(filters, now=now, today=today)
    return render(request, "register/licences.html", {"page": page, "question": filters.question})


@public_page
@require_safe
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """In force or not? Any spelling of the number leads to the canonical address; one that was an error to the number
    it was corrected to (R-89)."""
    try:
        canonical = normalise_licence_number(number)
    except DomainError:
        return _no_licence(request, number)
    if canonical != number:
        return HttpResponsePermanentRedirect(reverse("register:licence", args=[canonical]))
    now, today = _clock()
    found = queries.licence_by(number=canonical, now=now, today=today)
    if found is not None and found.row.number != canonical:
        return redirect("register:licence", found.row.number)
    return _licence_page(request, found, canonical)


@public_page
@require_safe
def opaque(request: HttpRequest, opaque_id: str) -> HttpResponse:
    """The address in a certificate's QR code; what follows `#` stays in the reader's browser."""
    found = None
    if search.OPAQUE_ID.match(opaque_id):
        now, today = _clock()
        found = queries.licence_by(opaque_id=opaque_id, now=now, today=today)
    return _licence_page(request, found, "")


def _licence_page(request: HttpRequest, found: queries.LicenceView | None, asked: str) -> HttpResponse:
    if found is None:
        return _no_licence(request, asked)
    address = f"{settings.PUBLIC_BASE_URL}/l/{found.row.opaque_id}" if settings.PUBLIC_BASE_URL else ""
    context = {"licence": found, "address": address, "qr": qr_svg(address) if address else ""}
    return render(request, "register/licence.html", context)


def _no_licence(request: HttpRequest, asked: str) -> HttpResponse:
    return render(request, "register/licence_missing.html", {"asked": asked[:100]}, status=404)


@public_page
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """What paper bears this code? Kind, number, authority, date and hash; no names (R-47)."""
    found = documents.document_by(search.document_code(code))
    if found is None:
        return render(request, "register/document_missing.html", {"asked": code[:40]}, status=404)
    return render(request, "register/document.html", {"document": found})


@csrf_exempt
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Judge an uploaded certificate or document, or lead a number, code or QR text to its page. Nothing is stored.

    Without the CSRF cookie on purpose: the act changes nothing and belongs to nobody, so a forged one is
    harmless, and the page stays free of cookies like every other public page.
    """
    if request.method != "POST":
        return render(request, "register/verify.html", {"form": VerifyForm()})
    if _drained_as_too_large(request):
        return _answer(request, VerifyForm.too_large(), status=413)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, form, status=422)
    now, today = _clock()
    if upload := form.cleaned_data["file"]:
        result = verification.verify(upload.read(), now=now, today=today)
        return _answer(request, VerifyForm(), result=result, filename=upload.name)
    if number := queries.number_of(form.cleaned_data["question"]):
        return redirect("register:licence", number)
    if found := documents.document_by(form.cleaned_data["document"]):
        return redirect("register:document", found.code)
    return _answer(request, form, not_found=form.cleaned_data["question"].text)


def _drained_as_too_large(request: HttpRequest) -> bool:
    """Read past a body over the limit, keeping nothing: a browser shows no answer before it has sent all."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length <= verification.MAX_BYTES + UPLOAD_OVERHEAD:
        return False
    left = min(length, LONGEST_DRAIN)
    while left > 0 and (chunk := request.read(min(left, 1 << 16))):
        left -= len(chunk)
    return True


def _answer(request: HttpRequest, form: VerifyForm, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, "register/verify.html", {"form": form, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@public_page
@require_safe
def progress_form(request: HttpRequest) -> HttpResponse:
    """Ask for a case number; a well-formed one leads to its page."""
    asked = request.GET.get("number", "").strip()[:64]
    if number := search.case_number(asked):
        return redirect("register:progress", number)
    wrong = "number" in request.GET
    return render(
        request, "register/progress_form.html", {"asked": asked, "wrong": wrong}, status=422 if wrong else 200
    )


@public_page
@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far is it, and how long still? Stage and dates, no names (R-47)."""
    canonical = search.case_number(number)
    if canonical and canonical != number:
        return HttpResponsePermanentRedirect(reverse("register:progress", args=[canonical]))
    now, today = _clock()
    found = progress_of(canonical, now=now, today=today) if canonical else None
    if found is None:
        return render(request, "register/progress_missing.html", {"asked": number[:64]}, status=404)
    return render(request, "register/progress.html", {"case": found})


@public_page
@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """Which products need a licence today?"""
    _now, today = _clock()
    rows = catalogue.catalogue(today, settings.WORLD)
    return render(request, "register/catalog.html", {"rows": rows, "today": today})


@public_page
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Within how many days, under which rules, since when and where?"""
    _now, today = _clock()
    rows = PublicProfile.public.order_by("-effective_from", "-id")
    return render(request, "register/rules.html", {"rows": rows, "base": REFORM_2015, "today": today})


@public_page
@require_safe
def who_decides(request: HttpRequest) -> HttpResponse:
    """Who decides, what has been entrusted to whom, and what the system grants at once?"""
    now, today = _clock()
    return render(
        request, "register/who_decides.html",
        {
            "provinces": delegations.entrusted(today), "orders": orders.announced_orders(now, today),
            "today": today,
        },
    )  # fmt: skip


@public_page
@require_safe
def catalog_category(request: HttpRequest, key: str) -> HttpResponse:
    """One category: its units, who decides, what still has to be confirmed."""
    _now, today = _clock()
    found = catalogue.category(key, today, settings.WORLD)
    if found is None:
        return render(request, "register/catalog_missing.html", {"today": today}, status=404)
    return render(request, "register/catalog_category.html", {"entry": found, "today": today})


@public_page
@require_safe
def need(request: HttpRequest) -> HttpResponse:
    """Do I need a licence? One question a page, the answers so far in the address (R-95)."""
    _now, today = _clock()
    asked = guide.Asked.read(request.GET)
    if not asked.listed:
        return render(request, "register/need_unlisted.html", {"today": today})
    if not asked.category:
        return _need_product(request, asked, today)
    start = asked.start_day(today)
    product = needs.product_by(asked.category, first_day(start or today, today))
    if product is None:
        return render(request, "register/catalog_missing.html", {"today": today}, status=404)
    question = asked.next_question(product, today)
    context = {"asked": asked, "product": product, "told": guide.told(asked, product, today), "today": today}
    if question == "answer":
        return render(request, "register/need_answer.html", context | _need_answer(asked, product, today))
    if question in ("unsure", "place"):
        context["offices"] = needs.offices(asked.place, product.row.level)
    wrong = (question == "date" and bool(asked.start)) or (question == "place" and "place" in request.GET)
    context |= {"activities": guide.ACTIVITIES, "wrong": wrong}
    return render(request, f"register/need_{question}.html", context, status=422 if wrong else 200)


def _need_product(request: HttpRequest, asked: guide.Asked, today: date) -> HttpResponse:
    found = needs.find_products(asked.words, today) if asked.words else None
    listed = needs.all_products(today) if asked.browse else None
    return render(request, "register/need_product.html", {"asked": asked, "found": found, "listed": listed})


def _need_answer(asked: guide.Asked, product: needs.Product, today: date) -> dict[str, object]:
    activity = asked.activity or Activity.MAKE
    return {
        "answer": answer(product.listing, activity),
        "activity": activity,
        "makes": activity in MAKERS,
        "start": asked.start_day(today),
        "filing": needs.filing_today(product, today, settings.WORLD),
        "instrument": needs.instrument_of(product),
        "offices": needs.offices(asked.place, product.row.level),
        "steps": needs.STEPS,
        "limits": PROFILE,
        "documents": needs.documents(),
        "units": [unit for unit in product.units if unit.key in asked.chosen(product)],
    }
