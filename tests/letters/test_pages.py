"""The pages on which a workshop chooses the words of its letters and tries them out."""

import threading

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions import letters
from applications.queries.letters import text_of
from tests.factories import RoleFactory, SubmittedApplicationFactory, UserFactory
from tests.letters.conftest import own
from workshop_portal.audit.models import Entry
from workshop_portal.outbox.models import LetterText, Message

pytestmark = pytest.mark.django_db
LIST = "/desk/here/letters/"
PAGE = "/desk/here/letters/accepted/en/"
GOOD = {"subject": "In: {workshop}", "body": "Dear {name},\n\nwelcome: {link}", "version": "0"}


def sends(desk, address=PAGE, **typed):
    return desk.post(address, {**GOOD, **typed})


def stored():
    return list(LetterText.objects.values_list("letter", "language", "subject", "body"))


# --- The list ----------------------------------------------------------------------------


def test_the_list_says_whose_words_each_letter_uses_and_who_chose_them(desk, hana, call):
    own(call.workshop, "accepted", changed_by=hana)
    own(call.workshop, "rejected", subject="", body="", version=2, changed_by=hana)

    lines = {line.slug: line.texts for line in desk.get(LIST).context["lines"]}

    assert [text.is_own for text in lines["accepted"]] == [True, False]
    assert [text.is_own for text in lines["rejected"]] == [False, False]
    assert "Changed by Hana Kim on" in desk.get(LIST).content.decode()
    assert not [slug for slug in lines if slug.startswith("account")]


def test_the_list_asks_no_more_when_every_letter_is_chosen(desk, hana, call):
    desk.get(LIST)
    with CaptureQueriesContext(connection) as before:
        desk.get(LIST)

    for line in desk.get(LIST).context["lines"]:
        for text in line.texts:
            own(call.workshop, text.slug, language=text.language, changed_by=hana)
    with CaptureQueriesContext(connection) as after:
        desk.get(LIST)

    assert len(after) == len(before)


# --- Changing ----------------------------------------------------------------------------


def test_ours_is_where_one_starts_from(desk, sent):
    form = desk.get(PAGE).context["form"]

    assert form["subject"].value() == "You have a place: {workshop}"
    assert form["body"].value().startswith("{greeting}\n\nyou have been selected")
    assert form["body"].value().endswith("With kind regards,\n{centre}\n")


def test_what_may_be_put_in_is_explained_with_an_example(desk, sent):
    places = {place: (str(words), said) for place, words, said in desk.get(PAGE).context["places"]}

    assert places["{name}"] == ("The reader's name", "Aoife O'Brien")
    assert places["{reference}"][1] == "HERE-0001-0001"
    assert "{deadline}" not in places


def test_words_are_saved_for_this_workshop_letter_and_language(desk, hana, call):
    answer = sends(desk)

    assert (answer.status_code, answer.url) == (302, LIST)
    assert stored() == [
        ("applications/accepted", "en", "In: {workshop}", "Dear {name},\n\nwelcome: {link}\n")
    ]
    text = LetterText.objects.get()
    assert (text.scope, text.changed_by, text.version) == (call.workshop.scope, hana, 1)


def test_the_trail_keeps_the_words_before(desk, call):
    own(call.workshop, "accepted", "Old", "Old {link}\n")

    sends(desk, version="1")

    entry = Entry.objects.get(event="letter_text.changed")
    assert entry.facts == {
        "letter": "applications/accepted",
        "language": "en",
        "was_subject": "Old",
        "was_body": "Old {link}\n",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"body": "Dear {nme}, {link}"}, "Line 1: “{nme}” is no placeholder."),
        ({"body": "Hello,\n{x.__init__} {link}"}, "Line 2: “{x.__init__}” is no placeholder."),
        ({"body": "{0.__class__} {link}"}, "“{0.__class__}” is no placeholder."),
        ({"body": "{{7*7}} {link}"}, "“{7*7}” is no placeholder."),
        ({"body": "{% load letters %} {link}"}, "“{% load letters %}” is no placeholder."),
        ({"subject": "For {deadline}"}, "“{deadline}” is no placeholder."),
        ({"body": "Dear {name"}, "A brace stands alone."),
        ({"body": "Welcome."}, "{link} is missing"),
        ({"subject": " "}, "This field is required."),
        ({"body": " "}, "This field is required."),
        ({"subject": "{message}"}, "There is nothing in it."),
        ({"subject": "Look: {link}"}, "A link belongs into the letter, not here."),
        ({"body": "{link} https://"}, "Line 1: The link “https://” leads nowhere."),
        ({"body": f"{{link}}\n{'a' * 999}"}, "Line 2: The line is too long for a mail."),
        ({"body": "{link} " + "a" * 20_000}, "Please shorten this"),
        ({"subject": "a" * 201}, "Please shorten this"),
    ],
)
def test_what_cannot_be_a_letter_is_told_with_its_place(desk, sent, typed, said):
    answer = sends(desk, **typed)

    assert answer.status_code == 200
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert stored() == []


def test_what_staff_write_never_meets_a_template_engine(desk, call, sent):
    own(call.workshop, "accepted", "{{ 7|add:7 }}", "{% include 'base.html' %} {{ person }} {link}")

    subject, body = letters.try_out("applications/accepted", sent)

    assert subject == "{{ 7|add:7 }}"
    assert body.startswith("{% include 'base.html' %} {{ person }} http")


def test_what_may_be_meant_is_saved_and_pointed_out(desk, sent):
    answer = desk.post(PAGE, {**GOOD, "body": "Come at 9:00 on 3 May: {link}"}, follow=True)

    page = answer.content.decode()
    assert "Letter, line 1: “9:00” has no time zone. Readers are in many." in page
    assert "Letter, line 1: “3 May” is typed by hand" in page
    assert len(stored()) == 1


def test_a_preview_before_saving_shows_the_typed_words_and_saves_nothing(desk, sent):
    page = sends(desk, look="yes")

    assert page.context["preview"][0] == "In: The workshop here"
    assert page.context["preview"][1].startswith("Dear Aoife O'Brien,\n\nwelcome: http")
    assert stored() == []
    assert (Message.objects.count(), mail.outbox) == (0, [])


def test_going_back_to_our_words(desk, call):
    own(call.workshop, "accepted", "Old", "Old {link}\n")

    answer = desk.post(f"{PAGE}restore/", {"version": "1"})

    assert (answer.status_code, answer.url) == (302, LIST)
    assert desk.get(PAGE).context["form"]["subject"].value() == "You have a place: {workshop}"
    assert Entry.objects.get(event="letter_text.dropped").facts["was_body"] == "Old {link}\n"


@pytest.mark.parametrize("version", ["2", "0", "x", "9" * 30, ""])
def test_going_back_from_words_that_one_has_not_seen_is_refused(desk, call, version):
    own(call.workshop, "accepted", "Old", "Old {link}\n")

    answer = desk.post(f"{PAGE}restore/", {"version": version})

    assert answer.status_code == 409
    assert LetterText.objects.get().subject == "Old"


# --- Two at once -------------------------------------------------------------------------


def test_who_saves_second_sees_both_texts_and_chooses(desk, hana, call):
    own(call.workshop, "accepted", "Theirs", "Theirs {link}\n", changed_by=hana)

    answer = sends(desk, subject="Mine", body="Mine {link}")
    page = answer.content.decode()
    again = sends(desk, subject="Mine", body="Mine {link}", version="1")

    assert answer.status_code == 409
    assert "Stored now, by Hana Kim" in page
    assert "Theirs {link}" in page
    assert "Mine {link}" in page
    assert '<input type="hidden" name="version" value="1">' in page
    assert again.status_code == 302
    assert LetterText.objects.get().subject == "Mine"


def test_who_saves_after_somebody_went_back_sees_our_words(desk, call):
    own(call.workshop, "accepted", "", "", version=2)

    answer = sends(desk, version="1")

    assert answer.status_code == 409
    assert "You have a place: {workshop}" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_forged_version_saves_nothing(desk, call, version):
    assert sends(desk, version=version).status_code == 200
    assert stored() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1])
def test_of_two_who_save_at_the_same_moment_one_is_told(call, hana, version):
    if version:
        own(call.workshop, "accepted")
    start, told = threading.Barrier(2), []

    def save(words):
        text = text_of(call.workshop, "accepted", "en")
        start.wait()
        try:
            said = {"subject": words, "body": f"{words}\n"}
            letters.save_text(call.workshop, text, **said, version=version, by=hana)
        except letters.Overwritten as refusal:
            told.append(refusal.subject)
        finally:
            connection.close()

    hands = [threading.Thread(target=save, args=(words,)) for words in ("A", "B")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    now = LetterText.objects.get()
    assert {now.subject, *told} == {"A", "B"}
    assert (len(told), now.version) == (1, version + 1)


# --- Trying out --------------------------------------------------------------------------


def test_a_letter_is_tried_out_on_the_person_who_was_chosen(desk, call, sent):
    other = SubmittedApplicationFactory(call=call, given_name="Zara", family_name="Zu")
    address = "/desk/here/letters/received/preview/"

    first = desk.get(address).content.decode()
    chosen = desk.get(address, {"reader": str(other.pk)}).content.decode()

    assert "Dear Aoife O&#x27;Brien," in first
    assert f"Dear {other.applicant.full_name}," in chosen


def test_a_letter_is_tried_out_first_on_those_who_would_get_it(desk, call, hana, sent):
    later = SubmittedApplicationFactory(call=call, given_name="Zara", family_name="Zu")
    later.decision = None
    type(later).objects.filter(pk=later.pk).update(status="withdrawn")

    page = desk.get("/desk/here/letters/withdrawn/preview/")

    assert page.context["reader"].pk == later.pk


def test_a_letter_is_tried_out_in_the_language_of_its_reader(desk, call, sent):
    own(call.workshop, "received", "한국어", "{documents} {reference}", language="ko")
    sent.applicant.language = "ko"
    sent.applicant.save()

    page = desk.get("/desk/here/letters/received/preview/")

    assert (page.context["subject"], page.context["spoken"]) == ("한국어", "ko")


@pytest.mark.parametrize("slug", ["draft", "foreign", "own", "nonsense"])
def test_a_letter_is_tried_out_on_nobody_that_staff_do_not_work_with(desk, call, hana, sent, slug):
    wanted = {
        "draft": SubmittedApplicationFactory(call=call, status="draft").pk,
        "foreign": SubmittedApplicationFactory().pk,
        "own": SubmittedApplicationFactory(call=call, applicant=hana).pk,
        "nonsense": "1 OR 1=1",
    }[slug]

    page = desk.get("/desk/here/letters/received/preview/", {"reader": str(wanted)})

    assert page.context["reader"].pk == sent.pk
    assert [reader.pk for reader in page.context["readers"]] == [sent.pk]


def test_a_copy_goes_to_the_one_who_asks_and_to_nobody_else(
    desk, call, hana, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/desk/here/letters/received/copy/", {"reader": str(sent.pk)})

    [copy] = mail.outbox
    assert copy.to == ["hana@example.org"]
    assert (
        copy.subject == "Preview: Received: your application HERE-0001-0001 for The workshop here"
    )
    assert [(m.to, m.scope) for m in Message.objects.all()] == [(hana, "")]
    assert Entry.objects.filter(event="letter.tried_out", by=hana).count() == 1


# --- Others ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "reviewer", "observer", "admin", "applicant"])
def test_the_letters_do_not_exist_for_anybody_else(client, call, sent, who):
    own(call.workshop, "accepted", "Old", "Old {link}\n")
    if who in {"reviewer", "observer"}:
        user = RoleFactory(workshop=call.workshop, role=who).user
    elif who == "applicant":
        user = sent.applicant
    else:
        user = RoleFactory(user=UserFactory(is_admin=who == "admin")).user
    client.force_login(user)

    answers = [
        client.get(LIST),
        client.get(PAGE),
        client.post(PAGE, {**GOOD, "version": "1"}),
        client.post(f"{PAGE}restore/", {"version": "1"}),
        client.get("/desk/here/letters/accepted/preview/"),
        client.post("/desk/here/letters/accepted/copy/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert LetterText.objects.get().subject == "Old"
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    ["accepted/xx/", "nothing/en/", "nothing/preview/", "nomination_given/en/", "base/en/"],
)
def test_there_are_no_other_letters_and_languages(desk, path):
    assert desk.get(f"{LIST}{path}").status_code == 404
