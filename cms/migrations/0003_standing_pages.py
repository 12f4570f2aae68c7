"""Write the privacy notice and the accessibility page that the footer links to."""

from django.db import migrations

from cms.standing_pages import STANDING_PAGES


def write_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    HomePage = apps.get_model("cms", "HomePage")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    StandardPage = apps.get_model("cms", "StandardPage")

    home = HomePage.objects.first()
    if home is None:
        return
    content_type, _ = ContentType.objects.get_or_create(
        model="standardpage", app_label="cms"
    )
    for slug, fields in STANDING_PAGES.items():
        children = Page.objects.filter(
            path__startswith=home.path, depth=home.depth + 1
        ).order_by("path")
        if children.filter(slug=slug).exists():
            continue
        last = children.last()
        step = int(last.path[-4:], 36) + 1 if last else 1
        digits, number = "", step
        while number:
            number, rest = divmod(number, 36)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
        StandardPage.objects.create(
            slug=slug,
            draft_title=fields["title"],
            content_type=content_type,
            path=home.path + digits.rjust(4, "0"),
            depth=home.depth + 1,
            numchild=0,
            url_path=f"{home.url_path}{slug}/",
            live=True,
            show_in_menus=False,
            locale=Locale.objects.first(),
            **fields,
        )
        Page.objects.filter(pk=home.pk).update(
            numchild=Page.objects.filter(
                path__startswith=home.path, depth=home.depth + 1
            ).count()
        )


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_home_page"),
        ("wagtailcore", "0002_initial_data"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(write_pages, migrations.RunPython.noop)]
