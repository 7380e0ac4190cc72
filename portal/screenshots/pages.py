"""Which pages are pictured, who looks at them, and which named addresses are left out and why."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.screenshots.places import Places

Find = Callable[[Places], str]


@dataclass(frozen=True)
class Shot:
    """One picture. `view` is the URL's name; `find` says where: an address without language prefix.

    `press` are selectors clicked before the picture, `upload` a file handed to the page's file field first.
    """

    name: str
    view: str
    find: Find
    who: str = ""
    status: int = 200
    press: tuple[str, ...] = ()
    upload: bool = False


CASE_OF = {
    "submitted": "taihu", "correction_requested": "huishan", "decision_pending": "changfeng", "refused": "xuzhou",
    "under_review": "haimen", "lapsed": "qingjiang", "not_required": "dafeng",
}  # fmt: skip
"""Whose case of the first stories stands so."""


def _case(status: str, page: str = "") -> Find:
    return lambda places: f"/cases/{places.case(CASE_OF[status], status)}/{page}"


def _draft(page: str) -> Find:
    return lambda places: f"/apply/{places.case('jinsui', 'draft')}/{page}"


def _at(path: str) -> Find:
    return lambda places: path


PUBLIC = (
    Shot("home", "register:home", _at("/")),
    Shot("need", "register:need", _at("/need/")),
    Shot("licences", "register:licences", _at("/licences/?q=肥业")),
    Shot("licences-none", "register:licences", _at("/licences/?q=没有这家企业")),
    Shot("licence", "register:licence", lambda places: f"/licences/{places.licence}/"),
    Shot(
        "licence-gap", "register:licence", lambda places: f"/licences/{places.number_of_licence('jintan')}/"
    ),
    Shot("licence-missing", "register:licence", _at("/licences/XK13-002-09999/"), status=404),
    Shot("verify", "register:verify", _at("/verify/")),
    Shot("verify-authentic", "register:verify", _at("/verify/"), upload=True, press=("main form button",)),
    Shot("document", "register:document", lambda places: f"/d/{places.document}/"),
    Shot("progress", "register:progress_form", _at("/progress/")),
    Shot("progress-case", "register:progress", lambda places: f"/progress/{places.number('changfeng')}/"),
    Shot("progress-stopped", "register:progress", lambda places: f"/progress/{places.number('haimen')}/"),
    Shot("rules", "register:rules", _at("/rules/")),
    Shot("who-decides", "register:who_decides", _at("/who-decides/")),
    Shot("catalog", "register:catalog", _at("/catalog/")),
    Shot("catalog-entry", "register:catalog_category", _at("/catalog/cable/")),
    Shot("accessibility", "portal:accessibility", _at("/accessibility/")),
    Shot("interface", "portal:api_docs", _at("/api/v1/docs/")),
    Shot("interface-errors", "portal:api_errors", _at("/api/v1/docs/errors/")),
    Shot("style", "portal:style", _at("/style/")),
    Shot("not-found", "", _at("/nothing/here/"), status=404),
    Shot("not-yours", "licensing:work", _at("/work/"), who="jinsui", status=403),
)
ACCOUNT = (
    Shot("sign-in", "account_login", _at("/accounts/login/")),
    Shot("sign-up", "account_signup", _at("/accounts/signup/")),
    Shot("password-reset", "account_reset_password", _at("/accounts/password/reset/")),
    Shot("account", "accounts:home", _at("/accounts/"), who="jinsui"),
    Shot("sessions", "account_sessions", _at("/accounts/sessions/"), who="jinsui"),
    Shot("tokens", "api:tokens", _at("/accounts/tokens/"), who="jinsui"),
    Shot("token-new", "api:issue", _at("/accounts/tokens/new/"), who="jinsui"),
    Shot("inbox", "inbox:list", _at("/inbox/"), who="yanghe"),
    Shot("inbox-settings", "inbox:settings", _at("/inbox/settings/"), who="yanghe"),
)
ENTERPRISE = (
    Shot("desk-enterprise", "portal:desk", _at("/desk/"), who="huishan"),
    Shot("cases", "licensing:cases", _at("/cases/"), who="jinsui"),
    Shot("own-licences", "licensing:own_licences", _at("/my/licences/"), who="jinsui"),
    Shot("own-results", "licensing:own_results", _at("/my/licences/results/"), who="siyang"),
    Shot("corrections-own", "corrections:mine", _at("/my/corrections/"), who="jinsui"),
    Shot("correction-ask", "corrections:ask", lambda places: f"/my/corrections/ask/?number={places.renewable}",
         who="jinsui"),
    Shot("case-straight-through", "licensing:case", lambda places: f"/cases/{places.straight}/", who="siyang"),
    Shot("start", "licensing:start", _at("/apply/"), who="jinsui"),
    Shot("start-renewal", "licensing:start", lambda places: f"/apply/?kind=renewal&licence={places.renewable}",
         who="jinsui"),
    Shot("draft", "licensing:tasks", _draft(""), who="jinsui"),
    Shot("draft-enterprise", "licensing:enterprise", _draft("enterprise/"), who="jinsui"),
    Shot("draft-product", "licensing:product", _draft("product/"), who="jinsui"),
    Shot("draft-sites", "licensing:sites", _draft("sites/"), who="jinsui"),
    Shot("draft-conditions", "licensing:conditions", _draft("conditions/"), who="jinsui"),
    Shot("draft-business-licence", "licensing:business_licence", _draft("business-licence/"), who="jinsui"),
    Shot("draft-check", "licensing:check", _draft("check/"), who="jinsui"),
    Shot("draft-about-licence", "licensing:tasks",
         lambda places: f"/apply/{places.draft('jiangyan', 'relocation')}/", who="jiangyan"),
    Shot("draft-statement", "licensing:statement",
         lambda places: f"/apply/{places.draft('jiangyan', 'relocation')}/statement/", who="jiangyan"),
    Shot("draft-group", "licensing:group",
         lambda places: f"/apply/{places.draft('jiangyan', 'scope_extension')}/group/", who="jiangyan"),
    Shot("case-review", "licensing:case", _case("decision_pending"), who="changfeng"),
    Shot("case-stopped", "licensing:case", _case("under_review"), who="haimen"),
    Shot("case-correction", "licensing:case", _case("correction_requested"), who="huishan"),
    Shot("case-refused", "licensing:case", _case("refused"), who="xuzhou"),
    Shot("case-issued", "licensing:case", lambda places: f"/cases/{places.issued}/", who="jinsui"),
    Shot("case-days", "licensing:days", _case("decision_pending", "days/"), who="changfeng"),
    Shot("case-answer", "licensing:answer", _case("correction_requested", "answer/"), who="huishan"),
    Shot("conversation", "licensing:conversation", _case("under_review", "conversation/"), who="haimen"),
    Shot("receipt", "licensing:receipt", _case("submitted", "receipt/"), who="taihu"),
    Shot("retract", "licensing:retract", _case("submitted", "retract/"), who="taihu"),
    Shot("enterprises", "claims:mine", _at("/enterprise/"), who="xinfeng"),
    Shot("claim-new", "claims:new", _at("/enterprise/claim/"), who="xinfeng"),
    Shot("claim", "claims:claim", lambda places: f"/enterprise/claims/{places.claim('xinfeng')}/", who="xinfeng"),
    Shot("agents", "claims:agents", lambda places: f"/enterprise/{places.enterprise('jinsui')}/agents/",
         who="jinsui"),
    Shot("agent-power", "claims:grant", lambda places: f"/enterprise/{places.enterprise('jinsui')}/agents/power/"
         f"?agent={places.person('fengxiao')}", who="jinsui"),
)  # fmt: skip
OFFICIALS = (
    Shot("desk-clerk", "portal:desk", _at("/desk/"), who="js-clerk"),
    Shot("desk-head", "portal:desk", _at("/desk/"), who="js-head"),
    Shot("desk-nation", "portal:desk", _at("/desk/"), who="national-admin"),
    Shot("work", "licensing:work", _at("/work/?scope=all"), who="js-clerk"),
    Shot("work-none", "licensing:work", _at("/work/?scope=all&q=没有"), who="js-clerk"),
    Shot("work-delegated", "licensing:work", _at("/work/?scope=delegated"), who="zj-head"),
    Shot("views", "workbench:views", _at("/work/views/?query=scope%3Ddesk%26due%3D5"), who="js-head"),
    Shot("keys", "workbench:keys", _at("/work/keys/"), who="js-approver"),
    Shot("search", "workbench:search", _at("/search/?q=有限"), who="js-clerk"),
    Shot("team", "workbench:team", _at("/work/team/"), who="js-head"),
    Shot("notes", "workbench:notes", _case("under_review", "notes/"), who="js-reviewer"),
    Shot("accept", "licensing:accept", _case("submitted", "accept/"), who="js-clerk"),
    Shot("correct", "licensing:correct", _case("submitted", "correct/"), who="js-clerk"),
    Shot("not-required", "licensing:not_required", _case("submitted", "not-required/"), who="js-clerk"),
    Shot("refuse-acceptance", "licensing:refuse_acceptance", _case("submitted", "refuse-acceptance/"),
         who="js-clerk"),
    Shot("review", "licensing:review", _case("under_review", "review/"), who="js-reviewer"),
    Shot("record-evidence", "licensing:record_evidence", _case("under_review", "review/testing/"),
         who="js-reviewer"),
    Shot("clock", "licensing:clock", _case("under_review", "clock/"), who="js-reviewer"),
    Shot("own-limit", "licensing:own_limit", _at("/limit/"), who="js-head"),
    Shot("delegations", "licensing:delegations", _at("/delegations/"), who="zj-head"),
    Shot("delegation-new", "licensing:delegation_new", _at("/delegations/new/"), who="zj-head"),
    Shot("delegation", "licensing:delegation", lambda places: f"/delegations/{places.delegation}/", who="zj-head"),
    Shot("decide", "licensing:decide", _case("decision_pending", "decide/"), who="js-approver"),
    Shot("decide-refuse", "licensing:decide", _case("decision_pending", "decide/?act=refuse"), who="js-approver"),
    Shot("case-official", "licensing:case", _case("under_review"), who="js-reviewer"),
    Shot("claim-reviews", "claims:review_list", _at("/enterprise/reviews/"), who="js-clerk"),
    Shot("claim-review", "claims:review", lambda places: f"/enterprise/reviews/{places.claim('xinfeng')}/",
         who="js-clerk"),
    Shot("case-renewed-by-law", "licensing:case", lambda places: f"/cases/{places.case('tongzhou', 'deemed_renewed')}/",
         who="js-approver"),
    Shot("deregistrations", "licensing:deregistrations", _at("/deregistrations/"), who="js-approver"),
    Shot("deregistration-new", "licensing:deregistration_new", _at("/deregistrations/new/"), who="js-reviewer"),
    Shot("deregistration", "licensing:deregistration", lambda places: f"/deregistrations/{places.deregistration}/",
         who="js-approver"),
    Shot("decide-warned", "licensing:decide",
         lambda places: f"/cases/{places.case('shuxian', 'decision_pending')}/decide/", who="js-approver"),
    Shot("orders", "licensing:standing_orders", _at("/standing-orders/"), who="js-approver"),
    Shot("order", "licensing:standing_order", lambda places: f"/standing-orders/{places.order}/", who="js-approver"),
    Shot("order-new", "licensing:standing_order_new", _at("/standing-orders/new/"), who="js-approver"),
    Shot("sampling", "licensing:sampling", _at("/sampling/"), who="js-reviewer"),
    Shot("sample", "licensing:sample", lambda places: f"/sampling/{places.sample}/", who="js-reviewer"),
    Shot("holders", "licensing:holders", _at("/holders/"), who="js-supervisor"),
    Shot("holder", "licensing:holder", lambda places: f"/holders/{places.uscc('shuxian')}/", who="js-supervisor"),
    Shot("spot-check-new", "licensing:spot_check_new",
         lambda places: f"/holders/{places.uscc('shuxian')}/spot-checks/new/", who="js-supervisor"),
    Shot("report-new", "licensing:report_new", _case("under_review", "review/report/"), who="js-reviewer"),
    Shot("pilots", "licensing:pilots", _at("/pilots/"), who="national-admin"),
    Shot("pilot-new", "licensing:pilot_new", _at("/pilots/new/"), who="national-admin"),
    Shot("corrections", "corrections:corrections", _at("/corrections/"), who="js-approver"),
    Shot("correction", "corrections:correction", lambda places: f"/corrections/{places.correction}/",
         who="js-approver"),
    Shot("correction-request", "corrections:request",
         lambda places: f"/corrections/requests/{places.correction_request}/", who="js-clerk"),
    Shot("correction-new", "corrections:new", lambda places: f"/corrections/new/?number={places.renewable}",
         who="js-clerk"),
    Shot("imports", "imports:list", _at("/imports/"), who="js-approver"),
    Shot("import", "imports:batch", lambda places: f"/imports/{places.batch}/", who="js-approver"),
    Shot("import-new", "imports:new", _at("/imports/new/"), who="js-clerk"),
    Shot("bars", "licensing:bars", _at("/bars/"), who="js-approver"),
    Shot("bar-new", "licensing:bar_new", _at("/bars/new/"), who="js-approver"),
    Shot("people", "staff:people", _at("/office/"), who="js-admin"),
    Shot("person", "staff:person", lambda places: f"/office/people/{places.person('js-clerk')}/", who="js-admin"),
    Shot("person-duty", "staff:grant", lambda places: f"/office/people/{places.person('js-clerk')}/duties/new/",
         who="js-admin"),
    Shot("window", "staff:window", _at("/office/window/"), who="js-admin"),
    Shot("profiles", "licensing:profiles", _at("/profiles/"), who="national-admin"),
    Shot("profile-new", "licensing:profile_new", _at("/profiles/new/"), who="national-admin"),
    Shot("calendars", "workdays:calendars", _at("/calendar/"), who="national-admin"),
    Shot("calendar", "workdays:year", _at("/calendar/CN/2026/"), who="national-admin"),
)  # fmt: skip
GROUPS = {"公众": PUBLIC, "账号": ACCOUNT, "企业": ENTERPRISE, "机关": OFFICIALS}
SHOTS = tuple(shot for group in GROUPS.values() for shot in group)
