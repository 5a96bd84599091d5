"""Turn the research vocabularies into the packs `app/packs/core` and `app/packs/pe`.

Run once, by hand, after the vocabularies have changed:

    python3 tools/make_packs.py DIRECTORY [OUTPUT]

DIRECTORY holds `vocab/*.csv`, the research behind the lists; OUTPUT defaults to `app/packs`.
Only the standard library is used. Nothing is guessed here: what is not in the source file
stands in one of the tables below, where a reader can check it.
`tools/make_places.py` makes `pe/places.csv`, `tools/make_demo.py` the demonstration.
"""

# The tables are easier to check with one row a line.
# ruff: noqa: E501

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]

LEADING = [
    "code",
    "label_en",
    "label_es",
    "definition_en",
    "definition_es",
    "parent",
    "sort",
    "selectable",
    "valid_from",
    "valid_to",
    "source",
    "verified",
    "upr",
]

SELF, NEVER = "its own code", "never"

# What leaves the house for each list: its own code, never, or code by code.
CORE: dict[str, str | Row] = {
    "age_groups": NEVER,
    "confidentiality_levels": NEVER,
    "consent_levels": {
        "C0": "internal_only",
        "C1": "internal_only",
        "C2": "aggregate_only",
        "C3": "anonymised_public",
        "C4": "named_public",
    },
    "contract_clauses": NEVER,
    "contract_link_levels": NEVER,
    "contract_modalities": {
        "INSTITUTIONAL": "institutional",
        "INDIVIDUAL": "individual_off_duty",
        "ADDENDUM": "unknown",
        "DONATION": "unknown",
        "FRAMEWORK": "unknown",
        "UNKNOWN": "unknown",
    },
    "contract_services": NEVER,
    "contract_status": {
        "REPORTED": "unknown",
        "SIGNED": "unknown",
        "IN_FORCE": "in_force",
        "EXPIRED": "expired",
        "RENEWED": "unknown",
        "TERMINATED": "terminated",
        "ANNULLED": "annulled",
        "CHALLENGED": "unknown",
        "UNKNOWN": "unknown",
    },
    "criminalisation_forms": NEVER,
    "evidence_standards": NEVER,
    "gender_identity": {
        "W": "women",
        "TW": "women",
        "M": "men",
        "TM": "men",
        "NB": "other",
        "O": "other",
        "COL": "unknown",
        "U": "unknown",
    },
    "incident_types": SELF,
    "info_credibility": NEVER,
    "intervention_impact": NEVER,
    "intervention_status": NEVER,
    "involvement_degree": NEVER,
    "monitoring_status": NEVER,
    "offence_categories": NEVER,
    # Only a complainant's type leaves (proceedings, complainant_kind).
    "organisation_types": {
        "COMPANY": "company",
        "SECURITY": "company",
        "POLICE": "police",
        "PROSEC": "prosecutor",
        "MINISTRY": "State_attorney",
        "LOCAL": "State_attorney",
        "MILITARY": "unknown",
        "COURT": "unknown",
        "OMBUDS": "unknown",
        "INTL": "unknown",
        "NGO": "private",
        "INDIG_ORG": "private",
        "COM_CAMP": "private",
        "COM_NAT": "private",
        "RONDA": "private",
        "FRONT": "private",
        "UNION": "private",
        "WATER": "private",
        "CHURCH": "private",
        "MEDIA": "private",
    },
    "perpetrator_types": {
        "PNP": "police",
        "ARMY": "armed_forces",
        "PROSECUTOR": "prosecution_or_courts",
        "JUDGE": "prosecution_or_courts",
        "OFFICIAL": "authority_other",
        "LOCAL_OFF": "authority_other",
        "INTEL": "authority_other",
        "PRIV_SEC": "private_security",
        "COMPANY": "company",
        "CONTRACTOR": "company",
        "ILLEGAL_ECON": "illegal_economy",
        "ARMED": "armed_group",
        "COMMUNITY": "private_other",
        "INDIVIDUAL": "private_other",
        "MEDIA": "private_other",
        "UNKNOWN": "unknown",
    },
    "person_kinds": {
        "INDIVIDUAL": "individual",
        "COLLECTIVE": "community",
        "FAMILY": "group",
        "ORGANISATION": "organisation",
    },
    "proc_outcomes": {
        "NOT_FORMALISED": "dismissed",
        "DISMISSED": "dismissed",
        "PRESCRIBED": "dismissed",
        "AMNESTY": "dismissed",
        "ACQUITTED": "acquitted",
        "CONVICTED": "convicted",
        "PLEA": "convicted",
        "ANNULLED": "overturned",
        "OPPORTUNITY": "settled",
        "PENDING": "pending",
    },
    "proc_roles": NEVER,
    # first_judgment and final follow from dates; a constitutional action is a kind, not a stage.
    "proc_stages": {
        "PRE": "complaint",
        "PRELIM": "preliminary_inquiry",
        "FORMAL": "formal_investigation",
        "INTERMEDIATE": "charges",
        "TRIAL": "trial",
        "APPEAL": "appeal",
        "CASSATION": "cassation",
        "CONSTIT": NEVER,
        "EXECUTION": "final",
        "CLOSED": "archived",
    },
    "protection_measures": {"PM_IACHR": "iachr", "PM_MINJUS": "national_mechanism", "*": "other"},
    "record_kinds": NEVER,
    "rights_defended": NEVER,
    "risk_factors": NEVER,
    "risk_levels": NEVER,
    "source_reliability": NEVER,
    "source_types": {
        "VICTIM": "testimony",
        "WITNESS": "testimony",
        "LAWYER": "testimony",
        "FIELD": "testimony",
        "COURT": "court_file",
        "OFFICIAL": "official",
        "CONTRACT": "official",
        "PRESS": "media",
        "SOCIAL": "media",
        "COMPANY": "media",
        "NGO": "ngo",
        "MEDICAL": "medical",
        "PHOTO": "photo_video",
        "VIDEO": "photo_video",
    },
    "threat_channels": NEVER,
    "threat_credibility": NEVER,
    "threat_types": NEVER,
    "timeline_event_types": NEVER,
    "transparency_request_status": NEVER,
    "urgency_levels": NEVER,
    # UNVERIFIED without any source leaves as `unverified`: the export knows, the list cannot.
    "verification_statuses": {
        "UNVERIFIED": "single_source",
        "CORROBORATED": "corroborated",
        "VERIFIED": "verified",
        "*": NEVER,
    },
}
PERU: dict[str, str | Row] = {
    "coercive_measures": SELF,
    "indigenous_peoples": NEVER,
    "legal_bases_contracts": SELF,
    "offences": SELF,
    "police_units": SELF,
    "proc_deadlines": NEVER,
}
FILE_OF = {
    "person_kinds": "defender_kinds",
    "coercive_measures": "coercive_measures_pe",
    "offences": "offences_pe",
    "proc_deadlines": "proc_deadlines_pe",
}
# What somebody does for a living is a defender group, what one publishes is no level of access.
LEFT_OUT = {
    "person_kinds": {"JOURNALIST", "UNION"},
    "confidentiality_levels": {"PUBLIC", "SECRET"},
}
# A group that is a list of its own, or a mere word, is no parent: it moves to a column of its own.
PARENT_MOVES_TO = {"offences": "category", "risk_factors": "dimension", "criminalisation_forms": "stage"}
RENAMED = {("confidentiality_levels", "INTERNAL"): "TEAM"}

# Corrections: a wrong or clumsy text in the source, and what stands in its place.
CORRECTIONS: dict[tuple[str, str], Row] = {
    ("age_groups", "OLDER"): {"label_es": "Adultez mayor"},
    ("age_groups", "U"): {"label_es": "No consta"},
    ("coercive_measures", "PE-FLAG"): {
        "definition_es": "Sin orden, en flagrancia o con identificación dentro de las 24 horas.",
    },
    ("confidentiality_levels", "NETWORK"): {
        "sort": "3",
        "label_en": "Network",
        "label_es": "Red",
        "definition_en": "As for the team; the other teams of this installation read it without identity.",
        "definition_es": "Como el equipo; los demás equipos de esta instalación leen el caso sin identidades.",
    },
    ("confidentiality_levels", "TEAM"): {
        "sort": "2",
        "label_en": "Team",
        "label_es": "Equipo",
        "definition_en": "Everybody who works on cases in the team; its analysts read it without identity.",
        "definition_es": "Quienes llevan casos en el equipo; sus analistas leen el caso sin identidades.",
    },
    ("confidentiality_levels", "RESTRICTED"): {
        "sort": "1",
        "definition_en": "Members of the case and coordinators of its team only; analysts read it without identity.",
        "definition_es": "Solo integrantes del caso y la coordinación de su equipo; sus analistas lo leen sin identidades.",
    },
    ("consent_levels", "C0"): {
        "label_en": "Refused",
        "label_es": "No autoriza",
        "definition_en": "The person was asked and refuses. Minimal data, no sharing, not even in totals; "
        "set a date to ask again. Not having been asked is no level: then there is no consent on record.",
        "definition_es": "Se le preguntó a la persona y no autoriza. Solo datos mínimos, sin compartir, ni "
        "siquiera en totales; con fecha para volver a preguntar. No haber preguntado no es un nivel: "
        "en ese caso no hay consentimiento registrado.",
    },
    ("consent_levels", "C1"): {
        "definition_es": "Puede registrarse y usarse dentro de la organización.",
    },
    ("consent_levels", "C2"): {
        "label_es": "Compartir con reserva",
        "definition_es": "Puede compartirse con entidades nombradas (p. ej., ONU, CIDH, Defensoría) bajo reserva.",
    },
    ("consent_levels", "C3"): {"definition_es": "Los hechos pueden publicarse sin identidad."},
    ("contract_services", "CHECKPOINT"): {"label_es": "Tranquera o puesto de control"},
    ("gender_identity", "NB"): {"label_en": "Non-binary person", "label_es": "Persona no binaria"},
    ("gender_identity", "O"): {"label_es": "Otra identidad (autodescrita)"},
    ("gender_identity", "U"): {"label_es": "No consta"},
    ("incident_types", "LIFE.KILL"): {
        "definition_en": "Intentional killing linked to the person's human rights work.",
    },
    ("incident_types", "STIG.DISC"): {
        "definition_es": "Ataque racista, sexista u homofóbico a causa de la labor de defensa.",
    },
    ("indigenous_peoples", "KAK"): {"label_en": "Kakataibo"},
    ("indigenous_peoples", "OTH"): {"label_en": "Other people", "label_es": "Otro pueblo"},
    ("involvement_degree", "SUSPECTED"): {"label_es": "Bajo sospecha"},
    ("legal_bases_contracts", "PE-DS004-2009"): {"source": "G"},
    ("offences", "PE-CP-283A"): {
        "label_en": "Aiding hindering of public services",
        "label_es": "Colaboración al entorpecimiento de servicios públicos",
        "valid_from": "2023-12-05",
        "notes": "New DL 1589 (Dec 2023): goods or money; the day it came into force is general knowledge, not checked",
    },
    ("offences", "PE-CP-315B"): {
        "valid_from": "2023-12-05",
        "notes": "New DL 1589 (Dec 2023): goods or funding; the day it came into force is general knowledge, not checked",
    },
    ("organisation_types", "RONDA"): {"label_en": "Peasant patrol (ronda campesina)"},
    ("organisation_types", "OMBUDS"): {"label_es": "Defensoría del Pueblo o INDH"},
    ("perpetrator_types", "JUDGE"): {"label_es": "Juzgado o sala"},
    ("perpetrator_types", "OFFICIAL"): {"label_es": "Autoridad nacional"},
    ("perpetrator_types", "ILLEGAL_ECON"): {"label_es": "Grupo de economía ilegal"},
    ("record_kinds", "outcome"): {"label_es": "Desenlace o reparación"},
    ("rights_defended", "JUSTICE"): {
        "definition_en": "Truth, justice and impunity.",
        "definition_es": "Verdad, justicia e impunidad.",
    },
    ("source_types", "VICTIM"): {
        "label_en": "Testimony of an affected person",
        "label_es": "Testimonio de persona afectada",
    },
    ("source_types", "MEDICAL"): {
        "label_en": "Medical record or autopsy",
        "label_es": "Documento médico o necropsia",
    },
    ("urgency_levels", "IMMEDIATE"): {
        "definition_es": "Peligro de vida en horas; llame ahora a la persona de guardia.",
    },
    ("verification_statuses", "IN_REVIEW"): {
        "definition_en": "A reviewer is working on it.",
        "definition_es": "Una persona revisora trabaja en el registro.",
    },
    ("verification_statuses", "NEEDS_INFO"): {
        "definition_es": "Devuelto a quien lo registró.",
    },
    ("verification_statuses", "REJECTED"): {"sort": "8"},
}

# Lists and rows that the sources do not hold: code, labels, definitions, upr; then extra columns.
ADDED: dict[str, list[tuple[str, ...]]] = {
    "contract_status": [
        (
            "ANNULLED",
            "Annulled",
            "Anulado",
            "Declared void by a court or an authority.",
            "Declarado nulo por un juzgado o una autoridad.",
        ),
    ],
    "timeline_event_types": [
        (
            "JUDGMENT",
            "Judgment in a case",
            "Sentencia en un caso",
            "Judgment or decision about persons, at any instance.",
            "Sentencia o resolución sobre personas, en cualquier instancia.",
        ),
        (
            "COMPLAINT",
            "Complaint filed",
            "Denuncia presentada",
            "Criminal or other complaint that opens a case.",
            "Denuncia penal u otra que abre un caso.",
        ),
        (
            "PROSECUTION",
            "Decision of the prosecutor",
            "Disposición fiscal",
            "Opening, charging or archive by the prosecutor.",
            "Apertura, formalización, acusación o archivo por la fiscalía.",
        ),
        (
            "SETTLEMENT",
            "Settlement or redress",
            "Acuerdo o reparación",
            "Settlement, apology or compensation.",
            "Acuerdo, disculpa o indemnización.",
        ),
    ],
}
NEW: dict[str, list[tuple[str, ...]]] = {
    "case_roles": [
        ("AFFECTED", "Affected person", "Persona afectada", "Suffered the acts.", "Sufrió los hechos.", NEVER),
        (
            "RELATIVE",
            "Relative",
            "Familiar",
            "Relative of an affected person.",
            "Familiar de una persona afectada.",
            NEVER,
        ),
        ("WITNESS", "Witness", "Testigo", "Saw or heard the acts.", "Vio u oyó los hechos.", NEVER),
        ("SOURCE", "Source", "Fuente", "Gives information to the team.", "Da información al equipo.", NEVER),
        ("LAWYER", "Lawyer", "Abogada o abogado", "Defends or represents.", "Defiende o representa.", NEVER),
        (
            "REPRESENTATIVE",
            "Spokesperson or leader",
            "Vocería o dirigencia",
            "Speaks for a community or organisation.",
            "Habla por una comunidad u organización.",
            NEVER,
        ),
        (
            "ALLEGED",
            "Alleged perpetrator",
            "Presunto responsable",
            "Named by a source; no finding of this organisation.",
            "Señalado por una fuente; no es una conclusión de esta organización.",
            NEVER,
        ),
        ("OTHER", "Other", "Otro", "Describe.", "Describir.", NEVER),
    ],
    "consent_purposes": [
        (
            "ALL",
            "Any purpose",
            "Cualquier fin",
            "Holds where no purpose of its own is recorded.",
            "Rige donde no se registró un fin específico.",
            NEVER,
        ),
        (
            "UPR",
            "Universal Periodic Review",
            "Examen Periódico Universal (EPU)",
            "Submissions to the UPR and their tables.",
            "Aportes al EPU y sus cuadros.",
            NEVER,
        ),
        (
            "UN_LETTER",
            "Letters to the UN or the IACHR",
            "Comunicaciones a la ONU o la CIDH",
            "Urgent appeals, allegation letters, requests for measures.",
            "Llamamientos urgentes, cartas de alegación, pedidos de medidas.",
            NEVER,
        ),
        (
            "PUBLICATION",
            "Reports and press",
            "Informes y prensa",
            "Public reports, open letters, press and networks.",
            "Informes públicos, pronunciamientos, prensa y redes.",
            NEVER,
        ),
        (
            "LITIGATION",
            "Legal action",
            "Acciones legales",
            "Complaints, lawsuits and defence.",
            "Denuncias, demandas y defensa.",
            NEVER,
        ),
        (
            "PROTECTION",
            "Protection and referral",
            "Protección y derivación",
            "Named protection mechanisms and support organisations.",
            "Mecanismos de protección y organizaciones de apoyo nombradas.",
            NEVER,
        ),
    ],
    "date_precisions": [
        ("DAY", "Day", "Día", "The day is known.", "Se conoce el día.", "day"),
        ("MONTH", "Month", "Mes", "Only month and year are known.", "Solo se conocen mes y año.", "month"),
        ("YEAR", "Year", "Año", "Only the year is known.", "Solo se conoce el año.", "year"),
        (
            "RANGE",
            "Range",
            "Periodo",
            "Between two days, or lasting from one to the other.",
            "Entre dos días, o de uno a otro.",
            "range",
        ),
        (
            "UNKNOWN",
            "Unknown",
            "No consta",
            "Not on record; the words of the source stand beside it.",
            "No consta; se anota lo que dice la fuente.",
            "unknown",
        ),
    ],
    "defender_groups": [
        (
            "ENVIRONMENTAL",
            "Environmental defenders",
            "Defensa del ambiente",
            "Water, air, forests, climate.",
            "Agua, aire, bosques, clima.",
            "environmental",
        ),
        (
            "LAND",
            "Land and territory defenders",
            "Defensa de la tierra y el territorio",
            "Peasant and land rights, titling.",
            "Derechos campesinos y a la tierra, titulación.",
            "land",
        ),
        (
            "INDIGENOUS",
            "Indigenous peoples' defenders",
            "Defensa de pueblos indígenas",
            "Members and leaders who defend their people's rights.",
            "Integrantes y dirigencia que defienden los derechos de su pueblo.",
            "indigenous",
        ),
        (
            "JOURNALIST",
            "Journalists and communicators",
            "Periodistas y comunicadores",
            "Media workers and community communicators.",
            "Prensa y comunicación comunitaria.",
            "journalist",
        ),
        (
            "LAWYER",
            "Lawyers",
            "Abogadas y abogados",
            "Lawyers who defend rights or defenders.",
            "Quienes defienden derechos o a personas defensoras.",
            "lawyer",
        ),
        (
            "UNION",
            "Trade unionists",
            "Sindicalistas",
            "Members and leaders of unions.",
            "Integrantes y dirigencia de sindicatos.",
            "union",
        ),
        (
            "WOMEN",
            "Women's rights defenders",
            "Defensa de los derechos de las mujeres",
            "Gender equality and a life free of violence.",
            "Igualdad de género y vida libre de violencia.",
            "women",
        ),
        (
            "LGBTI",
            "LGBTI rights defenders",
            "Defensa de derechos LGBTI",
            "Equality of LGBTI people.",
            "Igualdad de las personas LGBTI.",
            "lgbti",
        ),
        (
            "STUDENT",
            "Students",
            "Estudiantes",
            "Student movement and its leaders.",
            "Movimiento estudiantil y su dirigencia.",
            "student",
        ),
        (
            "OTHER",
            "Other defenders",
            "Otras personas defensoras",
            "Any other; describe.",
            "Cualquier otra; describir.",
            "other",
        ),
    ],
    "reprisal_grounds": [
        (
            "UN_COOPERATION",
            "For working with the UN or the IACHR",
            "Por cooperar con la ONU o la CIDH",
            "Reprisal for contact or cooperation with an international body.",
            "Represalia por contactar a un organismo internacional o cooperar con él.",
            NEVER,
        ),
        (
            "SOURCE",
            "For being a source",
            "Por ser fuente",
            "Reprisal for giving information or testimony.",
            "Represalia por dar información o testimonio.",
            NEVER,
        ),
        (
            "LAWYER",
            "For being a lawyer",
            "Por ejercer la abogacía",
            "Reprisal for defending or representing somebody.",
            "Represalia por defender o representar a alguien.",
            NEVER,
        ),
    ],
    "rights_affected": [
        ("LIFE", "Life", "Vida", "", "", "life"),
        ("INTEGRITY", "Physical and mental integrity", "Integridad personal", "", "", "integrity"),
        ("LIBERTY", "Liberty and security", "Libertad y seguridad personales", "", "", "liberty"),
        ("FAIR_TRIAL", "Due process", "Debido proceso", "", "", "fair_trial"),
        ("PRIVACY", "Privacy and home", "Vida privada y domicilio", "", "", "privacy"),
        ("REPUTATION", "Honour and reputation", "Honra y reputación", "", "", "reputation"),
        ("EXPRESSION", "Expression and information", "Expresión e información", "", "", "expression"),
        ("ASSEMBLY", "Peaceful assembly", "Reunión pacífica", "", "", "assembly"),
        ("ASSOCIATION", "Association", "Asociación", "", "", "association"),
        ("MOVEMENT", "Movement and residence", "Circulación y residencia", "", "", "movement"),
        ("PROPERTY", "Property, land and territory", "Propiedad, tierra y territorio", "", "", "property"),
        ("HOUSING", "Housing", "Vivienda", "", "", "housing"),
        ("WORK", "Work", "Trabajo", "", "", "work"),
        ("EQUALITY", "Equality and non-discrimination", "Igualdad y no discriminación", "", "", "equality"),
        ("REMEDY", "Remedy and protection", "Protección y recurso efectivo", "", "", "remedy"),
        ("DEFEND", "The defence of rights", "Defensa de los derechos", "", "", "defend"),
    ],
    "sectors": [
        (
            "MINING",
            "Mining",
            "Minería",
            "Formal and informal mining, its roads and plants.",
            "Minería formal e informal, sus vías y plantas.",
            "mining",
            "Mining & Extractives",
        ),
        (
            "OIL_GAS",
            "Oil and gas",
            "Petróleo y gas",
            "Blocks, pipelines, refineries.",
            "Lotes, ductos, refinerías.",
            "oil_gas",
            "",
        ),
        (
            "AGRIBUSINESS",
            "Agribusiness",
            "Agroindustria",
            "Plantations, cattle, land for crops.",
            "Plantaciones, ganadería, tierra para cultivos.",
            "agribusiness",
            "Agribusiness",
        ),
        (
            "LOGGING",
            "Logging",
            "Tala y madera",
            "Legal and illegal logging.",
            "Tala legal e ilegal.",
            "logging",
            "Logging",
        ),
        (
            "HYDRO",
            "Hydropower and dams",
            "Hidroeléctricas y represas",
            "Dams and water for power.",
            "Represas y agua para energía.",
            "hydro",
            "Hydropower",
        ),
        (
            "ENERGY",
            "Other energy",
            "Otra energía",
            "Wind, sun, lines, plants.",
            "Viento, sol, líneas, plantas.",
            "energy",
            "Wind power",
        ),
        (
            "INFRASTRUCTURE",
            "Roads and infrastructure",
            "Vías e infraestructura",
            "Roads, ports, urban works.",
            "Carreteras, puertos, obras urbanas.",
            "infrastructure",
            "Roads & Infrastructure",
        ),
        (
            "WILDLIFE",
            "Wildlife, fishing and conservation",
            "Fauna, pesca y conservación",
            "Poaching, fishing, protected areas.",
            "Caza furtiva, pesca, áreas protegidas.",
            "wildlife",
            "Poaching|Fishing|Conservation",
        ),
        (
            "OTHER",
            "Other sector",
            "Otro sector",
            "Any other; describe.",
            "Cualquier otro; describir.",
            "other",
            "Other",
        ),
        (
            "NONE",
            "No sector",
            "Ninguno",
            "No economic activity is behind it.",
            "No hay una actividad económica detrás.",
            "none",
            "",
        ),
        (
            "UNKNOWN",
            "Unknown",
            "No consta",
            "Not on record, or not confirmed.",
            "No consta o no se confirmó.",
            "unknown",
            "Sector could not be confirmed*",
        ),
    ],
    "yes_no_unknown": [
        ("YES", "Yes", "Sí", "", "", "yes"),
        ("NO", "No", "No", "", "", "no"),
        ("UNKNOWN", "Unknown", "No consta", "", "", "unknown"),
    ],
}
EXTRA_OF_NEW = {"sectors": ["global_witness"]}

# Which rights a type of incident touches: by type, else by its group.
RIGHTS = {
    "LIFE": "LIFE",
    "LIFE.DIS": "LIFE|INTEGRITY|LIBERTY",
    "LIFE.MISSING": "LIFE|LIBERTY",
    "PHYS": "INTEGRITY",
    "PHYS.SEX": "INTEGRITY|EQUALITY",
    "PHYS.FORCE": "INTEGRITY|ASSEMBLY",
    "LIFE.KILL_PROTEST": "LIFE|ASSEMBLY",
    "LIB": "LIBERTY",
    "LIB.INCOM": "LIBERTY|INTEGRITY",
    "CRIM": "FAIR_TRIAL",
    "CRIM.PREVDET": "FAIR_TRIAL|LIBERTY",
    "CRIM.WARRANT": "FAIR_TRIAL|LIBERTY",
    "CRIM.RESTRICT": "FAIR_TRIAL|MOVEMENT",
    "CRIM.DEFAM": "FAIR_TRIAL|EXPRESSION",
    "CRIM.CIVIL": "FAIR_TRIAL|EXPRESSION",
    "CRIM.ADMIN": "FAIR_TRIAL|ASSOCIATION",
    "CRIM.LAW": "ASSEMBLY|ASSOCIATION",
    "THR": "INTEGRITY",
    "THR.DEATH": "LIFE|INTEGRITY",
    "SURV": "PRIVACY",
    "SURV.SEIZE": "PRIVACY|PROPERTY",
    "STIG": "REPUTATION",
    "STIG.DISC": "REPUTATION|EQUALITY",
    "LAND": "PROPERTY",
    "LAND.EVICT": "HOUSING|PROPERTY",
    "LAND.DISPL": "MOVEMENT|HOUSING",
    "LAND.JOB": "WORK",
    "FREE.ASSEMB": "ASSEMBLY",
    "FREE.ASSOC": "ASSOCIATION",
    "FREE.MOVE": "MOVEMENT",
    "FREE.PRESS": "EXPRESSION",
    "FREE.EMERG": "LIBERTY|MOVEMENT|ASSEMBLY",
    "FREE": "ASSEMBLY|ASSOCIATION|EXPRESSION|MOVEMENT",
    "FAIL": "REMEDY",
    "OTHER": "DEFEND",
}

# Companies: what the source writes in other words. Aliases are the names under which papers speak of them.
COMPANY_NAMES = {"GLENCORE": "Antapaccay (Tintaya)", "RIOBLANCO": "Río Blanco Copper", "BEARCREEK": "Bear Creek Mining"}
COMPANY_ALIASES = {
    "MMG": "MMG|Minera Las Bambas|Las Bambas (MMG)|MMG Las Bambas",
    "HUDBAY": "Hudbay|Hudbay Perú|Hudbay Minerals",
    "GLENCORE": "Glencore|Xstrata|Xstrata (later Glencore)|Xstrata (Tintaya)|Xstrata Tintaya|Antapaccay|"
    "Tintaya|Antapaccay / Tintaya|Compañía Minera Antapaccay",
    "YANACOCHA": "Yanacocha|Yanacocha (named in complaint)|Newmont Yanacocha",
    "SOUTHERN": "Southern|Southern Copper|Southern Peru Copper Corporation",
    "SULLIDEN": "Sulliden",
    "COIMOLACHE": "Coimolache",
    "RIOBLANCO": "Minera Majaz|Majaz|Minera Majaz / Monterrico Metals|Río Blanco",
    "BEARCREEK": "Bear Creek",
    "ARUNTANI": "Aruntani|Auntani",
    "DOERUN": "Doe Run|Doe Run Perú",
    "QUECHUA": "Quechua",
}
COUNTRY_IN_PARENT = {"(China)": "CN", "(Canada)": "CA", "(South Africa)": "ZA"}
MORE_COMPANIES = [
    {
        "key": "MONTERRICO",
        "name": "Monterrico Metals",
        "kind": "COMPANY",
        "home_country": "GB",
        "aliases": "Monterrico|Monterrico Metals plc",
        "source": "http://int.piplinks.org/Rio+Blanco+.html",
        "verified": "V",
        "note": "Parent of Minera Majaz; settled a claim in London in 2011",
    },
    {
        "key": "FORZA",
        "name": "Forza",
        "kind": "SECURITY",
        "aliases": "Forza S.A.|security firm Forza",
        "source": "https://grufidesinfo.blogspot.com/2006/12/un-tpico-operativo-de-demolicin-revive.html?m=1",
        "verified": "V",
        "note": "Security contractor of Yanacocha in 2006",
    },
    {
        "key": "CYG",
        "name": "C&G Investigaciones",
        "kind": "SECURITY",
        "aliases": "C & G Investigaciones|C&G",
        "source": "https://grufidesinfo.blogspot.com/2006/12/crnica-de-un-reglaje-al-diablo-quin.html?m=0",
        "verified": "V",
        "note": "Named in the surveillance of 2006; denied any link with the mine's security firm",
    },
]
# key, name, aliases, companies, site, sector, verified; the source is that of the first company
PROJECTS = [
    ("LAS_BAMBAS", "Las Bambas", "Mina Las Bambas", "MMG", "PE-LASBAMBAS", "MINING", "V"),
    ("CONSTANCIA", "Constancia", "Mina Constancia", "HUDBAY", "PE-CORREDOR", "MINING", "V"),
    ("TINTAYA", "Tintaya / Antapaccay", "Tintaya|Antapaccay", "GLENCORE", "PE-ESPINAR", "MINING", "V"),
    ("YANACOCHA", "Yanacocha", "Mina Yanacocha", "YANACOCHA", "PE-YANACOCHA", "MINING", "V"),
    ("CARACHUGO_II", "Carachugo II", "", "YANACOCHA", "PE-YANACOCHA", "MINING", "V"),
    ("EL_SOLITARIO", "El Solitario", "", "YANACOCHA", "PE-YANACOCHA", "MINING", "V"),
    ("CONGA", "Conga", "Minas Conga", "YANACOCHA", "PE-CONGA", "MINING", "V"),
    ("TIA_MARIA", "Tía María", "Tia Maria", "SOUTHERN", "PE-TIAMARIA", "MINING", "V"),
    ("CERRO_CORONA", "Cerro Corona", "", "GOLDFIELDS", "", "MINING", "G"),
    ("TANTAHUATAY", "Tantahuatay", "", "COIMOLACHE", "", "MINING", "G"),
    ("ANTAMINA", "Antamina", "", "ANTAMINA", "", "MINING", "V"),
    ("RIO_BLANCO", "Río Blanco", "Majaz|Rio Blanco", "RIOBLANCO|MONTERRICO", "PE-RIOBLANCO", "MINING", "V"),
    ("SANTA_ANA", "Santa Ana", "", "BEARCREEK", "PE-PUNOSUR", "MINING", "V"),
    ("LOTE_95", "Lote 95", "Block 95|Bretaña", "PETROTAL", "PE-BRETANA", "OIL_GAS", "V"),
    ("LOTE_192", "Lote 192", "Block 192", "", "PE-BLOCK192", "OIL_GAS", "P"),
    ("TUCARI", "Tucari", "Tucarí", "ARUNTANI", "PE-TUCARI", "MINING", "V"),
    (
        "LA_OROYA",
        "Complejo metalúrgico de La Oroya",
        "La Oroya smelter|La Oroya",
        "DOERUN",
        "PE-LAOROYA",
        "MINING",
        "V",
    ),
    ("QUECHUA", "Quechua (Espinar)", "Quechua", "QUECHUA", "PE-ESPINAR", "MINING", "V"),
    (
        "OLEODUCTO",
        "Oleoducto Norperuano",
        "North-Peruvian pipeline|Petroperú pipeline",
        "",
        "PE-OLEODUCTO",
        "OIL_GAS",
        "P",
    ),
]
SITE_PROJECTS = {
    "PE-LASBAMBAS": "LAS_BAMBAS",
    "PE-CORREDOR": "LAS_BAMBAS|CONSTANCIA",
    "PE-ESPINAR": "TINTAYA|QUECHUA",
    "PE-CONGA": "CONGA",
    "PE-YANACOCHA": "YANACOCHA|CARACHUGO_II|EL_SOLITARIO",
    "PE-RIOBLANCO": "RIO_BLANCO",
    "PE-LAOROYA": "LA_OROYA",
    "PE-TIAMARIA": "TIA_MARIA",
    "PE-BLOCK192": "LOTE_192",
    "PE-BRETANA": "LOTE_95",
    "PE-TUCARI": "TUCARI",
    "PE-OLEODUCTO": "OLEODUCTO",
    "PE-PUNOSUR": "SANTA_ANA",
}
SITE_LABELS_EN = {"PE-YANACOCHA": "Yanacocha / Cajamarca city"}

# Citations: an address that would print the name of a private person is shortened to its house.
PRIVATE_ADDRESSES = {"LB19": "https://elcomercio.pe/", "MUL-24": "https://redaccion.lamula.pe/"}
CITATION_WORDS = [
    (", stored copy", ", third-party copy"),
    (" not visible in stored copy", " not visible in the copy read"),
]
NOTE_WORDS = [("(seed 1)", "(SEED1)"), ("(seed 3)", "(SEED3)"), ("seed 3)", "SEED3)")]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(path: Path, columns: Iterable[str], rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows):5}  {path}")


def leaves_as(rule: str | Row, code: str) -> str:
    """The code that leaves the house; an unlisted code is an error, not a blank."""
    if isinstance(rule, str):
        return code if rule == SELF else rule
    return rule[code] if code in rule else rule["*"]


def added_rows(name: str) -> list[Row]:
    columns = ["code", "label_en", "label_es", "definition_en", "definition_es"]
    return [dict(zip(columns, row, strict=True)) | {"source": "P", "verified": "P"} for row in ADDED.get(name, [])]


def code_list(source: Path, name: str, rule: str | Row) -> tuple[list[str], list[Row]]:
    """One list in the layout of the packs: leading columns, then what else the source tells."""
    found = read(source / f"{FILE_OF.get(name, name)}.csv")
    extra = [column for column in found[0] if column not in LEADING]
    moved = PARENT_MOVES_TO.get(name)
    if moved:
        extra.insert(0, moved)
    rows = []
    for row in [*found, *added_rows(name)]:
        if row["code"] in LEFT_OUT.get(name, set()):
            continue
        row["code"] = RENAMED.get((name, row["code"]), row["code"])
        row |= CORRECTIONS.get((name, row["code"]), {})
        row["upr"] = leaves_as(rule, row["code"])
        if moved:
            row[moved] = row.pop("parent")
        row["selectable"] = row.get("selectable") or "yes"
        row["sort"] = row.get("sort") or str(10 * (len(rows) + 1))
        rows.append(row)
    return LEADING + extra, rows


def new_list(name: str) -> tuple[list[str], list[Row]]:
    extra = EXTRA_OF_NEW.get(name, [])
    columns = ["code", "label_en", "label_es", "definition_en", "definition_es", "upr", *extra]
    rows = [dict(zip(columns, row, strict=True)) for row in NEW[name]]
    for place, row in enumerate(rows, start=1):
        row |= {"sort": str(10 * place), "selectable": "yes", "source": "P", "verified": "P"}
    return LEADING + extra, rows


def give_rights(columns: list[str], rows: list[Row]) -> None:
    columns.append("rights")
    for row in rows:
        row["rights"] = RIGHTS.get(row["code"]) or RIGHTS[row["code"].split(".")[0]]


def give_dates(rows: list[Row]) -> None:
    """A norm is valid from a day only where the source names the day."""
    for row in rows:
        row["valid_from"] = row["from_date"] if len(row["from_date"]) == 10 else ""
        row["valid_to"] = row["to_date"] if len(row["to_date"]) == 10 else ""


def citations(source: Path) -> list[Row]:
    rows = read(source / "sources.csv")
    for row in rows:
        row["url"] = PRIVATE_ADDRESSES.get(row["key"]) or public_address(row["url"])
        row["kind"] = {"seed": "web"}.get(row["kind"], row["kind"])
        for old, new in CITATION_WORDS:
            row["title"], row["note"] = row["title"].replace(old, new), row["note"].replace(old.strip(), new.strip())
    return rows


def public_address(url: str) -> str:
    """`github:owner/name@commit:path` becomes an address; what is no address becomes blank."""
    if not url.startswith("github:"):
        return url if url.startswith("http") else ""
    repository, _, path = url.removeprefix("github:").partition(":")
    name, _, commit = repository.partition("@")
    return f"https://github.com/{name}/blob/{commit or 'HEAD'}/{path}"


def sites(source: Path) -> list[Row]:
    """One row a site; the key is the code without the district that ended it."""
    found: dict[str, Row] = {}
    for row in read(source / "places_pe_sites.csv"):
        code = row["code"].rpartition("-")[0]
        if code in found:
            found[code]["districts"] += "|" + row["ubigeo_inei"]
            found[code]["districts_verified"] += "|" + row["district_link_verified"]
            continue
        note = row["note"]
        for old, new in NOTE_WORDS:
            note = note.replace(old, new)
        found[code] = {
            "code": code,
            "label_en": SITE_LABELS_EN.get(code, row["label_en"]),
            "label_es": row["label_es"],
            "districts": row["ubigeo_inei"],
            "districts_verified": row["district_link_verified"],
            "project": row["project"],
            "projects": SITE_PROJECTS.get(code, ""),
            "site_type": row["site_type"],
            "note": note,
            "source": row["source"],
            "verified": row["verified"],
            "latitude": row["lat"][:8],
            "longitude": row["lon"][:8],
            "geo_precision": "district",
        }
    return list(found.values())


def organisations(source: Path) -> list[Row]:
    rows = []
    for row in read(source / "companies_projects.csv"):
        name = COMPANY_NAMES.get(row["code"], row["label_es"])
        country = [iso for words, iso in COUNTRY_IN_PARENT.items() if words in row["parent_company"]]
        rows.append(
            {
                "key": row["code"],
                "name": name,
                "kind": "COMPANY",
                "parent_name": row["parent_company"],
                "home_country": country[0] if country else "",
                "aliases": COMPANY_ALIASES.get(row["code"], ""),
                "source": row["source"],
                "verified": row["verified"],
                "note": row["note"],
            }
        )
    return rows + [dict(row) for row in MORE_COMPANIES]


def projects(companies: list[Row]) -> list[Row]:
    columns = ["key", "name", "aliases", "companies", "site", "sector", "verified"]
    source_of = {row["key"]: row["source"] for row in companies}
    rows = [dict(zip(columns, row, strict=True)) for row in PROJECTS]
    for row in rows:
        row["source"] = source_of.get(row["companies"].split("|")[0], "SEED3" if row["key"] == "LOTE_192" else "SEED1")
    return rows


def main(domain: Path, out: Path) -> None:
    source = domain / "vocab"
    for folder, lists in (("core", CORE), ("pe", PERU)):
        for name, rule in lists.items():
            columns, rows = code_list(source, name, rule)
            if name == "incident_types":
                give_rights(columns, rows)
            if name == "legal_bases_contracts":
                give_dates(rows)
            write(out / folder / f"{name}.csv", columns, [{c: row.get(c, "") for c in columns} for row in rows])
    for name in NEW:
        write(out / "core" / f"{name}.csv", *new_list(name))

    write(out / "core" / "citations.csv", ["key", "title", "url", "kind", "note"], citations(source))
    write(
        out / "pe" / "sites.csv",
        [
            "code",
            "label_en",
            "label_es",
            "districts",
            "project",
            "site_type",
            "note",
            "source",
            "verified",
            "latitude",
            "longitude",
            "projects",
            "districts_verified",
            "geo_precision",
        ],
        sites(source),
    )
    companies = organisations(source)
    write(
        out / "pe" / "organisations.csv",
        ["key", "name", "kind", "parent_name", "home_country", "aliases", "source", "verified", "note"],
        companies,
    )
    write(
        out / "pe" / "projects.csv",
        ["key", "name", "aliases", "companies", "site", "sector", "source", "verified", "note"],
        projects(companies),
    )


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path("app/packs"))
