import pytest
pytestmark = [pytest.mark.browser]
OUT = "/tmp/build/shots-need"

def test_shots(stack, people, window):
    for width in (1280, 390):
        who = window(width=width)
        page = who.page
        page.goto(people.link("jinsui"))
        def shot(name):
            page.screenshot(path=f"{OUT}/{name}-{width}.png", full_page=True)
        for name, path in {"home": "/", "need": "/need/", "q": "/need/?q=电线", "unit": "/need/?category=cable", "unsure": "/need/?category=cable&unit=unsure", "act": "/need/?category=cement", "date": "/need/?category=cement&do=make&on=x", "place": "/need/?category=cement&do=make&on=today", "answer": "/need/?category=fertilizer-compound&unit=fertilizer-compound-2&do=make&on=today&place=320000", "sell": "/need/?category=cement&do=sell&on=today", "unlisted": "/need/?listed=none", "verify": "/verify/", "cases": "/cases/"}.items():
            page.goto(who.base + path); shot(name)
        page.goto(who.base + "/apply/?category=cable&unit=cable-1"); shot("start")
        with page.expect_navigation():
            page.locator("main form[method=post] button.main").click()
        root = page.url
        page.goto(root + "enterprise/")
        page.locator("main [name=contact]").fill("顾小满")
        page.locator("main [data-say=saved]").wait_for()
        shot("enterprise-saved")
        page.reload(); shot("enterprise-restored")
        page.screenshot(path=f"{OUT}/enterprise-view-{width}.png")
        page.context.set_offline(True); page.wait_for_timeout(300)
        page.screenshot(path=f"{OUT}/offline-{width}.png")
        page.context.set_offline(False)
        two = page.context.new_page(); two.goto(root + "enterprise/")
        two.locator("main [name=contact]").fill("另一个"); two.locator("main [data-say=saved]").wait_for()
        page.locator("main [name=contact]").fill("这一个"); page.locator("main [data-say=conflict]").wait_for()
        page.screenshot(path=f"{OUT}/conflict-{width}.png")
        page.context.clear_cookies(name="sessionid")
        two.locator("main [name=contact]").fill("另一个2"); two.locator("main [data-say=signed_out]").wait_for()
        two.screenshot(path=f"{OUT}/signedout-{width}.png")
        two.close()
        page.goto(people.link("jinsui"))
        page.goto(root + "conditions/")
        page.locator("main [name=equipment-0-name]").fill("反应釜")
        page.locator("main [name=equipment-1-quantity]").fill("0")
        with page.expect_navigation():
            page.locator("main .actions button.main").click()
        shot("conditions-err")
        page.goto(root); shot("tasks")
        page.goto(root + "sites/"); shot("sites")
        page.goto(root + "product/?change"); shot("product-change")
