"""Which forms a regulation has: in force, on trial, of units measured by quarters, raters' slips.

regulation.every_form                                   -> what a file may be filled in on
regulation.form_for("quarter", by_quarter=True)         -> that with the sheets of a score
regulation.places("month").at("work", 9, "done")        -> ("S3 Công việc – sản phẩm!I9",)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from review.check_rules import CheckRules
from review.form import DRAFT_MARK, WITH_SCORES, Form, draft_of, with_scores
from review.period import Cadence
from review.places import Places
from review.rubric import Rubric
from review.slip_form import SLIP, slip_of


class FormsInForce:
    """What review.regulation.Regulation knows of its forms."""

    forms: Mapping[str, Form]
    drafts: Mapping[str, Form]
    rubrics: Mapping[str, Rubric]
    checks: CheckRules

    @cached_property
    def trial_forms(self) -> Mapping[str, Form]:
        """By cadence, the form on trial: the draft there is of it, else the one in force."""
        tried = {**self.forms, **self.drafts}
        return {c: replace(draft_of(form), rules=self.checks) for c, form in tried.items()}

    @cached_property
    def every_form(self) -> Mapping[str, Form]:
        """What a file may be filled in on: the forms in force, by cadence, then those on trial."""
        trials = {f"{c}{DRAFT_MARK}": form for c, form in self.trial_forms.items()}
        scored = {WITH_SCORES: self.scored_quarter} if self.scored_quarter else {}
        slips = {SLIP: self.slip} if self.slip else {}
        return {**self.forms, **trials, **scored, **slips}

    @cached_property
    def slip(self) -> Form | None:
        """On which a rater marks the general criteria alone."""
        month = self.forms.get(Cadence.MONTH)
        return slip_of(month, self.general.sheet) if month else None

    @cached_property
    def slip_places(self) -> Places:
        return Places(self.slip)

    @cached_property
    def scored_quarter(self) -> Form | None:
        """The quarter's form of a unit measured by quarters (Decree 335/2025: monthly or
        quarterly)."""
        quarter, month = self.forms.get(Cadence.QUARTER), self.forms.get(Cadence.MONTH)
        return with_scores(quarter, month) if quarter and month else None

    def form_for(self, cadence: str, *, by_quarter: bool = False) -> Form | None:
        """The form of a period; that with the score's sheets for a unit measured by quarters."""
        if cadence == Cadence.QUARTER and by_quarter:
            return self.scored_quarter
        return self.forms.get(cadence)

    @cached_property
    def _places(self) -> Mapping[str, Places]:
        forms = dict(self.forms)
        if self.scored_quarter:  # the quarter's other form has fewer of the same sheets
            forms[Cadence.QUARTER] = self.scored_quarter
        return {cadence: Places(form) for cadence, form in forms.items()}

    def places(self, cadence: str) -> Places:
        """Where the figures of that cadence's form stand."""
        return self._places.get(cadence) or Places(None)

    @property
    def general(self) -> Rubric:
        """The general criteria of form 01."""
        return self.rubrics["month"]
