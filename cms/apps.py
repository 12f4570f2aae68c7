from django.apps import AppConfig
from django.core.checks import Tags, register


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = "เว็บไซต์"

    def ready(self) -> None:
        from cms.checks import check_proxies  # noqa: PLC0415 - settings are read by now

        register(check_proxies, Tags.security)
