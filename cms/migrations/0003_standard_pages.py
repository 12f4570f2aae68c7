"""Put the pages there that every page's footer links to; agencies edit them."""

from django.db import migrations

PAGES = [
    (
        "privacy",
        "ประกาศความเป็นส่วนตัว",
        "Privacy notice",
        [
            "แสดงความคิดเห็นได้โดยไม่ต้องบอกว่าคุณเป็นใคร ชื่อ หน่วยงาน และอีเมลเป็นข้อมูลที่คุณเลือกให้เอง "
            "และการไม่ให้ไม่มีผลต่อการรับความคิดเห็น",
            "ก่อนเผยแพร่ ระบบปกปิดเลขประจำตัวประชาชน หมายเลขโทรศัพท์ และอีเมลที่พบในข้อความ",
            "ข้อมูลที่บอกว่าคุณเป็นใครเก็บแยกจากข้อความที่คุณเขียน และลบเมื่อพ้นระยะเวลาที่ประกาศไว้",
            "การวิเคราะห์ความคิดเห็นทำในเครื่องของหน่วยงานเท่านั้น ไม่ส่งข้อความออกไปยังบริการภายนอก",
            "ติดต่อเจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคลได้ตามที่แสดงไว้ในหน้าของแต่ละหน่วยงาน",
        ],
        [
            "You can comment without saying who you are. Name, organisation and e-mail are "
            "yours to give; leaving them out changes nothing.",
            "Before publication the system redacts national ID numbers, telephone numbers "
            "and e-mail addresses found in your words.",
            "What tells who you are is kept apart from what you wrote and is erased when its "
            "time is over.",
            "Comments are analysed on the agency's own machine only; nothing is sent to an "
            "outside service.",
            "Each agency's page says how to reach its data protection officer.",
        ],
    ),
    (
        "accessibility",
        "การเข้าถึงเว็บไซต์",
        "Accessibility",
        [
            "เว็บไซต์นี้ตั้งใจทำตามมาตรฐาน WCAG 2.2 ระดับ AA ใช้ได้ด้วยแป้นพิมพ์ โปรแกรมอ่านหน้าจอ และโทรศัพท์ "
            "โดยไม่ต้องเปิดจาวาสคริปต์",
            "หากพบสิ่งที่ใช้ไม่ได้ โปรดแจ้งหน่วยงานที่รับฟัง ซึ่งมีช่องทางอื่นให้แสดงความคิดเห็นได้เสมอ",
        ],
        [
            "This site is built to WCAG 2.2 AA. It works by keyboard, with screen readers, on "
            "phones and without JavaScript.",
            "If something does not work for you, tell the agency: there is always another way "
            "to comment.",
        ],
    ),
]


def add_pages(apps, schema_editor):
    HomePage = apps.get_model("cms", "HomePage")
    StandardPage = apps.get_model("cms", "StandardPage")
    ContentType = apps.get_model("contenttypes", "ContentType")
    home = HomePage.objects.filter(depth=2).first()
    if home is None:
        return
    content_type, _ = ContentType.objects.get_or_create(
        model="standardpage", app_label="cms"
    )
    for slug, title, title_en, body, body_en in PAGES:
        home.numchild += 1
        StandardPage.objects.create(
            title=title,
            draft_title=title,
            title_en=title_en,
            slug=slug,
            body="".join(f"<p>{line}</p>" for line in body),
            body_en="".join(f"<p>{line}</p>" for line in body_en),
            content_type=content_type,
            path=f"{home.path}{home.numchild:04}",
            depth=3,
            numchild=0,
            url_path=f"{home.url_path}{slug}/",
            live=True,
            locale=home.locale,
        )
    home.save(update_fields=["numchild"])


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_home_page")]
    operations = [migrations.RunPython(add_pages, migrations.RunPython.noop)]
