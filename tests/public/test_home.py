import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.2")
def test_the_first_page_offers_common_remedies_before_the_report(visitor):
    page = visitor.get("/").content.decode()
    assert "Try this first" in page and "The vehicle does not move" in page
    assert 'href="/report/"' in page and 'href="/track/"' in page and 'href="/help/"' in page


@pytest.mark.clause("3.1")
def test_call_and_report_stand_under_the_first_words_before_the_search(visitor):
    page = visitor.get("/").content.decode()
    row = page.split('<p class="straight">')[1].split("</p>")[0]
    assert 'href="tel:0523-89798888"' in row and 'href="/report/"' in row
    assert page.index('class="lead"') < page.index('class="straight"') < page.index('type="search"')


@pytest.mark.clause("3.1")
def test_the_hotline_is_one_tap_away_on_every_public_page(visitor):
    for address in ("/", "/help/", "/privacy/", "/report/", "/track/"):
        page = visitor.get(address).content.decode()
        assert 'href="tel:0523-89798888"' in page, address


@pytest.mark.clause("3.1")
def test_the_first_page_promises_what_the_charter_says(visitor):
    page = visitor.get("/").content.decode()
    assert "09:00 and 14:00" in page
    assert "Within 12 hours after that" in page and "Within 24 hours after the repair" in page


def test_the_company_is_named_in_chinese_first(client):
    page = client.get("/").content.decode()
    assert 'lang="zh-hans"' in page


def test_the_privacy_notice_shows_its_version_and_how_long_data_is_kept(visitor):
    from repairs.public.texts import PRIVACY_VERSION

    page = visitor.get("/privacy/").content.decode()
    assert f"Version {PRIVACY_VERSION}" in page and "36 months" in page


@pytest.mark.parametrize("address", ["/", "/help/", "/privacy/", "/report/", "/track/"])
def test_public_pages_carry_no_script_or_style_of_their_own(visitor, address):
    answer = visitor.get(address)
    page = answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in page and "<style" not in page and " onclick=" not in page
    assert all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])


def test_who_is_signed_in_may_read_the_first_pages_too(visitor, people):
    visitor.force_login(people.cs)
    assert [visitor.get(address).status_code for address in ("/", "/help/", "/privacy/")] == [200, 200, 200]
