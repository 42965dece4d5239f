"""Who may open which page of CityShare; see `tests.relations` for who is who."""

from tests.relations import HERE, Row, only, post, signed_in

CYCLE = {"cycle": "cycle.pk"}
SHEET = {"pk": "framework.pk"}
DRAFT = {"pk": "draft.pk"}
DRAFT_PRACTICE = {**DRAFT, "practice": "draft_practice.pk"}
VOTE = {"pk": "asked.pk", "vote": "vote.pk"}
INVENTED = {**DRAFT, "dossier": "invented.pk"}
CITY = {**CYCLE, "team": "team.pk"}
PAIR = {"cycle": "cycle.pk", "pk": "pair.pk"}
DRAW = {"cycle": "cycle.pk", "pk": "draw.pk"}
ON_PRACTICE = {**CYCLE, "code": "P1"}
MATCHING = {**CYCLE, "pk": "matching.pk"}
PROPOSAL = {**CYCLE, "pk": "proposal.pk"}
ASSIST = {**CYCLE, "pk": "assist.pk"}
ASSET = {"pk": "asset.pk"}
TALK = {**CYCLE, "pk": "moderation.pk"}
OWN_CITY = {**CYCLE, "team": "team.pk"}
COMMENT = {**OWN_CITY, "token": "comment.secret"}
HEARD = {**CYCLE, "pk": "heard.pk"}


def in_cycle(status=200, **row):
    """A page for everybody in the cycle: those who lead it, and the cities."""
    return only("seated", "coordinator", "facilitator", status=status, **row)


def member(status=200, **row):
    """A page of those who take part in the cycle for a city."""
    return only("seated", status=status, **row)


def leads(status=200, **row):
    """A page of those who lead the cycle."""
    return only("coordinator", "facilitator", status=status, **row)


def lead(status=200, **row):
    """A page of those who lead the cycle; the cities, who know of it, are told no."""
    made = leads(status=status, **row)
    return Row({**made.answers, "seated": 403}, made.method, made.kwargs)


def keeper(status=200, **row):
    """A page about a draft of a framework: other staff, who may read it, are told no."""
    made = only("coordinator", "stranger", "facilitator", "admin", status=status, **row)
    return Row({**made.answers, "reviewer": 403, "observer": 403}, made.method, made.kwargs)


def any_keeper(status=200, **row):
    """A page of those who keep frameworks, which everybody may know of."""
    return only("coordinator", "stranger", "facilitator", "admin", status=status, others=403, **row)


def speaker(status=200, **row):
    """What the focal point of a city does; those who lead the cycle are told no."""
    made = in_cycle(403, **row)
    return Row({**made.answers, "seated": status}, made.method, made.kwargs)


CITYSHARE = {
    # CityShare: the framework
    "cityshare:framework-list": signed_in(),
    "cityshare:framework-create": any_keeper(),
    "cityshare:framework-import": any_keeper(),
    "cityshare:framework": signed_in(kwargs=SHEET),
    "cityshare:framework-edit": keeper(kwargs=DRAFT),
    "cityshare:framework-freeze": keeper(kwargs=DRAFT),
    "cityshare:framework-copy": any_keeper(kwargs=SHEET),
    "cityshare:framework-discard": post(keeper, 302, kwargs=DRAFT),
    "cityshare:framework-export": signed_in(kwargs=SHEET),
    "cityshare:framework-booklet": signed_in(status=302, kwargs=SHEET),
    "cityshare:framework-booklet-order": post(signed_in, 302, kwargs=SHEET),
    "cityshare:practice-create": keeper(kwargs=DRAFT),
    "cityshare:practice-edit": keeper(kwargs=DRAFT_PRACTICE),
    "cityshare:practice-move": post(keeper, 302, kwargs=DRAFT_PRACTICE),
    "cityshare:practice-remove": post(keeper, 302, kwargs=DRAFT_PRACTICE),
    "cityshare:dossier-create": keeper(kwargs=DRAFT),
    "cityshare:dossier-edit": keeper(kwargs=INVENTED),
    "cityshare:dossier-remove": post(keeper, 302, kwargs=INVENTED),
    "cityshare:case-create": keeper(kwargs=INVENTED),
    "cityshare:case-edit": keeper(kwargs={**INVENTED, "case": "case.pk"}),
    "cityshare:case-remove": post(keeper, 302, kwargs={**INVENTED, "case": "case.pk"}),
    "cityshare:vote-create": keeper(kwargs=DRAFT),
    "cityshare:vote": in_cycle(kwargs=VOTE),
    "cityshare:vote-answer": speaker(kwargs=VOTE),
    "cityshare:vote-edit": lead(kwargs=VOTE),
    "cityshare:vote-close": post(lead, 302, kwargs=VOTE),
    # CityShare: the cycle
    "cityshare:home": signed_in(),
    "cityshare:cycle": in_cycle(kwargs=CYCLE),
    "cityshare:cycle-create": leads(kwargs=HERE),
    "cityshare:cycle-edit": lead(kwargs=CYCLE),
    "cityshare:cycle-move-on": lead(kwargs=CYCLE),
    "cityshare:team-list": in_cycle(kwargs=CYCLE),
    "cityshare:team-make": post(lead, 409, kwargs=CYCLE),
    "cityshare:team-people": in_cycle(kwargs=CITY),
    "cityshare:team-edit": in_cycle(kwargs=CITY),
    "cityshare:team-remove": post(lead, 409, kwargs=CITY),
    "cityshare:member-remove": post(lead, 409, kwargs={**CITY, "pk": "member.pk"}),
    "cityshare:member-speaks": post(in_cycle, 302, kwargs={**CITY, "pk": "member.pk"}),
    # CityShare: who rates whom, and conflicts of interest
    "cityshare:draw": lead(kwargs=CYCLE),
    "cityshare:draw-state": lead(kwargs=CYCLE),
    "cityshare:draw-release": post(lead, 200, kwargs=DRAW),
    "cityshare:draw-retry": post(lead, 409, kwargs=DRAW),
    "cityshare:assignment-swap": lead(302, kwargs=PAIR),
    "cityshare:assignment-add": lead(302, kwargs={**CYCLE, "team": "other_team.pk"}),
    "cityshare:assignment-entrust": post(lead, 200, kwargs=PAIR),
    "cityshare:assignment-void": lead(kwargs=PAIR),
    "cityshare:assignment-restore": post(lead, 409, kwargs=PAIR),
    "cityshare:conflicts": in_cycle(kwargs=CYCLE),
    "cityshare:conflicts-said": post(member, 409, kwargs=CYCLE),
    "cityshare:conflict-take-back": post(in_cycle, 409, kwargs={**CYCLE, "pk": "conflict.pk"}),
    # CityShare: invented cities, and rating others
    "cityshare:assess": member(kwargs=CYCLE),
    "cityshare:assess-who": post(member, 200, kwargs=CYCLE),
    "cityshare:assess-submit": post(member, 409, kwargs=CYCLE),
    "cityshare:assess-paper": member(302, kwargs={**CYCLE, "sheet": "filled"}),
    "cityshare:assess-paper-order": post(member, 302, kwargs={**CYCLE, "sheet": "filled"}),
    "cityshare:assess-list": leads(kwargs=CYCLE),
    "cityshare:assess-team": leads(kwargs=OWN_CITY),
    "cityshare:assess-practice": member(kwargs=ON_PRACTICE),
    "cityshare:assess-practice-autosave": Row(
        {**member().answers, "anonymous": 401}, kwargs=ON_PRACTICE
    ),
    "cityshare:evidence-add": member(kwargs=ON_PRACTICE),
    "cityshare:evidence-file": in_cycle(kwargs={"pk": "evidence.pk"}),
    "cityshare:evidence-delete": post(speaker, 409, kwargs={"pk": "evidence.pk"}),
    "cityshare:discuss": member(kwargs=ON_PRACTICE),
    "cityshare:discuss-say": post(member, 302, kwargs=ON_PRACTICE),
    "cityshare:discuss-anew": post(member, 409, kwargs=ON_PRACTICE),
    "cityshare:calibrate": member(kwargs=CYCLE),
    "cityshare:calibrate-city": member(kwargs={**CYCLE, "number": "1"}),
    "cityshare:rating": member(kwargs=CYCLE),
    "cityshare:rate": member(kwargs=PAIR),
    "cityshare:rate-practice": member(kwargs={**PAIR, "code": "P1"}),
    "cityshare:rate-lock": post(member, 409, kwargs=PAIR),
    "cityshare:rate-finish": post(member, 409, kwargs=PAIR),
    "cityshare:rate-entrust": post(member, 302, kwargs=PAIR),
    # CityShare: offers and needs, who helps whom, peer assists
    "cityshare:market": in_cycle(kwargs=CYCLE),
    **{f"cityshare:{kind}-create": speaker(kwargs=CYCLE) for kind in ("offer", "need")},
    **{f"cityshare:{kind}-edit": speaker(kwargs=ON_PRACTICE) for kind in ("offer", "need")},
    **{
        f"cityshare:{kind}-answer": post(speaker, 409, kwargs=ON_PRACTICE)
        for kind in ("offer", "need")
    },
    "cityshare:matching": lead(kwargs=CYCLE),
    "cityshare:matching-state": lead(kwargs=CYCLE),
    "cityshare:matching-release": post(lead, 409, kwargs=MATCHING),
    "cityshare:matching-discard": post(lead, 409, kwargs=MATCHING),
    "cityshare:matching-retry": post(lead, 409, kwargs=MATCHING),
    "cityshare:proposal-create": lead(kwargs=CYCLE),
    "cityshare:proposal": in_cycle(kwargs=PROPOSAL),
    "cityshare:proposal-accept": post(speaker, 409, kwargs=PROPOSAL),
    "cityshare:proposal-decline": speaker(kwargs=PROPOSAL),
    "cityshare:assist-create": in_cycle(kwargs=PROPOSAL),
    "cityshare:assist-list": in_cycle(kwargs=CYCLE),
    "cityshare:assist": in_cycle(kwargs=ASSIST),
    "cityshare:assist-edit": in_cycle(kwargs=ASSIST),
    "cityshare:assist-calendar": in_cycle(kwargs=ASSIST),
    "cityshare:assist-notes": in_cycle(kwargs=ASSIST),
    "cityshare:assist-held": post(in_cycle, 409, kwargs=ASSIST),
    "cityshare:assist-call-off": in_cycle(kwargs=ASSIST),
    "cityshare:assist-thank": speaker(kwargs=ASSIST),
    # CityShare: what is talked about, what others see in a city, how raters agree
    "cityshare:moderation": in_cycle(kwargs=CYCLE),
    "cityshare:moderation-open": post(lead, 409, kwargs=CYCLE),
    "cityshare:moderation-call": leads(kwargs=OWN_CITY),
    "cityshare:moderate": in_cycle(kwargs=TALK),
    "cityshare:moderate-names": post(lead, 200, kwargs=TALK),
    "cityshare:moderate-reopen": post(lead, 409, kwargs=TALK),
    "cityshare:moderate-target": post(speaker, 200, kwargs=TALK),
    "cityshare:results": member(kwargs=OWN_CITY),
    "cityshare:comment-mark": post(member, 302, kwargs=COMMENT),
    "cityshare:comment-report": post(member, 302, kwargs=COMMENT),
    "cityshare:comments": leads(kwargs=CYCLE),
    "cityshare:comment-hold": leads(kwargs=HEARD),
    "cityshare:comment-let-stand": post(leads, 302, kwargs=HEARD),
    "cityshare:agreement": leads(kwargs=CYCLE),
    "cityshare:feedback": member(kwargs=CYCLE),
    # CityShare: the pictures that everybody compares by
    "cityshare:team": in_cycle(kwargs=CITY),
    "cityshare:river": in_cycle(kwargs=CYCLE),
    "cityshare:river-show": in_cycle(kwargs=CYCLE),
    "cityshare:river-drawing": in_cycle(kwargs=CYCLE),
    "cityshare:river-order": post(in_cycle, 302, kwargs={**CYCLE, "form": "pdf"}),
    "cityshare:stairs": in_cycle(kwargs=CYCLE),
    "cityshare:stairs-practice": in_cycle(kwargs=ON_PRACTICE),
    "cityshare:stairs-show": in_cycle(kwargs=ON_PRACTICE),
    "cityshare:stairs-drawing": in_cycle(kwargs=ON_PRACTICE),
    "cityshare:stairs-order": post(in_cycle, 302, kwargs={**ON_PRACTICE, "form": "png"}),
    "cityshare:picture": member(kwargs={**CYCLE, "pk": "picture.pk"}),
    "cityshare:picture-file": member(302, kwargs={**CYCLE, "pk": "picture.pk"}),
    # CityShare: the library, and what is written for it
    "cityshare:library": only("seated", "coordinator", "facilitator", others=403),
    "cityshare:asset-create": in_cycle(kwargs=CYCLE),
    "cityshare:asset": in_cycle(kwargs=ASSET),
    "cityshare:asset-edit": in_cycle(kwargs=ASSET),
    "cityshare:asset-join": post(speaker, 302, kwargs={"pk": "invited.pk"}),
    "cityshare:asset-decline": post(speaker, 302, kwargs={"pk": "invited.pk"}),
    "cityshare:asset-uninvite": post(in_cycle, 302, kwargs={**ASSET, "part": "invitation.pk"}),
    "cityshare:asset-hand-in": post(in_cycle, 409, kwargs=ASSET),
    "cityshare:asset-take-back": post(in_cycle, 409, kwargs=ASSET),
    "cityshare:asset-still-holds": post(in_cycle, 409, kwargs=ASSET),
    "cityshare:asset-withdraw": in_cycle(kwargs=ASSET),
    "cityshare:asset-validate": speaker(kwargs={"pk": "waiting.pk"}),
    "cityshare:asset-use": speaker(kwargs={"pk": "shelved.pk"}),
    "cityshare:story-create": in_cycle(kwargs=ASSET),
    "cityshare:story-edit": in_cycle(kwargs={**ASSET, "part": "story.pk"}),
    "cityshare:story-delete": post(in_cycle, 302, kwargs={**ASSET, "part": "story.pk"}),
    "cityshare:principle-create": in_cycle(kwargs=ASSET),
    "cityshare:principle-edit": in_cycle(kwargs={**ASSET, "part": "principle.pk"}),
    "cityshare:principle-delete": post(in_cycle, 302, kwargs={**ASSET, "part": "principle.pk"}),
    # CityShare: the whole cycle
    "cityshare:cohort": leads(kwargs=CYCLE),
    "cityshare:cohort-takeout": leads(kwargs=CYCLE),
}
