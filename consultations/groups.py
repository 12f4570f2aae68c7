"""Wagtail's groups, made from memberships: one per agency and role.

``AgencyMembership`` is the truth.  What Wagtail itself asks about (may this person open
the admin, see this page, use this collection) it reads from groups; these are derived
rows, kept here and nowhere else, so that they follow whichever door a membership came
through.  Nobody edits them by hand: Wagtail's group pages show what was derived.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
    GroupPagePermission,
)

from consultations.models import AgencyMembership, AgencyPage, Role

#: Page rights on an agency's own branch, by role.  The desks have their own table.
PAGE_RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_page", "change_page", "publish_page"),
    Role.APPROVER: ("add_page", "change_page", "publish_page"),
    Role.MODERATOR: (),
    Role.AUDITOR: (),
}
#: Rights on the agency's own collection of files, by role.
FILE_RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add", "change", "choose"),
    Role.APPROVER: ("add", "change", "choose"),
    Role.MODERATOR: (),
    Role.AUDITOR: (),
}
_PREFIX = "agency"


def group_name(agency_id: int, role: str) -> str:
    """Return the stable name of a group; it does not follow the agency's title."""
    return f"{_PREFIX}:{agency_id}:{role}"


def collection_of(agency: AgencyPage) -> Collection:
    """Return the agency's collection of images and documents; make it if need be."""
    name = f"{agency.title[:200]} ({agency.pk})"
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name__endswith=f"({agency.pk})").first()
    return found or root.add_child(instance=Collection(name=name))


def agency_of_collection(collection: Collection) -> int | None:
    """Return the id of the agency whose files a collection holds; None for the site."""
    name = (
        GroupCollectionPermission.objects.filter(
            collection=collection, group__name__startswith=f"{_PREFIX}:"
        )
        .values_list("group__name", flat=True)
        .first()
    )
    return int(name.split(":")[1]) if name else None


@transaction.atomic
def group_sync(agency: AgencyPage, role: str) -> Group:
    """Make one group have exactly the rights of its role; safe to repeat."""
    role = Role(role)
    group, _new = Group.objects.get_or_create(name=group_name(agency.pk, role))
    group.permissions.set(
        Permission.objects.filter(
            codename="access_admin", content_type__app_label="wagtailadmin"
        )
    )
    rights = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS[role]
    )
    GroupPagePermission.objects.filter(group=group).exclude(
        page=agency.page_ptr, permission__in=rights
    ).delete()
    for permission in rights:
        GroupPagePermission.objects.get_or_create(
            group=group, page=agency.page_ptr, permission=permission
        )
    _sync_files(agency, role, group)
    return group


def _sync_files(agency: AgencyPage, role: Role, group: Group) -> None:
    wanted = [
        f"{verb}_{noun}" for verb in FILE_RIGHTS[role] for noun in ("image", "document")
    ]
    rights = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"],
        codename__in=wanted,
    )
    if not rights:
        GroupCollectionPermission.objects.filter(group=group).delete()
        return
    collection = collection_of(agency)
    GroupCollectionPermission.objects.filter(group=group).exclude(
        collection=collection, permission__in=rights
    ).delete()
    for permission in rights:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
    # Wagtail serves documents to anybody who guesses a number: not those of an agency.
    restriction, _new = CollectionViewRestriction.objects.get_or_create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(group)


@transaction.atomic
def user_sync(user: Any) -> None:
    """Put a user into exactly the groups of their memberships."""
    memberships = AgencyMembership.objects.filter(user=user).select_related("agency")
    wanted = [group_sync(row.agency, row.role) for row in memberships]
    for group in user.groups.filter(name__startswith=f"{_PREFIX}:"):
        if group not in wanted:
            user.groups.remove(group)
    user.groups.add(*wanted)


def follow_membership(*, instance: AgencyMembership, **_signal: Any) -> None:
    """Receive a saved or deleted membership; the derived groups follow at once."""
    user_sync(instance.user)


def follow_groups(
    *,
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **_signal: Any,
) -> None:
    """Receive a change of somebody's groups: what was derived stays as memberships say.

    Wagtail's user form and bulk actions would else give an agency's rights without a
    membership.
    """
    if not action.startswith("post_") or pk_set == set():
        return  # nothing happened yet, or nothing at all
    users = (
        instance.user_set.model.objects.filter(pk__in=pk_set or ())
        if reverse
        else [instance]
    )
    for user in users:
        user_sync(user)
