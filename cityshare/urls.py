"""The addresses of CityShare, by what they are about."""

from __future__ import annotations

from django.urls import URLPattern, path

from cityshare.models import Principle, Story
from cityshare.views import (
    agreement,
    assessment,
    asset,
    assist,
    calibration,
    cohort,
    conflict,
    cycle,
    discussion,
    draw,
    evidence,
    framework,
    library,
    market,
    moderation,
    pairs,
    pictures,
    practice,
    proposal,
    rating,
    results,
    team,
    vote,
)

app_name = "cityshare"

CYCLE = "cityshare/<uuid:cycle>/"

# The common framework, and the portal's own page of CityShare.
SHEET = "cityshare/frameworks/<uuid:pk>/"
PRACTICE = f"{SHEET}practices/<int:practice>/"
INVENTED = f"{SHEET}invented/<uuid:dossier>/"
VOTE = f"{SHEET}votes/<uuid:vote>/"
FRAMEWORK: list[URLPattern] = [
    path("cityshare/frameworks/", framework.list_, name="framework-list"),
    path("cityshare/frameworks/new/", framework.create, name="framework-create"),
    path("cityshare/frameworks/import/", framework.import_, name="framework-import"),
    path(SHEET, framework.page, name="framework"),
    path(f"{SHEET}edit/", framework.edit, name="framework-edit"),
    path(f"{SHEET}freeze/", framework.freeze, name="framework-freeze"),
    path(f"{SHEET}copy/", framework.copy, name="framework-copy"),
    path(f"{SHEET}discard/", framework.discard, name="framework-discard"),
    path(f"{SHEET}export/", framework.export, name="framework-export"),
    path(f"{SHEET}booklet/", framework.booklet, name="framework-booklet"),
    path(f"{SHEET}booklet/order/", framework.booklet_order, name="framework-booklet-order"),
    path(f"{SHEET}practices/new/", practice.create, name="practice-create"),
    path(PRACTICE, practice.edit, name="practice-edit"),
    path(f"{PRACTICE}move/", practice.move, name="practice-move"),
    path(f"{PRACTICE}remove/", practice.remove, name="practice-remove"),
    path(f"{SHEET}invented/new/", practice.dossier_create, name="dossier-create"),
    path(INVENTED, practice.dossier_edit, name="dossier-edit"),
    path(f"{INVENTED}remove/", practice.dossier_remove, name="dossier-remove"),
    path(f"{INVENTED}cases/new/", practice.case_create, name="case-create"),
    path(f"{INVENTED}cases/<int:case>/", practice.case_edit, name="case-edit"),
    path(f"{INVENTED}cases/<int:case>/remove/", practice.case_remove, name="case-remove"),
    path(f"{SHEET}votes/new/", vote.create, name="vote-create"),
    path(VOTE, vote.page, name="vote"),
    path(f"{VOTE}answer/", vote.answer, name="vote-answer"),
    path(f"{VOTE}edit/", vote.edit, name="vote-edit"),
    path(f"{VOTE}close/", vote.close, name="vote-close"),
]

# The cycle, its cities and stages.
CITY = f"{CYCLE}cities/<uuid:team>/"
CYCLES: list[URLPattern] = [
    path("cityshare/", cycle.home, name="home"),
    path("cityshare/begin/<slug:slug>/", cycle.create, name="cycle-create"),
    path(CYCLE, cycle.page, name="cycle"),
    path(f"{CYCLE}settings/", cycle.edit, name="cycle-edit"),
    path(f"{CYCLE}move-on/", cycle.move_on, name="cycle-move-on"),
    path(f"{CYCLE}cities/", team.list_, name="team-list"),
    path(f"{CYCLE}cities/make/", team.make, name="team-make"),
    path(f"{CITY}people/", team.people, name="team-people"),
    path(f"{CITY}people/<uuid:pk>/remove/", team.remove_member, name="member-remove"),
    path(f"{CITY}people/<uuid:pk>/speaks/", team.hand_on, name="member-speaks"),
    path(f"{CITY}about/", team.edit, name="team-edit"),
    path(f"{CITY}remove/", team.remove, name="team-remove"),
]

# A city's own view.
ASSESS = f"{CYCLE}assess/"
PRACTICE = f"{ASSESS}practices/<slug:code>/"
ASSESSMENT: list[URLPattern] = [
    path(ASSESS, assessment.assess, name="assess"),
    path(f"{ASSESS}who/", assessment.assess_who, name="assess-who"),
    path(f"{ASSESS}submit/", assessment.assess_submit, name="assess-submit"),
    path(f"{ASSESS}paper/<slug:sheet>/", assessment.paper, name="assess-paper"),
    path(f"{ASSESS}paper/<slug:sheet>/order/", assessment.paper_order, name="assess-paper-order"),
    path(f"{ASSESS}cities/", assessment.assess_list, name="assess-list"),
    path(f"{ASSESS}cities/<uuid:team>/", assessment.assess_team, name="assess-team"),
    path(PRACTICE, assessment.practice, name="assess-practice"),
    path(f"{PRACTICE}autosave/", assessment.practice_autosave, name="assess-practice-autosave"),
    path(f"{PRACTICE}evidence/", evidence.evidence_add, name="evidence-add"),
    path(f"{PRACTICE}discuss/", discussion.discuss, name="discuss"),
    path(f"{PRACTICE}discuss/say/", discussion.discuss_say, name="discuss-say"),
    path(f"{PRACTICE}discuss/anew/", discussion.discuss_anew, name="discuss-anew"),
    path("cityshare/evidence/<uuid:pk>/", evidence.evidence_file, name="evidence-file"),
    path("cityshare/evidence/<uuid:pk>/delete/", evidence.evidence_delete, name="evidence-delete"),
]

# Who rates whom.
DRAWN = f"{CYCLE}draw/<uuid:pk>/"
PLACE = f"{CYCLE}draw/places/<uuid:pk>/"
ALLOCATION: list[URLPattern] = [
    path(f"{CYCLE}draw/", draw.draw, name="draw"),
    path(f"{CYCLE}draw/state/", draw.draw_state, name="draw-state"),
    path(f"{DRAWN}release/", draw.draw_release, name="draw-release"),
    path(f"{DRAWN}retry/", draw.draw_retry, name="draw-retry"),
    path(PLACE, draw.assignment_swap, name="assignment-swap"),
    path(f"{PLACE}entrust/", draw.assignment_entrust, name="assignment-entrust"),
    path(f"{PLACE}void/", draw.assignment_void, name="assignment-void"),
    path(f"{PLACE}restore/", draw.assignment_restore, name="assignment-restore"),
    path(f"{CYCLE}draw/add/<uuid:team>/", draw.assignment_add, name="assignment-add"),
    path(f"{CYCLE}conflicts/", conflict.conflicts, name="conflicts"),
    path(f"{CYCLE}conflicts/said/", conflict.conflicts_said, name="conflicts-said"),
    path(
        f"{CYCLE}conflicts/<uuid:pk>/take-back/",
        conflict.conflict_take_back,
        name="conflict-take-back",
    ),
]

# Calibration and peer rating.
ONE = f"{CYCLE}rating/<uuid:pk>/"
RATING: list[URLPattern] = [
    path(f"{CYCLE}invented/", calibration.calibrate, name="calibrate"),
    path(f"{CYCLE}invented/<int:number>/", calibration.calibrate_city, name="calibrate-city"),
    path(f"{CYCLE}rating/", rating.rating, name="rating"),
    path(ONE, rating.rate, name="rate"),
    path(f"{ONE}lock/", rating.rate_lock, name="rate-lock"),
    path(f"{ONE}finish/", rating.rate_finish, name="rate-finish"),
    path(f"{ONE}entrust/", rating.rate_entrust, name="rate-entrust"),
    path(f"{ONE}practices/<slug:code>/", rating.rate_practice, name="rate-practice"),
]

# Flags, moderation, agreement.
TALK = f"{CYCLE}moderation/<uuid:pk>/"
WRITTEN = f"{CYCLE}moderation/comments/<int:pk>/"
HEARD = f"{CYCLE}results/<uuid:team>/<slug:token>/"
MODERATION: list[URLPattern] = [
    path(f"{CYCLE}moderation/", moderation.overview, name="moderation"),
    path(f"{CYCLE}moderation/open/", moderation.open_flagged, name="moderation-open"),
    path(f"{CYCLE}moderation/call/<uuid:team>/", moderation.call, name="moderation-call"),
    path(TALK, moderation.moderate, name="moderate"),
    path(f"{TALK}names/", moderation.name_raters, name="moderate-names"),
    path(f"{TALK}again/", moderation.reopen, name="moderate-reopen"),
    path(f"{TALK}target/", moderation.look_at_target, name="moderate-target"),
    path(f"{CYCLE}results/<uuid:team>/", results.results, name="results"),
    path(f"{HEARD}mark/", results.comment_mark, name="comment-mark"),
    path(f"{HEARD}report/", results.comment_report, name="comment-report"),
    path(f"{CYCLE}moderation/comments/", results.comments, name="comments"),
    path(f"{WRITTEN}hold/", results.comment_hold, name="comment-hold"),
    path(f"{WRITTEN}let/", results.comment_let_stand, name="comment-let-stand"),
    path(f"{CYCLE}agreement/", agreement.agreement, name="agreement"),
    path(f"{CYCLE}feedback/", agreement.feedback, name="feedback"),
]

# River, stairs, cities side by side.
STAIRS = f"{CYCLE}stairs/<slug:code>/"
TAKEN = f"{CYCLE}pictures/<uuid:pk>/"
PICTURES: list[URLPattern] = [
    path(f"{CYCLE}cities/<uuid:team>/", pictures.team, name="team"),
    path(f"{CYCLE}river/", pictures.river, name="river"),
    path(f"{CYCLE}river/large/", pictures.river_show, name="river-show"),
    path(f"{CYCLE}river/drawing/", pictures.river_drawing, name="river-drawing"),
    path(f"{CYCLE}river/order/<slug:form>/", pictures.river_order, name="river-order"),
    path(f"{CYCLE}stairs/", pictures.stairs, name="stairs"),
    path(STAIRS, pictures.stairs_practice, name="stairs-practice"),
    path(f"{STAIRS}large/", pictures.stairs_show, name="stairs-show"),
    path(f"{STAIRS}drawing/", pictures.stairs_drawing, name="stairs-drawing"),
    path(f"{STAIRS}order/<slug:form>/", pictures.stairs_order, name="stairs-order"),
    path(TAKEN, pictures.picture, name="picture"),
    path(f"{TAKEN}file/", pictures.picture_file, name="picture-file"),
]

# Offers, needs, who helps whom, peer assists.
HELP = f"{CYCLE}market/proposals/<uuid:pk>/"
MEETING = f"{CYCLE}assists/<uuid:pk>/"
SAID = [
    ("create", "", market.said_create),
    ("edit", "<slug:code>/", market.said_edit),
    ("answer", "<slug:code>/answer/", market.answer),
]
MARKET: list[URLPattern] = [
    path(f"{CYCLE}market/", market.market, name="market"),
    *(
        path(f"{CYCLE}market/{name}s/{rest}", view, {"kind": kind}, name=f"{name}-{verb}")
        for name, kind in market.KINDS.items()
        for verb, rest, view in SAID
    ),
    path(f"{CYCLE}matching/", pairs.matching, name="matching"),
    path(f"{CYCLE}matching/state/", pairs.matching_state, name="matching-state"),
    path(f"{CYCLE}matching/<uuid:pk>/show/", pairs.matching_release, name="matching-release"),
    path(f"{CYCLE}matching/<uuid:pk>/discard/", pairs.matching_discard, name="matching-discard"),
    path(f"{CYCLE}matching/<uuid:pk>/retry/", pairs.matching_retry, name="matching-retry"),
    path(f"{CYCLE}matching/pair/", pairs.proposal_create, name="proposal-create"),
    path(HELP, proposal.proposal, name="proposal"),
    path(f"{HELP}accept/", proposal.proposal_accept, name="proposal-accept"),
    path(f"{HELP}decline/", proposal.proposal_decline, name="proposal-decline"),
    path(f"{HELP}assist/", assist.assist_create, name="assist-create"),
    path(f"{CYCLE}assists/", assist.assist_list, name="assist-list"),
    path(MEETING, assist.assist, name="assist"),
    path(f"{MEETING}plan/", assist.assist_edit, name="assist-edit"),
    path(f"{MEETING}assist.ics", assist.assist_calendar, name="assist-calendar"),
    path(f"{MEETING}notes/", assist.assist_notes, name="assist-notes"),
    path(f"{MEETING}held/", assist.assist_held, name="assist-held"),
    path(f"{MEETING}call-off/", assist.assist_call_off, name="assist-call-off"),
    path(f"{MEETING}thanks/", assist.assist_thank, name="assist-thank"),
]

# The library of what was learned.
ASSET = "cityshare/library/<uuid:pk>/"
PART = {"story": Story, "principle": Principle}
ASSETS: list[URLPattern] = [
    path("cityshare/library/", library.library, name="library"),
    path(f"{CYCLE}assets/new/", asset.asset_create, name="asset-create"),
    path(ASSET, library.asset, name="asset"),
    path(f"{ASSET}edit/", asset.asset_edit, name="asset-edit"),
    path(f"{ASSET}join/", asset.join, name="asset-join"),
    path(f"{ASSET}decline/", asset.decline, name="asset-decline"),
    path(f"{ASSET}invitations/<uuid:part>/delete/", asset.uninvite, name="asset-uninvite"),
    path(f"{ASSET}hand-in/", asset.hand_in, name="asset-hand-in"),
    path(f"{ASSET}take-back/", asset.take_back, name="asset-take-back"),
    path(f"{ASSET}still-holds/", asset.still_holds, name="asset-still-holds"),
    path(f"{ASSET}withdraw/", asset.withdraw, name="asset-withdraw"),
    path(f"{ASSET}validate/", library.asset_validate, name="asset-validate"),
    path(f"{ASSET}use/", library.asset_use, name="asset-use"),
    path(f"{ASSET}stories/new/", asset.story_create, name="story-create"),
    path(f"{ASSET}stories/<uuid:part>/", asset.story_edit, name="story-edit"),
    path(f"{ASSET}principles/new/", asset.principle_create, name="principle-create"),
    path(f"{ASSET}principles/<uuid:part>/", asset.principle_edit, name="principle-edit"),
    *(
        path(
            f"{ASSET}{name}/<uuid:part>/delete/",
            asset.strike,
            {"model": model},
            name=f"{name}-delete",
        )
        for name, model in PART.items()
    ),
]

# Where the cycle stands, and everything to take home.
COHORT: list[URLPattern] = [
    path(f"{CYCLE}cohort/", cohort.cohort, name="cohort"),
    path(f"{CYCLE}cohort/take-out/", cohort.takeout, name="cohort-takeout"),
]

urlpatterns = [
    *FRAMEWORK,
    *CYCLES,
    *ASSESSMENT,
    *ALLOCATION,
    *RATING,
    *MODERATION,
    *PICTURES,
    *MARKET,
    *ASSETS,
    *COHORT,
]
