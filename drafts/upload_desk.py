"""Upload, look, save: the one way in for drafts, acts in force and corrected files.

A file is kept first, whatever else is wrong (drafts/uploads.py).  Its text is shown
and may be corrected; nothing is stored unseen.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from drafts import policies, services, uploads
from drafts.amended_laws import laws_used
from drafts.desk import show
from drafts.errors import DraftError
from drafts.forms import MAX_FILE, ImportForm, UploadForm
from drafts.law.outline import outline
from drafts.law.structure import LawText
from drafts.models import SourceFile


class UploadView(View):
    """The flow; what is made of the text is the subclass's."""

    form_class: ClassVar[type[UploadForm]]
    template: ClassVar[str]
    source: SourceFile | None = None

    # --- of the subclass ---

    def title(self) -> str:
        raise NotImplementedError

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def initial(self) -> dict[str, Any]:
        return {}

    def form_options(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        return {}

    def look(
        self, form: UploadForm, law: LawText, refused: DraftError | None
    ) -> dict[str, Any]:
        """Return what the page shows of a law that is not saved yet."""
        return {"outline": outline(law)}

    def save(self, form: UploadForm, law: LawText) -> HttpResponse:
        """Store; raise DraftError where that cannot be."""
        raise NotImplementedError

    # --- the flow ---

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare(**kwargs)
        if not policies.branches(request.user).exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        """Find what the address names."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        options = self.form_options()
        return self.page(self.form_class(initial=self.initial(), **options))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sent = request.POST.copy()
        fault = self._keep(sent)
        form = self.form_class(sent, request.FILES, fault=fault, **self.form_options())
        if not form.is_valid():
            return self.page(form, status=422)
        data = uploads.file_or_text(self.source, form.cleaned_data["text"])
        name, refused = self.source.name if self.source else "", None
        try:
            law = services.draft_read(data=data, filename=name)
        except DraftError as error:
            form.add_error(None, error.message)
            return self.page(form, status=422)
        if "save" in request.POST and "file" not in request.FILES:
            try:
                return self.save(form, law)
            except DraftError as error:
                form.add_error(None, error.message)
                refused = error
        status = refused.status if refused else 200
        return self.page(form, status=status, law=law, **self.look(form, law, refused))

    def _keep(self, sent: Any) -> str:
        """Keep the file that came, or find the one kept before, and read its text.

        Returns what is wrong with it, if anything.
        """
        file, token = self.request.FILES.get("file"), sent.get("kept", "")
        sent["kept"] = ""
        if file and 0 < file.size <= MAX_FILE:
            self.source = uploads.file_keep(
                name=file.name, data=file.read(), by=self.request.user
            )
        elif token and not file:
            self.source = uploads.file_of(token, self.request.user)
            if self.source is None:
                return _("ไฟล์ที่เลือกไว้หมดเวลาเก็บหรือบันทึกไปแล้ว โปรดเลือกไฟล์อีกครั้ง")
        if self.source is None:
            return ""
        sent["kept"] = uploads.token_of(self.source)
        if file or not sent.get("text", "").strip():
            try:
                sent["text"] = uploads.file_text(self.source)
            except DraftError as error:
                return error.message
        return ""

    def page(
        self, form: UploadForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        return show(
            self.request,
            self.template,
            self.title(),
            *self.crumbs(),
            form=form,
            source=self.source,
            status=status,
            **self.context(),
            **context,
        )


class DraftImport(UploadView):
    """Make a draft of an agency."""

    form_class = ImportForm
    template = "import"

    def title(self) -> str:
        return _("นำเข้าร่าง")

    def initial(self) -> dict[str, Any]:
        agency = self.request.GET.get("agency")
        return {"agency": agency} if agency else {}

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def look(
        self, form: UploadForm, law: LawText, refused: DraftError | None
    ) -> dict[str, Any]:
        return {"outline": outline(law), "laws": laws_used(None, law.amendments)}

    def save(self, form: UploadForm, law: LawText) -> HttpResponse:
        result = services.draft_import(
            agency=form.cleaned_data["agency"],
            data=form.cleaned_data["text"],
            law=law,
            source=self.source,
            by=self.request.user,
        )
        messages.success(
            self.request,
            _("บันทึกร่างแล้ว %(count)d มาตราหรือข้อ ตรวจและแก้ไขได้ด้านล่าง")
            % {"count": len(law.provisions)},
        )
        return redirect("drafts_outline", result.draft.pk)


draft_import = DraftImport.as_view()


def source_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Hand a kept file to those who may work on what was made of it."""
    source = get_object_or_404(uploads.files_for(request.user), pk=file_id)
    answer = FileResponse(
        source.file.open("rb"),
        as_attachment=True,
        filename=source.name,
        content_type="application/octet-stream",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
