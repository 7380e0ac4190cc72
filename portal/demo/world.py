"""Building the demo world, through the acts themselves, on dates before today (DESIGN §3 "Two times")."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher as Hasher
from django.db import transaction
from django.utils.crypto import get_random_string

from catalog.models import ProductCategory
from catalog.queries import open_units
from core.ledger.models import World
from core.lifecycle.actors import Actor
from core.lifecycle.dates import SHANGHAI
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import (
    Authority,
    Duty,
    Enterprise,
    Membership,
    ProductionSite,
    Stage,
    User,
)
from core.parties.queries import place
from core.workdays.queries import calendar_for
from licensing.actions import acceptance, decision, delegation, drafts, filing, pauses, review
from licensing.actions.papers import write_papers
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import Application
from portal.demo import claimants, desks, intake, papers, samples
from portal.demo.people import (
    ENTERPRISES,
    HOLDERS,
    OFFICIALS,
    DemoEnterprise,
    DemoOfficial,
    DemoPerson,
    demo_uscc,
    password_of,
    totp_secret_of,
)
from portal.demo.producers import PRODUCERS
from portal.demo.stories import FAILINGS, REASONS, STORIES, TEST_NOTICE, TEST_TAKES, VERIFIERS, Story

EPOCH = date(2015, 8, 4)
EVERY_ENTERPRISE = ENTERPRISES + HOLDERS + tuple(row.enterprise for row in PRODUCERS)
CHEAP = 2**10
"""Rounds of the password hash in this world: its passwords are printed anyway, and a hundred of them take time."""
DELEGATED = ("330000", "330200", "zj-head")
"""Zhejiang has Ningbo handle all three stages of its provincial cases (R-19); its head entrusts them."""


class NotADemoWorld(Exception):
    """Demo accounts and cases are refused in a real installation."""


def require_demo() -> None:
    world = World.objects.first()
    if settings.WORLD != "demo" or world is None or not world.simulated:
        raise NotADemoWorld("this is not a simulated demo world")


def exists() -> bool:
    return User.objects.filter(username=OFFICIALS[0].username).exists()


class Builder:
    """Tells the stories; `now` is the moment the world is made."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(SHANGHAI).date()

    @transaction.atomic
    def build(self) -> None:
        from portal.demo import holders, imports

        require_demo()
        for official in OFFICIALS:
            self._official(official)
        for enterprise in EVERY_ENTERPRISE:
            self._enterprise(enterprise)
        self._delegate(*DELEGATED)
        for story in STORIES:
            self.tell(story)
        holders.tell(self, holders.MINE)
        self.open_draft("jinsui", "fertilizer-compound")
        intake.tell(self)
        claimants.tell(self)
        imports.tell(self)
        desks.tell(self)
        papers.leave_out_old(self.today)

    def day(self, workdays_ago: int) -> date:
        """The working day so many working days before today."""
        calendar, day = calendar_for(), self.today
        while workdays_ago:
            day -= timedelta(days=1)
            workdays_ago -= calendar.is_workday(day)
        return day

    def at(self, workdays_ago: int, hour: int, minute: int = 0) -> datetime:
        return min(datetime.combine(self.day(workdays_ago), time(hour, minute), tzinfo=SHANGHAI), self.now)

    def _user(self, username: str, name: str) -> User:
        """With an address at hand, so that a forgotten password can be tried out; its mail lies in the demo mailbox."""
        email = f"{username}@demo.example"
        user = User(username=username, name=name, email=email)
        user.password = Hasher().encode(password_of(username), get_random_string(22), n=CHEAP)
        user.save()
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        return user

    def _official(self, official: DemoOfficial) -> None:
        user = self._user(official.username, official.name)
        authority = Authority.objects.get(code=official.authority)
        for kind in official.duties:
            Duty.objects.create(user=user, authority=authority, kind=kind, valid_from=EPOCH)
        TOTP.activate(user, totp_secret_of(official.username))

    def _delegate(self, delegator: str, delegate: str, head: str) -> None:
        """By the head of the province, on the first day of the timeline."""
        found = Authority.objects.in_bulk([delegator, delegate], field_name="code")
        letter = samples.letter_of_delegation(found[delegator].name_zh, found[delegate].name_zh)
        for stage in Stage.values:
            with samples.known_good(letter, "委托书.pdf") as paper:
                delegation.delegate(
                    delegator=found[delegator], to=found[delegate], stage=stage, category_key="", valid_from=EPOCH,
                    valid_to=None, basis_instrument="《质检总局关于深化工业产品生产许可证制度改革的意见》",
                    basis_article="三（二）", document=paper, filename="委托书.pdf", actor=self.actor(head),
                    at=datetime.combine(EPOCH, time(9), tzinfo=SHANGHAI),
                )  # fmt: skip

    def _enterprise(self, told: DemoEnterprise) -> None:
        user = self._user(told.username, told.person)
        enterprise = Enterprise.objects.create(
            uscc=demo_uscc(told.division, told.serial), name=told.name, legal_representative=told.person,
            registered_division=told.division, registered_address=told.address, phone="0512-5700 0000",
            proved_at=self.at(60, 9),
        )  # fmt: skip
        ProductionSite.objects.create(
            enterprise=enterprise, division=told.site_division, address=told.site_address
        )
        Membership.objects.create(
            user=user, enterprise=enterprise, role=Membership.Role.LEGAL_REPRESENTATIVE, valid_from=EPOCH
        )

    def person(self, told: DemoPerson) -> User:
        """Somebody who signed up and stands for nothing yet."""
        return self._user(told.username, told.name)

    def enterprise(self, username: str) -> Enterprise:
        """The enterprise whose legal representative this is."""
        return Enterprise.objects.get(name=next(e.name for e in EVERY_ENTERPRISE if e.username == username))

    def actor(self, username: str) -> Actor:
        user = User.objects.get(username=username)
        return actor_of(user, standing_of(user, self.today))

    def tell(self, story: Story) -> Application:
        """One story from its filing to where it stands."""
        application = self.file(story.applicant, story.category, story.received)
        clerk, reviewer, approver = story.staff
        if story.accepted is None:
            return application
        acceptance.accept(
            public_id=application.public_id, expected_version=self.version(application), actor=self.actor(clerk),
            at=self.at(story.accepted, 10, 5),
        )  # fmt: skip
        if story.retracted is not None:
            filing.retract(
                public_id=application.public_id, expected_version=self.version(application),
                actor=self.actor(story.applicant), at=self.at(story.retracted, 11, 30),
            )  # fmt: skip
            return application
        self._review(story, application, reviewer)
        if story.decided is not None:
            self._decide(story, application, approver)
        return application

    def version(self, application: Application) -> int:
        return Application.objects.get(pk=application.pk).version

    def file(self, applicant: str, category: str, received: int) -> Application:
        """A complete filing, so many working days ago."""
        application = self._fill(applicant, category, self.at(received, 8, 40))
        at = self.at(received, 8, 57)
        told = next(e for e in EVERY_ENTERPRISE if e.username == applicant)
        actor = self.actor(applicant)
        picture = samples.business_licence(
            told.name,
            application.enterprise.uscc,
            told.person,
            self._home(told),
        )
        with samples.known_good(picture, "营业执照.png") as upload:
            drafts.attach_licence(
                public_id=application.public_id, upload=upload, filename="营业执照.png",
                draft_version=self.draft_version(application), actor=actor, at=at,
            )  # fmt: skip
        drafts.sign_commitment(
            public_id=application.public_id, signer=told.person, draft_version=self.draft_version(application),
            actor=actor, at=at,
        )  # fmt: skip
        filing.submit(
            public_id=application.public_id,
            draft_version=self.draft_version(application),
            actor=actor,
            at=at,
        )
        write_papers(public_id=application.public_id, at=at)
        return Application.objects.get(pk=application.pk)

    def draft_version(self, application: Application) -> int:
        return Application.objects.get(pk=application.pk).draft_version

    def _fill(self, username: str, category: str, at: datetime) -> Application:
        told = next(e for e in EVERY_ENTERPRISE if e.username == username)
        actor, enterprise = self.actor(username), Enterprise.objects.get(name=told.name)
        application = drafts.start_draft(public_id=uuid.uuid4(), enterprise=enterprise, actor=actor, at=at)
        for section, data in self._sections(told, enterprise).items():
            drafts.save_section(
                public_id=application.public_id, section=section, data=data,
                draft_version=self.draft_version(application), actor=actor, at=at,
            )  # fmt: skip
        chosen = ProductCategory.objects.get(key=category)
        drafts.choose_category(
            public_id=application.public_id, category=chosen, draft_version=self.draft_version(application),
            actor=actor, at=at,
        )  # fmt: skip
        drafts.choose_units(
            public_id=application.public_id, units=[u.unit for u in open_units(category, self.today)][:2],
            draft_version=self.draft_version(application), actor=actor, at=at,
        )  # fmt: skip
        return Application.objects.get(pk=application.pk)

    def _sections(self, told: DemoEnterprise, enterprise: Enterprise) -> dict[str, dict[str, object]]:
        home, site = place(told.division, self.today), place(told.site_division, self.today)
        assert home and site
        typed = told.typed or told.address
        site_row = {
            "division": told.site_division,
            "address": told.site_address,
            "full_address": site.full_name + told.site_address,
        }
        return {
            "enterprise": {
                "confirmed": True, "name": told.name, "uscc": enterprise.uscc, "legal_representative": told.person,
                "province": f"{told.division[:2]}0000", "division": told.division, "address": typed,
                "full_address": home.full_name + typed, "contact": told.person, "phone": enterprise.phone,
            },
            "sites": {"rows": [site_row]},
            "conditions": {
                "equipment": [
                    {"name": "主生产线", "model": f"LX-{told.serial:02d}00", "quantity": 1},
                    {"name": "配料系统", "model": "PL-200", "quantity": 2},
                ],
                "instruments": [
                    {"name": "万能试验机", "number": f"SY-{told.serial:03d}",
                     "valid_until": (self.today + timedelta(days=200)).isoformat()},
                ],
                "process": "按企业工艺规程组织生产，执行现行国家标准和行业标准。",
                "staff": "工艺工程师 2 人，检验员 3 人",
            },
        }  # fmt: skip

    def _home(self, told: DemoEnterprise) -> str:
        """The registered address as it stands on the business licence."""
        home = place(told.division, self.today)
        assert home
        return home.full_name + told.address

    def _review(self, story: Story, application: Application, reviewer: str) -> None:
        if story.onsite is None:
            return
        actor = self.actor(reviewer)
        review.take_review(
            public_id=application.public_id, expected_version=self.version(application), actor=actor,
            no_conflict=True, at=self.at(story.onsite[0] + 1, 9),
        )  # fmt: skip
        for track, title, body, told in (
            ("onsite", "实地核查记录", "省许可证审查中心", story.onsite),
            ("testing", "产品检验报告", "省产品质量监督检验研究院", story.testing),
        ):
            if told is None:
                continue
            ago, passed = told
            if track == "testing" and story.sampled is not None:
                self.stop_for_test(story.sampled, application, actor)
            result = "合格" if passed else FAILINGS[track]
            written = samples.record(
                title, application.enterprise.name, result, body, self.day(ago).isoformat()
            )
            with samples.known_good(written, f"{title}.pdf") as paper:
                review.record_evidence(
                    public_id=application.public_id, expected_version=self.version(application), track=track,
                    outcome="passed" if passed else "failed", body=body, concluded_on=self.day(ago),
                    finding=result, document=paper, filename=f"{title}.pdf", actor=actor, at=self.at(ago, 15, 20),
                    verifiers=VERIFIERS if track == "onsite" else (),
                    received_on=self.day(ago) if track == "testing" and story.sampled is not None else None,
                )  # fmt: skip
        if story.testing is None and story.sampled is not None:
            self.stop_for_test(story.sampled, application, actor)
        finished = story.testing is not None or not story.onsite[1]
        if finished:
            review.conclude_review(
                public_id=application.public_id, expected_version=self.version(application), actor=actor,
                at=self.at((story.testing or story.onsite)[0], 16),
            )  # fmt: skip

    def stop_for_test(self, sampled: int, application: Application, actor: Actor) -> None:
        """The sample reaches the laboratory, and the applicant is told how long its test takes."""
        day = self.day(sampled)
        pauses.pause(
            public_id=application.public_id, expected_version=self.version(application), ground="testing",
            started_on=day, expected_until=day + timedelta(days=TEST_TAKES), notice=TEST_NOTICE, actor=actor,
            at=self.at(sampled, 16, 30),
        )  # fmt: skip

    def _decide(self, story: Story, application: Application, approver: str) -> None:
        assert story.decided is not None and story.onsite is not None
        common: dict[str, Any] = {
            "public_id": application.public_id, "expected_version": self.version(application),
            "actor": self.actor(approver), "at": self.at(story.decided, 10, 30), "no_conflict": True,
        }  # fmt: skip
        failed = [
            track
            for track, told in (("onsite", story.onsite), ("testing", story.testing))
            if told and not told[1]
        ]
        if not failed:
            decision.grant(**common, basis=GRANT_BASIS)
        else:
            reasons = REASONS[failed[0]]
            decision.refuse(**common, basis=REFUSAL_BASIS[:3], reasons=reasons)

    def open_draft(self, username: str, category: str) -> None:
        self._fill(username, category, self.now)
