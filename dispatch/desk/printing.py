"""A trip as an A4 page and as PDF. Paper is Chinese; `?lang=en` is the English version."""

from parts.print_views import among, views_of

from .. import prints, selectors

urlpatterns = views_of("dispatch", "trips/", "trip", "trip.view", among(selectors.trips_for), prints.trip)
