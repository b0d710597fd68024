//! The canonical printer.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, ArithmeticOp, Atom, CONS, Comparison, Cost, DEFAULT_DEPTH, Goal, Guard, Head,
    Literal, Meaning, NIL, Predicate, Problem, Rule, Show, Sign, Term, Value, ValueType,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Prints a program as it is read back: a statement a line, declarations first.
pub fn print(problem: &Problem) -> String {
    let mut out = String::new();
    if problem.meaning == Meaning::OpenWorld {
        out.push_str("#semantics open.\n");
    }
    // Rules that only an evaluation from a goal can use are refused otherwise,
    // and so is such a goal.
    let is_unsafe = |r: &Rule| !r.variables.is_empty() && r.schedule().is_err();
    let goal = problem.goal.as_ref().map(|goal| Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: None,
        span: None,
    });
    if problem.rules.iter().chain(&goal).any(is_unsafe) {
        out.push_str("#unsafe.\n");
    }
    if problem.depth != DEFAULT_DEPTH {
        let _ = writeln!(out, "#depth {}.", problem.depth);
    }
    for declared in &problem.types {
        let values: Vec<String> = declared.values.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            out,
            "#type {} = {}.",
            Name(&declared.name),
            values.join(" | ")
        );
    }
    declarations(&mut out, problem);
    for rule in &problem.rules {
        sentence(&mut out, rule.sentence.as_deref());
        let _ = writeln!(out, "{}", print_rule(problem, rule));
    }
    if let Show::Only(shown) = &problem.show {
        if shown.is_empty() {
            out.push_str("#show.\n");
        }
        for predicate in shown.iter().filter_map(|p| problem.predicate(*p)) {
            let sign = if predicate.denied { "-" } else { "" };
            let _ = writeln!(
                out,
                "#show {sign}{}/{}.",
                Name(&predicate.name),
                predicate.arity
            );
        }
    }
    if let Some(goal) = &problem.goal {
        sentence(&mut out, goal.sentence.as_deref());
        let text = print_goal(problem, goal);
        let _ = match goal.body.as_slice() {
            [Literal::Atom(Sign::Positive, _)] => writeln!(out, "{text}?"),
            _ => writeln!(out, "?- {text}."),
        };
    }
    out
}

/// The sentence as a doc comment; its line breaks become more lines of it.
fn sentence(out: &mut String, sentence: Option<&str>) {
    for line in sentence.into_iter().flat_map(|s| s.split('\n')) {
        let _ = writeln!(out, "%! {}", line.trim());
    }
}

fn declarations(out: &mut String, problem: &Problem) {
    let key = |p: &Predicate| (p.name.clone(), p.arity, p.denied);
    let stated: FxHashMap<_, _> = problem.predicates.iter().map(|p| (key(p), p)).collect();
    for predicate in &problem.predicates {
        let positive = (predicate.name.clone(), predicate.arity, false);
        let inherited = stated.get(&positive).filter(|_| predicate.denied);
        let same = match inherited {
            Some(other) => other.types == predicate.types,
            None => predicate.types.is_none(),
        };
        if same && predicate.meaning.is_none() {
            continue;
        }
        let _ = writeln!(out, "{}", declaration(problem, predicate));
    }
}

fn declaration(problem: &Problem, predicate: &Predicate) -> String {
    let mut out = String::from("#predicate ");
    if predicate.denied {
        out.push('-');
    }
    let _ = write!(out, "{}", Name(&predicate.name));
    for i in 0..predicate.arity as usize {
        out.push_str(if i == 0 { "(" } else { ", " });
        let types = predicate.types.as_ref();
        match types.and_then(|t| t.get(i)).unwrap_or(&ValueType::Any) {
            ValueType::Any => out.push_str("any"),
            ValueType::Int => out.push_str("int"),
            ValueType::Symbol => out.push_str("symbol"),
            ValueType::Text => out.push_str("text"),
            ValueType::Declared(id) => {
                let name = problem.types.get(id.index()).map_or("any", |t| &*t.name);
                let _ = write!(out, "{}", Name(name));
            }
        }
    }
    if predicate.arity > 0 {
        out.push(')');
    }
    if let Some(meaning) = &predicate.meaning {
        let _ = write!(out, " {}", Value::Text(meaning.clone()));
    }
    out.push('.');
    out
}

/// Prints a rule, with its full stop.
pub fn print_rule(problem: &Problem, rule: &Rule) -> String {
    instance(problem, rule, &[])
}

/// Prints a rule with values in the place of those variables that have one.
pub fn print_instance(problem: &Problem, rule: &Rule, binding: &[Option<Value>]) -> String {
    instance(problem, rule, binding)
}

fn instance(problem: &Problem, rule: &Rule, binding: &[Option<Value>]) -> String {
    let names = names(rule);
    let mut writer = Writer {
        problem,
        names: &names,
        binding,
        out: String::new(),
    };
    writer.rule(rule);
    writer.out
}

/// Prints a literal of a rule or a goal with these variables.
pub fn print_literal(problem: &Problem, variables: &[Arc<str>], literal: &Literal) -> String {
    let mut writer = Writer {
        problem,
        names: variables,
        binding: &[],
        out: String::new(),
    };
    writer.literal(literal);
    writer.out
}

/// Prints a goal as it stands in a query, without the signs of one.
pub fn print_goal(problem: &Problem, goal: &Goal) -> String {
    let rule = rule_of(goal);
    let names = names(&rule);
    let mut writer = Writer {
        problem,
        names: &names,
        binding: &[],
        out: String::new(),
    };
    if rule.body.is_empty() {
        return "#true".to_owned();
    }
    writer.conjunction(&rule.body);
    writer.out
}

/// Prints an atom without variables.
pub(super) fn print_atom(problem: &Problem, atom: &Atom) -> String {
    let mut writer = Writer {
        problem,
        names: &[],
        binding: &[],
        out: String::new(),
    };
    writer.atom(atom);
    writer.out
}

/// Prints a term of a rule.
pub(super) fn print_term(problem: &Problem, rule: &Rule, term: &Term) -> String {
    let mut writer = Writer {
        problem,
        names: &rule.variables,
        binding: &[],
        out: String::new(),
    };
    writer.term(term, 0);
    writer.out
}

fn rule_of(goal: &Goal) -> Rule {
    Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: None,
        span: None,
    }
}

/// Names under which the variables are read back as they are: different ones
/// for global variables, and none of these for those of an element. `_` stays
/// only where it stands once.
fn names(rule: &Rule) -> Vec<Arc<str>> {
    let globals = rule.globals();
    let mut count = vec![0_u32; rule.variables.len()];
    rule.each_term(&mut |term| {
        if let Term::Variable(v) = term
            && let Some(slot) = count.get_mut(v.index())
        {
            *slot += 1;
        }
    });
    let mut taken: FxHashSet<Arc<str>> = FxHashSet::default();
    let mut out: Vec<Arc<str>> = rule.variables.clone();
    // Names that every variable has a right to come first.
    for global in [true, false] {
        for (i, name) in out.iter_mut().enumerate() {
            if globals.get(i).copied().unwrap_or(false) != global {
                continue;
            }
            let once = count.get(i).copied().unwrap_or(0) <= 1;
            if &**name == "_" && once {
                continue;
            }
            if !is_variable(name) || !taken.insert(name.clone()) {
                *name = another(name, &taken);
                taken.insert(name.clone());
            }
        }
    }
    out
}

fn is_variable(name: &str) -> bool {
    let mut rest = name.trim_start_matches('_').chars();
    rest.next().is_some_and(|c| c.is_ascii_uppercase())
        && rest.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn another(name: &str, taken: &FxHashSet<Arc<str>>) -> Arc<str> {
    let base = if is_variable(name) { name } else { "V" };
    let mut number = 1_usize;
    loop {
        let name = format!("{base}{number}");
        if !taken.contains(name.as_str()) {
            return name.into();
        }
        number += 1;
    }
}

/// A name as it is written: in quotes unless it is plain.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A constant is written as any other name, but for the empty list.
        if self.0 == NIL {
            return f.write_str("'[]'");
        }
        write!(f, "{}", Value::Constant(self.0.into()))
    }
}

struct Writer<'a> {
    problem: &'a Problem,
    names: &'a [Arc<str>],
    binding: &'a [Option<Value>],
    out: String,
}

/// How tightly an operation binds.
fn strength(op: ArithmeticOp) -> u8 {
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => 1,
        ArithmeticOp::Multiply
        | ArithmeticOp::Divide
        | ArithmeticOp::Remainder
        | ArithmeticOp::Modulo => 2,
        ArithmeticOp::Power => 3,
        ArithmeticOp::Negate => 4,
        ArithmeticOp::Absolute => 5,
    }
}

fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract | ArithmeticOp::Negate => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
        ArithmeticOp::Remainder => "\\",
        ArithmeticOp::Modulo => " mod ",
        ArithmeticOp::Power => "**",
        ArithmeticOp::Absolute => "|",
    }
}

impl Writer<'_> {
    fn rule(&mut self, rule: &Rule) {
        match &rule.head {
            Head::Never => {}
            Head::Cost(cost) => {
                self.out.push_str(":~ ");
                self.conjunction(&rule.body);
                self.out.push_str(". ");
                self.cost(cost);
                return;
            }
            head => self.head(head),
        }
        if matches!(rule.head, Head::Never) {
            self.out.push_str(":- ");
            self.conjunction(&rule.body);
        } else if !rule.body.is_empty() {
            self.out.push_str(" :- ");
            self.conjunction(&rule.body);
        }
        self.out.push('.');
    }

    fn head(&mut self, head: &Head) {
        match head {
            Head::Choice { elements, guards } => {
                let left = guards.first().filter(|_| guards.len() > 1);
                if let Some(guard) = left {
                    self.left_guard(guard);
                }
                self.out.push_str("{ ");
                for (i, element) in elements.iter().enumerate() {
                    self.out.push_str(if i > 0 { "; " } else { "" });
                    self.atom(&element.atom);
                    self.condition(&element.condition);
                }
                self.out
                    .push_str(if elements.is_empty() { "}" } else { " }" });
                for guard in guards.iter().skip(usize::from(left.is_some())) {
                    self.right_guard(guard);
                }
            }
            head => {
                for (i, atom) in head.atoms().enumerate() {
                    self.out.push_str(if i > 0 { " | " } else { "" });
                    self.atom(atom);
                }
            }
        }
    }

    fn left_guard(&mut self, guard: &Guard) {
        self.term(&guard.term, 0);
        let _ = write!(self.out, " {} ", guard.relation.flipped().symbol());
    }

    fn right_guard(&mut self, guard: &Guard) {
        let _ = write!(self.out, " {} ", guard.relation.symbol());
        self.term(&guard.term, 0);
    }

    fn condition(&mut self, condition: &[Literal]) {
        if !condition.is_empty() {
            self.out.push_str(" : ");
            self.conjunction(condition);
        }
    }

    fn conjunction(&mut self, body: &[Literal]) {
        for (i, literal) in body.iter().enumerate() {
            self.out.push_str(if i > 0 { ", " } else { "" });
            self.literal(literal);
        }
    }

    fn cost(&mut self, cost: &Cost) {
        self.out.push('[');
        self.term(&cost.weight, 0);
        self.out.push('@');
        self.term(&cost.level, 0);
        for term in &cost.tuple {
            self.out.push_str(", ");
            self.term(term, 0);
        }
        self.out.push(']');
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Atom(sign, atom) => {
                self.not(*sign);
                self.atom(atom);
            }
            Literal::Compare(relation, a, b) => {
                self.term(a, 0);
                let _ = write!(self.out, " {} ", relation.symbol());
                self.term(b, 0);
            }
            Literal::Range(term, low, high) => {
                self.term(term, 0);
                self.out.push_str(" = ");
                self.term(low, 1);
                self.out.push_str("..");
                self.term(high, 1);
            }
            Literal::Aggregate(sign, aggregate) => {
                self.not(*sign);
                self.aggregate(aggregate);
            }
        }
    }

    fn not(&mut self, sign: Sign) {
        if sign == Sign::Not {
            self.out.push_str("not ");
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        let left = aggregate.guards.first();
        let left = left.filter(|g| aggregate.guards.len() > 1 || g.relation == Comparison::Equal);
        if let Some(guard) = left {
            self.left_guard(guard);
        }
        self.out.push_str(aggregate.function.name());
        self.out.push_str("{ ");
        for (i, element) in aggregate.elements.iter().enumerate() {
            self.out.push_str(if i > 0 { "; " } else { "" });
            for (i, term) in element.tuple.iter().enumerate() {
                self.out.push_str(if i > 0 { "," } else { "" });
                self.term(term, 0);
            }
            self.condition(&element.condition);
        }
        self.out.push_str(if aggregate.elements.is_empty() {
            "}"
        } else {
            " }"
        });
        for guard in aggregate.guards.iter().skip(usize::from(left.is_some())) {
            self.right_guard(guard);
        }
    }

    fn atom(&mut self, atom: &Atom) {
        let Some(predicate) = self.problem.predicate(atom.predicate) else {
            self.out.push('?');
            return;
        };
        if predicate.denied {
            self.out.push('-');
        }
        let _ = write!(self.out, "{}", Name(&predicate.name));
        self.arguments(&atom.arguments);
    }

    fn arguments(&mut self, terms: &[Term]) {
        for (i, term) in terms.iter().enumerate() {
            self.out.push_str(if i == 0 { "(" } else { ", " });
            self.term(term, 0);
        }
        if !terms.is_empty() {
            self.out.push(')');
        }
    }

    /// Writes a term; in brackets where it binds less tightly than `least`.
    fn term(&mut self, term: &Term, least: u8) {
        match term {
            Term::Variable(v) => match self.binding.get(v.index()).and_then(Option::as_ref) {
                Some(Value::Int(n)) if *n < 0 && least > 0 => {
                    let _ = write!(self.out, "({n})");
                }
                Some(value) => {
                    let text = value.to_string();
                    self.out.push_str(&text);
                }
                None => {
                    let names = self.names;
                    self.out.push_str(names.get(v.index()).map_or("_", |n| n));
                }
            },
            Term::Value(Value::Int(n)) if *n < 0 && least > 0 => {
                let _ = write!(self.out, "({n})");
            }
            Term::Value(value) => {
                let _ = write!(self.out, "{value}");
            }
            Term::Function(name, terms) if &**name == CONS && terms.len() == 2 => self.list(terms),
            Term::Function(name, terms) => {
                if name.is_empty() {
                    self.out.push('(');
                    for (i, term) in terms.iter().enumerate() {
                        self.out.push_str(if i > 0 { "," } else { "" });
                        self.term(term, 0);
                    }
                    self.out.push_str(if terms.len() == 1 { ",)" } else { ")" });
                    return;
                }
                let _ = write!(self.out, "{}", Name(name));
                self.out.push('(');
                for (i, term) in terms.iter().enumerate() {
                    self.out.push_str(if i > 0 { "," } else { "" });
                    self.term(term, 0);
                }
                self.out.push(')');
            }
            Term::Arithmetic(op, terms) => self.arithmetic(*op, terms, least),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, terms: &[Term], least: u8) {
        let own = strength(op);
        let brackets = own < least;
        if brackets {
            self.out.push('(');
        }
        match (op, terms) {
            (ArithmeticOp::Absolute, [only]) => {
                self.out.push('|');
                self.term(only, 0);
                self.out.push('|');
            }
            (ArithmeticOp::Negate, [only]) => {
                self.out.push('-');
                // A number behind the sign would be read as one with it.
                if matches!(only, Term::Value(Value::Int(_))) {
                    self.out.push('(');
                    self.term(only, 0);
                    self.out.push(')');
                } else {
                    self.term(only, own);
                }
            }
            (ArithmeticOp::Power, [base, exponent]) => {
                self.term(base, own + 1);
                self.out.push_str("**");
                self.term(exponent, own);
            }
            (_, [left, right]) => {
                self.term(left, own);
                self.out.push_str(sign(op));
                self.term(right, own + 1);
            }
            _ => self.out.push('?'),
        }
        if brackets {
            self.out.push(')');
        }
    }

    fn list(&mut self, terms: &[Term]) {
        self.out.push('[');
        let mut cell = terms;
        while let [head, tail] = cell {
            self.term(head, 0);
            match tail {
                Term::Value(Value::Constant(name)) if &**name == NIL => break,
                Term::Function(name, args) if &**name == CONS && args.len() == 2 => {
                    self.out.push(',');
                    cell = args;
                }
                Term::Value(value @ Value::Function(name, args))
                    if &**name == CONS && args.len() == 2 =>
                {
                    // The rest is a list without variables, in its brackets.
                    let rest = value.to_string();
                    let inside = rest.strip_prefix('[').and_then(|r| r.strip_suffix(']'));
                    let _ = write!(self.out, ",{}", inside.unwrap_or(&rest));
                    break;
                }
                other => {
                    self.out.push('|');
                    self.term(other, 0);
                    break;
                }
            }
        }
        self.out.push(']');
    }
}
