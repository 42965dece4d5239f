"""Calendar files carry the same instants that went in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from workshop_portal.ics import Appointment, calendar

START, END = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")
zones = st.sampled_from(["Asia/Seoul", "Europe/Paris", "Pacific/Chatham"]).map(ZoneInfo)
instants = st.datetimes(min_value=START, max_value=END, timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
moments = st.builds(lambda moment, zone: moment.astimezone(zone), instants, zones)
texts = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=80).map(str.strip)


@given(starts=moments, minutes=st.integers(1, 2000), title=texts.filter(bool), changed=moments)
def test_an_appointment_comes_out_at_the_instant_that_went_in(starts, minutes, title, changed):
    ends = starts.astimezone(UTC) + timedelta(minutes=minutes)
    appointment = Appointment("a@portal", title, starts, changed=changed, ends=ends, sequence=3)

    [event] = Calendar.from_ical(calendar("All", [appointment])).walk("VEVENT")

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (starts, ends)
    assert event.decoded("dtstamp") == changed
    assert (str(event["uid"]), str(event["summary"]), event["sequence"]) == ("a@portal", title, 3)


@given(starts=moments)
def test_a_calendar_file_needs_no_rules_of_any_zone(starts):
    text = calendar("All", [Appointment("a@portal", "A", starts, changed=starts)]).decode()

    at = f"{starts.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert f"DTSTART:{at}\r\n" in text
    assert "TZID" not in text
    assert "VTIMEZONE" not in text


def test_a_calendar_speaks_up_a_day_before_when_it_is_told_to():
    at = datetime(2027, 9, 30, 14, 59, 59, tzinfo=UTC)

    loud = Appointment("a@portal", "Deadline", at, changed=at, warn=timedelta(days=1))
    quiet = Appointment("b@portal", "Session", at, changed=at)
    read = Calendar.from_ical(calendar("All", [loud, quiet]))

    assert [alarm.decoded("trigger") for alarm in read.walk("VALARM")] == [-timedelta(days=1)]


def test_signs_that_mean_something_in_a_calendar_stay_text():
    at = datetime(2027, 9, 1, tzinfo=UTC)
    said = "a; b, c\\d\nBEGIN:VEVENT"

    found = Calendar.from_ical(
        calendar("All", [Appointment("a@p", said, at, changed=at, text=said)])
    )

    [event] = found.walk("VEVENT")
    assert (str(event["summary"]), str(event["description"])) == (said, said)
