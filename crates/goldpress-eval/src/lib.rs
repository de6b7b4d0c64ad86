//! Matching, metrics and statistics: from gold and predictions to numbers
