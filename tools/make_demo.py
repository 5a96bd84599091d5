"""Turn the collected public events into the demonstration pack `app/packs/demo`.

Run once, by hand, after `make_packs.py` and `make_places.py`:

    python3 tools/make_demo.py DIRECTORY [PACKS]

DIRECTORY holds `demo_events.csv` and `demo_contracts.csv`, PACKS defaults to `app/packs`.
The facts are those of the files; cases, teams, states of review, groups of people and the
grading of sources are examples, and stand in the tables below. A company, project, place or
site that does not resolve stops the script.
"""

# The tables are easier to check with one row a line.
# ruff: noqa: E501

import csv
import sys
from calendar import monthrange
from pathlib import Path
from urllib.parse import urlparse

Row = dict[str, str]

# key: team, confidentiality, title_en, title_es, summary_en, summary_es
CASES = {
    "las-bambas": (
        "A",
        "TEAM",
        "Las Bambas: protest, contracts and trials",
        "Las Bambas: protestas, convenios y procesos",
        "Protests along the mine and its road in Cotabambas and Grau, deaths, police contracts and trials of community leaders.",
        "Protestas en torno a la mina y su vía en Cotabambas y Grau, muertes, convenios con la policía y procesos contra dirigentes.",
    ),
    "espinar": (
        "A",
        "RESTRICTED",
        "Espinar: Tintaya, May 2012",
        "Espinar: Tintaya, mayo de 2012",
        "The strike of May 2012, detentions inside the mine, and the case against the mayor and two leaders.",
        "El paro de mayo de 2012, detenciones dentro de la mina y el proceso contra el alcalde y dos dirigentes.",
    ),
    "conga": (
        "A",
        "TEAM",
        "Conga: Celendín and Cajamarca, 2012",
        "Conga: Celendín y Cajamarca, 2012",
        "Deaths and detentions in the protests against Conga, measures of the IACHR and acquittals years later.",
        "Muertes y detenciones en las protestas contra Conga, medidas de la CIDH y absoluciones años después.",
    ),
    "rio-blanco": (
        "A",
        "RESTRICTED",
        "Río Blanco: the camp of 2005 and after",
        "Río Blanco: el campamento de 2005 y después",
        "Marchers held and beaten at the mine camp, an attack on a forum, and a settlement in London.",
        "Marchantes retenidos y golpeados en el campamento, agresión en un foro y un acuerdo en Londres.",
    ),
    "cajamarca-2006": (
        "A",
        "TEAM",
        "Cajamarca 2006: surveillance and killings",
        "Cajamarca 2006: reglaje y asesinatos",
        "Surveillance of an organisation and a priest, and two deaths in communities around Yanacocha.",
        "Reglaje a una organización y a un sacerdote, y dos muertes en comunidades vecinas a Yanacocha.",
    ),
    "bagua": (
        "A",
        "TEAM",
        "Bagua: Curva del Diablo",
        "Bagua: Curva del Diablo",
        "The police operation of 5 June 2009 and the trial of 52 indigenous leaders, all acquitted.",
        "El operativo del 5 de junio de 2009 y el juicio a 52 dirigentes indígenas, todos absueltos.",
    ),
    "saweto": (
        "A",
        "RESTRICTED",
        "Saweto: four Ashéninka leaders",
        "Saweto: cuatro líderes ashéninkas",
        "Killed in 2014 after they denounced illegal logging; two convictions, one of them annulled.",
        "Asesinados en 2014 tras denunciar tala ilegal; dos condenas, una de ellas anulada.",
    ),
    "amazon-leaders": (
        "A",
        "NETWORK",
        "Amazon leaders killed, 2020–2024",
        "Líderes amazónicos asesinados, 2020–2024",
        "Four indigenous leaders killed in four territories, several after threats.",
        "Cuatro líderes indígenas asesinados en cuatro territorios, varios tras amenazas.",
    ),
    "loreto-oil": (
        "A",
        "TEAM",
        "Loreto: blocks 95 and 192",
        "Loreto: lotes 95 y 192",
        "Three Kukama killed outside the camp of block 95; claims of the communities of block 192.",
        "Tres kukama muertos frente al campamento del lote 95; reclamos de las comunidades del lote 192.",
    ),
    "protests-2022": (
        "A",
        "RESTRICTED",
        "Protests of 2022 and 2023",
        "Protestas de 2022 y 2023",
        "Deaths in Ayacucho and Juliaca in the political protests.",
        "Muertes en Ayacucho y Juliaca en las protestas políticas.",
    ),
    "context": (
        "A",
        "TEAM",
        "Context: laws, hearings, rulings",
        "Contexto: normas, audiencias, sentencias",
        "National norms, hearings and rulings on police contracts and on defenders.",
        "Normas, audiencias y sentencias sobre convenios con la policía y sobre personas defensoras.",
    ),
    "tia-maria": (
        "B",
        "NETWORK",
        "Tía María: Tambo valley",
        "Tía María: valle de Tambo",
        "Deaths in the protests of 2011 and 2015, trials of leaders, and agreements with the police.",
        "Muertes en las protestas de 2011 y 2015, procesos contra dirigentes y convenios con la policía.",
    ),
    "aymarazo": (
        "B",
        "TEAM",
        "Aymarazo: Santa Ana",
        "Aymarazo: Santa Ana",
        "Protests of 2011 in Puno and the long case against a leader who became governor.",
        "Protestas de 2011 en Puno y el largo proceso contra un dirigente que llegó a gobernador.",
    ),
    "tragadero-grande": (
        "B",
        "RESTRICTED",
        "Tragadero Grande: the Acuña family",
        "Tragadero Grande: la familia Acuña",
        "A usurpation case by the company against a family, ended by acquittal.",
        "Un proceso por usurpación de la empresa contra una familia, que terminó en absolución.",
    ),
    "chumbivilcas": (
        "B",
        "TEAM",
        "Chumbivilcas: ten leaders",
        "Chumbivilcas: diez dirigentes",
        "Ten former leaders acquitted after eight years.",
        "Diez exdirigentes absueltos tras ocho años.",
    ),
    "toxic-metals": (
        "B",
        "TEAM",
        "Toxic metals and health",
        "Metales tóxicos y salud",
        "Reports on metals in water and in children, and an accusation by the oversight body.",
        "Informes sobre metales en el agua y en la niñez, y una imputación del organismo fiscalizador.",
    ),
    "piura-2024": (
        "B",
        "RESTRICTED",
        "Piura 2024: a protest called extortion",
        "Piura 2024: una protesta llamada extorsión",
        "A police general told a protester that blocking a street is extortion.",
        "Un general de la policía dijo a una manifestante que bloquear una calle es extorsión.",
    ),
}
IN_CASE = {
    "las-bambas": "22 24 25 35 37 38 39 42 52 60",
    "espinar": "12 13 14 31",
    "conga": "15 16 18 36 51",
    "rio-blanco": "1 2 11",
    "cajamarca-2006": "3 4 5 6",
    "bagua": "7 23",
    "saweto": "19 55 58",
    "amazon-leaders": "43 56 57 59",
    "loreto-oil": "33 45",
    "protests-2022": "53 54",
    "context": "17 26 27 29 44 49",
    "tia-maria": "8 20 21 47 48 50",
    "aymarazo": "9 30 40 46",
    "tragadero-grande": "10 28",
    "chumbivilcas": "41",
    "toxic-metals": "32 34 62",
    "piura-2024": "61",
}
CASE_OF_CONTRACT = {
    "PC01": "tia-maria",
    "PC02": "las-bambas",
    "PC03": "las-bambas",
    "PC04": "espinar",
    "PC05": "las-bambas",
    "PC06": "cajamarca-2006",
    "PC07": "tia-maria",
}
STATES = {
    "VERIFIED": "1 7 12 15 19 22 45 53 54 57 59",
    "CORROBORATED": "3 4 5 9 14 16 21 24 37 43 52 56",
    "UNVERIFIED": "2 20",
    "NEEDS_INFO": "8",
    "IN_REVIEW": "13",
    "SUBMITTED": "61",
    "DRAFT": "38",
}
REVIEW_NOTES = {
    "VERIFIED": (
        "Independent sources agree on date, place and facts; no source contradicts them. Reasonable grounds to believe it happened.",
        "Fuentes independientes coinciden en fecha, lugar y hechos; ninguna los contradice. Hay motivos razonables para creer que ocurrió.",
    ),
    "CORROBORATED": (
        "Two sources of different origin report the key facts.",
        "Dos fuentes de distinto origen informan de los hechos principales.",
    ),
    "UNVERIFIED": ("One source only; nothing contradicts it.", "Una sola fuente; nada la contradice."),
    "NEEDS_INFO": (
        "Sources differ on the number of deaths: please find a second source and record a minimum and a maximum.",
        "Las fuentes difieren en el número de muertes: busque una segunda fuente y anote un mínimo y un máximo.",
    ),
}

# What a timeline entry is, where it is not an incident.
ENTRY_TYPES = {
    "PROSECUTION": "6",
    "COMPLAINT": "10",
    "SETTLEMENT": "11",
    "LAW_IMMUN": "17",
    "PM_IACHR": "18",
    "JUDGMENT": "23 28 30 31 36 40 41 42 46 47 50 51 55 58 60",
    "TRANSP": "25",
    "HEARING": "26 29",
    "LAW": "27 49",
    "REPORT": "32 62",
    "PUBLIC_STATEMENT": "33",
    "OVERSIGHT": "34",
    "CONTRACT_SIGNED": "35 48",
    "CONTRACT_CHALLENGED": "39",
    "RULING": "44",
}
SECTORS = {
    "MINING": "1 2 3 4 5 6 8 9 10 11 12 13 14 15 16 18 20 21 22 24 25 28 30 31 34 35 36 37 38 39 40 41 42 46 47 48 50 51 52 60 62",
    "OIL_GAS": "33 45",
    "LOGGING": "19 55 57 58",
    "NONE": "53 54 61",
}
# Only where the row itself says so; all else is unknown.
PROTEST = "1 3 7 8 9 12 15 20 21 22 24 45 53 54 61"
EMERGENCY = "12 15 52"
URGENCY = {"HIGH": "61"}

# Who was affected: label_en, label_es, kind, how many (min, max), defender groups.
GROUPS = {
    1: (
        "Marchers from the communities",
        "Marchantes de las comunidades",
        "COLLECTIVE",
        "28",
        "29",
        "ENVIRONMENTAL|LAND",
    ),
    2: ("Two speakers of organisations", "Dos ponentes de organizaciones", "COLLECTIVE", "2", "2", "ENVIRONMENTAL"),
    3: ("Farmers of Combayo", "Campesinos de Combayo", "COLLECTIVE", "", "", "ENVIRONMENTAL|LAND"),
    4: (
        "Staff of GRUFIDES and community leaders",
        "Equipo de GRUFIDES y dirigentes comunales",
        "ORGANISATION",
        "",
        "",
        "ENVIRONMENTAL",
    ),
    5: ("President of a water committee", "Presidente de un comité de agua", "INDIVIDUAL", "1", "1", "ENVIRONMENTAL"),
    7: ("Awajún and Wampis protesters", "Manifestantes awajún y wampis", "COLLECTIVE", "", "", "INDIGENOUS|LAND"),
    8: ("Protesters of the Tambo valley", "Manifestantes del valle de Tambo", "COLLECTIVE", "", "", "ENVIRONMENTAL"),
    9: ("Aymara communities", "Comunidades aimaras", "COLLECTIVE", "", "", "INDIGENOUS|ENVIRONMENTAL"),
    12: ("Protesters of Espinar", "Manifestantes de Espinar", "COLLECTIVE", "", "", "ENVIRONMENTAL"),
    13: (
        "Staff of the Vicariate and local leaders",
        "Personal de la Vicaría y dirigentes locales",
        "ORGANISATION",
        "22",
        "22",
        "OTHER",
    ),
    15: ("Protesters against Conga", "Manifestantes contra Conga", "COLLECTIVE", "", "", "ENVIRONMENTAL"),
    19: ("Three Ashéninka leaders", "Tres líderes ashéninkas", "COLLECTIVE", "3", "3", "INDIGENOUS|ENVIRONMENTAL"),
    20: ("Protesters in Cocachacra", "Manifestantes en Cocachacra", "COLLECTIVE", "", "", "ENVIRONMENTAL"),
    21: ("Protesters near Mollendo", "Manifestantes cerca de Mollendo", "COLLECTIVE", "", "", "ENVIRONMENTAL"),
    22: (
        "Communities of Cotabambas and Grau",
        "Comunidades de Cotabambas y Grau",
        "COLLECTIVE",
        "",
        "",
        "LAND|ENVIRONMENTAL",
    ),
    24: (
        "Communities of Choquecca, Allhua, Pumamarca and Quehuira",
        "Comunidades de Choquecca, Allhua, Pumamarca y Quehuira",
        "COLLECTIVE",
        "",
        "",
        "LAND|ENVIRONMENTAL",
    ),
    37: ("Community president of Fuerabamba", "Presidente comunal de Fuerabamba", "INDIVIDUAL", "1", "1", "LAND"),
    38: ("Three advisers of the community", "Tres asesores de la comunidad", "COLLECTIVE", "3", "3", "LAWYER"),
    45: (
        "Kukama protesters of Bretaña",
        "Manifestantes kukama de Bretaña",
        "COLLECTIVE",
        "",
        "",
        "INDIGENOUS|ENVIRONMENTAL",
    ),
    52: (
        "Communities of Fuerabamba and Huancuire",
        "Comunidades de Fuerabamba y Huancuire",
        "COLLECTIVE",
        "",
        "",
        "LAND",
    ),
    53: ("Protesters in Ayacucho", "Manifestantes en Ayacucho", "COLLECTIVE", "", "", "OTHER"),
    54: ("Protesters in Juliaca", "Manifestantes en Juliaca", "COLLECTIVE", "", "", "OTHER"),
    57: ("A relative", "Un familiar", "FAMILY", "1", "1", "INDIGENOUS"),
    61: ("A woman who was protesting", "Una ciudadana que protestaba", "INDIVIDUAL", "1", "1", "OTHER"),
}
# Public figures, and nobody else: name, pseudonym, gender, defender groups, people, role.
PEOPLE = {
    "MAXIMA_ACUNA": (
        "Máxima Acuña",
        "Retama",
        "W",
        "LAND|ENVIRONMENTAL",
        "",
        "Land defender, Goldman Prize 2016",
        "Defensora de la tierra, Premio Goldman 2016",
    ),
    "MARCO_ARANA": (
        "Marco Arana",
        "Queñua",
        "M",
        "ENVIRONMENTAL",
        "",
        "Priest and environmental leader",
        "Sacerdote y líder ambiental",
    ),
    "OSCAR_MOLLOHUANCA": (
        "Óscar Mollohuanca",
        "Ichu",
        "M",
        "ENVIRONMENTAL",
        "",
        "Mayor of Espinar",
        "Alcalde de Espinar",
    ),
    "WALTER_ADUVIRI": (
        "Walter Aduviri",
        "Totora",
        "M",
        "INDIGENOUS|ENVIRONMENTAL",
        "AIM",
        "Leader, later regional governor of Puno",
        "Dirigente, luego gobernador regional de Puno",
    ),
    "ALBERTO_PIZANGO": (
        "Alberto Pizango",
        "Capirona",
        "M",
        "INDIGENOUS",
        "",
        "Indigenous leader",
        "Dirigente indígena",
    ),
    "EDWIN_CHOTA": (
        "Edwin Chota",
        "Lupuna",
        "M",
        "INDIGENOUS|ENVIRONMENTAL",
        "ASE",
        "Leader of Saweto",
        "Líder de Saweto",
    ),
    "ARBILDO_MELENDEZ": (
        "Arbildo Meléndez",
        "Aguaje",
        "M",
        "INDIGENOUS|LAND",
        "KAK",
        "President of a native community",
        "Presidente de una comunidad nativa",
    ),
    "SANTIAGO_CONTORICON": (
        "Santiago Contoricón",
        "Shihuahuaco",
        "M",
        "INDIGENOUS",
        "ASH",
        "Asháninka leader",
        "Líder asháninka",
    ),
    "QUINTO_INUMA": (
        "Quinto Inuma",
        "Caoba",
        "M",
        "INDIGENOUS|LAND",
        "KIC",
        "Kichwa community chief",
        "Jefe comunal kichwa",
    ),
    "MARIANO_ISACAMA": (
        "Mariano Isacama",
        "Huacrapona",
        "M",
        "INDIGENOUS",
        "KAK",
        "Kakataibo leader",
        "Líder kakataibo",
    ),
}
APPEARS_IN = {
    "MAXIMA_ACUNA": "10 28",
    "MARCO_ARANA": "4 16",
    "OSCAR_MOLLOHUANCA": "14 31",
    "WALTER_ADUVIRI": "30 40 46",
    "ALBERTO_PIZANGO": "23",
    "EDWIN_CHOTA": "19",
    "ARBILDO_MELENDEZ": "43",
    "SANTIAGO_CONTORICON": "56",
    "QUINTO_INUMA": "57",
    "MARIANO_ISACAMA": "59",
}

# Counts of the people affected, where the file's total counts others too or its notes tell of other numbers.
COUNTS = {
    1: {"affected": ("28", "29")},
    7: {"killed": ("10", "10")},
    12: {"killed": ("2", "3"), "injured": ("15", "15")},
    22: {"killed": ("3", "5")},
    24: {"injured": ("15", "15")},
    45: {"injured": ("11", "11")},
    52: {"injured": ("3", "14")},
}
COUNT_NOTES = {
    1: ("Some sources speak of 29 people.", "Algunas fuentes hablan de 29 personas."),
    7: (
        "Ten civilians; 23 police officers died too and one was missing.",
        "Diez civiles; murieron también 23 policías y uno quedó desaparecido.",
    ),
    8: ("Sources differ on the number of deaths.", "Las fuentes difieren en el número de muertes."),
    12: (
        "Later sources name three deaths; 30 police officers were hurt too.",
        "Fuentes posteriores nombran tres muertes; hubo también 30 policías heridos.",
    ),
    22: ("Three to five deaths, depending on the source.", "De tres a cinco muertes, según la fuente."),
    24: (
        "Some 15 villagers; 20 police officers were hurt too.",
        "Unos 15 comuneros; hubo también 20 policías heridos.",
    ),
    52: (
        "14 according to television; the police spoke of two women and a worker.",
        "14 según la televisión; la policía habló de dos mujeres y un trabajador.",
    ),
    45: (
        "Eleven residents; six police officers were hurt too.",
        "Once pobladores; hubo también seis policías heridos.",
    ),
}
DATE_TEXTS = {
    4: ("From August to 14 November 2006", "De agosto al 14 de noviembre de 2006"),
}

# Words in the columns project and company that are no project, or several companies in one phrase.
NOT_PROJECTS = {"illegal logging", "Unipacuyacu titling"}
COMPANIES = {1: "RIOBLANCO|MONTERRICO", 4: "YANACOCHA|FORZA|CYG"}

# A third source where two of the file are one outlet; an address that would print a private name is cut to its house.
MORE_SOURCES = {
    4: "https://diariodigital.com.do/2007/02/07/onu-investiga-espionaje-privado-y-uso-de-mercenarios.html",
    52: "https://diariocorreo.pe/edicion/lima/apurimac-las-bambas-reportan-que-comuneros-intentan-reingresar-a-terrenos-de-las-bambas-y-atacan-negocios-rmmn-noticia/",
}
CUT_ADDRESSES = {
    (5, "source_url"): "http://caballeroredverde.blogspot.com/",
    (37, "source_url"): "https://lpderecho.pe/",
    (37, "source_2"): "https://larepublica.pe/",
    (38, "source_url"): "https://elcomercio.pe/",
    (61, "source_url"): "https://redaccion.lamula.pe/",
}
# Address or citation -> publisher, kind of source, origin, reliability, credibility.
PUBLISHERS = {
    "829842.bflnqr70.asia": ("Web archive of a community communicator's page", "SOCIAL", "archive", "D", "3"),
    "agencias.lamula.pe": ("La Mula", "PRESS", "lamula", "C", "2"),
    "agnitio.pe": ("Agnitio", "PRESS", "agnitio", "C", "2"),
    "andina.pe": ("Agencia Andina", "PRESS", "andina", "B", "2"),
    "biobiochile.cl": ("BioBioChile / AFP", "PRESS", "afp", "B", "2"),
    "caballeroredverde.blogspot.com": ("Blog Caballero Red Verde", "SOCIAL", "caballeroredverde", "C", "3"),
    "caretas.pe": ("Caretas", "PRESS", "caretas", "B", "2"),
    "cbc.org.pe": ("Centro Bartolomé de las Casas", "NGO", "cbc", "B", "2"),
    "connuestroperu.com": ("Con Nuestro Perú", "PRESS", "connuestroperu", "C", "2"),
    "convoca.pe": ("Convoca", "PRESS", "convoca", "B", "2"),
    "cooperaccion.org.pe": ("CooperAcción", "NGO", "cooperaccion", "B", "2"),
    "countervortex.org": ("CounterVortex", "PRESS", "countervortex", "C", "2"),
    "derechosinfronteras.pe": ("Derechos Humanos sin Fronteras", "NGO", "dhsf", "B", "2"),
    "diariocorreo.pe": ("Diario Correo", "PRESS", "correo", "B", "2"),
    "diariodigital.com.do": ("IPS, in Diario Digital", "PRESS", "ips", "B", "2"),
    "docslib.org": ("Case comment on the contracts", "NGO", "case-comment", "B", "2"),
    "earthrights.org": ("EarthRights International", "NGO", "eri", "B", "2"),
    "elbuho.pe": ("El Búho", "PRESS", "elbuho", "B", "2"),
    "elcomercio.pe": ("El Comercio", "PRESS", "elcomercio", "B", "2"),
    "elfrancotirador-edgar.blogspot.com": ("Blog El Francotirador", "SOCIAL", "elfrancotirador", "C", "3"),
    "elpais.com": ("El País", "PRESS", "elpais", "B", "2"),
    "eltiempocusco.pe": ("El Tiempo Cusco", "PRESS", "eltiempocusco", "C", "2"),
    "enernews.com": ("EnerNews", "PRESS", "enernews", "C", "2"),
    "es.m.wikipedia.org": ("Wikipedia", "SOCIAL", "wikipedia", "C", "3"),
    "es.mongabay.com": ("Mongabay Latam", "PRESS", "mongabay", "B", "2"),
    "gacetaambiental.cl": ("Gaceta Ambiental", "PRESS", "gacetaambiental", "C", "2"),
    "grufides.pe": ("GRUFIDES", "NGO", "grufides", "B", "2"),
    "grufidesinfo.blogspot.com": ("GRUFIDES", "NGO", "grufides", "B", "2"),
    "hmong.es": ("Copy of Wikipedia", "SOCIAL", "wikipedia", "C", "3"),
    "hrdmemorial.org": ("HRD Memorial", "NGO", "hrdmemorial", "B", "2"),
    "infobae-infobae-prod.web.arc-cdn.net": ("Infobae", "PRESS", "infobae", "B", "2"),
    "infobae.com": ("Infobae", "PRESS", "infobae", "B", "2"),
    "inforegion.pe": ("Inforegión", "PRESS", "inforegion", "B", "2"),
    "int.piplinks.org": ("PIPLinks", "NGO", "piplinks", "B", "2"),
    "la-plaza.net": ("La Plaza", "PRESS", "laplaza", "C", "2"),
    "laindomita.pe": ("La Indómita", "PRESS", "laindomita", "C", "2"),
    "larepublica.pe": ("La República", "PRESS", "larepublica", "B", "2"),
    "lpderecho.pe": ("LP Derecho", "PRESS", "lpderecho", "B", "2"),
    "muqui.org": ("Red Muqui", "NGO", "muqui", "B", "2"),
    "newint.org": ("New Internationalist", "PRESS", "newint", "B", "2"),
    "news.mongabay.com": ("Mongabay", "PRESS", "mongabay", "B", "2"),
    "noalamina.org": ("No a la Mina", "NGO", "noalamina", "C", "2"),
    "ojopublico.jerre-dev.xyz": ("OjoPúblico", "PRESS", "ojopublico", "B", "2"),
    "otramerica.com": ("Otramérica", "PRESS", "otramerica", "C", "2"),
    "pachamamaradio.org": ("Pachamama Radio", "PRESS", "pachamamaradio", "B", "2"),
    "perusupportgroup.org.uk": ("Peru Support Group", "NGO", "psg", "B", "2"),
    "redaccion.lamula.pe": ("La Mula", "PRESS", "lamula", "C", "2"),
    "rpp.pe": ("RPP", "PRESS", "rpp", "B", "2"),
    "studylib.es": ("IACHR, copy of the resolution", "OFFICIAL", "iachr", "A", "1"),
    "uk.reuters.com": ("Reuters", "PRESS", "reuters", "A", "2"),
    "vlex.com.pe": ("vLex, text of the decree", "OFFICIAL", "gazette", "A", "1"),
    "vozdeamerica.com": ("Voz de América", "PRESS", "voa", "B", "2"),
    "www.amnestyusa.org": ("Amnesty International", "NGO", "amnesty", "A", "2"),
    "www.bambamarca.pe": ("Bambamarca.pe, on findings of the IACHR", "PRESS", "bambamarca", "C", "2"),
    "www.commondreams.org": ("Common Dreams", "PRESS", "commondreams", "B", "2"),
    "www.fidh.org": ("FIDH", "NGO", "fidh", "A", "2"),
    "www.hrw.org": ("Human Rights Watch", "NGO", "hrw", "A", "2"),
    "www.idl.org.pe": ("Instituto de Defensa Legal", "NGO", "idl", "B", "2"),
    "www.minesandcommunities.org": ("Mines and Communities", "NGO", "mac", "B", "2"),
    "www.muqui.org": ("Red Muqui", "NGO", "muqui", "B", "2"),
    "www.notimerica.com": ("Notimérica", "PRESS", "notimerica", "B", "2"),
    "www.verdaddelpueblo.com": ("Verdad del Pueblo", "PRESS", "verdaddelpueblo", "C", "3"),
    "CP": ("Penal Code, third-party copy", "OFFICIAL", "gazette", "A", "1"),
    "SEED3": ("Peru Support Group, news list Sept–Oct 2017", "NGO", "psg", "B", "2"),
    "SEED4": ("Peru Support Group, 4 Dec 2016", "NGO", "psg", "B", "2"),
    "peruanoinformado.com": ("Perú Informado", "PRESS", "peruinformado", "C", "2"),
}
NOTES = {
    32: "Date of the note; it does not name the sites",
    34: "Date of the note, which spells the company Auntani; region Moquegua from general knowledge",
    53: "Number of dead not in these sources; political protest, not mining",
    54: "Number of dead not in these sources",
    62: "Date of the note; no child named",
}
MONTHS_ES = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic"]
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]

# Contracts as entries of the timeline: title_en, title_es, text_en, text_es, the event that tells of the same act.
CONTRACTS = {
    "PC01": (
        "Police–Southern agreement (Tía María and other units), 2010",
        "Convenio DIRTEPOL Arequipa–Southern (Tía María y otras unidades), 2010",
        "Fifteen officers served the company for one year, hired one by one.",
        "Quince efectivos prestaron servicio individualizado a la empresa durante un año.",
        "",
    ),
    "PC02": (
        "Cusco police–Las Bambas agreement (Oficio 088-2016)",
        "Convenio Región Policial Cusco–Las Bambas (Oficio 088-2016)",
        "Terms were disclosed in 2016: 100 to 110 soles a day per officer. Dates are not on record.",
        "Los términos se conocieron en 2016: de 100 a 110 soles diarios por efectivo. Las fechas no constan.",
        "",
    ),
    "PC03": (
        "Cusco police–Hudbay agreement (Constancia)",
        "Convenio Región Policial Cusco–Hudbay (Constancia)",
        "One of four agreements of 2010–2014: 100 to 110 soles a day; an anti-riot unit can be asked for. Dates are not on record.",
        "Uno de cuatro convenios de 2010–2014: de 100 a 110 soles diarios; permite pedir una unidad antimotines. Las fechas no constan.",
        "",
    ),
    "PC04": (
        "Cusco police–Antapaccay agreement",
        "Convenio Región Policial Cusco–Antapaccay",
        "Disclosed with the others: 100 to 110 soles a day; force in exceptional cases. Dates are not on record.",
        "Se conoció con los demás: de 100 a 110 soles diarios; fuerza en casos excepcionales. Las fechas no constan.",
        "",
    ),
    "PC05": (
        "PNP–Minera Las Bambas agreement, 2017",
        "Convenio PNP–Minera Las Bambas, 2017",
        "Monthly pay to officers and to the institution; challenged in court in 2019.",
        "Pagos mensuales a efectivos y a la institución; impugnado en 2019.",
        "PE035",
    ),
    "PC06": (
        "PNP–Minera Yanacocha agreement, 2017–2020",
        "Convenio PNP–Minera Yanacocha, 2017–2020",
        "Reported at 4,678,000 soles; renewed until October 2021 according to another source.",
        "Se informó de 4 678 000 soles; prorrogado hasta octubre de 2021 según otra fuente.",
        "",
    ),
    "PC07": (
        "PNP–Southern agreement for Tía María (RM 0087-2021-IN)",
        "Convenio PNP–Southern para Tía María (RM 0087-2021-IN)",
        "In force since February 2021; two addenda extend it to 20 May 2027.",
        "Vigente desde febrero de 2021; dos adendas lo prorrogan hasta el 20 de mayo de 2027.",
        "PE048",
    ),
}
CONTRACT_COMPANIES = {"PC04": "GLENCORE"}
CONTRACT_NOTES = {
    "PC06": "Agreement and one addendum; the article names 26 guards; a digest by CNDDHH: 4 agreements and 12 addenda, renewed until Oct 2021",
}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows):5}  {path}")


def holding(table: dict[str, str], number: int, default: str = "") -> str:
    """The key of the table whose list of events holds this one."""
    return next((key for key, events in table.items() if str(number) in events.split()), default)


def all_holding(table: dict[str, str], number: int) -> str:
    return "|".join(key for key, events in table.items() if str(number) in events.split())


class Names:
    """Companies or projects by any of their names; an unknown name stops the script."""

    def __init__(self, rows: list[Row]) -> None:
        self.keys = {}
        for row in rows:
            for name in filter(None, (row["name"], *row["aliases"].split("|"))):
                self.keys[name] = row["key"]

    def found(self, text: str) -> str:
        if text in self.keys:
            return self.keys[text]
        parts = [part.strip() for part in text.split(";") if part.strip()]
        return "|".join(self.keys[part] for part in parts)


def first_day(text: str) -> str:
    return f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10]


def last_day(text: str) -> str:
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        return f"{text}-{monthrange(int(text[:4]), int(text[5:]))[1]}"
    return text


def interval(date: str, end: str, said: str) -> tuple[str, str, str]:
    """Earliest day, latest day, precision. The date of a report says only that it was not later."""
    if said == "source date":
        return "", date, "unknown"
    if end:
        return first_day(date), last_day(end), "range"
    precision = {4: "year", 7: "month", 10: "day"}.get(len(date), "unknown")
    return (first_day(date), last_day(date), precision) if date else ("", "", precision)


def reported_on(date: str) -> tuple[str, str]:
    year, month, day = (int(part) for part in date.split("-"))
    return (f"reported on {day} {MONTHS_EN[month - 1]} {year}", f"publicado el {day} {MONTHS_ES[month - 1]} {year}")


def sources_of(row: Row, number: int) -> tuple[Row, int]:
    """Up to three sources with publisher, kind, origin and grades, and the number of origins."""
    told, origins = {}, set()
    addresses = [row["source_url"], row["source_2"], MORE_SOURCES.get(number, "")]
    for place, address in enumerate(addresses, start=1):
        facts = ("", "", "", "", "")
        if address:
            facts = PUBLISHERS[urlparse(address).netloc or address]
            origins.add(facts[2])
        names = ("title", "kind", "origin", "reliability", "credibility")
        url = address if address.startswith("http") else ""
        told[f"source_{place}_url"] = url
        told[f"source_{place}_citation"] = "" if url else address
        told |= {f"source_{place}_{name}": fact for name, fact in zip(names, facts, strict=True)}
    return told, len(origins)


def counts_of(row: Row, number: int) -> Row:
    told = {}
    for name, column in (("affected", "persons_affected"), ("killed",) * 2, ("injured",) * 2, ("detained",) * 2):
        low, high = COUNTS.get(number, {}).get(name, (row[column], row[column]))
        told |= {f"{name}_min": low, f"{name}_max": high}
    told["counts_note_en"], told["counts_note_es"] = COUNT_NOTES.get(number, ("", ""))
    return told


def event(row: Row, companies: Names, projects: Names) -> Row:
    number = int(row["id"].removeprefix("PE"))
    for column in ("source_url", "source_2"):
        row[column] = CUT_ADDRESSES.get((number, column), row[column])
    row["notes"] = NOTES.get(number, row["notes"])
    is_incident = row["record_kind"] == "incident"
    row["incident_types"] = "|".join(t for t in row["incident_types"].split(";") if "." in t)
    if row["project"] in NOT_PROJECTS:
        row["project"] = ""
    for column in ("actor_type", "offences", "legal_bases"):
        row[column] = row[column].replace(";", "|")
    case = holding(IN_CASE, number)
    state = holding(STATES, number) if is_incident else ""
    start, end, precision = interval(row["date"], row["end_date"], row["date_precision"])
    text = reported_on(row["date"]) if precision == "unknown" else DATE_TEXTS.get(number, ("", ""))
    group = GROUPS.get(number, ("",) * 6)
    people = all_holding(APPEARS_IN, number)
    defenders = {name for key in filter(None, people.split("|")) for name in PEOPLE[key][3].split("|")}
    told, origins = sources_of(row, number)
    if state in ("CORROBORATED", "VERIFIED") and origins < 2:
        sys.exit(f"{row['id']} is {state} with {origins} origin")
    return row | {
        "kind": row["record_kind"],
        "entry_type": "" if is_incident else holding(ENTRY_TYPES, number),
        "case": case,
        "team": CASES[case][0],
        "state": state,
        "review_note_en": REVIEW_NOTES.get(state, ("", ""))[0],
        "review_note_es": REVIEW_NOTES.get(state, ("", ""))[1],
        "already_public": "yes" if row["source_2"] else "no",
        "date_from": start,
        "date_to": end,
        "precision": precision,
        "date_text_en": text[0],
        "date_text_es": text[1],
        "country": "PE",
        "place": f"PE-{row['ubigeo']}" if row["ubigeo"] else "",
        "companies": COMPANIES.get(number) or companies.found(row["company"]),
        "projects": projects.found(row["project"]),
        "sector": holding(SECTORS, number, "UNKNOWN") if is_incident else holding(SECTORS, number),
        "people": people,
        "group_en": group[0],
        "group_es": group[1],
        "group_kind": group[2],
        "group_min": group[3],
        "group_max": group[4],
        "defender_groups": "|".join(sorted(defenders | set(filter(None, group[5].split("|"))))),
        **counts_of(row, number),
        "protest": ("yes" if str(number) in PROTEST.split() else "unknown") if is_incident else "",
        "emergency": ("yes" if str(number) in EMERGENCY.split() else "unknown") if is_incident else "",
        "urgency": holding(URGENCY, number, "LOW") if is_incident else "",
        **told,
        "origins": str(origins),
    }


def contract(row: Row, companies: Names, projects: Names) -> Row:
    key = row["id"]
    title_en, title_es, text_en, text_es, same = CONTRACTS[key]
    row["notes"] = CONTRACT_NOTES.get(key, row["notes"])
    row["clauses"] = row["clauses"].replace(";", "|")
    dates = {}
    for name in ("signed", "start", "end"):
        start, end, precision = interval(row[f"{name}_date"], "", "")
        dates |= {f"{name}_from": start, f"{name}_to": end, f"{name}_precision": precision}
    publisher, kind, origin, reliability, credibility = PUBLISHERS[urlparse(row["source_url"]).netloc]
    case = CASE_OF_CONTRACT[key]
    return row | {
        "kind": "contract",
        "entry_type": "CONTRACT_SIGNED",
        "case": case,
        "team": CASES[case][0],
        "title_en": title_en,
        "title_es": title_es,
        "summary_en": text_en,
        "summary_es": text_es,
        "same_as_event": same,
        "date_from": dates["signed_from"],
        "date_to": dates["signed_to"],
        "precision": dates["signed_precision"],
        "companies": CONTRACT_COMPANIES.get(key) or companies.found(row["company"]),
        "projects": projects.found(row["project"]),
        **dates,
        "source_1_url": row["source_url"],
        "source_1_title": publisher,
        "source_1_kind": kind,
        "source_1_origin": origin,
        "source_1_reliability": reliability,
        "source_1_credibility": credibility,
    }


def case(key: str) -> Row:
    team, confidentiality, title_en, title_es, summary_en, summary_es = CASES[key]
    return {
        "key": key,
        "title_es": title_es,
        "title_en": title_en,
        "summary_es": summary_es,
        "summary_en": summary_en,
        "team": team,
        "confidentiality": confidentiality,
    }


def person(key: str) -> Row:
    columns = [
        "name",
        "pseudonym",
        "gender",
        "defender_groups",
        "indigenous_people",
        "public_role_en",
        "public_role_es",
    ]
    cases = {holding(IN_CASE, int(number)) for number in APPEARS_IN[key].split()}
    return {
        "key": key,
        "kind": "INDIVIDUAL",
        **dict(zip(columns, PEOPLE[key], strict=True)),
        "cases": "|".join(sorted(cases)),
    }


def main(domain: Path, packs: Path) -> None:
    companies = Names(read(packs / "pe" / "organisations.csv"))
    projects = Names(read(packs / "pe" / "projects.csv"))
    places = {row["key"] for row in read(packs / "pe" / "places.csv")}
    sites = {row["code"] for row in read(packs / "pe" / "sites.csv")}
    events = [event(row, companies, projects) for row in read(domain / "demo_events.csv")]
    contracts = [contract(row, companies, projects) for row in read(domain / "demo_contracts.csv")]
    for row in events:
        if row["place"] and row["place"] not in places:
            sys.exit(f"{row['id']}: no place {row['place']}")
    for row in events + contracts:
        if row["site_code"] and row["site_code"] not in sites:
            sys.exit(f"{row['id']}: no site {row['site_code']}")
    write(packs / "demo" / "cases.csv", [case(key) for key in CASES])
    write(packs / "demo" / "people.csv", [person(key) for key in PEOPLE])
    write(packs / "demo" / "events.csv", events)
    write(packs / "demo" / "contracts.csv", contracts)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path("app/packs"))
