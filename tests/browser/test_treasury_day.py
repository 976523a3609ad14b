"""A treasurer's and a checker's morning, with and without JavaScript, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, Person

PATHS = (
    "/",
    "/selisih",
    "/selisih?semua=1&mitra=bank_jambi",
    "/mitra",
    "/pengajuan",
    "/pengajuan?keadaan=ON_HOLD",
    "/pengajuan/HRK2600000001",
    "/pengajuan/HRK2600000002",
    "/pengajuan/BHT2600000001",
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_mismatch_is_found_proposed_and_settled_by_two_people(
    browser: Browser, address: str, javascript: bool
) -> None:
    people = [
        Person(browser.new_context(java_script_enabled=javascript, viewport=size(DESK)), address)
        for _ in range(2)
    ]
    maker, checker = people
    page = maker.sign_in("siti")
    page.click("nav >> text=Selisih")
    page.select_option("select[name=mitra]", "bank_jambi")
    page.select_option("select[name=sebab]", "PARTIAL")
    page.click("form.filter button")
    assert "sebab=PARTIAL" in page.url
    page.click("table.list tbody a")
    expect(page.locator("h1")).to_contain_text("Baru dibayar Rp400.000")
    page.select_option("select[name=action]", "CARRY")
    page.fill("textarea[name=reason]", "Dibayar bulan depan")
    page.click("button:text-is('Usulkan')")
    expect(page.locator(".note")).to_have_text("Usulan dicatat.")
    seen_by_checker = checker.sign_in("budi")
    seen_by_checker.click("text=usulan menunggu pengesahan")
    seen_by_checker.click("table.list tbody a")
    seen_by_checker.click("button:text-is('Sahkan')")
    expect(seen_by_checker.locator(".note")).to_have_text("Selisih disahkan.")
    expect(seen_by_checker.locator(".timeline > li")).to_have_count(2)
    assert [person.complaints for person in people] == [[], []]


def test_no_page_is_wider_than_a_phone_and_none_makes_the_browser_complain(
    browser: Browser, address: str
) -> None:
    person = Person(browser.new_context(viewport=size(PHONE)), address)
    person.open("/masuk")
    assert person.overflow <= 0
    person.sign_in("siti")
    numbers = person.open("/selisih?semua=1").locator("table.list tbody a")
    ones = [numbers.nth(n).get_attribute("href") for n in range(numbers.count())]
    wide = []
    for path in [*PATHS, *[one for one in ones if one]]:
        person.open(path)
        person.take_picture(f"phone{path}")
        if person.overflow > 0:
            wide.append(path)
    assert wide == []
    assert person.complaints == []


def test_every_text_can_be_told_from_its_paper_by_day_and_by_night(
    browser: Browser, address: str
) -> None:
    person = Person(browser.new_context(viewport=size(DESK)), address)
    faint = []
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme)
        person.open("/masuk")
        person.take_picture(f"{scheme}/masuk")
        faint += [(scheme, "/masuk", one) for one in person.page.evaluate(CONTRAST)]
    person.sign_in("siti")
    one_mismatch = person.open("/selisih").locator("table.list tbody a").first
    for path in [*PATHS, one_mismatch.get_attribute("href") or "", "/no/such/page"]:
        person.open(path)
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme)
            person.take_picture(f"{scheme}{path}")
            faint += [(scheme, path, one) for one in person.page.evaluate(CONTRAST)]
        assert person.overflow <= 0, path
    assert faint == []


def test_the_keyboard_alone_reaches_the_content_first(browser: Browser, address: str) -> None:
    person = Person(browser.new_context(viewport=size(DESK)), address)
    page = person.sign_in("siti")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


def size(given: dict[str, int]) -> ViewportSize:
    return ViewportSize(width=given["width"], height=given["height"])


# WCAG 2.2 contrast of every visible text against the first opaque background behind it.
CONTRAST = """() => {
  const rgba = text => {
    const n = text.match(/[0-9.]+/g).map(Number);
    return [n[0], n[1], n[2], n[3] === undefined ? 1 : n[3]];
  };
  const mix = (top, under, part) => top * part + under * (1 - part);
  const over = (top, under) => [0, 1, 2].map(i => mix(top[i], under[i], top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement)
      layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (element.closest('.hidden, .skip')) continue;
    const behind = paper(element), ink = over(rgba(getComputedStyle(element).color), behind);
    const [a, b] = [light(ink), light(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""
