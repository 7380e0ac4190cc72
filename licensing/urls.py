"""Pages of cases. A case's pages live under its unguessable id; tracks and slots are closed sets."""

from django.urls import path, re_path, register_converter

from licensing.queries.typed import SECTIONS
from licensing.views import (
    about,
    answers,
    bars,
    cases,
    clock,
    conversation,
    delegation,
    deregistrations,
    documents,
    drafts,
    hands,
    held,
    holders,
    intake,
    licences,
    officials,
    orders,
    pilots,
    policy,
    reports,
    sampling,
    sections,
    start,
    timing,
    typed,
)
from licensing.workbench.views import lists


class TrackConverter:
    regex = "onsite|testing"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TypedConverter(TrackConverter):
    regex = "|".join(SECTIONS)


class CreditCodeConverter(TrackConverter):
    regex = "[0-9A-HJ-NP-RTUW-Y]{18}"


register_converter(TrackConverter, "track")
register_converter(CreditCodeConverter, "uscc")
register_converter(TypedConverter, "typed")
app_name = "licensing"

urlpatterns = [
    path("cases/", cases.cases, name="cases"),
    path("work/", lists.work, name="work"),
    path("apply/", start.start, name="start"),
    path("apply/token/", typed.token, name="typed_token"),
    path("apply/<uuid:public_id>/", drafts.tasks, name="tasks"),
    path("apply/<uuid:public_id>/enterprise/", sections.enterprise, name="enterprise"),
    path("apply/<uuid:public_id>/product/", sections.product, name="product"),
    path("apply/<uuid:public_id>/sites/", sections.sites, name="sites"),
    path("apply/<uuid:public_id>/conditions/", sections.conditions, name="conditions"),
    path("apply/<uuid:public_id>/business-licence/", sections.business_licence, name="business_licence"),
    path("apply/<uuid:public_id>/group/", about.group, name="group"),
    path("apply/<uuid:public_id>/statement/", about.statement, name="statement"),
    path("apply/<uuid:public_id>/commitment/", sections.commitment, name="commitment"),
    path("apply/<uuid:public_id>/<typed:section>/typed/", typed.autosave, name="typed"),
    path("apply/<uuid:public_id>/<typed:section>/typed/discard/", typed.discard, name="typed_discard"),
    path("apply/<uuid:public_id>/check/", drafts.check, name="check"),
    path("apply/<uuid:public_id>/submit/", drafts.submit, name="submit"),
    path("apply/<uuid:public_id>/discard/", drafts.discard, name="discard"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/receipt/", cases.receipt, name="receipt"),
    path("cases/<uuid:public_id>/days/", cases.days, name="days"),
    path("cases/<uuid:public_id>/clock/", clock.clock, name="clock"),
    path("limit/", clock.own_limit, name="own_limit"),
    path("cases/<uuid:public_id>/conversation/", conversation.conversation, name="conversation"),
    re_path(
        r"^cases/(?P<public_id>[0-9a-f-]{36})/documents/"
        r"(?P<slot>business_licence|application_form|commitment_letter)/$",
        cases.document,
        name="document",
    ),
    re_path(
        r"^cases/(?P<public_id>[0-9a-f-]{36})/official/(?P<code>[2-7a-z]{20})/$",
        documents.official_document,
        name="official_document",
    ),
    path("cases/<uuid:public_id>/evidence/<track:track>/", cases.evidence_document, name="evidence_document"),
    path("cases/<uuid:public_id>/certificate/", cases.certificate, name="certificate"),
    path("cases/<uuid:public_id>/retract/", cases.take_back, name="retract"),
    path("cases/<uuid:public_id>/test-timing/", timing.choose, name="test_timing"),
    path("cases/<uuid:public_id>/acknowledge/", cases.acknowledge, name="acknowledge"),
    path("cases/<uuid:public_id>/accept/", intake.accept, name="accept"),
    path("cases/<uuid:public_id>/correct/", intake.request_correction, name="correct"),
    path("cases/<uuid:public_id>/not-required/", intake.tell_not_required, name="not_required"),
    path("cases/<uuid:public_id>/refuse-acceptance/", intake.refuse_acceptance, name="refuse_acceptance"),
    path("cases/<uuid:public_id>/notice/", intake.correction_notice, name="notice"),
    path("cases/<uuid:public_id>/answer/", answers.answer, name="answer"),
    path("cases/<uuid:public_id>/resubmit/", answers.resubmit, name="resubmit"),
    re_path(
        r"^cases/(?P<public_id>[0-9a-f-]{36})/documents/"
        r"(?P<slot>business_licence|application_form|commitment_letter)/before/$",
        intake.superseded_document,
        name="superseded_document",
    ),
    path("delegations/", delegation.delegations, name="delegations"),
    path("delegations/new/", delegation.new, name="delegation_new"),
    path("delegations/<uuid:public_id>/", delegation.delegation, name="delegation"),
    path("delegations/<uuid:public_id>/resume/", delegation.resume, name="delegation_resume"),
    path("delegations/<uuid:public_id>/document/", delegation.document, name="delegation_document"),
    path("profiles/", policy.profiles, name="profiles"),
    path("profiles/new/", policy.publish, name="profile_new"),
    path("my/licences/", licences.own, name="own_licences"),
    path("my/licences/results/", holders.own_results, name="own_results"),
    path("holders/", holders.holders, name="holders"),
    path("holders/results/<uuid:public_id>/", holders.result_document, name="result_document"),
    path("holders/results/<uuid:public_id>/final/", holders.make_final, name="spot_check_final"),
    path("holders/results/<uuid:public_id>/retest/", holders.supersede, name="spot_check_retest"),
    path("holders/matters/<uuid:public_id>/close/", holders.close_matter, name="matter_close"),
    path("holders/<uscc:uscc>/", holders.holder, name="holder"),
    path("holders/<uscc:uscc>/spot-checks/new/", holders.record_spot_check, name="spot_check_new"),
    path("holders/<uscc:uscc>/class/", holders.classify, name="classify"),
    path("holders/<uscc:uscc>/matters/new/", holders.open_matter, name="matter_new"),
    path("standing-orders/", orders.orders, name="standing_orders"),
    path("standing-orders/new/", orders.sign, name="standing_order_new"),
    path("standing-orders/<uuid:public_id>/", orders.order, name="standing_order"),
    path("standing-orders/<uuid:public_id>/revoke/", orders.revoke, name="standing_order_revoke"),
    path("sampling/", sampling.samples, name="sampling"),
    path("sampling/<uuid:public_id>/", sampling.sample, name="sample"),
    path("sampling/<uuid:public_id>/evidence/<track:track>/", sampling.evidence, name="sample_evidence"),
    re_path(
        r"^sampling/(?P<public_id>[0-9a-f-]{36})/documents/"
        r"(?P<slot>business_licence|application_form|commitment_letter)/$",
        sampling.document,
        name="sample_document",
    ),
    path("pilots/", pilots.pilots, name="pilots"),
    path("pilots/new/", pilots.new, name="pilot_new"),
    path("pilots/<int:pk>/end/", pilots.end, name="pilot_end"),
    path("deregistrations/", deregistrations.tasks, name="deregistrations"),
    path("deregistrations/new/", deregistrations.propose, name="deregistration_new"),
    path("deregistrations/<uuid:public_id>/", deregistrations.task, name="deregistration"),
    path("cases/<uuid:public_id>/confirm/", officials.confirm_renewal, name="confirm_renewal"),
    path("bars/", bars.bars, name="bars"),
    path("bars/new/", bars.record, name="bar_new"),
    path("bars/<uuid:public_id>/document/", bars.document, name="bar_document"),
    path("bars/<uuid:public_id>/lift/", bars.lift, name="bar_lift"),
    path("cases/<uuid:public_id>/review/", officials.review_desk, name="review"),
    path("cases/<uuid:public_id>/review/take/", hands.take_review, name="take_review"),
    path("cases/<uuid:public_id>/review/take-over/", hands.take_over, name="take_over"),
    path("cases/<uuid:public_id>/review/assign/", hands.assign, name="assign"),
    path("cases/<uuid:public_id>/recuse/", hands.recuse, name="recuse"),
    path("cases/<uuid:public_id>/review/report/", reports.record, name="report_new"),
    path("cases/<uuid:public_id>/review/conclude/", officials.conclude_review, name="conclude_review"),
    path("cases/<uuid:public_id>/review/<track:track>/", officials.record_evidence, name="record_evidence"),
    path("cases/<uuid:public_id>/decide/", officials.decide, name="decide"),
    path("cases/<uuid:public_id>/recall/", held.recall_decision, name="recall_decision"),
]
