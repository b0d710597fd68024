//! A reader for small programs, good enough for tests and for nothing else,
//! so that what the checker is tested with does not rest on the real one.
//! Variables of different elements must have different names.

use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, AggregateElement, AggregateFunction, ArithmeticOp, Atom, ChoiceElement, Comparison,
    Cost, Derivation, Goal, GroundAtom, Guard, Head, Literal, Meaning, Predicate, PredicateId,
    Problem, Rule, Sign, Step, Term, Value, VarId,
};

struct Reader<'a> {
    text: &'a str,
    problem: &'a mut Problem,
    variables: Vec<Arc<str>>,
}

/// Reads a program. `#open.` and `#depth 5.` may stand in it.
pub(crate) fn program(text: &str) -> Problem {
    let mut problem = Problem::new();
    let mut reader = Reader {
        text,
        problem: &mut problem,
        variables: Vec::new(),
    };
    while !reader.peek("") {
        reader.statement();
    }
    problem
}

/// Reads a goal.
pub(crate) fn goal(problem: &mut Problem, text: &str) -> Goal {
    let mut reader = Reader {
        text,
        problem,
        variables: Vec::new(),
    };
    let body = reader.literals();
    assert!(reader.peek(""), "{}", reader.text);
    Goal {
        body,
        variables: reader.variables,
        sentence: None,
        span: None,
    }
}

/// Reads an atom without variables.
pub(crate) fn atom(problem: &mut Problem, text: &str) -> GroundAtom {
    let goal = goal(problem, text);
    let Some(Literal::Atom(Sign::Positive, atom)) = goal.body.first() else {
        panic!("{text} is no atom");
    };
    let arguments = atom.arguments.iter().map(|t| value(t).unwrap());
    GroundAtom {
        predicate: atom.predicate,
        arguments: arguments.collect(),
    }
}

/// Reads values of variables: `X=1 Y=f(a)`.
pub(crate) fn binding(variables: &[Arc<str>], text: &str) -> Vec<Option<Value>> {
    let mut out = vec![None; variables.len()];
    for pair in text.split_whitespace() {
        let (name, value) = pair.split_once('=').unwrap();
        let v = variables.iter().position(|v| &**v == name);
        out[v.unwrap_or_else(|| panic!("no variable {name}"))] = Some(value.parse().unwrap());
    }
    out
}

/// Reads a step: `atom <- rule X=1 Y=2` or `atom <- rule.element X=1`.
pub(crate) fn step(problem: &mut Problem, text: &str) -> Step {
    let (head, reason) = text.split_once("<-").unwrap();
    let reason = reason.trim();
    let (rule, values) = reason.split_once(' ').unwrap_or((reason, ""));
    let (rule, element) = rule.split_once('.').unwrap_or((rule, "0"));
    let rule: u32 = rule.parse().unwrap();
    let variables = problem.rules[rule as usize].variables.clone();
    Step {
        atom: atom(problem, head),
        rule,
        element: element.parse().unwrap(),
        binding: binding(&variables, values).into(),
    }
}

/// Reads a derivation, a step a line; `closed` names predicates such as
/// `p/1 q/0`, or is `*` for all.
pub(crate) fn derivation(problem: &mut Problem, closed: &str, text: &str) -> Derivation {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let steps = lines.map(|l| step(problem, l)).collect();
    let closed = if closed == "*" {
        (0..problem.predicates.len() as u32)
            .map(PredicateId)
            .collect()
    } else {
        let find = |name: &str| {
            let (name, arity) = name.split_once('/').unwrap();
            let denied = name.starts_with('-');
            let name = name.trim_start_matches('-');
            problem.find(name, arity.parse().unwrap(), denied).unwrap()
        };
        closed.split_whitespace().map(find).collect()
    };
    Derivation { steps, closed }
}

fn value(term: &Term) -> Option<Value> {
    match term {
        Term::Value(value) => Some(value.clone()),
        Term::Function(name, args) => {
            let args: Option<Vec<Value>> = args.iter().map(value).collect();
            Some(Value::Function(name.clone(), args?.into()))
        }
        _ => None,
    }
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Reader<'_> {
    fn peek(&mut self, word: &str) -> bool {
        self.text = self.text.trim_start();
        if word.is_empty() {
            self.text.is_empty()
        } else {
            self.text.starts_with(word)
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek(word);
        if found {
            self.text = &self.text[word.len()..];
        }
        found
    }

    fn expect(&mut self, word: &str) {
        assert!(self.eat(word), "`{word}` is wanted before `{}`", self.text);
    }

    fn name(&mut self) -> String {
        self.text = self.text.trim_start();
        let end = self
            .text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(self.text.len());
        let (name, rest) = self.text.split_at(end);
        assert!(!name.is_empty(), "a name is wanted before `{}`", self.text);
        self.text = rest;
        name.to_owned()
    }

    fn statement(&mut self) {
        if self.eat("#open.") {
            self.problem.meaning = Meaning::OpenWorld;
            return;
        }
        if self.eat("#depth ") {
            self.problem.depth = self.name().parse().unwrap();
            self.expect(".");
            return;
        }
        self.variables.clear();
        let weak = self.eat(":~");
        let mut head = Head::Never;
        let mut body = Vec::new();
        if weak {
            body = self.literals();
        } else {
            if !self.peek(":-") {
                head = self.head();
            }
            if self.eat(":-") {
                body = self.literals();
            }
        }
        self.expect(".");
        if weak {
            head = self.cost();
        }
        self.problem.rules.push(Rule {
            head,
            body,
            variables: self.variables.clone(),
            sentence: None,
            span: None,
        });
    }

    fn cost(&mut self) -> Head {
        self.expect("[");
        let weight = self.term();
        let level = if self.eat("@") {
            self.term()
        } else {
            Term::Value(Value::Int(0))
        };
        let mut tuple = Vec::new();
        while self.eat(",") {
            tuple.push(self.term());
        }
        self.expect("]");
        Head::Cost(Cost {
            weight,
            level,
            tuple,
        })
    }

    fn head(&mut self) -> Head {
        if self.eat("{") {
            let mut elements = Vec::new();
            while !self.eat("}") {
                let atom = self.head_atom();
                let condition = if self.eat(":") {
                    self.literals()
                } else {
                    vec![]
                };
                elements.push(ChoiceElement { atom, condition });
                self.eat(";");
            }
            let guards = self.guards();
            return Head::Choice { elements, guards };
        }
        let mut atoms = vec![self.head_atom()];
        while self.eat("|") {
            atoms.push(self.head_atom());
        }
        match atoms.len() {
            1 => Head::Atom(atoms.remove(0)),
            _ => Head::Disjunction(atoms),
        }
    }

    fn head_atom(&mut self) -> Atom {
        match self.literal() {
            Literal::Atom(Sign::Positive, atom) => atom,
            other => panic!("{other:?} is no head"),
        }
    }

    fn guards(&mut self) -> Vec<Guard> {
        let mut out = Vec::new();
        while let Some(relation) = self.comparison() {
            let term = self.term();
            out.push(Guard { relation, term });
        }
        out
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let found = COMPARISONS.into_iter().find(|(s, _)| self.eat(s));
        found.map(|(_, c)| c)
    }

    fn literals(&mut self) -> Vec<Literal> {
        let mut out = vec![self.literal()];
        while self.eat(",") {
            out.push(self.literal());
        }
        out
    }

    fn literal(&mut self) -> Literal {
        let sign = if self.eat("not ") {
            Sign::Not
        } else {
            Sign::Positive
        };
        if self.peek("#") {
            return Literal::Aggregate(sign, self.aggregate(Vec::new()));
        }
        self.text = self.text.trim_start();
        let mut after = self.text.chars().skip(1);
        if self.peek("-") && after.next().is_some_and(char::is_lowercase) {
            self.eat("-");
            let term = self.term();
            return Literal::Atom(sign, self.as_atom(term, true));
        }
        let left = self.term();
        let Some(relation) = self.comparison() else {
            return Literal::Atom(sign, self.as_atom(left, false));
        };
        if self.peek("#") {
            let guard = Guard {
                relation: relation.flipped(),
                term: left,
            };
            return Literal::Aggregate(sign, self.aggregate(vec![guard]));
        }
        let right = self.term();
        if self.eat("..") {
            let high = self.term();
            return Literal::Range(left, right, high);
        }
        Literal::Compare(relation, left, right)
    }

    fn aggregate(&mut self, mut guards: Vec<Guard>) -> Aggregate {
        self.expect("#");
        let function = match &*self.name() {
            "count" => AggregateFunction::Count,
            "sum" => AggregateFunction::Sum,
            "min" => AggregateFunction::Min,
            "max" => AggregateFunction::Max,
            other => panic!("#{other}"),
        };
        self.expect("{");
        let mut elements = Vec::new();
        while !self.eat("}") {
            let mut tuple = vec![self.term()];
            while self.eat(",") {
                tuple.push(self.term());
            }
            let condition = if self.eat(":") {
                self.literals()
            } else {
                vec![]
            };
            elements.push(AggregateElement { tuple, condition });
            self.eat(";");
        }
        guards.extend(self.guards());
        Aggregate {
            function,
            elements,
            guards,
        }
    }

    fn as_atom(&mut self, term: Term, denied: bool) -> Atom {
        let (name, arguments) = match term {
            Term::Value(Value::Constant(name)) => (name, Vec::new()),
            Term::Function(name, args) => (name, args),
            Term::Value(Value::Function(name, args)) => {
                (name, args.iter().cloned().map(Term::Value).collect())
            }
            other => panic!("{other:?} is no atom"),
        };
        let found = self.problem.find(&name, arguments.len(), denied);
        let predicate = found.unwrap_or_else(|| {
            self.problem.predicates.push(Predicate {
                name,
                arity: arguments.len() as u32,
                denied,
                types: None,
                meaning: None,
            });
            PredicateId(self.problem.predicates.len() as u32 - 1)
        });
        Atom {
            predicate,
            arguments,
        }
    }

    fn term(&mut self) -> Term {
        let mut left = self.product();
        loop {
            let op = if self.eat("+") {
                ArithmeticOp::Add
            } else if self.eat("-") {
                ArithmeticOp::Subtract
            } else {
                return left;
            };
            left = Term::Arithmetic(op, vec![left, self.product()]);
        }
    }

    fn product(&mut self) -> Term {
        let mut left = self.simple();
        loop {
            let op = if self.eat("**") {
                ArithmeticOp::Power
            } else if self.eat("*") {
                ArithmeticOp::Multiply
            } else if self.eat("/") {
                ArithmeticOp::Divide
            } else if self.eat("\\") {
                ArithmeticOp::Remainder
            } else {
                return left;
            };
            left = Term::Arithmetic(op, vec![left, self.simple()]);
        }
    }

    fn simple(&mut self) -> Term {
        if self.eat("(") {
            let term = self.term();
            self.expect(")");
            return term;
        }
        if self.eat("-") {
            return match self.simple() {
                Term::Value(Value::Int(n)) => Term::Value(Value::Int(-n)),
                term => Term::Arithmetic(ArithmeticOp::Negate, vec![term]),
            };
        }
        let name = self.name();
        let first = name.chars().next().unwrap();
        if first.is_ascii_digit() {
            return Term::Value(Value::Int(name.parse().unwrap()));
        }
        if first.is_uppercase() || first == '_' {
            let found = self.variables.iter().position(|v| **v == *name);
            let v = found.unwrap_or_else(|| {
                self.variables.push(name.into());
                self.variables.len() - 1
            });
            return Term::Variable(VarId(v as u32));
        }
        if !self.eat("(") {
            return Term::Value(Value::Constant(name.into()));
        }
        let mut args = Vec::new();
        while !self.eat(")") {
            args.push(self.term());
            self.eat(",");
        }
        let term = Term::Function(name.into(), args);
        value(&term).map_or(term, Term::Value)
    }
}
