"""What nobody does to a page of an agency in Wagtail, whatever their rights there."""

from __future__ import annotations

from typing import Any

from wagtail.models import PagePermissionTester


class AgencyPageRights(PagePermissionTester):
    """Wagtail's rights without what this product does not use.

    A page never changes its agency or its place, has no copies and no aliases, is not
    locked or hidden behind a password in Wagtail, and goes on line with its round.
    """

    def can_move(self) -> bool:
        return False

    can_copy = can_reorder_children = can_lock = can_unlock = can_move
    can_set_view_restrictions = can_unschedule = can_submit_for_moderation = can_move

    def can_move_to(self, destination: Any) -> bool:
        return False

    can_copy_to = can_move_to


class AgencyPageMixin:
    """Make a page ask for rights here; Wagtail's buttons and actions then agree."""

    def permissions_for_user(self, user: Any) -> AgencyPageRights:
        return AgencyPageRights(user, self)
