from app.audit import acting, AuditEntry
from app.db import db
from sqlalchemy import select, inspect
from tests import factories
def test_x(app, world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    i=factories.an_incident(world.caseworker, case=case, title="Eviction")
    p=factories.a_person(world.caseworker)
    act=factories.a_victim(i,p,injured_least=3)
    print("EXP", inspect(act).expired_attributes, act.__dict__.keys())
    i.acts.remove(act)
    print("EXP", inspect(act).expired_attributes, act.__dict__.keys())
    db.session.commit()
    for e in db.session.scalars(select(AuditEntry).where(AuditEntry.table_name=="act")): print(e.deed,e.columns,[(v.column,v.old) for v in e.values], e.root_id)
    assert 0
