"""P1–P4, P11: placeholder"""


def measure(table, company, tickets, deadlines):
    from django.core.wsgi import get_wsgi_application
    from .site import Site, good

    s = Site(get_wsgi_application(), company.agent_cookie)
    open("/tmp/list.html", "wb").write(good(s.get("/tickets/")).body)
    open("/tmp/desk.html", "wb").write(good(s.get("/desk/")).body)
    s = Site(s.application, company.engineer_cookie)
    open("/tmp/desk_eng.html", "wb").write(good(s.get("/desk/")).body)
    open("/tmp/report.html", "wb").write(good(Site(s.application).get("/report/")).body)
