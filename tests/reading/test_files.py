"""A frozen version as a file: the same words in every format, and written once."""

from __future__ import annotations

import io
import subprocess
from shutil import which

import docx
import pypdf
import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage

from consultations import paper
from consultations.reading import downloads
from consultations.tasks import prepare_download
from drafts.export.docx import write_docx
from drafts.export.text import write_text
from drafts.export.version import identity_of_version, law_of_version
from drafts.law.akoma_ntoso import check, export_law
from drafts.law.readers import read_law
from drafts.law.structure import LawText
from drafts.services import draft_import, version_freeze
from tests import factories as make
from tests.law.real_texts import ABSENT, LAWS
from tests.reading.conftest import at_most
from tests.reading.law import make_read_round

pytestmark = pytest.mark.django_db
BASE = "/consultations/parks/draft"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sent(monkeypatch):
    """Return the tasks that were queued, in place of a broker."""
    queue: list[tuple[str, list]] = []
    monkeypatch.setattr(
        downloads.current_app,
        "send_task",
        lambda name, args: queue.append((name, args)),
    )
    return queue


@pytest.fixture
def parks():
    return make_read_round()


def provisions(law: LawText) -> list[tuple]:
    return [(p.kind, p.label, p.eid, p.text, p.paragraphs) for p in law.provisions]


# --- the words ---------------------------------------------------------------


def test_plain_text_has_the_frozen_words_byte_for_byte(client, parks) -> None:
    data = client.get(f"{BASE}/v1.txt").content
    rows = parks.version.provisions.exclude(kind="target_clause").order_by("order")
    at = 0
    for row in rows:
        for words in filter(None, [row.label, row.text or row.heading]):
            found = data.find(words.encode(), at)
            assert found >= 0, row
            at = found + len(words.encode())
    back = read_law(data, "draft.txt")
    assert provisions(back) == provisions(law_of_version(parks.version))


def test_akoma_ntoso_keeps_the_rules_and_comes_back_without_loss(client, parks) -> None:
    answer = client.get(f"{BASE}/v1.xml")
    assert answer["Content-Type"] == "application/akn+xml"
    assert check(answer.content) == []
    assert read_law(answer.content, "v1.xml") == law_of_version(parks.version)


def test_akoma_ntoso_keeps_the_spaces_that_a_person_typed() -> None:
    agency = make.make_agency()
    text = "มาตรา ๑  ให้มี\n(๑)ต้นไม้\n(๒)  น้ำ\n"
    draft = draft_import(agency=agency, data=text).draft
    page = draft.get_latest_revision_as_object()
    for block in page.body:
        if block.block_type == "provision":
            block.value["text"] = "ให้มี\n(๑)ต้นไม้\n(๒)  น้ำ"
    revision = page.save_revision(clean=False)
    version = version_freeze(draft=draft, revision=revision, reason="ทดสอบ")
    law = law_of_version(version)
    assert "(๑)ต้นไม้" in law.provisions[0].text
    data = export_law(law, identity_of_version(version))
    assert check(data) == [] and read_law(data, "a.xml") == law


def test_word_is_read_back_to_the_same_provisions(client, parks) -> None:
    data = client.get(f"{BASE}/v1.docx").content
    law = law_of_version(parks.version)
    back = read_law(data, "v1.docx")
    assert provisions(back) == provisions(law)
    assert [d.heading for d in back.divisions] == [d.heading for d in law.divisions]
    assert [p.kind for p in back.parts] == [p.kind for p in law.parts]


def test_word_has_headings_of_its_own_and_thai_type(client, parks) -> None:
    word = docx.Document(io.BytesIO(client.get(f"{BASE}/v1.docx").content))
    headings = [
        (p.style.name, p.text)
        for p in word.paragraphs
        if p.style.name.startswith("Heading")
    ]
    assert ("Heading 1", "หมวด ๑\nการจัดการสวน") in headings
    assert ("Heading 4", "มาตรา ๔/๑  ") in headings
    xml = word.styles["Normal"].element.xml
    assert 'w:cs="TH Sarabun New"' in xml and 'w:bidi="th-TH"' in xml
    spaced = [s.name for s in word.styles if "<w:spacing w:val" in s.element.xml]
    assert not {"Title", "Heading 1", "Heading 4", "Normal"} & set(spaced)
    assert "PAGE" in word.sections[0].footer._element.xml


@pytest.mark.skipif(not LAWS, reason=ABSENT)
@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.stem)
def test_real_acts_come_back_from_every_format(path) -> None:
    law = read_law(path.read_bytes(), path.name)
    agency = make.make_agency()
    draft = draft_import(agency=agency, data=path.read_bytes(), filename=path.name)
    version = version_freeze(
        draft=draft.draft, revision=draft.draft.latest_revision, reason="ทดสอบ"
    )
    frozen = law_of_version(version)
    assert provisions(frozen) == provisions(law)
    data = export_law(frozen, identity_of_version(version))
    assert check(data) == [] and read_law(data, "a.xml") == frozen
    assert provisions(read_law(write_docx(frozen), "a.docx")) == provisions(frozen)
    assert provisions(read_law(write_text(frozen), "a.txt")) == provisions(frozen)


# --- PDF -----------------------------------------------------------------------


def test_the_pdf_is_tagged_numbered_and_can_be_read_out(client, parks, sent) -> None:
    if not paper.is_available():
        pytest.skip("Pango is not installed on this machine: no PDF can be written")
    waiting = client.get(f"{BASE}/v1.pdf")
    assert waiting.status_code == 202 and sent
    prepare_download(*sent[0][1])
    answer = client.get(f"{BASE}/v1.pdf")
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])
    titles = [str(item.title) for item in flat(reader.outline)]
    assert "มาตรา\u00a0๔/๑" in titles and any("การจัดการสวน" in t for t in titles)
    if not which("pdftotext"):
        print("pdftotext is not installed: the words were not read out")
        return
    told = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    packed = "".join(told.split())
    for row in parks.version.provisions.filter(kind="section"):
        # the foot of a page may stand between the lines of a section
        for line in row.text.split("\n"):
            assert "".join(line.split()) in packed, line
    assert "ฉบับที่ ๑" in told


def flat(outline: list) -> list:
    found = []
    for item in outline:
        found += flat(item) if isinstance(item, list) else [item]
    return found


def test_a_pdf_is_never_written_in_a_request(client, parks, sent, monkeypatch) -> None:
    monkeypatch.setattr(downloads, "write_pdf", None)
    first = client.get(f"{BASE}/v1.pdf")
    assert first.status_code == 202 and first["Cache-Control"] == "no-store"
    assert "v1.docx" in first.content.decode()  # the same words meanwhile
    client.get(f"{BASE}/v1.pdf")
    assert sent == [(downloads.TASK, [parks.version.pk, "pdf"])]  # queued once
    asked = client.get(f"{BASE}/v1.pdf", headers={"HX-Request": "true"})
    assert asked.status_code == 204


def test_a_page_that_waits_is_told_when_the_file_is_there(
    client, parks, sent, monkeypatch
) -> None:
    monkeypatch.setattr(downloads, "write_pdf", lambda *a, **k: b"%PDF-1.7 made")
    client.get(f"{BASE}/v1.pdf")
    prepare_download(*sent[0][1])
    prepare_download(*sent[0][1])  # delivered twice
    fragment = client.get(f"{BASE}/v1.pdf", headers={"HX-Request": "true"})
    assert fragment.status_code == 286 and "ไฟล์พร้อมแล้ว" in fragment.content.decode()
    assert client.get(f"{BASE}/v1.pdf").content == b"%PDF-1.7 made"
    assert len(default_storage.listdir(f"versions/{parks.version.pk}")[1]) == 1


def test_without_pango_all_else_works_and_the_reader_is_told(
    client, parks, sent, monkeypatch
) -> None:
    def no_pango():
        raise paper.ExportUnavailable("no Pango", code="pdf_unavailable")

    monkeypatch.setattr(paper, "_weasyprint", no_pango)
    client.get(f"{BASE}/v1.pdf")
    prepare_download(*sent[0][1])
    told = client.get(f"{BASE}/v1.pdf")
    assert told.status_code == 503 and "สร้าง PDF ไม่ได้" in told.content.decode()
    for fmt in ["docx", "xml", "txt"]:
        assert client.get(f"{BASE}/v1.{fmt}").status_code == 200


def test_a_broker_that_is_away_is_no_error_page(client, parks, monkeypatch) -> None:
    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(downloads.current_app, "send_task", away)
    told = client.get(f"{BASE}/v1.pdf")
    assert told.status_code == 503 and "v1.txt" in told.content.decode()


# --- the address -----------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["docx", "xml", "txt"])
def test_a_copy_that_is_still_good_is_not_sent_again(client, parks, fmt) -> None:
    first = client.get(f"{BASE}/v1.{fmt}")
    assert f'filename="parks-v1.{fmt}"' in first["Content-Disposition"]
    again = client.get(f"{BASE}/v1.{fmt}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    other = client.get(f"{BASE}/v1.{fmt}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200 and other.content == first.content


def test_a_file_is_written_once(client, parks, monkeypatch) -> None:
    first = client.get(f"{BASE}/v1.docx").content
    monkeypatch.setattr(downloads, "law_of_version", None)
    with at_most(1):
        assert client.get(f"{BASE}/v1.docx").content == first


def test_the_mark_changes_with_the_writer(parks, monkeypatch) -> None:
    before = downloads.etag_of(parks.version, "txt")
    monkeypatch.setattr(downloads, "RENDERER", downloads.RENDERER + 1)
    assert downloads.etag_of(parks.version, "txt") != before


def test_the_address_without_a_number_leads_to_the_version_being_heard(
    client, parks
) -> None:
    answer = client.get(f"{BASE}.pdf")
    assert answer.status_code == 302 and answer.url == f"{BASE}/v1.pdf"


@pytest.mark.parametrize(
    "address", [f"{BASE}/v2.txt", f"{BASE}/v1.odt", "/consultations/no/draft/v1.txt"]
)
def test_what_is_not_there_is_404(client, parks, address) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("fmt", downloads.FORMATS)
def test_nothing_of_a_round_that_is_being_prepared(client, fmt) -> None:
    make_read_round(slug="secret", stage="draft")
    assert client.get(f"/consultations/secret/draft/v1.{fmt}").status_code == 404
    assert client.get(f"/consultations/secret/draft.{fmt}").status_code == 404


def test_the_reading_page_offers_the_files_with_their_sizes(client, parks) -> None:
    page = client.get(f"{BASE}/").content.decode()
    assert all(f'href="{BASE}/v1.{fmt}"' in page for fmt in downloads.FORMATS)
    client.get(f"{BASE}/v1.docx")
    assert " kB</span>" in client.get(f"{BASE}/").content.decode()
