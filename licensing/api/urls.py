"""Addresses of cases, below `/api/v1/`."""

from django.urls import path, re_path

from licensing.api import (
    acts,
    applications,
    clock,
    delegations,
    desk,
    documents,
    hands,
    licences,
    limits,
    policy,
    reference,
    sections,
)

CASE = "applications/<uuid:public_id>"
DELEGATION = "delegations/<uuid:public_id>"
ANY_CASE = r"^applications/(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
TRACK = r"(?P<track>onsite|testing)"
CODE = r"(?P<code>[2-7a-z]{20})"
SLOT = r"(?P<slot>business_licence|application_form|commitment_letter)"

urlpatterns = [
    path("divisions/", reference.Provinces.as_view(), name="divisions"),
    re_path(r"^divisions/(?P<province>[0-9]{6})/$", reference.Counties.as_view(), name="divisions_of"),
    path("applications/", applications.Applications.as_view(), name="applications"),
    path(f"{CASE}/", applications.OneApplication.as_view(), name="application"),
    path(f"{CASE}/days/", applications.Days.as_view(), name="days"),
    re_path(rf"{ANY_CASE}/documents/{SLOT}/$", applications.Document.as_view(), name="document"),
    path(f"{CASE}/certificate/", applications.CertificateFile.as_view(), name="certificate"),
    path(f"{CASE}/official/", documents.OfficialDocuments.as_view(), name="official_documents"),
    re_path(
        rf"{ANY_CASE}/official/{CODE}/$", documents.OfficialDocumentFile.as_view(), name="official_document"
    ),
    re_path(
        rf"{ANY_CASE}/official/{CODE}/receipt/$", documents.OfficialDocumentReceipt.as_view(),
        name="official_document_receipt",
    ),
    path(f"{CASE}/enterprise/", sections.EnterpriseSection.as_view(), name="enterprise"),
    path(f"{CASE}/product/", sections.ProductSection.as_view(), name="product"),
    path(f"{CASE}/sites/", sections.SitesSection.as_view(), name="sites"),
    path(f"{CASE}/conditions/", sections.ConditionsSection.as_view(), name="conditions"),
    path(f"{CASE}/business-licence/", sections.BusinessLicenceSection.as_view(), name="business_licence"),
    path(f"{CASE}/commitment/", sections.CommitmentSection.as_view(), name="commitment"),
    path(f"{CASE}/submit/", acts.Submit.as_view(), name="submit"),
    path(f"{CASE}/resubmit/", acts.Resubmit.as_view(), name="resubmit"),
    path(f"{CASE}/retract/", acts.Retract.as_view(), name="retract"),
    path(f"{CASE}/delivery/", acts.Deliver.as_view(), name="deliver"),
    path(f"{CASE}/conversation/", acts.Conversation.as_view(), name="conversation"),
    path(f"{CASE}/conversation/read/", acts.Read.as_view(), name="conversation_read"),
    path(f"{CASE}/statement/", sections.StatementSection.as_view(), name="statement"),
    path(f"{CASE}/group/", sections.GroupSection.as_view(), name="group"),
    path(f"{CASE}/confirm/", licences.ConfirmRenewal.as_view(), name="confirm_renewal"),
    path("rules/", policy.Rules.as_view(), name="rules"),
    path("own-licences/", licences.OwnLicences.as_view(), name="own_licences"),
    path("deregistrations/", licences.Deregistrations.as_view(), name="deregistrations"),
    path("deregistrations/<uuid:public_id>/", licences.OneDeregistration.as_view(), name="deregistration"),
    path("deregistrations/<uuid:public_id>/set-aside/", licences.SetAside.as_view(), name="set_aside"),
    path("work/", desk.Work.as_view(), name="work"),
    path(f"{CASE}/accept/", desk.Accept.as_view(), name="accept"),
    path(f"{CASE}/correction-notice/", desk.RequestCorrection.as_view(), name="request_correction"),
    path(f"{CASE}/not-required/", desk.NotRequired.as_view(), name="not_required"),
    path(f"{CASE}/refuse-acceptance/", desk.RefuseAcceptance.as_view(), name="refuse_acceptance"),
    path(f"{CASE}/review/take/", hands.TakeReview.as_view(), name="take_review"),
    path(f"{CASE}/review/take-over/", hands.TakeOver.as_view(), name="take_over"),
    path(f"{CASE}/review/assign/", hands.Assignment.as_view(), name="assign"),
    path(f"{CASE}/recusal/", hands.Recuse.as_view(), name="recuse"),
    path(f"{CASE}/review/conclude/", desk.ConcludeReview.as_view(), name="conclude_review"),
    re_path(rf"{ANY_CASE}/evidence/{TRACK}/$", desk.RecordEvidence.as_view(), name="record_evidence"),
    re_path(
        rf"{ANY_CASE}/evidence/{TRACK}/document/$", applications.EvidenceDocument.as_view(),
        name="evidence_document",
    ),
    path(f"{CASE}/pauses/", clock.Pause.as_view(), name="pause"),
    path(f"{CASE}/pauses/<uuid:pause_id>/end/", clock.Resume.as_view(), name="resume"),
    path(f"{CASE}/extension/", clock.ProposeExtension.as_view(), name="propose_extension"),
    path(f"{CASE}/extension/decision/", clock.DecideExtension.as_view(), name="decide_extension"),
    path(f"{CASE}/grant/", desk.Grant.as_view(), name="grant"),
    path(f"{CASE}/refuse/", desk.Refuse.as_view(), name="refuse"),
    path(f"{CASE}/return/", desk.ReturnToReview.as_view(), name="return_to_review"),
    path("delegations/", delegations.Delegations.as_view(), name="delegations"),
    path(f"{DELEGATION}/", delegations.OneDelegation.as_view(), name="delegation"),
    path(f"{DELEGATION}/document/", delegations.Letter.as_view(), name="delegation_document"),
    path(f"{DELEGATION}/suspend/", delegations.Suspend.as_view(), name="suspend_delegation"),
    path(f"{DELEGATION}/resume/", delegations.Resume.as_view(), name="resume_delegation"),
    path(f"{DELEGATION}/end/", delegations.End.as_view(), name="end_delegation"),
    path("limit/", limits.OwnLimit.as_view(), name="own_limit"),
]  # fmt: skip
