"""The figures of a period for each plan: what the whole province comes to.

    found = figures(ground, [PlanKind.STRUCTURE], cadres_ever, terms)
    found[PlanKind.STRUCTURE][0].shown      -> "140 người"

One function a plan, and the list of them at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from review import (
    attention,
    awards,
    criticism,
    effect,
    forecast,
    inspection,
    movements,
    rotation,
    self_training,
    structure,
    succession,
    training,
    workplan,
)
from review.cadres import Cadre
from review.evidence import Measure, months_after
from review.ground import MOST_SHOWN, Ground
from review.period import Period
from review.plans import PlanKind
from review.proposals_training import training_needs

YEARS_SEEN = 36  # months of the past in which attrition is counted


@dataclass(frozen=True, slots=True)
class View:
    """The ground with what only the forecasts need: everyone who ever served, and the terms."""

    ground: Ground
    ever: Sequence[Cadre]
    terms: Sequence[Period]


def figures(
    ground: Ground, kinds: Iterable[PlanKind], ever: Sequence[Cadre], terms: Sequence[Period]
) -> dict[PlanKind, list[Measure]]:
    view = View(ground, ever, terms)
    return {kind: [_trimmed(one) for one in FIGURES[kind](view)] for kind in kinds}


def _trimmed(measure: Measure) -> Measure:
    if len(measure.evidence) <= MOST_SHOWN:
        return measure
    more = f" Nêu {MOST_SHOWN} trong {len(measure.evidence)} trường hợp."
    return replace(measure, says=measure.says + more, evidence=measure.evidence[:MOST_SHOWN])


def _training(view: View) -> list[Measure]:
    ground, rules = view.ground, view.ground.rules.training
    told, start, on = ground.told, ground.period.start, ground.on
    needs = tuple(training_needs(ground))
    asked = [c for c in ground.serving if told.tells(c.unit, "training")]
    found = [*training.measures_of(asked, told.lessons, rules, start, on, needs)] if asked else []
    found.append(
        Measure("NHU_CAU", "Nhu cầu đào tạo, bồi dưỡng", len(needs), "nhu cầu",
                f"{len(needs)} nhu cầu của {len({n.cadre for n in needs})} người.",
                tuple(piece for need in needs for piece in need.why[:1]))
    )  # fmt: skip
    for text in ground.rules.texts:
        if asked and text.since <= on:
            found.append(training.updated_in_time(asked, told.readings, text, rules, on))
    return found


def _structure(view: View) -> list[Measure]:
    ground = view.ground
    tally = structure.structure_of(ground.serving, ground.on, ground.rules.structure)
    wrong = structure.mismatches(ground.serving, ground.rules.structure)
    found = [*structure.measures_of(tally, ground.rules.structure)]
    found.append(
        Measure("BO_TRI", "Người chưa đáp ứng yêu cầu vị trí", len(wrong), "người",
                f"{len(wrong)} trên {tally.persons} người.", alarm=bool(wrong))
    )  # fmt: skip
    if ground.told.establishments:
        found.append(structure.vacancies(ground.told.establishments))
    return [*found, *_forecast(view)]


def horizons_of(view: View) -> tuple[forecast.Horizon, ...]:
    ground = view.ground
    seen = _exits(view)
    rules, table = ground.rules.forecast, ground.retirement
    return forecast.forecast(ground.serving, ground.on, rules, table, seen, ground.told.moves)


def _exits(view: View) -> forecast.Exits:
    ground = view.ground
    since = months_after(ground.on + timedelta(days=1), -YEARS_SEEN)
    return forecast.exits_seen(view.ever, since, ground.on, ground.retirement)


def _forecast(view: View) -> list[Measure]:
    ground, rules = view.ground, view.ground.rules.forecast
    demand = forecast.demand_by_term(ground.serving, ground.retirement, rules, view.terms)
    horizons = forecast.measures_of(horizons_of(view))
    return [forecast.attrition(_exits(view)), *horizons, *demand]


def _succession(view: View) -> list[Measure]:
    ground, rules = view.ground, view.ground.rules
    posts = succession.posts_of(ground.serving, rules.forecast.key_roles)
    told, table = ground.told.candidates, ground.retirement
    return list(
        succession.measures_of(posts, told, ground.on, rules.succession, rules.structure, table)
    )


def _sources(view: View) -> list[Measure]:
    rules = view.ground.rules.succession
    vacant = next((h.leaving for h in horizons_of(view) if h.months == rules.source_months), None)
    sources = view.ground.told.sources
    found = [succession.conversion(sources)]
    return found if vacant is None else [succession.pipeline(sources, vacant, rules), *found]


def _inspection(view: View) -> list[Measure]:
    ground, rules = view.ground, view.ground.rules.oversight
    told, asked = ground.told, [c for c in ground.serving if ground.told.tells(c.unit, "meetings")]
    met = criticism.measures_of(told.meetings, len(asked), ground.on, rules) if asked else ()
    return [*inspection.measures_of(told.matters, ground.on, rules), *met]


def _self_training(view: View) -> list[Measure]:
    told = view.ground.told
    asked = [c for c in view.ground.serving if told.tells(c.unit, "selfstudy")]
    return list(self_training.measures_of(asked, told.studies, view.ground.rules.oversight))


def _movements(view: View) -> list[Measure]:
    ground = view.ground
    told = ground.told
    those = told.movements, told.conferences, told.models
    return list(movements.measures_of(*those, ground.on, ground.rules.movements))


def _awards(view: View) -> list[Measure]:
    told, rules = view.ground.told, view.ground.rules.awards
    known = {(one.unit, one.code) for one in told.movements}
    return list(awards.measures_of(told.awards, view.ground.on, rules, known))


def _rotation(view: View) -> list[Measure]:
    ground = view.ground
    start, rules = ground.period.start, ground.rules.rotation
    return list(rotation.measures_of(ground.cadres, start, ground.on, rules, ground.retirement))


def _programme(view: View) -> list[Measure]:
    ground = view.ground
    told = ground.told
    programme = workplan.measures_of(ground.tasks, ground.higher, ground.rules.programme)
    cared = attention.measures_of(
        told.attention, told.setups, ground.entries, ground.rules.attention
    )
    return [*programme, *cared, *effect.measures_of(told.effects)]


FIGURES: Mapping[PlanKind, Callable[[View], list[Measure]]] = {
    PlanKind.TRAINING: _training,
    PlanKind.PROGRAMME: _programme,
    PlanKind.STRUCTURE: _structure,
    PlanKind.SUCCESSION: _succession,
    PlanKind.SOURCES: _sources,
    PlanKind.INSPECTION: _inspection,
    PlanKind.SELF_TRAINING: _self_training,
    PlanKind.MOVEMENTS: _movements,
    PlanKind.AWARDS: _awards,
    PlanKind.ROTATION: _rotation,
}
