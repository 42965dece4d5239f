"""Every form tells a person what to mend, where, and in a way that a screen reader follows."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.template import RequestContext, Template
from django.test import RequestFactory


class Person(forms.Form):
    """One field of every kind that the portal asks with."""

    use_required_attribute = False
    name = forms.CharField(label="Full name", help_text="As in your passport.")
    nickname = forms.CharField(label="Called", required=False)
    country = forms.ChoiceField(label="Country", choices=[("", "Choose"), ("kr", "Korea")])
    role = forms.ChoiceField(
        label="Where do you work?",
        widget=forms.RadioSelect,
        choices=[("city", "City"), ("ngo", "NGO")],
        help_text="Choose one.",
    )
    vitae = forms.FileField(label="Curriculum vitae", widget=forms.FileInput)
    agree = forms.BooleanField(label="I agree", help_text="You can take it back.")

    @property
    def helper(self):
        helper = FormHelper()
        helper.layout = Layout(
            Fieldset("You", "name", "nickname", "country"), "role", "vitae", "agree"
        )
        helper.add_input(Submit("save", "Save"))
        return helper


def page_of(form, source="{% load crispy_forms_tags %}{% crispy form %}"):
    request = RequestFactory().get("/")
    return Template(source).render(RequestContext(request, {"form": form}))


def tag_of(page, control):
    """The opening tag of the control with this id."""
    return re.search(rf'<(?:input|select|textarea)\b[^>]*\bid="{control}"[^>]*>', page)[0]


def test_a_form_that_is_fine_has_no_summary_and_no_error():
    page = page_of(Person())

    assert "error-summary" not in page
    assert "field-error" not in page
    assert "aria-invalid" not in page


def test_the_summary_links_to_every_field_that_has_to_be_mended():
    form = Person({"nickname": "Ana"})
    form.add_error(None, "The dates do not fit.")

    page = page_of(form)

    summary = page[page.index("error-summary") : page.index("</ul>")]
    assert "<li>The dates do not fit.</li>" in summary
    assert re.findall(r'<a href="#(\w+)">([^<]*)</a>', summary) == [
        ("id_name", "Full name: This field is required."),
        ("id_country", "Country: This field is required."),
        ("id_role_0", "Where do you work? This field is required."),
        ("id_vitae", "Curriculum vitae: This field is required."),
        ("id_agree", "I agree: This field is required."),
    ]


def test_every_link_of_the_summary_leads_to_a_control_on_the_page():
    page = page_of(Person({}))

    targets = re.findall(r'<a href="#(\w+)">', page)

    assert [tag_of(page, target)[0] for target in targets] == ["<"] * 5


def test_a_field_names_its_hint_and_its_error():
    page = page_of(Person({}))

    assert 'aria-invalid="true"' in tag_of(page, "id_name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in tag_of(page, "id_name")
    assert 'aria-describedby="id_agree_helptext id_agree_error"' in tag_of(page, "id_agree")
    assert 'aria-describedby="id_vitae_error"' in tag_of(page, "id_vitae")
    assert '<fieldset aria-describedby="id_role_helptext id_role_error">' in page


def test_every_hint_and_error_that_is_named_exists_once():
    page = page_of(Person({}))

    named = " ".join(re.findall(r'aria-describedby="([^"]*)"', page)).split()

    assert [page.count(f'id="{name}"') for name in named] == [1] * len(named)


def test_hint_and_error_come_before_the_field():
    page = page_of(Person({}))

    places = [
        page.index(part)
        for part in ('for="id_name"', "id_name_helptext", "id_name_error", 'name="name"')
    ]
    assert places == sorted(places)


def test_what_may_be_left_out_says_so_and_there_are_no_stars():
    page = page_of(Person())

    assert page.count("(optional)") == 1
    assert "Called <span" in page
    assert "*" not in page


def test_choices_are_a_group_with_a_name():
    page = page_of(Person())

    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Where do you work\?</legend>", page)


def test_what_was_typed_is_kept_beside_the_error():
    page = page_of(Person({"name": "<Ana>", "role": "ngo"}))

    assert 'value="&lt;Ana&gt;"' in tag_of(page, "id_name")
    assert "checked" in tag_of(page, "id_role_1")


def test_a_form_written_by_hand_can_have_the_same_summary():
    page = page_of(Person({}), "{% load portal %}{% error_summary form %}")

    assert page.count("<li>") == 5


def test_filters_show_their_fields_without_summary():
    source = '{% include "ui/_filters.html" with form=form active=1 clear_url="?" only %}'

    page = page_of(Person({"nickname": "x"}), source)

    assert '<details class="filters" open>' in page
    assert "(optional)" not in page
    assert 'href="?"' in page


def test_an_error_of_a_hidden_field_is_said_without_a_link_to_nowhere():
    class Hidden(forms.Form):
        key = forms.CharField(label="Key", widget=forms.HiddenInput)

    page = page_of(Hidden({}), "{% load portal %}{% error_summary form %}")

    assert "<li>Key: This field is required.</li>" in page


def test_a_set_of_forms_says_what_is_wrong_with_it_as_a_whole():
    kind = forms.formset_factory(Person, min_num=2, validate_min=True, extra=0)
    sent = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}

    page = page_of(kind(sent), "{% load portal %}{% formset_error_summary form %}")

    assert "<li>Please submit at least 2 forms.</li>" in page
