"""Addresses of this room; included by consultations/urls.py."""

urlpatterns: list[object] = []
