import pytest

from consultations.report import pdf


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def quick_pdf(monkeypatch):
    """Write no real PDF: it takes seconds, and test_exports.py writes one."""
    monkeypatch.setattr(pdf.PdfExporter, "render", lambda self, source: b"%PDF-1.7")
