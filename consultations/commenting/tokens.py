"""Find again what a person is preparing: a signed token, one for each round.

The token travels in a cookie (HttpOnly, SameSite=Lax, no other use) and, so that a
form works once it is on the screen, also in the form itself.
"""

from __future__ import annotations

import uuid

from django.core import signing
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponseBase

from comments import promises
from comments.models import PreparedResponse, Submission

_SALT = "rapfang.prepared"


def cookie_name(round_id: int) -> str:
    return f"prepared-{round_id}"


def sign(round_id: int, token: uuid.UUID) -> str:
    return signing.dumps([round_id, token.hex], salt=_SALT)


def _read(value: str, round_id: int) -> uuid.UUID | None:
    try:
        owner, token = signing.loads(value, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return uuid.UUID(token) if owner == round_id else None


def token_of(request: HttpRequest, round_id: int) -> uuid.UUID | None:
    """Return the token that came with the form, else the cookie's; None if neither."""
    found = _read(request.POST.get("token", ""), round_id) if request.POST else None
    return found or _read(request.COOKIES.get(cookie_name(round_id), ""), round_id)


def remember(response: HttpResponseBase, request: HttpRequest, round_id: int, token):
    """Put the token into the person's cookie."""
    response.set_cookie(
        cookie_name(round_id),
        sign(round_id, token),
        max_age=promises.TABLE["prepared"].keep.days * 24 * 3600,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponseBase, round_id: int) -> None:
    response.delete_cookie(cookie_name(round_id), samesite="Lax")


def find_prepared(token: uuid.UUID | None, round_id: int) -> PreparedResponse | None:
    """Read the response prepared under a token; ``receipt`` is set once it was sent.

    One query, none without a token.
    """
    if token is None:
        return None
    sent = Submission.objects.filter(client_token=OuterRef("token"))
    return (
        PreparedResponse.objects.filter(token=token, round_id=round_id)
        .annotate(receipt=Subquery(sent.values("receipt")[:1]))
        .first()
    )
