from django.urls import path

app_name = "applications"

# what anybody may read
public = []

# the applicant's own file
applicant = []

# the desk of those who run the call
staff = []

urlpatterns = [*public, *applicant, *staff]
