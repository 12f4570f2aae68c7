from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from drafts import frozen


class DraftsConfig(AppConfig):
    name = "drafts"
    verbose_name = "ร่างกฎหมาย"

    def ready(self) -> None:
        # Every migrate may rebuild a table and so drop its triggers (SQLite); put
        # them back each time, for all apps, whichever app was migrated.
        post_migrate.connect(frozen.install_after_migrate, dispatch_uid="frozen")
        register(frozen.check_triggers, Tags.database)
