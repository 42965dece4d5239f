"""How many people found out whether a workshop is for them; nobody knows who they were."""

from __future__ import annotations

from django.db import models
from django_countries.fields import CountryField

from applications.models.call import Call


class EligibilityCount(models.Model):
    """How many people of one country got one answer from the eligibility check.

    `reasons` is everything that stood in their way, as `eligibility.joined` writes it; "" for
    those who may apply. Each person is counted once.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="eligibility_counts")
    country = CountryField(blank=True)
    reasons = models.CharField(max_length=60, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "country", "reasons"], name="one_count_of_a_country_and_reasons"
            )
        ]

    def __str__(self):
        return f"{self.country.name}: {self.number}"
