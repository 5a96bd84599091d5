"""The place as it is typed: the only one that the words could mean is taken and said, of several one is chosen."""

from tests.incidents.test_logging import problems, recorded


def test_the_only_match_is_taken_and_said(world, sign_in):
    browser = sign_in(world.caseworker)

    answer = browser.post(
        "/incidents/new", {"title_es": "Algo", "country": "PE", "place": "Challhua", "save": "draft"}, follow=True
    )

    (incident,) = recorded(world.caseworker)
    assert answer.status_code == 200, problems(answer)
    assert incident.place is not None and incident.place.name == "Challhuahuacho"
    assert "“Challhua” was taken as Challhuahuacho, Cotabambas, Apurímac (030506)." in answer.text


def test_of_several_one_is_chosen(world, sign_in):
    answer = sign_in(world.caseworker).post(
        "/incidents/new", {"title_es": "Algo", "country": "PE", "place": "San Juan", "save": "draft"}
    )

    assert answer.status_code == 400
    assert answer.text.count('name="place_choice"') > 1
    assert recorded(world.caseworker)[0].place is None
