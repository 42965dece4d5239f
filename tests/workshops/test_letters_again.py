"""What staff do with letters beside holding one: many at once, once more, never, and finding."""

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.urls import reverse

from tests.factories import RoleFactory, UserFactory, WorkshopFactory
from tests.workshops.conftest import letter_of
from workshop_portal.audit.queries import trail
from workshop_portal.outbox.actions import send_again
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
SURE = {"again-sure": "on", "again-number": "0"}


def at(name, workshop, letter):
    return reverse(f"workshops:{name}", args=[workshop.slug, letter.pk])


def states(workshop):
    found = Message.objects.filter(scope=workshop.scope).order_by("subject")
    return dict(found.values_list("subject", "state"))


# --- Many at once ------------------------------------------------------------------------


@pytest.fixture
def many(workshop):
    other = WorkshopFactory()
    for number, state in enumerate(["queued", "queued", "held", "sent", "claimed"]):
        letter_of(workshop, number, state=state, letter="a", sent_at=Now(), lease_until=Now())
    letter_of(workshop, 5, letter="b")
    letter_of(other, 6, letter="a")
    return other


def test_all_waiting_letters_of_a_kind_are_held_and_no_others(client, coordinator, workshop, many):
    answer = client.post(
        reverse("workshops:letters-hold", args=[workshop.slug]), {"kind": "a"}, follow=True
    )

    assert "2 letters are held." in answer.content.decode()
    assert list(states(workshop).values()) == ["held", "held", "held", "sent", "claimed", "queued"]
    assert list(states(many).values()) == ["queued"]
    held = Message.objects.get(scope=workshop.scope, subject="Letter 0")
    assert [line.what for line in trail(held)] == ["Held a letter back"]


def test_all_held_letters_of_a_kind_are_let_go(
    client, coordinator, workshop, many, django_capture_on_commit_callbacks
):
    client.post(reverse("workshops:letters-hold", args=[workshop.slug]), {"kind": "a"})

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("workshops:letters-release", args=[workshop.slug]), {"kind": "a"})

    assert list(states(workshop).values()) == ["sent"] * 4 + ["claimed", "queued"]
    assert sorted(m.subject for m in mail.outbox) == ["Letter 0", "Letter 1", "Letter 2"]


@pytest.mark.parametrize("typed", [{}, {"kind": ""}, {"kind": "nothing"}])
def test_without_a_kind_nothing_is_held(client, coordinator, workshop, many, typed):
    before = states(workshop)

    client.post(reverse("workshops:letters-hold", args=[workshop.slug]), typed)

    assert states(workshop) == before


def test_the_page_offers_it_for_the_kind_that_is_shown(client, coordinator, workshop, many):
    address = reverse("workshops:outbox", args=[workshop.slug])

    everything = client.get(address).content.decode()
    of_a_kind = client.get(address, {"kind": "a"}).content.decode()

    assert "of this kind" not in everything
    assert "Hold 2 waiting letters of this kind" in of_a_kind
    assert "Let 1 held letter of this kind go" in of_a_kind


@pytest.mark.parametrize("act", ["letters-hold", "letters-release"])
def test_others_hold_and_release_nothing(client, workshop, many, act):
    client.force_login(RoleFactory().user)
    before = states(workshop)

    assert client.post(reverse(f"workshops:{act}", args=[workshop.slug])).status_code == 404
    assert states(workshop) == before


# --- Finding -----------------------------------------------------------------------------


def test_letters_are_found_by_their_kind_which_has_a_name(client, coordinator, workshop):
    letter_of(workshop, 1, letter="applications/received")
    letter_of(workshop, 2, letter="applications/returned")
    address = reverse("workshops:outbox", args=[workshop.slug])

    page = client.get(address, {"kind": "applications/returned"})

    assert [letter.subject for letter in page.context["page"]] == ["Letter 2"]
    assert [*page.context["form"].fields["kind"].choices] == [
        ("", "All kinds"),
        ("applications/received", "An application is received"),
        ("applications/returned", "Documents are returned"),
    ]


# --- Once more ---------------------------------------------------------------------------


@pytest.fixture
def gone(workshop):
    """A letter that has left."""
    return letter_of(workshop, state="sent", sent_at=Now())


def test_a_letter_that_left_is_sent_once_more_as_a_letter_of_its_own(
    client, coordinator, workshop, gone, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(at("message-again", workshop, gone), SURE)

    again = Message.objects.exclude(pk=gone.pk).get()
    assert answer.url == at("message", workshop, again)
    assert (again.key, again.state) == (f"again:{gone.pk}:0", "sent")
    assert (again.subject, again.body, again.scope) == (gone.subject, gone.body, gone.scope)
    assert again.message_id != gone.message_id
    assert [m.to for m in mail.outbox] == [[gone.address]]
    line = trail(gone)[0]
    assert (line.who, line.what) == ("Min-ji Kang", "Sent the words of a letter once more")


def test_pressing_twice_sends_once_more_once(client, coordinator, workshop, gone):
    for _ in range(2):
        client.post(at("message-again", workshop, gone), SURE)

    assert Message.objects.count() == 2


def test_a_second_time_is_meant_when_the_page_showed_the_first(client, coordinator, workshop, gone):
    client.post(at("message-again", workshop, gone), SURE)
    page = client.get(at("message", workshop, gone)).context["forms"]["again"]

    client.post(
        at("message-again", workshop, gone), {**SURE, "again-number": page.initial["number"]}
    )

    assert Message.objects.count() == 3


def test_nothing_is_sent_once_more_without_a_tick(client, coordinator, workshop, gone):
    answer = client.post(at("message-again", workshop, gone), {"again-number": "0"})

    assert "Tick the box to send the letter once more." in answer.content.decode()
    assert Message.objects.count() == 1


def test_a_letter_that_came_back_goes_to_the_new_address(client, coordinator, workshop, gone):
    Message.objects.update(state="bounced")
    gone.to.email = "new@example.org"
    gone.to.save()

    client.post(at("message-again", workshop, gone), SURE)

    assert Message.objects.exclude(pk=gone.pk).get().address == "new@example.org"
    assert Message.objects.get(pk=gone.pk).state == "bounced"


@pytest.mark.parametrize("state", ["queued", "claimed", "held", "failed", "unknown", "cancelled"])
def test_only_what_left_is_sent_once_more(client, coordinator, workshop, letter, state):
    Message.objects.update(state=state, lease_until=Now())

    answer = client.post(at("message-again", workshop, letter), SURE)

    assert answer.status_code == 409
    assert Message.objects.count() == 1


def test_a_letter_to_somebody_without_account_is_sent_once_more_to_its_address(workshop):
    letter = letter_of(workshop, state="sent", sent_at=Now())
    Message.objects.update(to=None, in_inbox=False)
    letter.refresh_from_db()

    assert send_again(letter, number=0).address == letter.address


# --- Never -------------------------------------------------------------------------------


@pytest.fixture
def held(workshop):
    return letter_of(workshop, state="held")


def test_a_held_letter_is_cancelled_with_a_reason_and_never_leaves(
    client, coordinator, workshop, held, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            at("message-cancel", workshop, held), {"cancel-reason": "Sent in error"}
        )
        released = client.post(at("message-release", workshop, held))
    page = client.get(at("message", workshop, held)).content.decode()

    held.refresh_from_db()
    assert (answer.status_code, released.status_code) == (302, 409)
    assert (held.state, held.last_error) == ("cancelled", "Sent in error")
    assert mail.outbox == []
    assert "Why it was cancelled" in page
    assert "Cancelled a held letter: Sent in error" in page
    assert (
        "Letter 0" in client.get(reverse("workshops:outbox", args=[workshop.slug])).content.decode()
    )


def test_a_cancelled_letter_is_not_shown_to_its_reader(client, coordinator, workshop, held):
    client.post(at("message-cancel", workshop, held), {"cancel-reason": "Sent in error"})

    client.force_login(held.to)
    inbox = client.get("/inbox/")

    assert "Letter 0" not in inbox.content.decode()
    assert inbox.context["portal"]["unread"] == 0
    assert client.get(f"/inbox/{held.pk}/").status_code == 404


def test_cancelling_needs_a_reason(client, coordinator, workshop, held):
    answer = client.post(at("message-cancel", workshop, held), {"cancel-reason": " "})

    assert "Say why, for those who look at it later." in answer.content.decode()
    assert Message.objects.get().state == "held"


@pytest.mark.parametrize("state", ["queued", "claimed", "sent", "failed", "unknown", "bounced"])
def test_only_a_held_letter_is_cancelled(client, coordinator, workshop, letter, state):
    Message.objects.update(state=state, lease_until=Now(), sent_at=Now())

    answer = client.post(at("message-cancel", workshop, letter), {"cancel-reason": "x"})

    assert (answer.status_code, Message.objects.get().state) == (409, state)


@pytest.mark.parametrize(("language", "words"), [("en", "Welcome"), ("ko", "환영합니다")])
def test_a_held_letter_is_edited_in_its_language(
    client, coordinator, workshop, held, language, words, django_capture_on_commit_callbacks
):
    Message.objects.update(language=language)

    client.post(at("message-edit", workshop, held), {"subject": words, "body": words})
    page = client.get(at("message", workshop, held)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("message-release", workshop, held))

    [sent] = mail.outbox
    assert (sent.subject, sent.body) == (words, f"{words}\n")
    assert f'lang="{language}"' in page.partition("<main")[2]


@pytest.mark.parametrize("act", ["again", "cancel", "bounced"])
@pytest.mark.parametrize("who", ["stranger", "reader", "nobody"])
def test_others_do_nothing_with_a_letter(client, workshop, gone, act, who):
    user = {"stranger": RoleFactory().user, "reader": gone.to, "nobody": UserFactory()}[who]
    client.force_login(user)
    typed = {**SURE, "cancel-reason": "x", "bounce-reason": "x"}

    assert client.post(at(f"message-{act}", workshop, gone), typed).status_code == 404
    assert [message.state for message in Message.objects.all()] == ["sent"]
