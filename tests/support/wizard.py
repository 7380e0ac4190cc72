"""The applicant's way from the first button to the receipt, as fields and buttons and in any language."""

import re
from dataclasses import dataclass, field

from tests.support.browsing import Visitor
from tests.support.clients import today
from tests.support.world import PDF

FIRST_UNIT = "main [name=units]"


@dataclass
class Told:
    """What an application says; defaults suit every demo enterprise of Jiangsu."""

    category: str
    signer: str
    address: str = "优比路 12 号 3 幢"
    values: dict[str, str] = field(default_factory=dict)


def file(name: str, content: bytes = PDF, kind: str = "application/pdf") -> dict[str, object]:
    """A file as a file chooser hands it over."""
    return {"name": name, "mimeType": kind, "buffer": content}


class Wizard:
    """Fills one application. `look` is what happens on every page shown (nothing without JavaScript)."""

    def __init__(self, who: Visitor, told: Told, *, look: bool = True) -> None:
        self.who, self.told, self.looks = who, told, look
        self.draft = ""

    def open(self, path: str) -> None:
        if self.looks:
            self.who.go(path)
        else:
            self.who.page.goto(self.who.base + self.who.prefix + path)

    def press(self, selector: str) -> None:
        if self.looks:
            self.who.press(selector)
            return
        with self.who.page.expect_navigation():
            self.who.page.locator(selector).first.click()

    def save(self) -> None:
        self.press("main form[method=post] button.main")
        assert self.who.page.url.endswith(f"/apply/{self.draft}/"), self.who.page.locator(
            ".err"
        ).all_inner_texts()

    def section(self, name: str) -> None:
        self.open(f"/apply/{self.draft}/{name}/")

    def start(self) -> None:
        self.open("/cases/")
        self.press("main a.btn.main")
        self.press("main form[method=post] button.main")
        found = re.search(r"/apply/([0-9a-f-]{36})/$", self.who.page.url)
        assert found, self.who.page.url
        self.draft = found[1]

    def enterprise(self) -> None:
        self.section("enterprise")
        self.who.fill(contact=self.told.signer, phone="0512-57001234", **self.told.values)
        self.save()

    def product(self) -> None:
        self.section("product")
        self.press(f"main button[name=category][value={self.told.category}]")
        self.who.page.locator(FIRST_UNIT).first.check()
        self.save()

    def sites(self) -> None:
        """Another province first: its counties come by themselves, without script by a button."""
        self.section("sites")
        page = self.who.page
        self.province("330000")
        page.locator("main [name=division] option[value='330109']").wait_for(state="attached")
        self.province("320000")
        page.locator("main [name=division] option[value='320583']").wait_for(state="attached")
        page.locator("main [name=division]").select_option("320583")
        self.who.fill(address=self.told.address)
        self.press("main .actions button[name=add]")
        assert self.told.address in page.locator("main").inner_text()

    def province(self, code: str) -> None:
        self.who.page.locator("main [name=province]").select_option(code)
        if self.who.page.locator("main button[name=switch]").count():
            self.press("main button[name=switch]")

    def conditions(self) -> None:
        self.section("conditions")
        self.who.fill(
            equipment__0__name="主生产线", equipment__0__model="LX-0100", equipment__0__quantity="1",
            instruments__0__name="万能试验机", instruments__0__number="SY-001",
            instruments__0__valid_until=f"{today().year + 1}-06-30", process="按现行国家标准组织生产",
            staff="工艺工程师 2 人",
        )  # fmt: skip
        self.save()

    def business_licence(self) -> None:
        self.section("business-licence")
        self.who.page.locator("main [name=file]").set_input_files(file("营业执照.pdf"))  # type: ignore[arg-type]
        self.save()

    def commitment(self) -> None:
        self.section("commitment")
        self.who.page.locator("main [name=agreed]").check()
        self.who.fill(signer=self.told.signer)
        self.save()

    def submit(self) -> str:
        """Check and submit; the number on the receipt."""
        self.press("main a.btn.main[href$='/check/']")
        self.press("main form[action$='/submit/'] button.main")
        assert self.who.page.url.endswith(f"/cases/{self.draft}/receipt/"), self.who.page.url
        return self.who.page.locator("main dd b.num").inner_text()

    def all(self) -> str:
        """Every step in order; the case number."""
        self.start()
        for step in (
            self.enterprise, self.product, self.sites, self.conditions, self.business_licence, self.commitment,
        ):  # fmt: skip
            step()
        return self.submit()
