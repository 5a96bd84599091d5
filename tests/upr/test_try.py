def test_it(app, world, sign_in):
    from tests import factories as f
    from app.db import db, now
    i = f.an_incident(world.caseworker, state="VERIFIED", case=f.a_case(world.south, world.caseworker))
    i.public_approved_at = now(); i.summary_es = "=HYPERLINK(1)"; db.session.commit()
    app.url_build_error_handlers.append(lambda e, endpoint, values: "#")
    c = sign_in(world.coordinator)
    r = c.get("/upr/?from=2024-01-01&to=2024-12-31")
    assert r.status_code == 200, r.text[-3000:]
    r = c.post("/upr/", {"country":"PE","from":"2024-01-01","to":"2024-12-31"}, form_at="/upr/")
    assert r.status_code == 200, r.text
    open("/tmp/p.zip","wb").write(r.data)
