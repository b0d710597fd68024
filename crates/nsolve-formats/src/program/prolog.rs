//! Writes pure Prolog.

use std::fmt::Write as _;

use nsolve_il::program::{
    ArithmeticOp, Atom, CONS, Comparison, Features, Head, Literal, Meaning, NIL, Problem, Rule,
    Sign, Term, Value, features,
};

use super::names::{PredicateNames, Variables, Words, clean, is_plain};
use super::solve::{Keep, solve_goal, solve_rule};
use super::{refuse, unsupported};
use crate::FormatError;
use crate::names::comment;

const FORMAT: &str = "Prolog";

/// Names of predicates that Prolog systems have for themselves: those of ISO
/// and of SWI-Prolog 9, ascending. A program's predicates never get one of
/// these, so no text that we write can call `shell/1`.
const WORDS: &str = include_str!("prolog_words.txt");

/// Writes a program as pure Prolog: stratified rules without side effects, with
/// arithmetic by `is`. A comparison follows the standard order of terms, which
/// is ours. `tabled` adds a directive for tabling, which SWI-Prolog and XSB
/// have, so that left recursion comes to an end. Rules that take terms apart
/// which only running forward would have bounded may run for ever all the same.
///
/// # Errors
/// [`FormatError::Unsupported`] for all that has no meaning in Prolog:
/// unstratified negation, aggregates, choices, disjunctions, constraints, costs,
/// `#inf` and `#sup`, and stated negation except in the open world, where it is a
/// predicate of its own.
pub fn write_prolog(problem: &Problem, tabled: bool) -> Result<String, FormatError> {
    let mut supported =
        Features::NEGATION | Features::ARITHMETIC | Features::EQUALITY | Features::FUNCTIONS;
    if problem.meaning == Meaning::OpenWorld {
        supported |= Features::OPEN_WORLD | Features::STATED_NEGATION;
    }
    refuse(FORMAT, features(problem).difference(supported))?;
    let words = Words::of(&problem.rules, &problem.goal);
    if words.bounds {
        return Err(unsupported(FORMAT, ["#inf and #sup"]));
    }
    if words.functions.iter().any(|(arity, _)| *arity == 0) {
        return Err(unsupported(FORMAT, ["functions without arguments"]));
    }
    let stays = |name: &str| is_plain(name) && !WORDS.lines().any(|w| w == name);
    let prefixed = |name: &str| format!("p_{}", clean(name));
    let mut writer = Writer {
        predicates: PredicateNames::new(problem, false, stays, prefixed, "answer"),
        out: String::new(),
    };
    writer.preamble(problem, tabled);
    // Systems want the clauses of a predicate to stand together.
    let mut by_head: Vec<Vec<&Rule>> = vec![Vec::new(); problem.predicates.len()];
    for rule in &problem.rules {
        if let Head::Atom(atom) = &rule.head
            && let Some(list) = by_head.get_mut(atom.predicate.index())
        {
            list.push(rule);
        }
    }
    for rule in by_head.into_iter().flatten() {
        writer.clause(rule)?;
    }
    if let Some(goal) = &problem.goal {
        let (rule, _) = solve_goal(goal, Keep::Nothing).ok_or_else(unsafe_rule)?;
        let body = writer.body(&rule);
        let _ = writeln!(writer.out, "\n?- {body}.");
    }
    Ok(writer.out)
}

fn unsafe_rule() -> FormatError {
    unsupported(FORMAT, ["rules that are not safe"])
}

struct Writer {
    predicates: PredicateNames,
    out: String,
}

impl Writer {
    fn preamble(&mut self, problem: &Problem, tabled: bool) {
        self.out.push_str(match (problem.meaning, tabled) {
            (Meaning::StableModels, true) => {
                "% Meaning: the program's one model, top-down with tabling.\n"
            }
            (Meaning::StableModels, false) => {
                "% Meaning: the program's one model, top-down; a rule that calls itself first may\n\
                 % run for ever.\n"
            }
            (Meaning::OpenWorld, _) => {
                "% Meaning: what facts and rules derive. neg_p stands for what is stated to be\n\
                 % false; that an atom fails does not make it false.\n"
            }
        });
        self.out.push_str(
            "% Integers have no bound here; they have 64 bits where this comes from.\n\n",
        );
        let mut defined = vec![false; problem.predicates.len()];
        let mut derived = defined.clone();
        for rule in &problem.rules {
            for atom in rule.head.atoms() {
                let mark = |list: &mut Vec<bool>| {
                    if let Some(slot) = list.get_mut(atom.predicate.index()) {
                        *slot = true;
                    }
                };
                mark(&mut defined);
                if !rule.body.is_empty() {
                    mark(&mut derived);
                }
            }
        }
        for (i, predicate) in problem.predicates.iter().enumerate() {
            let id = nsolve_il::program::PredicateId(i as u32);
            let is = |list: &[bool]| list.get(i).copied().unwrap_or(false);
            let word = match (is(&defined), is(&derived)) {
                (false, _) => "dynamic",
                (_, true) if tabled => "table",
                _ => continue,
            };
            let (name, arity) = (self.predicates.written(id), predicate.arity);
            let _ = writeln!(self.out, ":- {word} {name}/{arity}.");
        }
    }

    fn clause(&mut self, rule: &Rule) -> Result<(), FormatError> {
        if let Some(sentence) = &rule.sentence {
            let _ = writeln!(self.out, "% {}", comment(sentence));
        }
        let solved = solve_rule(rule, Keep::Nothing).ok_or_else(unsafe_rule)?;
        let Head::Atom(head) = &solved.head else {
            return Ok(());
        };
        let body = self.body(&solved);
        let head = self.atom(head, &Variables::new(&solved.variables));
        let _ = match solved.body.is_empty() {
            true => writeln!(self.out, "{head}."),
            false => writeln!(self.out, "{head} :- {body}."),
        };
        Ok(())
    }

    fn body(&self, rule: &Rule) -> String {
        let mut line = Line {
            writer: self,
            names: Variables::new(&rule.variables),
            bound: vec![false; rule.variables.len()],
            goals: Vec::new(),
        };
        for literal in &rule.body {
            line.literal(literal);
        }
        match line.goals.is_empty() {
            true => "true".to_owned(),
            false => line.goals.join(", "),
        }
    }

    fn atom(&self, atom: &Atom, names: &Variables) -> String {
        let args: Vec<String> = atom.arguments.iter().map(|t| term(t, names)).collect();
        applied(self.predicates.written(atom.predicate), &args)
    }
}

/// One clause's body as goals, in order.
struct Line<'w> {
    writer: &'w Writer,
    names: Variables,
    bound: Vec<bool>,
    goals: Vec<String>,
}

impl Line<'_> {
    fn is_known(&self, term: &Term) -> bool {
        let mut known = true;
        term.each_variable(&mut |v| known &= self.bound.get(v.index()).copied().unwrap_or(false));
        known
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Atom(sign, atom) => {
                let not = if *sign == Sign::Not { "\\+ " } else { "" };
                let atom = self.writer.atom(atom, &self.names);
                self.goals.push(format!("{not}{atom}"));
            }
            Literal::Compare(Comparison::Equal, a, b) => match (self.is_known(a), b) {
                (false, Term::Arithmetic(..)) if matches!(a, Term::Variable(_)) => {
                    let b = self.expression(b);
                    let a = term(a, &self.names);
                    self.goals.push(format!("{a} is {b}"));
                }
                (known, _) => {
                    let sign = if known && self.is_known(b) { "==" } else { "=" };
                    let (a, b) = (self.evaluated(a), self.evaluated(b));
                    self.goals.push(format!("{a} {sign} {b}"));
                }
            },
            Literal::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Equal => "==",
                    Comparison::NotEqual => "\\==",
                    Comparison::Less => "@<",
                    Comparison::LessOrEqual => "@=<",
                    Comparison::Greater => "@>",
                    Comparison::GreaterOrEqual => "@>=",
                };
                let (a, b) = (self.evaluated(a), self.evaluated(b));
                self.goals.push(format!("{a} {sign} {b}"));
            }
            Literal::Range(t, low, high) => {
                let (low, high) = (self.integer(low), self.integer(high));
                let t = match self.is_known(t) {
                    true => self.integer(t),
                    false => term(t, &self.names),
                };
                self.goals.push(format!("between({low}, {high}, {t})"));
            }
            // Aggregates are refused before.
            Literal::Aggregate(..) => {}
        }
        literal.each_term(&mut |t| {
            if let Term::Variable(v) = t
                && let Some(slot) = self.bound.get_mut(v.index())
            {
                *slot = true;
            }
        });
    }

    /// A term, or a variable for what its arithmetic comes to.
    fn evaluated(&mut self, t: &Term) -> String {
        match t {
            Term::Arithmetic(..) => {
                let expression = self.expression(t);
                let z = self.names.fresh();
                self.goals.push(format!("{z} is {expression}"));
                z
            }
            _ => term(t, &self.names),
        }
    }

    /// The same for what must be an integer; otherwise the clause fails.
    fn integer(&mut self, t: &Term) -> String {
        let out = self.evaluated(t);
        if !matches!(t, Term::Arithmetic(..) | Term::Value(Value::Int(_))) {
            self.goals.push(format!("integer({out})"));
        }
        out
    }

    /// Arithmetic, behind goals that fail where it is undefined.
    fn expression(&mut self, t: &Term) -> String {
        let Term::Arithmetic(op, args) = t else {
            return match t {
                Term::Value(Value::Int(n)) if *n < 0 => format!("({n})"),
                _ => self.integer(t),
            };
        };
        let args: Vec<String> = args.iter().map(|a| self.expression(a)).collect();
        let (a, b) = match args.as_slice() {
            [a, b] => (a.as_str(), b.as_str()),
            [a] => (a.as_str(), ""),
            _ => return String::new(),
        };
        let sign = match op {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
            ArithmeticOp::Divide => "//",
            ArithmeticOp::Remainder => "rem",
            ArithmeticOp::Modulo => "mod",
            ArithmeticOp::Power => "^",
            ArithmeticOp::Negate => return format!("(0-{a})"),
            ArithmeticOp::Absolute => return format!("abs({a})"),
        };
        match op {
            ArithmeticOp::Divide | ArithmeticOp::Remainder | ArithmeticOp::Modulo
                if !b.parse::<i64>().is_ok_and(|n| n != 0) =>
            {
                self.goals.push(format!("{b} =\\= 0"));
            }
            ArithmeticOp::Power if b.parse::<u64>().is_err() => {
                self.goals.push(format!("{b} >= 0"));
            }
            _ => {}
        }
        format!("({a} {sign} {b})")
    }
}

fn applied(name: &str, args: &[String]) -> String {
    match args.is_empty() {
        true => name.to_owned(),
        false => format!("{name}({})", args.join(",")),
    }
}

fn term(t: &Term, names: &Variables) -> String {
    match t {
        Term::Variable(v) => names.name(*v).to_owned(),
        Term::Value(value) => self::value(value),
        Term::Function(name, args) => {
            let args: Vec<String> = args.iter().map(|a| term(a, names)).collect();
            function(name, &args)
        }
        // Arithmetic stands in comparisons alone.
        Term::Arithmetic(..) => String::new(),
    }
}

fn value(v: &Value) -> String {
    match v {
        Value::Int(n) => n.to_string(),
        Value::Constant(name) if &**name == NIL => NIL.to_owned(),
        Value::Constant(name) => quoted_name(name),
        Value::Text(text) => quoted(text, '"'),
        Value::Function(name, args) => {
            let args: Vec<String> = args.iter().map(value).collect();
            function(name, &args)
        }
        // These are refused before.
        Value::Infimum | Value::Supremum => String::new(),
    }
}

fn function(name: &str, args: &[String]) -> String {
    match args {
        [head, tail] if name == CONS => format!("[{head}|{tail}]"),
        _ => applied(&quoted_name(name), args),
    }
}

fn quoted_name(name: &str) -> String {
    match is_plain(name) {
        true => name.to_owned(),
        false => quoted(name, '\''),
    }
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\x{:x}\\", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}
