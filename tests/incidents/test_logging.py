"""Logging through the form: drafts, what is missing, lines, two people at once."""

from tests import factories
from app.access import visible
from app.db import db
from app.incidents.models import Incident
def rows(world): 
    return db.session.scalars(visible(Incident, world.caseworker)).unique().all()
FULL={"title_es":"Amenaza a una dirigente","main_type":"THR.OTHER","first_day":"22/10/2024","country":"PE","place":"Challhuahuacho, Cotabambas, Apurímac",
 "victims-0-who":"Garza","victims-0-kind":"INDIVIDUAL","victims-0-consent":"C3","victims-0-affected":"3-5","perpetrators-0-perpetrator_type":"PNP","perpetrators-0-degree":"",
 "sources-0-citation":"Testimonio","sources-0-reliability":"B","sources-0-credibility":"2","protest":"UNKNOWN","emergency":"UNKNOWN","threats_before":"UNKNOWN"}
def test_title_only(world, sign_in):
    b=sign_in(world.caseworker)
    r=b.post("/incidents/new",{"title_es":"Solo el título","save":"draft"})
    assert r.status_code==303, r.text[:3000]
    assert [i.title_es for i in rows(world)]==["Solo el título"]
def test_complete(world, sign_in):
    b=sign_in(world.caseworker)
    r=b.post("/incidents/new",{**FULL,"save":"send","form_token":"x"})
    import re
    assert r.status_code==303, re.findall(r'(?s)<div class="errs".*?</div>',r.text)
    (i,)=rows(world); assert i.state=="SUBMITTED"; assert i.place.key=="PE-030506"; assert i.counted("affected")==(3,5)
    r=b.post("/incidents/new",{**FULL,"save":"send","form_token":"x"}); assert r.status_code==303; assert len(rows(world))==1
    e=b.get(f"/incidents/{i.reference}/edit"); assert e.status_code==200; assert "Garza" in e.text
def test_incomplete_keeps(world, sign_in):
    b=sign_in(world.caseworker)
    r=b.post("/incidents/new",{"title_es":"Algo","first_day":"31/02/2024","save":"send"}); assert r.status_code==400
    assert "31/02/2024" in r.text; (i,)=rows(world); assert i.state=="DRAFT"
def test_add(world, sign_in):
    b=sign_in(world.caseworker)
    r=b.post("/incidents/new",{"title_es":"Algo","add":"sources"}); assert r.status_code==200; assert "sources-1-citation" in r.text; assert rows(world)==[]
def test_conflict(world, sign_in):
    b=sign_in(world.caseworker)
    b.post("/incidents/new",{**FULL,"save":"draft"})
    (i,)=rows(world); ref=i.reference; v=str(i.version)
    from tests.conftest import Client
    c=sign_in(world.coordinator)
    r=c.post(f"/incidents/{ref}/edit",{**FULL,"version":v,"narrative":"De otra","save":"draft"})
    import re
    assert r.status_code==303, re.findall(r'(?s)<div class="errs".*?</div>',r.text)
    r=b.post(f"/incidents/{ref}/edit",{**FULL,"version":v,"narrative":"Lo mío","save":"draft"}); assert r.status_code==409, r.text[:500]
    assert "De otra" in r.text and "Lo mío" in r.text
