//! Writes Datalog as Soufflé reads it.

use std::fmt::Write as _;

use nsolve_il::program::{
    ArithmeticOp, Atom, Comparison, Features, Head, Literal, Meaning, Problem, Rule, Show, Sign,
    Term, Value, VarId, features,
};

use super::names::{PredicateNames, Variables, Words, clean, is_plain};
use super::solve::{Keep, solve_goal, solve_rule};
use super::{refuse, unsupported};
use crate::FormatError;
use crate::names::comment;

const FORMAT: &str = "Datalog";

/// Words that Soufflé has for itself.
const RESERVED: [&str; 49] = [
    "acos",
    "as",
    "asin",
    "atan",
    "autoinc",
    "band",
    "bnot",
    "bor",
    "brie",
    "bshl",
    "bshr",
    "bshru",
    "btree",
    "bxor",
    "cat",
    "choice",
    "contains",
    "cos",
    "count",
    "eqrel",
    "exp",
    "false",
    "float",
    "inline",
    "input",
    "itof",
    "itou",
    "land",
    "lnot",
    "log",
    "lor",
    "lxor",
    "match",
    "max",
    "mean",
    "min",
    "nil",
    "number",
    "ord",
    "output",
    "override",
    "printsize",
    "range",
    "strlen",
    "substr",
    "sum",
    "symbol",
    "true",
    "unsigned",
];

/// What an argument or a variable is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Open,
    Number,
    Symbol,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Open | Kind::Symbol => "symbol",
        }
    }
}

/// Writes a program as Datalog in Soufflé's syntax, with the types that its
/// arguments turn out to have, and the goal as a relation of its own.
///
/// # Errors
/// [`FormatError::Unsupported`] for what is no Datalog: functions, aggregates,
/// choices, disjunctions, constraints, costs, unstratified negation, stated
/// negation except in the open world; and for what Soufflé has no words for:
/// arguments that are numbers here and names there, an order among names,
/// constants and texts that are spelt alike, integers beyond 32 bits.
pub fn write_datalog(problem: &Problem) -> Result<String, FormatError> {
    let mut supported = Features::NEGATION | Features::ARITHMETIC | Features::EQUALITY;
    if problem.meaning == Meaning::OpenWorld {
        supported |= Features::OPEN_WORLD | Features::STATED_NEGATION;
    }
    refuse(FORMAT, features(problem).difference(supported))?;
    let words = Words::of(&problem.rules, &problem.goal);
    let most = i64::from(i32::MAX);
    let is_text = |t: &str| !t.chars().any(char::is_control);
    let faults = [
        (words.bounds, "#inf and #sup"),
        (
            words.most > most || words.least < -most,
            "integers beyond 32 bits",
        ),
        (
            words.names.intersection(&words.texts).next().is_some(),
            "a constant and a text that are spelt alike",
        ),
        (
            !words.names.iter().chain(&words.texts).all(|t| is_text(t)),
            "control characters in names",
        ),
    ];
    if let Some((_, what)) = faults.into_iter().find(|(fault, _)| *fault) {
        return Err(unsupported(FORMAT, [what]));
    }
    let stays = |name: &str| is_plain(name) && !RESERVED.contains(&name);
    let prefixed = |name: &str| format!("p_{}", clean(name));
    let predicates = PredicateNames::new(problem, false, stays, prefixed, "answer");
    let mut rules = Vec::with_capacity(problem.rules.len());
    for rule in &problem.rules {
        rules.push(solve_rule(rule, Keep::Nothing).ok_or_else(unsafe_rule)?);
    }
    let goal = match &problem.goal {
        Some(goal) => Some(solve_goal(goal, Keep::Nothing).ok_or_else(unsafe_rule)?),
        None => None,
    };
    let mut kinds = Kinds::new(problem);
    kinds.infer(&rules, goal.as_ref().map(|(rule, _)| rule))?;
    let mut writer = Writer {
        problem,
        predicates,
        kinds,
        out: String::new(),
    };
    writer.declarations();
    for rule in &rules {
        writer.rule(rule)?;
    }
    if let Some((rule, bound)) = &goal {
        writer.answer(rule, bound)?;
    }
    writer.outputs();
    Ok(writer.out)
}

fn unsafe_rule() -> FormatError {
    unsupported(FORMAT, ["rules that are not safe"])
}

/// The kinds of all arguments.
struct Kinds<'a> {
    problem: &'a Problem,
    arguments: Vec<Vec<Kind>>,
    changed: bool,
}

impl<'a> Kinds<'a> {
    fn new(problem: &'a Problem) -> Self {
        let open = problem.predicates.iter();
        Kinds {
            problem,
            arguments: open.map(|p| vec![Kind::Open; p.arity as usize]).collect(),
            changed: true,
        }
    }

    fn infer(&mut self, rules: &[Rule], goal: Option<&Rule>) -> Result<(), FormatError> {
        while std::mem::take(&mut self.changed) {
            for rule in rules.iter().chain(goal) {
                self.variables(rule)?;
            }
        }
        Ok(())
    }

    /// The kinds of a rule's variables; what they tell about arguments is kept.
    fn variables(&mut self, rule: &Rule) -> Result<Vec<Kind>, FormatError> {
        let mut kinds = vec![Kind::Open; rule.variables.len()];
        // A literal may tell about variables of one before it.
        for _ in 0..2 {
            for atom in rule.head.atoms() {
                self.atom(atom, &mut kinds)?;
            }
            for literal in &rule.body {
                match literal {
                    Literal::Atom(_, atom) => self.atom(atom, &mut kinds)?,
                    Literal::Compare(_, a, b) => {
                        let kind = join(kind(a, &kinds), kind(b, &kinds));
                        let kind = kind.ok_or_else(|| mixed("a comparison".into()))?;
                        learn(a, kind, &mut kinds)?;
                        learn(b, kind, &mut kinds)?;
                    }
                    Literal::Range(t, low, high) => {
                        for term in [t, low, high] {
                            learn(term, Kind::Number, &mut kinds)?;
                        }
                    }
                    Literal::Aggregate(..) => {}
                }
            }
        }
        Ok(kinds)
    }

    fn atom(&mut self, atom: &Atom, kinds: &mut [Kind]) -> Result<(), FormatError> {
        let arguments = self.arguments.get_mut(atom.predicate.index());
        for (slot, term) in arguments.into_iter().flatten().zip(&atom.arguments) {
            let joined = join(*slot, kind(term, kinds)).ok_or_else(|| {
                let predicate = self.problem.predicate(atom.predicate);
                mixed(predicate.map_or_else(String::new, |p| format!("`{p}`")))
            })?;
            self.changed |= joined != *slot;
            *slot = joined;
            learn(term, joined, kinds)?;
        }
        Ok(())
    }
}

fn mixed(whose: String) -> FormatError {
    let what = format!("arguments of {whose} that are both numbers and names");
    unsupported(FORMAT, [what])
}

fn join(a: Kind, b: Kind) -> Option<Kind> {
    match (a, b) {
        (Kind::Open, other) | (other, Kind::Open) => Some(other),
        _ => (a == b).then_some(a),
    }
}

fn kind(term: &Term, kinds: &[Kind]) -> Kind {
    match term {
        Term::Variable(v) => kinds.get(v.index()).copied().unwrap_or_default(),
        Term::Value(Value::Int(_)) | Term::Arithmetic(..) => Kind::Number,
        Term::Value(_) | Term::Function(..) => Kind::Symbol,
    }
}

fn learn(term: &Term, found: Kind, kinds: &mut [Kind]) -> Result<(), FormatError> {
    let mut fault = false;
    let mut set = |v: VarId, found: Kind| {
        if let Some(slot) = kinds.get_mut(v.index()) {
            match join(*slot, found) {
                Some(kind) => *slot = kind,
                None => fault = true,
            }
        }
    };
    match term {
        Term::Variable(v) => set(*v, found),
        Term::Arithmetic(..) => term.each_variable(&mut |v| set(v, Kind::Number)),
        _ => {}
    }
    match fault {
        true => Err(mixed("a rule".into())),
        false => Ok(()),
    }
}

struct Writer<'a> {
    problem: &'a Problem,
    predicates: PredicateNames,
    kinds: Kinds<'a>,
    out: String,
}

impl Writer<'_> {
    fn declarations(&mut self) {
        self.out.push_str(match self.problem.meaning {
            Meaning::StableModels => "// Meaning: the program's one model, stratum by stratum.\n",
            Meaning::OpenWorld => {
                "// Meaning: what facts and rules derive. neg_p stands for what is stated to be\n\
                 // false; that nothing derives an atom does not make it false.\n"
            }
        });
        self.out
            .push_str("// Integers have 32 bits here; they have 64 where this comes from.\n\n");
        for (i, arguments) in self.kinds.arguments.iter().enumerate() {
            let name = self
                .predicates
                .written(nsolve_il::program::PredicateId(i as u32));
            let _ = writeln!(self.out, ".decl {name}({})", columns(arguments));
        }
    }

    fn outputs(&mut self) {
        let problem = self.problem;
        for i in 0..problem.predicates.len() as u32 {
            let id = nsolve_il::program::PredicateId(i);
            let derived =
                |r: &Rule| !r.body.is_empty() && r.head.atoms().any(|a| a.predicate == id);
            let wanted = match &problem.show {
                Show::All => problem.rules.iter().any(derived),
                Show::Only(shown) => shown.contains(&id),
            };
            if wanted {
                let _ = writeln!(self.out, ".output {}", self.predicates.written(id));
            }
        }
    }

    fn rule(&mut self, rule: &Rule) -> Result<(), FormatError> {
        if let Some(sentence) = &rule.sentence {
            let _ = writeln!(self.out, "// {}", comment(sentence));
        }
        let Head::Atom(head) = &rule.head else {
            return Ok(());
        };
        let names = Variables::new(&rule.variables);
        let head = self.atom(head, &names);
        let body = self.body(rule, &names)?;
        let _ = match body.is_empty() {
            true => writeln!(self.out, "{head}."),
            false => writeln!(self.out, "{head} :- {body}."),
        };
        Ok(())
    }

    fn answer(&mut self, rule: &Rule, bound: &[bool]) -> Result<(), FormatError> {
        let kinds = self.kinds.variables(rule)?;
        let names = Variables::new(&rule.variables);
        let answered: Vec<usize> = (0..bound.len())
            .filter(|&i| bound.get(i).copied().unwrap_or(false))
            .collect();
        let of = |&i: &usize| kinds.get(i).copied().unwrap_or_default();
        let columns = columns(&answered.iter().map(of).collect::<Vec<_>>());
        let shown = answered.iter().map(|&i| names.name(VarId(i as u32)));
        let shown = shown.collect::<Vec<_>>().join(", ");
        let body = self.body(rule, &names)?;
        let name = self.predicates.free.clone();
        let _ = match body.is_empty() {
            true => writeln!(self.out, "\n.decl {name}({columns})\n{name}({shown})."),
            false => writeln!(
                self.out,
                "\n.decl {name}({columns})\n{name}({shown}) :- {body}."
            ),
        };
        let _ = writeln!(self.out, ".output {name}");
        Ok(())
    }

    fn body(&self, rule: &Rule, names: &Variables) -> Result<String, FormatError> {
        let mut parts = Vec::with_capacity(rule.body.len());
        // Kinds are complete; this reads them.
        let kinds = {
            let mut reader = Kinds {
                problem: self.problem,
                arguments: self.kinds.arguments.clone(),
                changed: false,
            };
            reader.variables(rule)?
        };
        for literal in &rule.body {
            literal.each_term(&mut |t| guards(t, names, &mut parts));
            parts.push(match literal {
                Literal::Atom(Sign::Positive, atom) => self.atom(atom, names),
                Literal::Atom(Sign::Not, atom) => format!("!{}", self.atom(atom, names)),
                Literal::Compare(comparison, a, b) => {
                    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                    if !equality && kind(a, &kinds) != Kind::Number {
                        return Err(unsupported(FORMAT, ["an order among names"]));
                    }
                    let sign = comparison.symbol();
                    format!("{} {sign} {}", term(a, names), term(b, names))
                }
                Literal::Range(t, low, high) => format!(
                    "{} = range({}, {}+1)",
                    term(t, names),
                    term(low, names),
                    term(high, names)
                ),
                Literal::Aggregate(..) => continue,
            });
        }
        Ok(parts.join(", "))
    }

    fn atom(&self, atom: &Atom, names: &Variables) -> String {
        let args: Vec<String> = atom.arguments.iter().map(|t| term(t, names)).collect();
        let name = self.predicates.written(atom.predicate);
        format!("{name}({})", args.join(", "))
    }
}

fn columns(kinds: &[Kind]) -> String {
    let columns = kinds.iter().enumerate();
    let columns = columns.map(|(i, kind)| format!("a{i}: {}", kind.word()));
    columns.collect::<Vec<_>>().join(", ")
}

/// Conditions under which arithmetic is defined.
fn guards(t: &Term, names: &Variables, out: &mut Vec<String>) {
    let Term::Arithmetic(op, args) = t else {
        return;
    };
    let [_, Term::Variable(_) | Term::Arithmetic(..)] = args.as_slice() else {
        if let [_, second @ Term::Value(Value::Int(n))] = args.as_slice() {
            let undefined = match op {
                ArithmeticOp::Divide | ArithmeticOp::Remainder | ArithmeticOp::Modulo => *n == 0,
                ArithmeticOp::Power => *n < 0,
                _ => false,
            };
            if undefined {
                out.push(format!(
                    "{} != {}",
                    term(second, names),
                    term(second, names)
                ));
            }
        }
        return;
    };
    let Some(second) = args.get(1).map(|b| term(b, names)) else {
        return;
    };
    match op {
        ArithmeticOp::Divide | ArithmeticOp::Remainder | ArithmeticOp::Modulo => {
            out.push(format!("{second} != 0"));
        }
        ArithmeticOp::Power => out.push(format!("{second} >= 0")),
        _ => {}
    }
}

fn term(t: &Term, names: &Variables) -> String {
    match t {
        Term::Variable(v) => names.name(*v).to_owned(),
        Term::Value(Value::Int(n)) if *n < 0 => format!("({n})"),
        Term::Value(Value::Int(n)) => n.to_string(),
        Term::Value(Value::Constant(text) | Value::Text(text)) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Term::Arithmetic(op, args) => {
            let args: Vec<String> = args.iter().map(|a| term(a, names)).collect();
            arithmetic(*op, &args)
        }
        // Functions and bounds are refused before.
        Term::Value(_) | Term::Function(..) => String::new(),
    }
}

fn arithmetic(op: ArithmeticOp, args: &[String]) -> String {
    let (a, b) = match args {
        [a, b] => (a, b.as_str()),
        [a] => (a, ""),
        _ => return String::new(),
    };
    match op {
        ArithmeticOp::Add => format!("({a} + {b})"),
        ArithmeticOp::Subtract => format!("({a} - {b})"),
        ArithmeticOp::Multiply => format!("({a} * {b})"),
        ArithmeticOp::Divide => format!("({a} / {b})"),
        ArithmeticOp::Remainder => format!("({a} % {b})"),
        ArithmeticOp::Modulo => format!("((({a} % {b}) + {b}) % {b})"),
        ArithmeticOp::Power => format!("({a} ^ {b})"),
        ArithmeticOp::Negate => format!("(0 - {a})"),
        ArithmeticOp::Absolute => format!("max({a}, 0 - {a})"),
    }
}
