//! Random problems for tests, from a seed: `problem(seed, &shape)` is the same
//! problem for the same seed and shape.
//!
//! Every problem is well-typed, since it is made by a
//! [`Builder`]. What may occur in it is said by a [`Shape`], so that a test
//! asks for no more than the code under test can do.
//!
//! ```
//! use nsolve_syntax::fol::arbitrary::{Shape, problem};
//! use nsolve_syntax::fol::print;
//!
//! let shape = Shape::plain();
//! assert_eq!(print(&problem(7, &shape)), print(&problem(7, &shape)));
//! ```

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, Choice, CompareOp, Conclusion, Declared, Direction, Extremum, Measure,
    Modality, Problem, Quantifier, Question, Semantics, SortError, SortId, SymbolId, TermId, VarId,
};

/// What may occur in a random problem, and how much of it.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The number of premises.
    pub premises: usize,
    /// How deep formulas nest, at most.
    pub depth: usize,
    /// How deep terms nest, at most; 0 is constants and variables only.
    pub term_depth: usize,
    /// The number of uninterpreted sorts; 0 is the one sort `Thing`.
    pub sorts: usize,
    /// The number of enumerated sorts, of one to three elements each.
    pub enumerated: usize,
    /// The number of predicates, of up to [`Shape::arity`] arguments.
    pub predicates: usize,
    /// The number of functions with arguments.
    pub functions: usize,
    /// The number of constants of each uninterpreted sort, at least one.
    pub constants: usize,
    /// The most arguments that a symbol takes.
    pub arity: usize,
    /// The highest count of a counting quantifier; `None` is no counting.
    pub counting: Option<u32>,
    /// Whether there are terms of sort `Int`, with their arithmetic and
    /// comparisons, and quantifiers over them.
    pub integers: bool,
    /// The same for sort `Real`.
    pub reals: bool,
    /// Whether there is `=` and `!=`.
    pub equality: bool,
    /// Whether there is `distinct`.
    pub distinct: bool,
    /// Whether there is `xor`.
    pub xor: bool,
    /// Whether names are reserved words, hold quotes, blanks and line breaks,
    /// and are shared by symbols of different roles.
    pub odd_names: bool,
    /// Whether statements have sentences, and symbols meanings.
    pub sentences: bool,
    /// Whether some problems are under the semantics of rules.
    pub rules: bool,
    /// Which kinds of question are asked.
    pub questions: Questions,
}

/// Which kinds of question a random problem asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Questions {
    /// Any of the three.
    Any,
    /// A conclusion.
    Conclusion,
    /// A model.
    Model,
}

impl Shape {
    /// Predicates, constants, connectives and quantifiers over one sort; a
    /// conclusion is asked about.
    pub fn plain() -> Self {
        Shape {
            premises: 3,
            depth: 3,
            term_depth: 0,
            sorts: 0,
            enumerated: 0,
            predicates: 3,
            functions: 0,
            constants: 2,
            arity: 2,
            counting: None,
            integers: false,
            reals: false,
            equality: false,
            distinct: false,
            xor: true,
            odd_names: false,
            sentences: false,
            rules: false,
            questions: Questions::Conclusion,
        }
    }

    /// Everything that the language has.
    pub fn everything() -> Self {
        Shape {
            premises: 4,
            depth: 5,
            term_depth: 3,
            sorts: 2,
            enumerated: 2,
            predicates: 5,
            functions: 3,
            constants: 2,
            arity: 3,
            counting: Some(3),
            integers: true,
            reals: true,
            equality: true,
            distinct: true,
            xor: true,
            odd_names: true,
            sentences: true,
            rules: true,
            questions: Questions::Any,
        }
    }
}

/// The random problem of this seed and shape.
pub fn problem(seed: u64, shape: &Shape) -> Problem {
    let mut generator = Generator {
        random: Random(seed),
        shape,
        builder: Builder::new(),
        sorts: Vec::new(),
        symbols: Vec::new(),
        scope: Vec::new(),
        names: 0,
    };
    // Names are numbered until they are new, so declaring does not fail; if it
    // did, the problem would only be poorer.
    let _ = generator.declare();
    generator.premises();
    let question = generator.question();
    generator.builder.finish(question)
}

/// Steele, Lea and Flood's splitmix64: small, and good enough for tests.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where there is none.
    fn below(&mut self, n: usize) -> usize {
        let n = n.max(1) as u64;
        (self.next() % n) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

const ODD_NAMES: [&str; 24] = [
    "c++",
    "People's Republic",
    "and",
    "forall",
    "some",
    "sort",
    "premise",
    "true",
    "",
    "1",
    "1/3",
    "two words",
    "line\nbreak",
    "tab\tand\u{b}more",
    "back\\slash\\",
    "'quoted'",
    "\"doubly\"",
    "naïve",
    "日本",
    "x",
    "all",
    "a#b",
    "∀",
    "_",
];

const SENTENCES: [&str; 6] = [
    "All cats are mammals.",
    "She said \"no\".\nThen she left.",
    "C:\\temp\\n",
    "",
    "日本語 — ∀x. ¬x # no comment",
    "premise : false conclusion",
];

struct Generator<'s> {
    random: Random,
    shape: &'s Shape,
    builder: Builder,
    /// The sorts that things may have.
    sorts: Vec<SortId>,
    /// All symbols, elements among them.
    symbols: Vec<SymbolId>,
    scope: Vec<(VarId, SortId)>,
    names: usize,
}

type Made<T> = Result<T, SortError>;

impl Generator<'_> {
    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        if self.shape.odd_names && self.random.one_in(2) {
            let odd = self.random.pick(&ODD_NAMES).copied().unwrap_or_default();
            return odd.to_owned();
        }
        format!("{stem}{}", self.names)
    }

    fn sentence(&mut self) -> Option<&'static str> {
        if !self.shape.sentences || self.random.one_in(3) {
            return None;
        }
        self.random.pick(&SENTENCES).copied()
    }

    // Declarations ---------------------------------------------------------

    fn declare(&mut self) -> Made<()> {
        if self.shape.sorts == 0 {
            let sort = self.builder.default_sort();
            self.sorts.push(sort);
        }
        for _ in 0..self.shape.sorts {
            let name = self.name("Sort");
            if let Ok(sort) = self.builder.sort(&name, Declared::Generated) {
                self.sorts.push(sort);
            }
        }
        for _ in 0..self.shape.enumerated {
            self.declare_enumerated()?;
        }
        for sort in self.sorts.clone() {
            let known = self.builder.signature().elements(sort).is_some();
            for _ in 0..self.shape.constants.max(1) * usize::from(!known) {
                self.declare_symbol("c", 0, Some(sort))?;
            }
        }
        if self.shape.integers {
            self.sorts.push(SortId::INT);
        }
        if self.shape.reals {
            self.sorts.push(SortId::REAL);
        }
        for _ in 0..self.shape.predicates {
            let arity = self.random.below(self.shape.arity + 1);
            self.declare_symbol("p", arity, None)?;
        }
        for _ in 0..self.shape.functions {
            let arity = 1 + self.random.below(self.shape.arity);
            let result = self.a_sort();
            self.declare_symbol("f", arity, Some(result))?;
        }
        Ok(())
    }

    fn declare_enumerated(&mut self) -> Made<()> {
        let name = self.name("Enum");
        let count = 1 + self.random.below(3);
        let mut elements: Vec<String> = Vec::new();
        for _ in 0..count {
            let mut element = self.name("e");
            while elements.contains(&element)
                || self
                    .builder
                    .signature()
                    .find_symbol(&element, 0, false)
                    .is_some()
            {
                element.push('e');
            }
            elements.push(element);
        }
        let listed: Vec<_> = elements
            .iter()
            .map(|e| (e.as_str(), Declared::Generated))
            .collect();
        if let Ok(sort) = self.builder.enumerated(&name, &listed, Declared::Generated) {
            self.sorts.push(sort);
            let elements = self.builder.signature().elements(sort);
            self.symbols.extend(elements.unwrap_or_default());
        }
        Ok(())
    }

    /// A predicate where `result` is `None`.
    fn declare_symbol(&mut self, stem: &str, arity: usize, result: Option<SortId>) -> Made<()> {
        let mut name = self.name(stem);
        let arguments: Vec<SortId> = (0..arity).map(|_| self.a_sort()).collect();
        while self
            .builder
            .signature()
            .find_symbol(&name, arity, result.is_none())
            .is_some()
        {
            name.push('_');
        }
        let result = result.unwrap_or(SortId::BOOL);
        let symbol = self
            .builder
            .symbol(&name, &arguments, result, Declared::Generated)?;
        if let Some(meaning) = self.sentence() {
            self.builder.describe(symbol, meaning);
        }
        self.symbols.push(symbol);
        Ok(())
    }

    fn a_sort(&mut self) -> SortId {
        self.random
            .pick(&self.sorts)
            .copied()
            .unwrap_or(SortId::INT)
    }

    // Statements -----------------------------------------------------------

    fn premises(&mut self) {
        if self.shape.rules && self.random.one_in(4) {
            self.builder.semantics(Semantics::Rules);
        }
        for _ in 0..self.shape.premises {
            let formula = self.formula(self.shape.depth);
            let sentence = self.sentence();
            let mut name = self.name("premise");
            while self
                .builder
                .premise(&name, formula, sentence, None)
                .is_err()
            {
                name.push('+');
            }
        }
    }

    fn statement(&mut self) -> Conclusion {
        Conclusion {
            formula: self.formula(self.shape.depth),
            sentence: self.sentence().map(Into::into),
            span: None,
        }
    }

    fn question(&mut self) -> Question {
        let kind = match self.shape.questions {
            Questions::Conclusion => 0,
            Questions::Model => 1,
            Questions::Any => self.random.below(4),
        };
        match kind {
            0 => Question::Conclusion(self.statement()),
            1 => Question::Model,
            3 => self.extremum().map_or(Question::Model, Question::Extremum),
            _ => {
                let modalities = [Modality::Must, Modality::Could, Modality::Cannot];
                let modality = self.random.pick(&modalities).copied();
                let except = self.random.one_in(2);
                let count = 1 + self.random.below(4);
                let mut choices: Vec<Choice> = Vec::new();
                for _ in 0..count {
                    let own = self.random.one_in(3);
                    let own = if own {
                        self.random.pick(&modalities).copied()
                    } else {
                        None
                    };
                    let mut label = self.name("O");
                    // Only options that say what they have to be stand again.
                    while choices
                        .iter()
                        .any(|c| *c.label == *label && (c.modality.is_none() || own.is_none()))
                    {
                        label.push('O');
                    }
                    choices.push(Choice {
                        label: label.into(),
                        modality: own,
                        statement: self.statement(),
                    });
                }
                Question::Options {
                    modality: modality.unwrap_or(Modality::Must),
                    except,
                    choices,
                }
            }
        }
    }

    fn extremum(&mut self) -> Made<Extremum> {
        let direction = match self.random.one_in(2) {
            true => Direction::Minimum,
            false => Direction::Maximum,
        };
        let measure = if self.shape.integers && self.random.one_in(2) {
            Measure::Term(self.term(SortId::INT, self.shape.term_depth)?)
        } else {
            let sort = self.a_sort();
            let variable = self.builder.variable("x", sort);
            self.scope.push((variable, sort));
            let body = self.formula(self.shape.depth);
            self.scope.pop();
            let counted = Quantifier::AtLeast(1);
            Measure::Count(self.builder.quantified(counted, vec![variable], body)?)
        };
        Ok(Extremum {
            direction,
            measure,
            span: None,
        })
    }

    // Formulas -------------------------------------------------------------

    /// A formula. What turns out ill-typed is replaced by an atom, so that the
    /// shape of the rest stays.
    fn formula(&mut self, depth: usize) -> TermId {
        let made = if depth == 0 || self.random.one_in(6) {
            self.atom()
        } else {
            self.compound(depth - 1)
        };
        made.unwrap_or_else(|_| self.builder.truth(true))
    }

    fn formulas(&mut self, depth: usize) -> Vec<TermId> {
        let count = 2 + self.random.below(2);
        (0..count).map(|_| self.formula(depth)).collect()
    }

    fn compound(&mut self, depth: usize) -> Made<TermId> {
        match self.random.below(10) {
            0 | 1 => {
                let inner = self.formula(depth);
                self.builder.not(inner)
            }
            2 => {
                let parts = self.formulas(depth);
                self.builder.and(parts)
            }
            3 => {
                let parts = self.formulas(depth);
                self.builder.or(parts)
            }
            4 | 5 => {
                let (a, b) = (self.formula(depth), self.formula(depth));
                self.builder.implies(a, b)
            }
            6 => {
                let (a, b) = (self.formula(depth), self.formula(depth));
                if self.shape.xor && self.random.one_in(2) {
                    self.builder.xor(a, b)
                } else {
                    self.builder.iff(a, b)
                }
            }
            _ => self.quantified(depth),
        }
    }

    fn quantified(&mut self, depth: usize) -> Made<TermId> {
        let (quantifier, count) = self.quantifier();
        let outside = self.scope.len();
        let mut variables = Vec::new();
        for _ in 0..count {
            let sort = self.a_sort();
            // Few names, so that variables shadow each other.
            let name = match self.random.below(3) {
                0 => "x".to_owned(),
                1 => "y".to_owned(),
                _ => self.name("v"),
            };
            let variable = self.builder.variable(&name, sort);
            self.scope.push((variable, sort));
            variables.push(variable);
        }
        let body = self.formula(depth);
        self.scope.truncate(outside);
        self.builder.quantified(quantifier, variables, body)
    }

    /// A quantifier, and how many variables it binds.
    fn quantifier(&mut self) -> (Quantifier, usize) {
        if let Some(highest) = self.shape.counting
            && self.random.one_in(3)
        {
            let n = self.random.below(highest as usize + 1) as u32;
            return match self.random.below(4) {
                0 => (Quantifier::ExistsUnique, 1),
                1 => (Quantifier::AtLeast(n), 1),
                2 => (Quantifier::AtMost(n), 1),
                _ => (Quantifier::Exactly(n), 1),
            };
        }
        let count = 1 + self.random.below(2);
        if self.random.one_in(2) {
            (Quantifier::Forall, count)
        } else {
            (Quantifier::Exists, count)
        }
    }

    fn atom(&mut self) -> Made<TermId> {
        let numbers = self.shape.integers || self.shape.reals;
        match self.random.below(12) {
            0 => {
                let value = self.random.one_in(2);
                Ok(self.builder.truth(value))
            }
            1 | 2 if self.shape.equality => {
                let sort = self.a_sort();
                let (a, b) = self.two_terms(sort)?;
                let equal = self.builder.equal(a, b)?;
                if self.random.one_in(2) {
                    return Ok(equal);
                }
                self.builder.not(equal)
            }
            3 if self.shape.distinct => {
                let sort = self.a_sort();
                let count = 2 + self.random.below(2);
                let parts: Made<Vec<_>> = (0..count)
                    .map(|_| self.term(sort, self.shape.term_depth))
                    .collect();
                self.builder.distinct(parts?)
            }
            4 | 5 if numbers => {
                let sort = self.numeric();
                let (a, b) = self.two_terms(sort)?;
                let ops = [
                    CompareOp::Less,
                    CompareOp::LessEq,
                    CompareOp::Greater,
                    CompareOp::GreaterEq,
                ];
                let op = self.random.pick(&ops).copied().unwrap_or(CompareOp::Less);
                self.builder.compare(op, a, b)
            }
            _ => self.predicate(),
        }
    }

    fn two_terms(&mut self, sort: SortId) -> Made<(TermId, TermId)> {
        let depth = self.shape.term_depth;
        Ok((self.term(sort, depth)?, self.term(sort, depth)?))
    }

    fn predicate(&mut self) -> Made<TermId> {
        let predicates: Vec<SymbolId> = self.symbols_of(SortId::BOOL, usize::MAX);
        match self.random.pick(&predicates).copied() {
            Some(predicate) => self.apply(predicate, self.shape.term_depth),
            None => Ok(self.builder.truth(true)),
        }
    }

    // Terms ----------------------------------------------------------------

    fn symbols_of(&self, sort: SortId, arity: usize) -> Vec<SymbolId> {
        let signature = self.builder.signature();
        let fits = |id: &&SymbolId| {
            let symbol = signature.symbol(**id);
            symbol.result == sort && symbol.arity() <= arity
        };
        self.symbols.iter().filter(fits).copied().collect()
    }

    fn apply(&mut self, symbol: SymbolId, depth: usize) -> Made<TermId> {
        let sorts = self.builder.signature().symbol(symbol).arguments.clone();
        let arguments: Made<Vec<_>> = sorts.iter().map(|&s| self.term(s, depth)).collect();
        self.builder.apply(symbol, arguments?)
    }

    fn numeric(&mut self) -> SortId {
        match (self.shape.integers, self.shape.reals) {
            (true, true) if self.random.one_in(2) => SortId::INT,
            (_, true) => SortId::REAL,
            _ => SortId::INT,
        }
    }

    fn term(&mut self, sort: SortId, depth: usize) -> Made<TermId> {
        let bound = self.scope.iter().filter(|(_, s)| *s == sort);
        let bound: Vec<VarId> = bound.map(|(v, _)| *v).collect();
        if let Some(&variable) = self.random.pick(&bound)
            && self.random.below(3) > 0
        {
            return Ok(self.builder.var(variable));
        }
        if sort.is_numeric() && self.random.below(3) > 0 {
            return self.number(sort, depth);
        }
        let arity = if depth == 0 { 0 } else { usize::MAX };
        let symbols = self.symbols_of(sort, arity);
        match self.random.pick(&symbols).copied() {
            Some(symbol) => self.apply(symbol, depth.saturating_sub(1)),
            None => self.number(sort, depth),
        }
    }

    /// A numeral or a piece of arithmetic. Integers stand where reals are
    /// wanted, too.
    fn number(&mut self, sort: SortId, depth: usize) -> Made<TermId> {
        if depth == 0 || self.random.one_in(3) {
            let below = if sort == SortId::REAL && self.random.one_in(2) {
                1 + self.random.below(4) as i64
            } else {
                1
            };
            let above = self.random.below(13) as i64 - 6;
            return self
                .builder
                .number(Rational::new(above.into(), below.into()), sort);
        }
        let ops: &[ArithmeticOp] = if sort == SortId::REAL {
            &[
                ArithmeticOp::Add,
                ArithmeticOp::Subtract,
                ArithmeticOp::Multiply,
                ArithmeticOp::Negate,
                ArithmeticOp::Divide,
            ]
        } else {
            &[
                ArithmeticOp::Add,
                ArithmeticOp::Subtract,
                ArithmeticOp::Multiply,
                ArithmeticOp::Negate,
                ArithmeticOp::IntDivide,
                ArithmeticOp::Modulo,
            ]
        };
        let op = self.random.pick(ops).copied().unwrap_or(ArithmeticOp::Add);
        let count = match op {
            ArithmeticOp::Add | ArithmeticOp::Multiply => 2 + self.random.below(2),
            ArithmeticOp::Negate => 1,
            _ => 2,
        };
        let mut operands = Vec::new();
        for _ in 0..count {
            let mixed = sort == SortId::REAL && self.shape.integers && self.random.one_in(3);
            let sort = if mixed { SortId::INT } else { sort };
            operands.push(self.term(sort, depth - 1)?);
        }
        let made = self.builder.arithmetic(op, operands)?;
        // Nothing but integers makes an integer; a real was asked for.
        if self.builder.terms().sort(made) == sort {
            return Ok(made);
        }
        self.builder.arithmetic(ArithmeticOp::ToReal, vec![made])
    }
}
