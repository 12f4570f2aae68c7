from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "การรับฟังความคิดเห็น"

    def ready(self) -> None:
        # Models exist only now, so the imports stand here.
        from django.contrib.auth import get_user_model  # noqa: PLC0415

        from consultations.groups import (  # noqa: PLC0415
            follow_groups,
            follow_membership,
        )
        from consultations.models import (  # noqa: PLC0415
            AgencyMembership,
            ConsultationPage,
        )
        from consultations.services.public_texts import follow_page  # noqa: PLC0415

        # Within this app only: Wagtail's groups are rows derived from memberships,
        # and must follow whichever door a membership comes through.
        for signal in (post_save, post_delete):
            signal.connect(
                follow_membership, sender=AgencyMembership, dispatch_uid="agency-groups"
            )
        m2m_changed.connect(
            follow_groups,
            sender=get_user_model().groups.through,
            dispatch_uid="agency-groups-kept",
        )
        # Wagtail saves this page from many doors of its own.
        pre_save.connect(
            follow_page, sender=ConsultationPage, dispatch_uid="announced-texts"
        )
