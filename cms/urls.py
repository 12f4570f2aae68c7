"""Every address of the site.

Thai addresses have no prefix, English chrome lives under ``/en/``.  There is one
password door, allauth's: Wagtail's own login is redirected to it and Django's admin
is not mounted at all.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import serve

from consultations.commenting.limits import too_often
from consultations.documents import document

login_door = RedirectView.as_view(pattern_name="account_login", query_string=True)

reset_door = RedirectView.as_view(pattern_name="account_reset_password")

#: allauth's limits answer like ours.
handler429 = too_often

urlpatterns = [
    path("admin/login/", login_door),
    path("admin/password_reset/", reset_door),
    re_path(r"^admin/password_reset/.+", reset_door),
    path("media/documents/<path:name>", document, name="document"),
    path("admin/", include(wagtailadmin_urls)),
    # Without Wagtail's door for passwords: files of an agency are for its members.
    re_path(r"^documents/(\d+)/(.*)$", serve, name="wagtaildocs_serve"),
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        # Wagtail's own door for private pages: there are none, and one door is enough.
        path("_util/login/", login_door),
        path("search/", include("search.urls")),
        path("", include("consultations.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
