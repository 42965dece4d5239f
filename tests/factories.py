"""Things to test with. Each factory makes the smallest row that is true."""

from datetime import timedelta

import factory
from django.utils import timezone

from applications import standard
from applications.models import RequiredDocument
from applications.queries.nomination import digest_of

# What stands in the personal link of a nominator.
SECRET = "k" * 43


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "accounts.City"

    name = factory.Sequence("City {}".format)
    country = "KH"


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a confirmed address; the password is `a long good password`."""

    class Meta:
        model = "accounts.User"
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.org".format)
    given_name = factory.Sequence("Given{}".format)
    family_name = factory.Sequence("Family{}".format)
    city = factory.SubFactory(CityFactory)
    password = factory.django.Password("a long good password")

    @factory.post_generation
    def confirmed_address(self, create, extracted, **kwargs):
        if create:
            self.emailaddress_set.create(email=self.email, verified=True, primary=True)


class WorkshopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "workshops.Workshop"

    slug = factory.Sequence("workshop-{}".format)
    title = factory.Sequence("Workshop {}".format)
    zone = "Asia/Seoul"
    status = "published"


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "workshops.Role"

    workshop = factory.SubFactory(WorkshopFactory)
    user = factory.SubFactory(UserFactory)
    role = "coordinator"


class CallFactory(factory.django.DjangoModelFactory):
    """An open call with the seven documents."""

    class Meta:
        model = "applications.Call"
        skip_postgeneration_save = True

    workshop = factory.SubFactory(WorkshopFactory)
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    seats = 30
    funded_seats = 10

    @factory.post_generation
    def seven_documents(self, create, extracted, **kwargs):
        if create:
            RequiredDocument.objects.bulk_create(
                RequiredDocument(call=self, **line) for line in standard.lines()
            )


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft with nothing typed; see `FilledApplicationFactory` and `SubmittedFactory`."""

    class Meta:
        model = "applications.Application"

    call = factory.SubFactory(CallFactory)
    applicant = factory.SubFactory(UserFactory)


class FilledApplicationFactory(ApplicationFactory):
    """A draft with every field of the form typed, and no document yet."""

    given_name = factory.SelfAttribute("applicant.given_name")
    family_name = factory.SelfAttribute("applicant.family_name")
    certificate_name = factory.LazyAttribute(lambda o: f"{o.given_name} {o.family_name}")
    gender = "female"
    birth_date = "1985-05-17"
    nationality = "KH"
    phone = "+855 12 345 678"
    city_name = factory.SelfAttribute("applicant.city.name")
    country = "KH"
    organisation = "Provincial Department of Social Affairs"
    sector = "local"
    department = "Protection of victims"
    position = "Programme officer"
    years = 6
    duties = "I run the provincial referral desk."
    experience = "I have worked with returned migrants since 2019."
    motivation = "Our province wants a written referral pathway."
    intention = "I will draft the pathway with the police and two organisations."
    spoken_english = "fluent"
    written_english = "fluent"
    all_days = "yes"
    first_time = "yes"
    airfare = "yes"


class DocumentFactory(factory.django.DjangoModelFactory):
    """A current version; `requirement` is the curriculum vitae unless told otherwise."""

    class Meta:
        model = "applications.Document"

    application = factory.SubFactory(FilledApplicationFactory)
    requirement = factory.LazyAttribute(
        lambda o: o.application.call.required_documents.get(slug="cv")
    )
    version = 1
    file = factory.django.FileField(filename="cv.pdf", data=b"%PDF-1.7\n1 0 obj\n%%EOF\n")
    name = "cv.pdf"
    media_type = "application/pdf"
    size = 25
    sha256 = "0" * 64
    arrived_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SelfAttribute("application.applicant")


class CompleteApplicationFactory(FilledApplicationFactory):
    """A draft that lacks nothing."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def all_documents(self, create, extracted, **kwargs):
        if create:
            for requirement in self.call.required_documents.filter(given="upload"):
                DocumentFactory(
                    application=self, requirement=requirement, name=f"{requirement.slug}.pdf"
                )


class SubmittedApplicationFactory(CompleteApplicationFactory):
    """A complete application that was sent in time."""

    status = "submitted"
    reference = factory.Sequence("TST-{:04d}".format)
    submitted_at = factory.LazyFunction(timezone.now)


class NominationFactory(factory.django.DjangoModelFactory):
    """Somebody was asked an hour ago; `SECRET` opens the letter for a week."""

    class Meta:
        model = "applications.Nomination"

    application = factory.SubFactory(FilledApplicationFactory)
    requirement = factory.LazyAttribute(
        lambda o: o.application.call.required_documents.get(slug="nomination")
    )
    name = "Dr. Sok Dara"
    position = "Director"
    organisation = "Provincial Department of Social Affairs"
    email = "dara@authority.example"
    secret_sha256 = factory.LazyFunction(lambda: digest_of(SECRET))
    invited_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "applications.Decision"

    application = factory.SubFactory(SubmittedApplicationFactory)
    outcome = "accepted"
    decided_by = factory.SubFactory(UserFactory)


class ModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "curriculum.Module"

    workshop = factory.SubFactory(WorkshopFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence("Module {}".format)


class SpeakerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "curriculum.Speaker"

    workshop = factory.SubFactory(WorkshopFactory)
    name = factory.Sequence("Speaker {}".format)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "curriculum.Session"

    workshop = factory.SubFactory(WorkshopFactory)
    title = factory.Sequence("Session {}".format)
    format = "lecture"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30, hours=1))
