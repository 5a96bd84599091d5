"""What the code lists are called, and which of them the program's own rules lean on."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

LISTS: dict[str, Any] = {
    "addendum_effects": _l("Effects of addenda"),
    "advocacy_actions": _l("Kinds of advocacy"),
    "age_groups": _l("Age groups"),
    "amount_qualifiers": _l("Exactness of amounts"),
    "case_roles": _l("Roles of persons in a case"),
    "coercive_measures": _l("Coercive measures"),
    "commitment_outcomes": _l("What became of promises"),
    "confidentiality_levels": _l("Levels of confidentiality"),
    "consent_levels": _l("Levels of consent"),
    "consent_purposes": _l("Purposes of consent"),
    "contract_amount_bases": _l("What the amounts of contracts cover"),
    "contract_clauses": _l("Clauses of police–company contracts"),
    "contract_count_bases": _l("What records of contracts count"),
    "contract_link_levels": _l("Links between a contract and an incident"),
    "contract_logistics": _l("Logistics provided under contracts"),
    "contract_modalities": _l("Modalities of police–company contracts"),
    "contract_obtained": _l("How contracts were obtained"),
    "contract_pay_periods": _l("Periods of pay"),
    "contract_services": _l("Services under police–company contracts"),
    "contract_status": _l("Status of police–company contracts"),
    "contract_tests": _l("Points of the Constitutional Tribunal's test"),
    "criminalisation_forms": _l("Forms of criminalisation"),
    "date_precisions": _l("Precision of dates"),
    "defender_groups": _l("Groups of defenders"),
    "detention_grounds": _l("Grounds on which a detention is arbitrary"),
    "evidence_standards": _l("Standards of evidence"),
    "fair_trial": _l("Guarantees of a fair trial"),
    "gender_identity": _l("Gender identity"),
    "hearing_kinds": _l("Kinds of hearing"),
    "impunity_grades": _l("Grades of impunity"),
    "incident_link_kinds": _l("Links between incidents"),
    "incident_types": _l("Types of incident"),
    "indigenous_peoples": _l("Indigenous peoples"),
    "info_credibility": _l("Credibility of information"),
    "intervention_impact": _l("Impact of interventions"),
    "intervention_status": _l("Status of interventions"),
    "involvement_degree": _l("Degrees of involvement"),
    "leadership_kinds": _l("Kinds of leadership"),
    "legal_bases_contracts": _l("Legal bases of police–company contracts"),
    "monitoring_status": _l("Status of monitoring"),
    "offence_categories": _l("Categories of offences"),
    "offences": _l("Offences"),
    "organisation_types": _l("Types of organisation"),
    "organisation_ties": _l("Ties of persons to organisations"),
    "perpetrator_types": _l("Types of perpetrator"),
    "person_kinds": _l("Kinds of persons"),
    "person_relations": _l("Relations between persons"),
    "police_units": _l("Police units"),
    "proc_complexity": _l("Complexity of proceedings"),
    "proc_deadlines": _l("Terms in proceedings"),
    "proc_kinds": _l("Kinds of proceeding"),
    "proc_number_types": _l("Types of case number"),
    "proc_outcomes": _l("Outcomes of proceedings"),
    "proc_participation": _l("Forms of participation"),
    "proc_roles": _l("Roles in proceedings"),
    "proc_stages": _l("Stages of proceedings"),
    "protection_measures": _l("Protection measures"),
    "protection_steps": _l("Steps of protection measures"),
    "record_kinds": _l("Kinds of record"),
    "reprisal_grounds": _l("Grounds of reprisal"),
    "rights_affected": _l("Rights affected"),
    "rights_defended": _l("Rights defended"),
    "risk_factors": _l("Risk factors"),
    "risk_levels": _l("Levels of risk"),
    "sectors": _l("Sectors"),
    "source_reliability": _l("Reliability of sources"),
    "source_types": _l("Types of source"),
    "state_responses": _l("Responses of the State"),
    "state_sectors": _l("Sectors of the State"),
    "threat_channels": _l("Channels of threats"),
    "threat_credibility": _l("Credibility of threats"),
    "threat_types": _l("Types of threat"),
    "timeline_event_types": _l("Types of timeline entry"),
    "transparency_request_status": _l("Status of transparency requests"),
    "upr_topics": _l("Topics of UPR recommendations"),
    "urgency_levels": _l("Levels of urgency"),
    "verification_statuses": _l("States of verification"),
    "yes_no_unknown": _l("Yes, no, unknown"),
}

FIXED = frozenset({
    "addendum_effects", "confidentiality_levels", "consent_levels", "consent_purposes", "contract_link_levels",
    "contract_status", "date_precisions", "impunity_grades", "incident_link_kinds", "info_credibility",
    "person_kinds", "proc_complexity", "proc_kinds", "record_kinds", "risk_levels", "source_reliability",
    "state_responses", "urgency_levels", "verification_statuses", "yes_no_unknown",
})  # fmt: skip
"""The rules of the program name these codes: their words may change here, the codes may not."""

VERIFIED: dict[str, Any] = {
    "V": _l("seen in the source"),
    "P": _l("our proposal"),
    "G": _l("general knowledge, not checked"),
}


def list_name(name: str) -> str:
    return str(LISTS.get(name) or name.replace("_", " "))
