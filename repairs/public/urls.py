"""Addresses of the public site. What a link opens, a tracking session opens too, under its own address."""

from django.urls import URLPattern, path

from . import acts, buying, help, home, mine, pieces, private, report, track, wishes

app_name = "public"

PRIVATE = [
    ("", private.page, "private"),
    ("message/", acts.message, "message"),
    ("photos/", acts.photos, "photos"),
    ("photos/<str:key>/", private.photo, "photo"),
    ("consent/", acts.consent, "consent"),
    ("quotation/", acts.quotation, "quotation"),
    ("dispute/", acts.dispute, "dispute"),
    ("survey/", wishes.survey, "survey"),
    ("withdraw/", wishes.withdraw, "withdraw"),
    ("rights/", wishes.rights, "rights"),
    ("my-data/", mine.my_data, "my_data"),
    ("telling/", acts.telling, "telling"),
    ("arrived/", acts.arrived, "arrived"),
]

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("help/", help.remedies_page, name="help"),
    path("help/thanks/", help.thanks, name="help_thanks"),
    path("help/pictures/<str:key>/", help.picture, name="help_picture"),
    path("help/<slug:key>/", help.article, name="article"),
    path("help/<slug:key>/answer/", help.answer, name="article_answer"),
    path("privacy/", home.privacy, name="privacy"),
    path("report/", report.report, name="report"),
    path("report/pictures/", report.picture, name="kept_picture"),
    path("buy/", buying.wish, name="buy"),
    path("buy/thanks/", buying.thanks, name="bought"),
    path("report/files/", pieces.files, name="files"),
    path("report/files/piece/", pieces.piece, name="piece"),
    path("report/files/done/", pieces.done, name="file_done"),
    path("track/", track.track, name="track"),
    path("t/<str:token>/received/", private.received, name="received"),
    path("t/<str:token>/qr.svg", private.qr, name="qr"),
    *(path(f"t/<str:token>/{tail}", view, name=name) for tail, view, name in PRIVATE),
    *(path(f"track/report/{tail}", view, name=f"tracked_{name}") for tail, view, name in PRIVATE),
]
