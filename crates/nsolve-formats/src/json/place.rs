//! Places of subformulas: an item, and the way down from its formula.

use nsolve_il::fol::{Item, Problem, Query, Term, TermId, VarId};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::value::{Read, expected, field, list, text, whole};
use crate::FormatError;

/// Where every subformula of a query stands, for writing.
pub(super) struct Places<'a> {
    problem: &'a Problem,
    items: Items<'a>,
    /// For each term the item it was found in first, and the way back up.
    found: FxHashMap<TermId, (Item, Option<(TermId, u32)>)>,
}

/// A subformula with the variables that are bound around it, outermost first.
pub(super) struct Place {
    pub(super) term: TermId,
    pub(super) around: Vec<VarId>,
}

impl<'a> Places<'a> {
    pub(super) fn of(problem: &'a Problem, query: &'a Query) -> Self {
        let items = Items::of(problem, query);
        let mut found = FxHashMap::default();
        let asserted = query
            .assertions(problem)
            .map(|(item, root, _)| (item, root));
        let premises = problem.premises.iter().zip(0..);
        let premises = premises.map(|(p, i)| (Item::Premise(i), p.formula));
        for (item, root) in asserted.chain(premises) {
            let mut stack = vec![(root, None)];
            while let Some((id, up)) = stack.pop() {
                if found.contains_key(&id) {
                    continue;
                }
                found.insert(id, (item, up));
                let children = problem.terms.get(id).children();
                let numbered = children.into_iter().zip(0..);
                stack.extend(numbered.map(|(child, i)| (child, Some((id, i)))));
            }
        }
        Places {
            problem,
            items,
            found,
        }
    }

    /// `item` and `at` of a subformula, and the variables around it.
    pub(super) fn write(&self, term: TermId) -> Result<(Value, Value, Place), FormatError> {
        let mut at = Vec::new();
        let mut around = Vec::new();
        let mut here = term;
        loop {
            let (item, up) = self.found.get(&here).ok_or_else(|| {
                FormatError::foreign(format!("formula {} of the evidence", term.index()))
            })?;
            let Some((parent, child)) = up else {
                at.reverse();
                around.reverse();
                let item = self.items.write(*item)?;
                return Ok((item, json!(at), Place { term, around }));
            };
            at.push(*child);
            if let Term::Quantified(_, variables, _) = self.problem.terms.get(*parent) {
                around.extend(variables.iter().rev());
            }
            here = *parent;
        }
    }
}

impl Place {
    /// The subformula at `item` and `at` of an object.
    pub(super) fn read(problem: &Problem, items: &Items<'_>, value: &Value) -> Read<Place> {
        let item = field(value, "item", |v| items.read(v))?;
        let mut term = items.formula(item)?;
        let mut around = Vec::new();
        field(value, "at", |path| {
            for step in list(path, whole)? {
                let here = problem.terms.get(term);
                if let Term::Quantified(_, variables, _) = here {
                    around.extend(variables);
                }
                match here.children().get(step as usize) {
                    Some(&child) => term = child,
                    None => return expected("a path that the formula has"),
                }
            }
            Ok(())
        })?;
        Ok(Place { term, around })
    }

    /// How the binding calls a variable: by its name, and with its position
    /// among all variables around the place where the name alone is not enough.
    pub(super) fn key(&self, problem: &Problem, variable: VarId) -> Result<String, FormatError> {
        let name = |v: VarId| &problem.terms.variable(v).name;
        let own = name(variable);
        let position = self.around.iter().position(|&v| v == variable);
        let position = position.ok_or_else(|| {
            FormatError::foreign(format!("variable `{own}`, which nothing around binds"))
        })?;
        let same = self.around.iter().filter(|&&v| name(v) == own).count();
        Ok(match same == 1 && !own.contains('@') {
            true => own.to_string(),
            false => format!("{own}@{position}"),
        })
    }

    /// The variable that [`Place::key`] calls so.
    pub(super) fn variable(&self, problem: &Problem, key: &str) -> Read<VarId> {
        let found = match key.rsplit_once('@') {
            Some((_, position)) => {
                let position = position.parse::<usize>().ok();
                position.and_then(|p| self.around.get(p))
            }
            None => {
                let mut named = self
                    .around
                    .iter()
                    .filter(|&&v| *problem.terms.variable(v).name == *key);
                named.next().filter(|_| named.next().is_none())
            }
        };
        match found {
            Some(variable) => Ok(*variable),
            None => expected("the name of one variable that is bound around the formula"),
        }
    }
}

/// The names of a query's items.
pub(super) struct Items<'a> {
    problem: &'a Problem,
    query: &'a Query,
    positions: FxHashMap<&'a str, u32>,
}

impl<'a> Items<'a> {
    pub(super) fn of(problem: &'a Problem, query: &'a Query) -> Self {
        let named = problem.premises.iter().zip(0..);
        Items {
            problem,
            query,
            positions: named.map(|(p, i)| (&*p.name, i)).collect(),
        }
    }

    /// A premise by its name, a goal as `goal0`; a premise whose own name looks
    /// like a goal by its position.
    pub(super) fn write(&self, item: Item) -> Result<Value, FormatError> {
        match item {
            Item::Goal(i) => Ok(json!(format!("goal{i}"))),
            Item::Premise(i) => match self.problem.premises.get(i as usize) {
                Some(premise) if goal_position(&premise.name).is_some() => Ok(json!(i)),
                Some(premise) => Ok(json!(&*premise.name)),
                None => Err(FormatError::foreign(format!("premise {i}"))),
            },
        }
    }

    pub(super) fn read(&self, value: &Value) -> Read<Item> {
        let item = match value.as_str() {
            None => Item::Premise(whole(value)?),
            Some(name) => match (goal_position(name), self.positions.get(name)) {
                (Some(goal), _) => Item::Goal(goal),
                (None, Some(&premise)) => Item::Premise(premise),
                (None, None) => return Err(FormatError::foreign(format!("premise `{name}`"))),
            },
        };
        self.formula(item).map(|_| item)
    }

    /// The formula of an item.
    pub(super) fn formula(&self, item: Item) -> Read<TermId> {
        let found = match item {
            Item::Premise(i) => self.problem.premises.get(i as usize).map(|p| p.formula),
            Item::Goal(i) => self.query.goals.get(i as usize).map(|g| g.formula),
        };
        found.ok_or_else(|| FormatError::foreign(format!("{item:?}")))
    }

    /// The position of a premise by its name.
    pub(super) fn premise(&self, value: &Value) -> Read<u32> {
        let name = text(value)?;
        let found = self.positions.get(name).copied();
        found.ok_or_else(|| FormatError::foreign(format!("premise `{name}`")))
    }
}

/// The number behind `goal`, where that is all there is.
fn goal_position(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("goal")?;
    let position: u32 = digits.parse().ok()?;
    (digits == position.to_string()).then_some(position)
}
