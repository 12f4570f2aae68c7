"""Addresses of this room; included by consultations/urls.py."""

from __future__ import annotations

from django.urls import path

from consultations.commenting import receipt_views, views

urlpatterns = [
    path("consultations/<slug:slug>/respond/", views.respond, name="respond"),
    path(
        "consultations/<slug:slug>/respond/save/",
        views.comment_save,
        name="respond_save",
    ),
    path("receipts/", receipt_views.receipt_find, name="receipt_find"),
    # The number is in the body, not in the address: addresses are logged.
    path("receipts/withdraw/", receipt_views.withdraw, name="receipt_withdraw"),
    path("receipts/erase/", receipt_views.erase, name="receipt_erase"),
    path("receipts/<slug:number>/", receipt_views.receipt, name="receipt"),
]
