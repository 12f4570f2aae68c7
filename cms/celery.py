"""The task system: one in every mode.

Import ``DjangoTask``'s ``delay_on_commit``; bare ``delay`` is banned by ruff because
a task must not start before the row it works on is committed.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")
app = Celery("rapfang", task_cls="celery.contrib.django.task:DjangoTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
