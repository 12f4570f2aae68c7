"""Send mail beside the request, in a thread of this process."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)
#: Seconds between tries; after the last one the message is given up.
PAUSES = (1, 10, 60)
#: What a mail server that is away, full or offended raises.
FAILURES = (OSError, SMTPException)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def _deliver(message: EmailMessage) -> None:
    for pause in (*PAUSES, None):
        try:
            get_connection(settings.MAIL_THROUGH).send_messages([message])
        except FAILURES as error:
            log.warning("mail not sent: %s", type(error).__name__)  # names nobody
            if pause is None:
                log.error("mail given up after %d tries", len(PAUSES) + 1)
            else:
                time.sleep(pause)
        else:
            return


class BesideBackend(BaseEmailBackend):
    """Hand each message to a thread, which sends it through ``MAIL_THROUGH``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _pool().submit(_deliver, message)
        return len(email_messages)
