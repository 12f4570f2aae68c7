from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "การรับฟังความคิดเห็น"

    def ready(self) -> None:
        # Models exist only now, so the imports stand here.
        from consultations.groups import follow_membership  # noqa: PLC0415
        from consultations.models import AgencyMembership  # noqa: PLC0415

        # Within this app only: Wagtail's groups are rows derived from memberships,
        # and must follow whichever door a membership comes through.
        for signal in (post_save, post_delete):
            signal.connect(
                follow_membership, sender=AgencyMembership, dispatch_uid="agency-groups"
            )
