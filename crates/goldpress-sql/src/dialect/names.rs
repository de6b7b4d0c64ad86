//! The name of a column that a query does not name: `count_star()`, `min(n_words)`.
//!
//! As DuckDB writes them, since that is where people meet such names.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, DataType, DuplicateTreatment, Expr, Function,
    FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, Ident,
    OrderByExpr, Subscript, UnaryOperator, WindowType,
};

/// Words of our columns and functions that are keywords of SQL, and so stand in quotes.
const QUOTED: &[&str] = &[
    "day",
    "filter",
    "first",
    "from",
    "hour",
    "if",
    "json",
    "label",
    "language",
    "last",
    "left",
    "map",
    "minute",
    "mode",
    "month",
    "nullif",
    "position",
    "quarter",
    "range",
    "replace",
    "right",
    "role",
    "row",
    "schema",
    "second",
    "set",
    "show",
    "similarity",
    "source",
    "substring",
    "system",
    "text",
    "trim",
    "version",
    "week",
    "year",
];

/// The name of a column of this expression, where it has no alias.
pub(super) fn of(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(name) => name.value.clone(),
        Expr::CompoundIdentifier(parts) => last(parts),
        Expr::Nested(inner) => of(inner),
        other => spelled(other),
    }
}

fn last(parts: &[Ident]) -> String {
    parts.last().map(|part| part.value.clone()).unwrap_or_default()
}

/// An expression inside another.
fn spelled(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(name) => quoted(&name.value),
        Expr::CompoundIdentifier(parts) => {
            let parts: Vec<String> =
                parts.iter().map(|part| quoted(&part.value)).collect();
            parts.join(".")
        }
        Expr::Nested(inner) => spelled(inner),
        Expr::Value(value) => match value.to_string().as_str() {
            word @ ("TRUE" | "FALSE") => word.to_lowercase(),
            word => word.to_owned(),
        },
        Expr::Function(function) => call(function),
        Expr::BinaryOp { .. } | Expr::UnaryOp { .. } => operation(expr),
        Expr::IsNull(inner) => format!("({} IS NULL)", spelled(inner)),
        Expr::IsNotNull(inner) => format!("({} IS NOT NULL)", spelled(inner)),
        Expr::IsDistinctFrom(left, right) => {
            format!("({} IS DISTINCT FROM {})", spelled(left), spelled(right))
        }
        Expr::InList { expr, list, negated } => {
            let list = joined(list);
            negation(*negated, format!("({} IN ({list}))", spelled(expr)))
        }
        Expr::Between { expr, negated, low, high } => {
            let (low, high) = (spelled(low), spelled(high));
            negation(*negated, format!("({} BETWEEN {low} AND {high})", spelled(expr)))
        }
        Expr::Like { negated, expr, pattern, .. } => {
            let sign = if *negated { "!~~" } else { "~~" };
            format!("({} {sign} {})", spelled(expr), spelled(pattern))
        }
        Expr::ILike { negated, expr, pattern, .. } => {
            let sign = if *negated { "!~~*" } else { "~~*" };
            format!("({} {sign} {})", spelled(expr), spelled(pattern))
        }
        Expr::Case { operand, conditions, else_result, .. } => {
            let mut text = "CASE ".to_owned();
            for when in conditions {
                let condition = match operand {
                    Some(operand) => {
                        format!("({} = {})", spelled(operand), spelled(&when.condition))
                    }
                    None => spelled(&when.condition),
                };
                let result = spelled(&when.result);
                text.push_str(&format!(" WHEN ({condition}) THEN ({result})"));
            }
            let rest = else_result.as_ref().map_or("NULL".to_owned(), |e| spelled(e));
            format!("{text} ELSE {rest} END")
        }
        Expr::Cast { kind, expr, data_type, .. } => {
            let verb = if *kind == CastKind::TryCast { "TRY_CAST" } else { "CAST" };
            format!("{verb}({} AS {})", spelled(expr), type_name(data_type))
        }
        Expr::TypedString(typed) => {
            format!("CAST({} AS {})", typed.value, type_name(&typed.data_type))
        }
        _ => built_in(expr),
    }
}

/// Functions that the grammar of SQL spells in its own way.
fn built_in(expr: &Expr) -> String {
    match expr {
        Expr::Extract { field, expr, .. } => {
            format!(
                "date_part('{}', {})",
                field.to_string().to_uppercase(),
                spelled(expr)
            )
        }
        Expr::Ceil { expr, .. } => format!("ceil({})", spelled(expr)),
        Expr::Floor { expr, .. } => format!("floor({})", spelled(expr)),
        Expr::Position { expr, r#in } => {
            format!("\"position\"({}, {})", spelled(r#in), spelled(expr))
        }
        Expr::Substring { expr, substring_from, substring_for, shorthand, .. } => {
            let name = if *shorthand { "substr" } else { "\"substring\"" };
            let rest = [substring_from, substring_for].into_iter().flatten();
            let rest: String = rest.map(|part| format!(", {}", spelled(part))).collect();
            format!("{name}({}{rest})", spelled(expr))
        }
        Expr::Trim { expr, .. } => format!("\"trim\"({})", spelled(expr)),
        Expr::Array(array) => format!("list_value({})", joined(&array.elem)),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let mut text = spelled(root);
            for access in access_chain {
                text = match access {
                    AccessExpr::Dot(Expr::Identifier(field)) => {
                        format!("({text}).{}", quoted(&field.value))
                    }
                    AccessExpr::Subscript(Subscript::Index { index }) => {
                        format!("{text}[{}]", spelled(index))
                    }
                    other => format!("{text}{other}"),
                };
            }
            text
        }
        other => other.to_string(),
    }
}

fn operation(expr: &Expr) -> String {
    match expr {
        Expr::BinaryOp {
            op: op @ (BinaryOperator::And | BinaryOperator::Or), ..
        } => {
            let mut parts = Vec::new();
            conjuncts(expr, op, &mut parts);
            format!("({})", parts.join(&format!(" {op} ")))
        }
        Expr::BinaryOp { left, op: BinaryOperator::NotEq, right } => {
            format!("({} != {})", spelled(left), spelled(right))
        }
        Expr::BinaryOp { left, op: BinaryOperator::PGRegexMatch, right } => {
            format!("regexp_matches({}, {})", spelled(left), spelled(right))
        }
        Expr::BinaryOp { left, op, right } => {
            format!("({} {op} {})", spelled(left), spelled(right))
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
            format!("(NOT {})", spelled(expr))
        }
        Expr::UnaryOp { op, expr } if matches!(**expr, Expr::Value(_)) => {
            format!("{op}{}", spelled(expr))
        }
        Expr::UnaryOp { op, expr } => format!("({op}({}))", spelled(expr)),
        other => other.to_string(),
    }
}

fn conjuncts(expr: &Expr, wanted: &BinaryOperator, parts: &mut Vec<String>) {
    match expr {
        Expr::BinaryOp { left, op, right } if op == wanted => {
            conjuncts(left, wanted, parts);
            conjuncts(right, wanted, parts);
        }
        other => parts.push(spelled(other)),
    }
}

fn call(function: &Function) -> String {
    let name = function.name.to_string().to_lowercase();
    let mut text = match (name.as_str(), arguments(&function.args)) {
        ("count", args) if args.is_empty() && function.over.is_some() => "count()".into(),
        ("count", args) if args.is_empty() => "count_star()".to_owned(),
        ("ifnull" | "coalesce", args) => format!("COALESCE({args})"),
        (name, args) => format!("{}({args})", quoted(name)),
    };
    if let Some(condition) = &function.filter {
        text.push_str(&format!(" FILTER (WHERE {})", spelled(condition)));
    }
    match &function.over {
        Some(WindowType::WindowSpec(window)) => {
            let mut parts = Vec::new();
            if !window.partition_by.is_empty() {
                parts.push(format!("PARTITION BY {}", joined(&window.partition_by)));
            }
            if !window.order_by.is_empty() {
                parts.push(order(&window.order_by));
            }
            if let Some(frame) = &window.window_frame {
                parts.push(match &frame.end_bound {
                    Some(end) => {
                        let start = &frame.start_bound;
                        format!("{} BETWEEN {start} AND {end}", frame.units)
                    }
                    None => format!("{} {}", frame.units, frame.start_bound),
                });
            }
            format!("{text} OVER ({})", parts.join(" "))
        }
        Some(WindowType::NamedWindow(name)) => format!("{text} OVER {name}"),
        None => text,
    }
}

fn arguments(args: &FunctionArguments) -> String {
    let FunctionArguments::List(list) = args else { return String::new() };
    let spell = |arg: &FunctionArg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => spelled(expr),
        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => String::new(),
        other => other.to_string(),
    };
    let args: Vec<String> = list.args.iter().map(spell).collect();
    let mut text = args.join(", ");
    if list.duplicate_treatment == Some(DuplicateTreatment::Distinct) {
        text = format!("DISTINCT {text}");
    }
    for clause in &list.clauses {
        if let FunctionArgumentClause::OrderBy(keys) = clause {
            text = format!("{text} {}", order(keys));
        }
    }
    text
}

fn order(keys: &[OrderByExpr]) -> String {
    let keys: Vec<String> =
        keys.iter().map(|key| format!("{}{}", spelled(&key.expr), key.options)).collect();
    format!("ORDER BY {}", keys.join(", "))
}

fn joined(list: &[Expr]) -> String {
    list.iter().map(spelled).collect::<Vec<_>>().join(", ")
}

fn negation(negated: bool, text: String) -> String {
    if negated { format!("(NOT {text})") } else { text }
}

fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Int(None) | DataType::Integer(None) => "INTEGER".to_owned(),
        other => other.to_string().replace(',', ", "),
    }
}

/// An identifier, in quotes where it could be taken for something else.
fn quoted(name: &str) -> String {
    let is_word =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_plain = name.bytes().all(is_word) && !QUOTED.contains(&name);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
