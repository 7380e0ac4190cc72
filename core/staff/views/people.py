"""Who serves here, with what duties? And one person's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from core.parties.access import PortalRequest
from core.staff import queries
from core.staff.views.common import administrator, now, office_or_404, person_or_404, reader, today

SHOWS = ("", "away", "left")


@reader
def people(request: PortalRequest) -> HttpResponse:
    """The people of an authority, searched and paged in SQL."""
    office = office_or_404(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    homes = queries.home_offices(request.standing)
    page = queries.people_page(office, today(), words=words, show=show, number=request.GET.get("page", 1))
    return render(
        request, "staff/people.html",
        {
            "office": office, "page": page, "words": words, "show": show, "homes": homes,
            "resets": queries.open_resets(request.standing, now(), today()),
            "has_subordinates": office.own and office.authority.children.exists(),
        },
    )  # fmt: skip


@reader
def person(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One person: duties, absence, second factor, what was handed over."""
    user, office = person_or_404(request, public_id)
    file = queries.file_of(user, office, now(), today())
    return render(
        request, "staff/person.html", {"person": user, "office": office, "file": file, "today": today()}
    )


@administrator
def subordinates(request: PortalRequest) -> HttpResponse:
    """The authorities directly below: who administers them?"""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    homes = [
        authority for authority in queries.home_offices(request.standing)
        if (office := queries.office_of(request.standing, authority)) and office.own
    ]  # fmt: skip
    page = queries.subordinates(homes, today(), words=words, number=request.GET.get("page", 1))
    return render(request, "staff/subordinates.html", {"page": page, "words": words})
