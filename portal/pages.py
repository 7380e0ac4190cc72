"""Pages that belong to no application: errors, the accessibility statement, the component page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.lifecycle.correlation import current
from core.lifecycle.errors import NotAllowed
from core.parties.access import anyone, public_page
from core.rest import errors, problems
from portal.style import examples

FRAMES = ("menu", "list", "large")
"""What the component page shows as on a phone, each a page in a frame."""


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")


@anyone
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with invented data: in a demo world, elsewhere for operators."""
    if settings.WORLD != "demo" and not request.user.is_staff:
        raise Http404
    template = "portal/style/phone.html" if request.GET.get("frame") in FRAMES else "portal/style.html"
    return render(request, template, examples(request))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    if problems.is_asked(request):
        return problems.outside(errors.Malformed(why=type(exception).__name__), request)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but this is not theirs."""
    if problems.is_asked(request):
        return problems.outside(NotAllowed(), request)
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing this visitor may know of."""
    if problems.is_asked(request):
        return problems.outside(errors.NotFound(), request)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without context processors, so that it stands when the database does not."""
    if problems.is_asked(request):
        return problems.broken(current())
    return HttpResponse(render_to_string("500.html", {"reference": current()}), status=500)
