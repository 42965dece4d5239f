import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop_portal.settings")

app = Celery("workshop_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="worker")
app.autodiscover_tasks(related_name="clock")
