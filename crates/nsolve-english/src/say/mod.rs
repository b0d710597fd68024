//! Says formulas, models and answers in English.
