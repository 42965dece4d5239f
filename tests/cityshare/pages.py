"""Pages of a cycle as several tests open and read them."""

import re

from django.test import Client
from django.urls import reverse


def page(person, name, *args):
    client = Client()
    client.force_login(person)
    return client.get(reverse(f"cityshare:{name}", args=args))


def send(person, name, *args, **data):
    client = Client()
    client.force_login(person)
    return client.post(reverse(f"cityshare:{name}", args=args), data)


def words(answer):
    """What stands on a page, without its marks."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
    return text.replace("&#x27;", "'").replace("&amp;", "&")
