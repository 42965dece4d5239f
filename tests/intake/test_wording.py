"""Papers as plain words, and typed names."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import standard
from applications.wording import fingerprint, plain, same_name, sha256_of, text_of


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("aoife o'brien", "Aoife O\u2019Brien"),
        ("OBrien  AOIFE", "Aoife O'Brien"),
        ("nguyen thi anh", "Nguyễn Thị Ánh"),
        ("Dang Van Duc", "Đặng Văn Đức"),
        ("하늘 정", "정하늘"),
        ("Suharto", "suharto"),
        ("Jean Paul", "Jean-Paul"),
        ("jeanpaul", "Paul Jean"),
        ("محمد علي", "مُحَمَّد علي"),
        ("ЭРДЭНЭ Бат", "Бат-Эрдэнэ"),
        ("สมชาย ใจดี", "ใจดี สมชาย"),
        ("\uff21oife", "Aoife"),
        ("Ao\u200dife", "Aoife"),
    ],
)
def test_a_name_is_known_whatever_its_case_accents_spaces_and_order(typed, known):
    assert same_name(typed, known)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Ana", "Anna"),
        ("Aoife", "Aoife O'Brien"),
        ("Aoife O'Brien Junior", "Aoife O'Brien"),
        ("neirbO efioA", "Aoife O'Brien"),
        ("สมชย", "สมชาย"),
        ("", "Aoife"),
        ("...", "..."),
        ("\u200d", "\u200d"),
    ],
)
def test_another_name_is_another_name(typed, known):
    assert not same_name(typed, known)


@given(st.lists(st.text("abcdeé", min_size=1, max_size=5), min_size=1, max_size=5), st.randoms())
def test_any_order_and_spacing_of_a_name_is_that_name(parts, dice):
    mixed = [*parts]
    dice.shuffle(mixed)

    assert same_name("".join(mixed).upper(), " ".join(parts))


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_name_is_too_strange_to_be_compared(one, other):
    assert same_name(one, other) == same_name(other, one)


def test_written_text_keeps_its_words_numbers_and_rows_and_loses_its_marks():
    text = (
        "## Rules\n\nRead *all* of it.\n\n3. one\n4. two\n   - inner\n\n"
        "| a | b |\n|---|---|\n| `c` | d |\n\n[here](https://example.org) <b>x</b>\n"
    )

    assert plain(text) == (
        "Rules\n\nRead all of it.\n\n3. one\n\n4. two\n\n• inner\n\na | b\n\nc | d\n\n"
        "here (https://example.org) <b>x</b>"
    )


@pytest.mark.parametrize("slug", ["commitment", "consent", "nomination", "waiver"])
def test_no_mark_is_left_in_a_standard_text(slug):
    told = plain(standard.text_of(slug))

    assert "**" not in told
    assert "#" not in told


FACTS = {
    "title": "Letter",
    "tables": [
        {"title": "", "rows": [{"term": "Workshop", "value": "Safe referral"}]},
        {"title": "The applicant", "rows": [{"term": "Full name", "value": "정하늘"}]},
    ],
    "opening": "I, 정하늘, sign what follows.",
    "text": "I **promise** it.",
    "words": "",
}


def test_a_paper_is_told_from_its_title_to_its_last_line():
    assert text_of(FACTS) == (
        "Letter\n\nWorkshop: Safe referral\n\nThe applicant\nFull name: 정하늘\n\n"
        "I, 정하늘, sign what follows.\n\nI promise it.\n"
    )


def test_the_fingerprint_of_a_text_is_that_of_its_utf_8_bytes():
    assert sha256_of("정") == hashlib.sha256("정".encode()).hexdigest()


def test_another_fact_gives_another_fingerprint_and_the_order_of_facts_does_not():
    turned = dict(reversed(FACTS.items()))

    assert fingerprint(turned) == fingerprint(FACTS)
    assert fingerprint({**FACTS, "words": "x"}) != fingerprint(FACTS)
