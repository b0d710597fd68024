//! Writes the input of clingo, which is ASP-Core-2 and more.

use std::fmt::Write as _;

use nsolve_il::program::{
    Aggregate, ArithmeticOp, Atom, Cost, Goal, Guard, Head, Literal, Meaning, PredicateId, Problem,
    Query, Rule, Show, Sign, Term, Value, VarId, dependencies,
};

use super::asp_reply::AspText;
use super::names::{PredicateNames, TwoWay, Variables, Words, clean, is_plain, writes_minus};
use super::solve::{Keep, solve_goal, solve_rule};
use super::unsupported;
use crate::FormatError;
use crate::names::comment;

const FORMAT: &str = "ASP-Core-2";

/// The integers that clingo has are of 32 bits.
const MOST: i64 = i32::MAX as i64;

/// Writes a program with one question as input of clingo.
///
/// [`Query::Models`]: the whole program, what is assumed as constraints, and
/// weak constraints only where lowest costs are asked for. [`Query::Instances`]:
/// the rules that the goal rests on, and one more that gives each of its
/// instances as an atom of a predicate that the program does not have.
///
/// A name that clingo would not read as a name gets another; where the program
/// compares values, all names are replaced by their positions, since clingo
/// orders functions by the length of their names first. Under
/// [`Meaning::OpenWorld`] a stated negation is written as a predicate of its own,
/// so that it may hold together with what it denies.
///
/// # Errors
/// [`FormatError::Unsupported`] for integers beyond 32 bits, constants
/// without a name (such as the empty tuple), more than two bounds on a choice or a denied aggregate, and rules
/// that are not safe.
pub fn write_asp(problem: &Problem, query: &Query) -> Result<AspText, FormatError> {
    let (rules, goals) = parts(problem, query);
    let mut writer = Writer::new(problem, rules, goals)?;
    for rule in &writer.rules.clone() {
        writer.rule(rule)?;
    }
    match query {
        Query::Models { .. } => {
            for goal in writer.goals.clone() {
                let (constraint, _) = solve_goal(goal, Keep::Gringo).ok_or_else(unsafe_rule)?;
                writer.solved(&constraint)?;
            }
            Ok(writer.finish(None, 0))
        }
        Query::Instances { goal, .. } => {
            let (constraint, bound) = solve_goal(goal, Keep::Gringo).ok_or_else(unsafe_rule)?;
            let answered = (0..goal.variables.len() as u32).map(VarId);
            let answered = answered.filter(|v| bound.get(v.index()).copied().unwrap_or(false));
            let answered: Vec<VarId> = answered.collect();
            writer.answer(&constraint, &answered)?;
            Ok(writer.finish(Some(answered), goal.variables.len()))
        }
    }
}

/// Writes a whole program as ASP-Core-2, with its sentences as comments.
///
/// # Errors
/// As [`write_asp`].
pub fn write_asp_program(problem: &Problem) -> Result<String, FormatError> {
    let rules = problem.rules.iter().collect();
    let goals = problem.goal.iter().collect();
    let mut writer = Writer::new(problem, rules, goals)?;
    writer.out.push_str(match problem.meaning {
        Meaning::StableModels => "% Meaning: stable models.\n",
        Meaning::OpenWorld => {
            "% Meaning: what facts and rules derive. A predicate neg_p stands for what is stated\n\
             % to be false; that nothing derives an atom does not make it false.\n"
        }
    });
    for rule in &problem.rules {
        if let Some(sentence) = &rule.sentence {
            let _ = writeln!(writer.out, "% {}", comment(sentence));
        }
        writer.rule(rule)?;
    }
    if let Some(goal) = &problem.goal {
        writer.query(goal)?;
    }
    writer.show();
    Ok(writer.out)
}

fn unsafe_rule() -> FormatError {
    unsupported(FORMAT, ["rules that are not safe"])
}

/// The rules and goals that are written.
fn parts<'a>(problem: &'a Problem, query: &'a Query) -> (Vec<&'a Rule>, Vec<&'a Goal>) {
    match query {
        Query::Models {
            optimal, assuming, ..
        } => {
            let wanted = |r: &&Rule| *optimal || !matches!(r.head, Head::Cost(_));
            let rules = problem.rules.iter().filter(wanted).collect();
            (rules, assuming.iter().collect())
        }
        Query::Instances { goal, .. } => {
            let mut roots: Vec<PredicateId> = Vec::new();
            for literal in &goal.body {
                match literal {
                    Literal::Atom(_, atom) => roots.push(atom.predicate),
                    Literal::Aggregate(_, a) => {
                        let conditions = a.elements.iter().flat_map(|e| &e.condition);
                        let atoms = conditions.filter_map(Literal::as_atom);
                        roots.extend(atoms.map(|(_, atom)| atom.predicate));
                    }
                    Literal::Compare(..) | Literal::Range(..) => {}
                }
            }
            let cone = dependencies(problem).cone(roots);
            let below = |r: &&Rule| {
                let mut atoms = r.head.atoms();
                atoms.any(|a| cone.binary_search(&a.predicate).is_ok())
            };
            (problem.rules.iter().filter(below).collect(), vec![goal])
        }
    }
}

struct Writer<'a> {
    problem: &'a Problem,
    rules: Vec<&'a Rule>,
    goals: Vec<&'a Goal>,
    predicates: PredicateNames,
    words: TwoWay,
    texts: TwoWay,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(
        problem: &'a Problem,
        rules: Vec<&'a Rule>,
        goals: Vec<&'a Goal>,
    ) -> Result<Self, FormatError> {
        let words = Words::of(rules.iter().copied(), goals.iter().copied());
        if words.most > MOST || words.least < -MOST {
            return Err(unsupported(FORMAT, ["integers beyond 32 bits"]));
        }
        if words.nameless || words.functions.iter().any(|(arity, _)| *arity == 0) {
            return Err(unsupported(FORMAT, ["constants without a name"]));
        }
        let prefixed = |name: &str| format!("c_{}", clean(name));
        // Tuples keep their empty name unless all names are replaced.
        let stays = |name: &str| is_plain(name) || name.is_empty();
        let is_text = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n');
        let (names, texts) = match words.ordered && !words.keep_their_order(is_text) {
            true => (
                TwoWay::ranked(&words.names, 'c'),
                TwoWay::ranked(&words.texts, 't'),
            ),
            false => (
                TwoWay::new(&words.names, stays, prefixed),
                TwoWay::new(&words.texts, is_text, clean),
            ),
        };
        let minus = writes_minus(problem);
        let prefixed = |name: &str| format!("p_{}", clean(name));
        Ok(Writer {
            problem,
            rules,
            goals,
            predicates: PredicateNames::new(problem, minus, is_plain, prefixed, "answer"),
            words: names,
            texts,
            out: String::new(),
        })
    }

    fn finish(self, answered: Option<Vec<VarId>>, variables: usize) -> AspText {
        let answered = answered.map(|vs| vs.into_iter().map(VarId::index).collect());
        AspText {
            text: self.out,
            predicates: self.predicates,
            words: self.words,
            texts: self.texts,
            arities: self.problem.predicates.iter().map(|p| p.arity).collect(),
            answered,
            variables,
        }
    }

    fn rule(&mut self, rule: &Rule) -> Result<(), FormatError> {
        let solved = solve_rule(rule, Keep::Gringo).ok_or_else(unsafe_rule)?;
        self.solved(&solved)
    }

    fn solved(&mut self, rule: &Rule) -> Result<(), FormatError> {
        let (head, body) = {
            let line = self.line(rule);
            (line.head(&rule.head)?, line.body(&rule.body)?)
        };
        let never = matches!(rule.head, Head::Never | Head::Cost(_));
        let _ = match (&rule.head, body.is_empty()) {
            (Head::Cost(cost), _) => {
                let cost = self.line(rule).cost(cost)?;
                writeln!(self.out, ":~ {body}. {cost}")
            }
            (_, true) if !never => writeln!(self.out, "{head}."),
            (_, _) if never => writeln!(self.out, ":- {body}."),
            _ => writeln!(self.out, "{head} :- {body}."),
        };
        Ok(())
    }

    /// The rule that gives the instances of a goal.
    fn answer(&mut self, rule: &Rule, answered: &[VarId]) -> Result<(), FormatError> {
        let line = self.line(rule);
        let body = line.body(&rule.body)?;
        let names: Vec<&str> = answered.iter().map(|v| line.names.name(*v)).collect();
        let head = applied(&self.predicates.free, &names);
        let _ = match body.is_empty() {
            true => writeln!(self.out, "{head}."),
            false => writeln!(self.out, "{head} :- {body}."),
        };
        Ok(())
    }

    /// The query of a program: of one atom as ASP-Core-2 has it, else what the
    /// system must be asked.
    fn query(&mut self, goal: &Goal) -> Result<(), FormatError> {
        let (rule, _) = solve_goal(goal, Keep::Gringo).ok_or_else(unsafe_rule)?;
        let body = self.line(&rule).body(&rule.body)?;
        if let Some(sentence) = &goal.sentence {
            let _ = writeln!(self.out, "% {}", comment(sentence));
        }
        let _ = match rule.body.as_slice() {
            [Literal::Atom(Sign::Positive, _)] => writeln!(self.out, "{body}?"),
            _ => writeln!(self.out, "% Asked: {body}."),
        };
        Ok(())
    }

    fn show(&mut self) {
        let Show::Only(shown) = &self.problem.show else {
            return;
        };
        if shown.is_empty() {
            self.out.push_str("#show.\n");
        }
        for id in shown {
            let arity = self.problem.predicate(*id).map_or(0, |p| p.arity);
            let minus = self.minus(*id);
            let name = self.predicates.written(*id);
            let _ = writeln!(self.out, "#show {minus}{name}/{arity}.");
        }
    }

    fn minus(&self, id: PredicateId) -> &'static str {
        let denied = self.problem.predicate(id).is_some_and(|p| p.denied);
        match denied && writes_minus(self.problem) {
            true => "-",
            false => "",
        }
    }

    fn line(&self, rule: &Rule) -> Line<'_> {
        Line {
            writer: self,
            names: Variables::new(&rule.variables),
        }
    }
}

/// What a rule's parts are written with.
struct Line<'w> {
    writer: &'w Writer<'w>,
    names: Variables,
}

fn applied(name: &str, args: &[impl AsRef<str>]) -> String {
    let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    match args.as_slice() {
        [] => name.to_owned(),
        [one] if name.is_empty() => format!("({one},)"),
        _ => format!("{name}({})", args.join(",")),
    }
}

impl Line<'_> {
    fn head(&self, head: &Head) -> Result<String, FormatError> {
        Ok(match head {
            Head::Atom(atom) => self.atom(atom),
            Head::Disjunction(atoms) => {
                let atoms: Vec<String> = atoms.iter().map(|a| self.atom(a)).collect();
                atoms.join(" | ")
            }
            Head::Choice { elements, guards } => {
                let mut inner = Vec::with_capacity(elements.len());
                for element in elements {
                    let atom = self.atom(&element.atom);
                    let condition = self.body(&element.condition)?;
                    inner.push(match condition.is_empty() {
                        true => atom,
                        false => format!("{atom} : {condition}"),
                    });
                }
                let braces = format!("{{ {} }}", inner.join("; "));
                match guards.as_slice() {
                    [] => braces,
                    [_] | [_, _] => self.guarded(&braces, guards),
                    _ => return Err(many_guards()),
                }
            }
            Head::Never | Head::Cost(_) => String::new(),
        })
    }

    fn cost(&self, cost: &Cost) -> Result<String, FormatError> {
        let mut out = format!(
            "[{}@{}",
            self.operand(&cost.weight),
            self.operand(&cost.level)
        );
        for term in &cost.tuple {
            let _ = write!(out, ",{}", self.term(term));
        }
        out.push(']');
        Ok(out)
    }

    fn body(&self, body: &[Literal]) -> Result<String, FormatError> {
        let mut parts = Vec::with_capacity(body.len());
        for literal in body {
            parts.push(self.literal(literal)?);
        }
        Ok(parts.join(", "))
    }

    fn literal(&self, literal: &Literal) -> Result<String, FormatError> {
        Ok(match literal {
            Literal::Atom(Sign::Positive, atom) => self.atom(atom),
            Literal::Atom(Sign::Not, atom) => format!("not {}", self.atom(atom)),
            Literal::Compare(comparison, a, b) => {
                format!("{} {} {}", self.term(a), comparison.symbol(), self.term(b))
            }
            Literal::Range(term, low, high) => format!(
                "{} = {}..{}",
                self.term(term),
                self.operand(low),
                self.operand(high)
            ),
            Literal::Aggregate(sign, aggregate) => self.aggregate(*sign, aggregate)?,
        })
    }

    fn aggregate(&self, sign: Sign, aggregate: &Aggregate) -> Result<String, FormatError> {
        let mut elements = Vec::with_capacity(aggregate.elements.len());
        for element in &aggregate.elements {
            let tuple: Vec<String> = element.tuple.iter().map(|t| self.term(t)).collect();
            let condition = self.body(&element.condition)?;
            let colon = if condition.is_empty() { "" } else { " : " };
            elements.push(format!("{}{colon}{condition}", tuple.join(",")));
        }
        let name = aggregate.function.name();
        let set = format!("{name} {{ {} }}", elements.join("; "));
        if sign == Sign::Not && aggregate.guards.len() > 2 {
            return Err(many_guards());
        }
        let not = if sign == Sign::Not { "not " } else { "" };
        let parts = aggregate.guards.chunks(2);
        let parts = parts.map(|guards| format!("{not}{}", self.guarded(&set, guards)));
        Ok(parts.collect::<Vec<_>>().join(", "))
    }

    /// A set between its bounds, of which there are one or two.
    fn guarded(&self, set: &str, guards: &[Guard]) -> String {
        let term = |guard: &Guard| self.term(&guard.term);
        match guards {
            [one] => format!("{set} {} {}", one.relation.symbol(), term(one)),
            [left, right, ..] => format!(
                "{} {} {set} {} {}",
                term(left),
                left.relation.flipped().symbol(),
                right.relation.symbol(),
                term(right)
            ),
            [] => set.to_owned(),
        }
    }

    fn atom(&self, atom: &Atom) -> String {
        let args: Vec<String> = atom.arguments.iter().map(|t| self.term(t)).collect();
        let name = self.writer.predicates.written(atom.predicate);
        let minus = self.writer.minus(atom.predicate);
        format!("{minus}{}", applied(name, &args))
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Variable(v) => self.names.name(*v).to_owned(),
            Term::Value(value) => self.value(value),
            Term::Function(name, args) => {
                let args: Vec<String> = args.iter().map(|t| self.term(t)).collect();
                applied(self.writer.words.written(name), &args)
            }
            Term::Arithmetic(op, args) => self.arithmetic(*op, args),
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Infimum => "#inf".into(),
            Value::Supremum => "#sup".into(),
            Value::Int(n) => n.to_string(),
            Value::Constant(name) => self.writer.words.written(name).to_owned(),
            Value::Text(text) => quoted(self.writer.texts.written(text)),
            Value::Function(name, args) => {
                let args: Vec<String> = args.iter().map(|v| self.value(v)).collect();
                applied(self.writer.words.written(name), &args)
            }
        }
    }

    /// A term within arithmetic, in brackets unless it is one word.
    fn operand(&self, term: &Term) -> String {
        let text = self.term(term);
        match term {
            Term::Arithmetic(..) => format!("({text})"),
            Term::Value(Value::Int(n)) if *n < 0 => format!("({text})"),
            _ => text,
        }
    }

    fn arithmetic(&self, op: ArithmeticOp, args: &[Term]) -> String {
        let (a, b) = match args {
            [a, b] => (self.operand(a), self.operand(b)),
            [a] => (self.operand(a), String::new()),
            _ => return String::new(),
        };
        match op {
            ArithmeticOp::Add => format!("{a}+{b}"),
            ArithmeticOp::Subtract => format!("{a}-{b}"),
            ArithmeticOp::Multiply => format!("{a}*{b}"),
            ArithmeticOp::Divide => format!("{a}/{b}"),
            ArithmeticOp::Remainder => format!("{a}\\{b}"),
            ArithmeticOp::Modulo => format!("((({a}\\{b})+{b})\\{b})"),
            ArithmeticOp::Power => match args {
                [_, Term::Value(Value::Int(0..))] => format!("{a}**{b}"),
                // clingo gives 0 for powers below 0, which are undefined here.
                // The divisor is 2, and 0 for these.
                _ => format!("({a}**{b})+0/((|{b}+1|-|{b}|)+1)"),
            },
            // clingo's `-X` of a name is another name.
            ArithmeticOp::Negate => format!("0-{a}"),
            ArithmeticOp::Absolute => format!("|{a}|"),
        }
    }
}

fn many_guards() -> FormatError {
    unsupported(
        FORMAT,
        ["more than two bounds on a choice or a denied aggregate"],
    )
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
