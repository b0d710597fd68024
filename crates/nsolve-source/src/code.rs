use std::fmt;

/// A stable name for one kind of fault, such as `FOL0301`.
///
/// Codes never change their meaning and are never used again for another. Each
/// is listed in [`CATALOGUE`] with a sentence, which `nsolve explain FOL0301`
/// prints. The first letters name the part of nsolve (`SRC` texts, `FOL`
/// first-order logic, `ENG` plain English, `LPR` logic programs,
/// `MIL` optimisation models), the first two digits the stage: `01` cannot be read,
/// `02` read although it is not written as the format has it (a *tolerance*),
/// `03` does not type-check, `04` a lint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Finds a code by its text.
    pub fn find(text: &str) -> Option<Code> {
        CATALOGUE
            .iter()
            .map(|(code, _)| *code)
            .find(|code| code.0.eq_ignore_ascii_case(text))
    }

    /// What the code means, in a sentence or two.
    pub fn meaning(self) -> &'static str {
        CATALOGUE
            .iter()
            .find(|(code, _)| *code == self)
            .map_or("", |(_, meaning)| meaning)
    }

    /// Whether the code tells of a tolerance: the text was read, but is not
    /// written as its format demands.
    pub fn is_tolerance(self) -> bool {
        self.0.get(3..5) == Some("02")
    }

    /// Whether the code is a lint: the text is well-typed but suspicious.
    pub fn is_lint(self) -> bool {
        self.0.get(3..5) == Some("04")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($name:ident = $text:literal : $meaning:literal;)*) => {
        impl Code {
            $(#[doc = $meaning] pub const $name: Code = Code($text);)*
        }
        /// Every code with its meaning, in order.
        pub const CATALOGUE: &[(Code, &str)] = &[$((Code::$name, $meaning),)*];
    };
}

codes! {
    NOT_UTF8 = "SRC0101": "The text is not valid UTF-8.";
    NUL_BYTE = "SRC0102": "The text holds a NUL byte, so it is not a text.";
    TEXT_TOO_LARGE = "SRC0103": "The text is larger than what is read (16 MiB).";
    EMPTY_TEXT = "SRC0104": "The text is empty, or holds nothing but comments.";
    TOO_DEEP = "SRC0105": "Brackets, quantifiers or negations are nested deeper than the limit.";
    NAME_TOO_LONG = "SRC0106": "A name is longer than the limit (1000 bytes).";

    UNEXPECTED = "FOL0101": "Something stands where the grammar has no place for it.";
    UNKNOWN_CHARACTER = "FOL0102": "A character that no token starts with.";
    UNCLOSED_QUOTE = "FOL0103": "A quoted name or sentence does not end.";
    BAD_NUMBER = "FOL0104": "A number that cannot be read exactly.";
    UNSUPPORTED = "FOL0105": "The text is well-formed in its format, but uses something outside the fragment that nsolve reads.";
    NO_QUESTION = "FOL0106": "The text has premises but no conclusion, options or model question.";
    NO_PROBLEM = "FOL0107": "No problem could be found in the text.";

    FOREIGN_SPELLING = "FOL0201": "A connective or quantifier is spelt as another notation has it.";
    MISSING_BRACKET = "FOL0202": "A closing bracket is missing; it was supplied at the end of the formula.";
    EXTRA_BRACKET = "FOL0203": "A closing bracket has no partner; it was passed over.";
    SCOPE_WIDENED = "FOL0204": "A quantifier's body was widened to bind a variable that would have been free.";
    FREE_VARIABLE_CLOSED = "FOL0205": "A free variable was closed by a universal quantifier.";
    NAME_JOINED = "FOL0206": "Several words or odd characters were joined into one name.";
    MISSING_CONNECTIVE = "FOL0207": "Two formulas stand side by side; the one reading that fits was taken.";
    TRAILING_TEXT = "FOL0208": "Text after the end of a formula was passed over.";
    QUANTIFIER_SPELLING = "FOL0209": "A quantifier lists its variables or marks its body in an unusual way.";
    PREDICATE_AS_TERM = "FOL0210": "A predicate stands where a term is wanted; it was read as a function.";
    TERM_AS_FORMULA = "FOL0211": "A term stands where a formula is wanted; it was read as a proposition.";
    ITEM_SKIPPED = "FOL0212": "An item that is not a formula was passed over.";
    MIXED_CONNECTIVES = "FOL0213": "Connectives of different kinds stand side by side without brackets.";
    SUPPLIED_QUERY = "FOL0214": "The question was taken from another part of the text, since its own part is missing or unreadable.";
    TRUTH_VALUE = "FOL0215": "A truth value is missing or is not `True` or `False`; it was read as the one that fits.";
    OPENING_SUPPLIED = "FOL0216": "An opening bracket is missing; it was supplied behind the formula's first quantifiers.";
    UNLIKE_BRACKETS = "FOL0217": "A bracket is closed by one of another shape.";
    LIST_AS_TERM = "FOL0218": "A list or set stands where a term is wanted; it was read as one thing made of its elements.";
    LIFTED_CONNECTIVE = "FOL0219": "A connective stands among the arguments of an atom; it was lifted out of the atom.";
    VARIABLE_FACT = "FOL0220": "A fact about nothing but variables says that everything is so; it was passed over.";
    ORDER_AS_LISTED = "FOL0221": "Elements that are no numbers are ordered or counted on; their places in the list that declares them were taken.";
    UNKNOWN_SET = "FOL0222": "A set is used that is not declared; it was read as a property of which nothing is known.";
    CHAINED_COMPARISON = "FOL0223": "Comparisons are chained; each pair of neighbours was read as one.";
    BOUNDS_AS_SORT = "FOL0224": "A function gives an integer with bounds; the numbers between them became a sort.";
    VARIABLE_SORT = "FOL0225": "A variable has no sort of its own; the one that its use demands was taken.";
    OPTION_CONDITION = "FOL0226": "A formula without a letter stands among lettered options; it was read as a premise.";
    OPTION_WORD = "FOL0227": "An option does not say, or not in one formula, what is to be checked; the one reading that fits was taken.";
    LINES_JOINED = "FOL0228": "An expression goes on on the next line.";

    UNKNOWN_SORT = "FOL0301": "A sort is used that is not declared.";
    SORT_MISMATCH = "FOL0302": "A term has one sort where another is wanted.";
    ARITY_MISMATCH = "FOL0303": "A declared symbol is used with another number of arguments.";
    DUPLICATE_DECLARATION = "FOL0304": "A name is declared twice in the same role.";
    UNDECLARED = "FOL0305": "A declared-only text uses a name that is not declared.";
    FREE_VARIABLE = "FOL0306": "A variable is bound by no quantifier.";
    INFERRED = "FOL0307": "A symbol's declaration was inferred from its use.";
    DUPLICATE_NAME = "FOL0308": "Two premises have the same name.";
    BAD_OPTIONS = "FOL0309": "Lettered options are missing, doubled, or stand without a question.";

    CONTRADICTORY_PREMISES = "FOL0401": "The premises contradict each other, so everything follows from them.";
    UNCONNECTED_CONCLUSION = "FOL0402": "A symbol of the conclusion is mentioned by no premise.";
    ARITY_DRIFT = "FOL0403": "One name is used with two numbers of arguments.";
    SIMILAR_NAMES = "FOL0404": "Two names differ so little that one thing was probably meant.";
    PREDICATE_AND_CONSTANT = "FOL0405": "One name is used as a predicate and as a constant or function.";
    UNUSED_DECLARATION = "FOL0406": "A declared symbol or sort is never used.";
    SHADOWED_VARIABLE = "FOL0407": "A quantifier binds a name that is already bound around it, or that is also a constant.";
    FORALL_AND = "FOL0408": "A universal quantifier over a conjunction says that everything is both; an implication was probably meant.";
    EXISTS_IMPLIES = "FOL0409": "An existential quantifier over an implication is true as soon as something fails its left side; a conjunction was probably meant.";
    UNUSED_VARIABLE = "FOL0410": "A quantified variable does not occur in the body.";
    TRIVIAL_CONCLUSION = "FOL0411": "The conclusion follows, or is refuted, without any premise.";
    UNUSED_PREMISE_SYMBOL = "FOL0412": "A predicate occurs in only one premise and nowhere else, so that premise connects to nothing.";
    VACUOUS_RULE = "FOL0413": "No premise or fact can make the left side of this rule true.";

    UNREAD_SENTENCE = "ENG0101": "A sentence that the English grammar does not read.";
    SENTENCE_TOO_LONG = "ENG0102": "A sentence is too long, or too involved, to be read.";
    UNSAID_SENTENCE = "ENG0103": "A sentence was read, but says something that no formula of this language says.";
    NOTHING_ASKED = "ENG0104": "A story without a question.";
    TWO_QUESTIONS = "ENG0105": "A second question; one is answered at a time.";
    ABOUT_THE_TEXT = "ENG0201": "A sentence speaks about the text itself; it adds nothing to the story.";
    ASKS_FOR_THINGS = "ENG0202": "A question asks for things (`who`, `which`), and is read where only a conclusion can be asked.";
    AMBIGUOUS_SENTENCE = "ENG0401": "A sentence can be read in two ways that give different answers.";
    SEMANTICS_MATTER = "ENG0402": "The answer is another one under the other semantics.";
    UNKNOWN_THING = "ENG0403": "Something is asked of what the story does not speak of.";

    PROGRAM_UNEXPECTED = "LPR0101": "Something stands where the grammar of programs has no place for it.";
    PROGRAM_CHARACTER = "LPR0102": "A character that no token of a program starts with.";
    PROGRAM_UNCLOSED = "LPR0103": "A quote or a comment does not end.";
    PROGRAM_NUMBER = "LPR0104": "A number that is no integer of 64 bits, or outside of what is allowed there.";
    PROGRAM_UNSUPPORTED = "LPR0105": "A construction of another system that the language of programs does not have.";
    PROGRAM_FORBIDDEN = "LPR0106": "A script, another file, or a goal with side effects: nothing in a program is executed.";
    PROGRAM_CUT = "LPR0107": "Prolog's cut or `->`, which mean something only where rules are tried in order.";
    PROGRAM_TOO_MANY = "LPR0108": "A statement stands for more rules, or has more literals, than are read.";

    PROGRAM_SPELLING = "LPR0201": "An operator or a directive is spelt as another system has it.";
    MISSING_STOP = "LPR0202": "A statement has no full stop; it was supplied.";
    DIRECTIVE_PASSED = "LPR0203": "A directive that says nothing here was passed over.";
    READ_AS_NONE = "LPR0204": "`not` over a variable without a name was read as: there is none.";
    UNQUOTED_NAME = "LPR0205": "A name has letters that a name has only in quotes.";
    BODY_SET = "LPR0206": "A set of atoms in a body was read as a count of those that hold.";

    UNSAFE_VARIABLE = "LPR0301": "No positive literal of the body binds a variable, so there is no end of what the rule could speak of.";
    RECURSIVE_AGGREGATE = "LPR0302": "An aggregate is about something that depends on the head of the aggregate's own rule.";
    VALUE_TYPE = "LPR0303": "A value or a variable does not fit the declared type of its place.";
    NOT_OPEN_WORLD = "LPR0304": "An open-world program has something that means nothing there: `not`, an aggregate, a choice, a disjunction or a cost.";
    BAD_CONSTANT = "LPR0305": "The value of a `#const` cannot be worked out.";
    UNDEFINED_CONSTANT = "LPR0306": "A name stands where a number is wanted, and no `#const` defines it.";
    REPEATED_DECLARATION = "LPR0307": "Something that is said once is said again: a declaration, a constant, a query.";
    UNKNOWN_TYPE = "LPR0308": "A type is named that is not declared.";
    NOT_GROUND = "LPR0309": "An atom without variables is wanted.";

    UNSTRATIFIED_NEGATION = "LPR0401": "A predicate depends on its own absence, so there may be several stable models or none.";
    PREDICATE_ARITIES = "LPR0402": "One name is used for predicates with different numbers of arguments.";
    SIMILAR_PREDICATES = "LPR0403": "Two predicates' names differ so little that one was probably meant.";
    NEVER_DERIVED = "LPR0404": "A predicate is used, and no fact or rule derives it.";
    NEVER_USED = "LPR0405": "A predicate is derived, and nothing uses or shows it.";
    SINGLETON_VARIABLE = "LPR0406": "A variable stands in its rule once.";
    RULE_NEVER_FIRES = "LPR0407": "Nothing can make the body of this rule true.";
    UNBOUNDED_TERMS = "LPR0408": "A recursive rule makes ever larger terms or numbers.";
    CONTRADICTORY_FACTS = "LPR0409": "An atom and its stated negation are both facts.";
    QUOTED_VARIABLE = "LPR0410": "A quoted text looks like a variable or a constant.";
    UNUSED_CONSTANT = "LPR0411": "A `#const` is never used.";

    MODEL_UNEXPECTED = "MIL0101": "Something stands where the grammar of models has no place for it.";
    MODEL_CHARACTER = "MIL0102": "A character that no token of a model starts with.";
    MODEL_UNCLOSED = "MIL0103": "A quote or a comment does not end.";
    MODEL_NUMBER = "MIL0104": "A number that is none (such as NaN), is infinite where it must be finite, or is too long.";
    MODEL_UNSUPPORTED = "MIL0105": "The text is well-formed in its format, but uses something that is not linear or not supported.";
    NO_MODEL = "MIL0106": "No model could be found in the text.";
    BAD_SECTION = "MIL0107": "A section of an LP or MPS file is unknown, repeated, missing, or out of its order.";
    UNKNOWN_ROW = "MIL0108": "A row is named that the file does not have.";
    UNKNOWN_COLUMN = "MIL0109": "A column is named that the file does not have.";
    TRUNCATED_MODEL = "MIL0110": "The text ends before the model does.";

    MODEL_SPELLING = "MIL0201": "An operator or a word is spelt as another system has it.";
    MISSING_SEMICOLON = "MIL0202": "A statement has no semicolon; it was supplied.";
    REPEATED_ENTRY = "MIL0203": "A row has a column twice; the entries were added up.";
    REPEATED_ROW = "MIL0204": "Two rows or columns of a file have the same name.";
    EXTRA_OBJECTIVE = "MIL0205": "A file has more than one objective, right-hand side or bound set; the first was taken.";
    NEGATIVE_UPPER = "MIL0206": "A column has a negative upper bound and no lower bound, which solvers read in different ways.";
    OUTSIDE_FORMAT = "MIL0207": "Something of the model was written in a way that the format does not define.";
    FLOAT_FUNCTION = "MIL0208": "A function whose value is mostly irrational was computed as a float; that float is taken exactly.";
    STATEMENT_PASSED = "MIL0209": "A statement that says nothing about the model was passed over.";
    MISSING_DOMAIN = "MIL0210": "A variable has no domain word; it was read as real.";

    UNKNOWN_NAME = "MIL0301": "A name is used that nothing declares.";
    SUBSCRIPT_COUNT = "MIL0302": "A set, parameter or variable is used with another number of subscripts than it is declared with.";
    SUBSCRIPT_SET = "MIL0303": "A subscript ranges over another set than the one declared for its place.";
    NOT_IN_SET = "MIL0304": "A subscript is not a member of the set that is declared for its place.";
    MISSING_DATA = "MIL0305": "A set or parameter has no value where one is needed.";
    NOT_LINEAR = "MIL0306": "A product, quotient or power of variables: the model would not be linear.";
    WRONG_KIND = "MIL0307": "An expression of one kind (number, symbol, set, condition) stands where another is wanted.";
    REPEATED_NAME = "MIL0308": "A name is declared twice.";
    UNIT_MISMATCH = "MIL0309": "Units that do not fit are added, compared or assigned.";
    EMPTY_BOUNDS = "MIL0310": "The bounds of a variable leave it no value.";
    CHECK_FAILED = "MIL0311": "Data violate a condition that the model states about them.";
    UNKNOWN_DATA = "MIL0312": "Data are given for a name or an index that the model does not have.";
    INFINITE_BOUND = "MIL0313": "A logical condition about an expression that has no finite bound; how far it may be relaxed cannot be computed.";
    DIVISION_BY_ZERO = "MIL0314": "A division by zero, or another operation without a value.";
    STRICT_COMPARISON = "MIL0315": "A strict comparison of variables that need not be integers; what is nearest is not defined.";
    SELF_REFERENCE = "MIL0316": "A set or parameter is defined by itself.";
    MODEL_TOO_LARGE = "MIL0317": "The model makes more columns, rows or members than is allowed.";
    NEGATIVE_SIZE = "MIL0318": "A relative gap, weight, step or size has a value that it cannot have.";

    UNUSED_PARAMETER = "MIL0401": "A set, parameter or variable is never used.";
    NO_VARIABLE = "MIL0402": "A constraint mentions no variable.";
    EMPTY_INDEX = "MIL0403": "A declaration ranges over an empty set, so that it says nothing.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_found() {
        for pair in CATALOGUE.windows(2) {
            let (a, b) = (pair[0].0, pair[1].0);
            assert!(
                a.as_str()[..3] != b.as_str()[..3] || a < b,
                "{a} stands before {b}"
            );
        }
        for (code, meaning) in CATALOGUE {
            assert_eq!(Code::find(code.as_str()), Some(*code));
            assert!(meaning.ends_with('.'), "{code}");
        }
    }
}
