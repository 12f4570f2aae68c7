"""Put our home page where Wagtail's welcome page stands, and make it the site."""

from django.db import migrations


def make_home_page(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("cms", "HomePage")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")

    Page.objects.filter(slug="home", depth=2).delete()
    content_type, _ = ContentType.objects.get_or_create(
        model="homepage", app_label="cms"
    )
    home = HomePage.objects.create(
        title="รับฟัง",
        draft_title="รับฟัง",
        slug="home",
        content_type=content_type,
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/home/",
        live=True,
        show_in_menus=False,
        locale=Locale.objects.first(),
        intro="อ่านร่างกฎหมายรายมาตรา แสดงความคิดเห็น และดูว่าหน่วยงานตอบอย่างไร",
        intro_en=(
            "Read draft laws section by section, say what you think, "
            "and see how the agency answers."
        ),
    )
    Page.objects.filter(depth=1).update(numchild=1)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": 80,
            "site_name": "รับฟัง",
            "root_page": home,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("wagtailcore", "0002_initial_data"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_home_page, migrations.RunPython.noop)]
