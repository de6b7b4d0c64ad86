//! Functions and operators by the names that people know, turned into those of the engine.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, CastKind, DataType, DuplicateTreatment,
    ExactNumberInfo, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentClause, FunctionArgumentList, FunctionArguments, Ident, ObjectName,
    OrderByExpr, OrderByOptions, Query, Subscript, UnaryOperator, Value,
    helpers::attached_token::AttachedToken,
};

use super::tree::{every_expr, quoted};
use crate::functions::FIELD;

/// Functions whose whole numbers the engine keeps without a sign, so that a difference of
/// two wraps around.
const UNSIGNED: &[&str] = &[
    "array_length",
    "bit_length",
    "char_length",
    "character_length",
    "count",
    "date_part",
    "dense_rank",
    "length",
    "octet_length",
    "rank",
    "row_number",
    "strpos",
];

/// Rewrites the functions of a query and of the queries inside.
pub(super) fn rewrite(query: &mut Query) {
    every_expr(query, step);
}

fn step(expr: &mut Expr) {
    let old = std::mem::replace(expr, number(0));
    *expr = match old {
        Expr::Function(function) => of_function(function),
        Expr::CompoundFieldAccess { root, access_chain } => {
            access_chain.into_iter().fold(*root, access)
        }
        Expr::BinaryOp { left, op, right } => operation(*left, op, *right),
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
            let list = match *right {
                Expr::Nested(list) => *list,
                list => list,
            };
            call("list_contains", vec![list, *left])
        }
        Expr::SimilarTo { negated, expr, pattern, .. } => {
            not_if(negated, call("regexp_full_match", vec![*expr, *pattern]))
        }
        Expr::Like { negated, expr, pattern, escape_char: Some(escape), .. } => {
            let args = vec![*expr, *pattern, Expr::Value(escape)];
            not_if(negated, call("__like", args))
        }
        Expr::IsDistinctFrom(left, right) => differs(*left, *right, false),
        Expr::IsNotDistinctFrom(left, right) => differs(*left, *right, true),
        Expr::Extract { field, expr, .. } => {
            call("__part", vec![text(field.to_string().to_lowercase()), *expr])
        }
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            let from = substring_from.map_or_else(|| number(1), |from| *from);
            let mut args = vec![*expr, from];
            args.extend(substring_for.map(|length| *length));
            call("__substring", args)
        }
        Expr::Cast { kind, expr, data_type, .. } => cast(kind, *expr, data_type),
        Expr::TypedString(typed) => {
            cast(CastKind::Cast, Expr::Value(typed.value), typed.data_type)
        }
        Expr::Value(value) => match &value.value {
            // The engine knows no exponents.
            Value::Number(digits, _) if digits.contains(['e', 'E']) => {
                digits.parse::<f64>().map_or(Expr::Value(value), decimal)
            }
            _ => Expr::Value(value),
        },
        other => other,
    };
}

/// `IS DISTINCT FROM`, whose right side the parser takes too far: up to the end.
fn differs(left: Expr, right: Expr, negated: bool) -> Expr {
    match right {
        Expr::BinaryOp { left: first, op, right }
            if matches!(op, BinaryOperator::And | BinaryOperator::Or) =>
        {
            Expr::BinaryOp { left: Box::new(differs(left, *first, negated)), op, right }
        }
        right => not_if(negated, call("__differs", vec![left, right])),
    }
}

fn operation(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    match op {
        BinaryOperator::Arrow => call("json_extract", vec![left, right]),
        BinaryOperator::LongArrow => match literal(&right) {
            Some(name) => field(left, &name),
            None => call("json_extract_string", vec![left, right]),
        },
        BinaryOperator::PGExp => call("power", vec![left, right]),
        BinaryOperator::Eq | BinaryOperator::NotEq => match (left, right) {
            (Expr::Tuple(left), Expr::Tuple(right)) if left.len() == right.len() => {
                let pairs = left.into_iter().zip(right).map(|(left, right)| {
                    let (left, right) = (Box::new(left), Box::new(right));
                    Expr::BinaryOp { left, op: BinaryOperator::Eq, right }
                });
                let all = pairs.reduce(|one, two| Expr::BinaryOp {
                    left: Box::new(one),
                    op: BinaryOperator::And,
                    right: Box::new(two),
                });
                not_if(op == BinaryOperator::NotEq, all.unwrap_or_else(|| number(1)))
            }
            (left, right) => compared(left, op, right),
        },
        op => compared(left, op, right),
    }
}

/// Two sides of an operator, of which text beside a date is one.
fn compared(mut left: Expr, op: BinaryOperator, mut right: Expr) -> Expr {
    let readers = (reader_of_date(&left), reader_of_date(&right));
    match readers {
        (Some(reader), _) if literal(&right).is_some() => {
            right = call(reader, vec![right])
        }
        (_, Some(reader)) if literal(&left).is_some() => left = call(reader, vec![left]),
        _ => {}
    }
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

/// The function that reads text as what an expression gives, where that is a date.
fn reader_of_date(expr: &Expr) -> Option<&'static str> {
    let Expr::Function(function) = expr else { return None };
    match function.name.to_string().as_str() {
        "__date" | "__try_date" => Some("__date"),
        "__timestamp" | "date_trunc" | "datetrunc" => Some("__timestamp"),
        _ => None,
    }
}

fn access(root: Expr, access: AccessExpr) -> Expr {
    match access {
        AccessExpr::Dot(Expr::Identifier(name)) => field(root, &name.value),
        AccessExpr::Dot(other) => field(root, &other.to_string()),
        AccessExpr::Subscript(Subscript::Index { index }) => match literal(&index) {
            Some(name) => field(root, &name),
            None => call("list_extract", vec![root, index]),
        },
        AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, .. }) => {
            let from = lower_bound.unwrap_or_else(|| number(1));
            let to = upper_bound.unwrap_or_else(|| number(i64::MAX));
            call("list_slice", vec![root, from, to])
        }
    }
}

/// A field of a struct, or of JSON in text.
pub(super) fn field(root: Expr, name: &str) -> Expr {
    let name = name.strip_prefix("$.").unwrap_or(name);
    let mut call = function_of("", vec![root]);
    call.name = ObjectName::from(quoted(format!("{FIELD}{name}")));
    Expr::Function(call)
}

fn literal(expr: &Expr) -> Option<String> {
    let Expr::Value(value) = expr else { return None };
    match &value.value {
        Value::SingleQuotedString(text) => Some(text.clone()),
        _ => None,
    }
}

/// Days, moments and whole numbers are read by functions of ours; the engine does the rest.
fn cast(kind: CastKind, expr: Expr, data_type: DataType) -> Expr {
    let is_try = kind == CastKind::TryCast;
    let by = |plain: &str, lenient: &str, expr| {
        call(if is_try { lenient } else { plain }, vec![expr])
    };
    match data_type {
        DataType::Date => by("__date", "__try_date", expr),
        DataType::Timestamp(..) | DataType::Datetime(_) | DataType::TimestampNtz(_) => {
            call("__timestamp", vec![expr])
        }
        DataType::Int(_) | DataType::Integer(_) | DataType::BigInt(_) => {
            by("__integer", "__try_integer", expr)
        }
        DataType::Decimal(_) | DataType::Numeric(_) | DataType::Dec(_) => {
            cast(kind, expr, DataType::Double(ExactNumberInfo::None))
        }
        data_type => Expr::Cast {
            kind: if is_try { kind } else { CastKind::Cast },
            expr: Box::new(expr),
            data_type,
            array: false,
            format: None,
        },
    }
}

/// A call by another name, or of another shape.
fn of_function(mut function: Function) -> Expr {
    let name = function.name.to_string().to_lowercase();
    let args = plain_args(&function);
    let n_args = args.len();
    let mut args = args.into_iter();
    let mut next = || args.next().unwrap_or_else(|| number(0));
    let renamed = match (name.as_str(), n_args) {
        ("any_value", 1) => "first",
        ("bool_or", 1) => "max",
        ("bool_and", 1) => "min",
        ("mean", 1) => "avg",
        ("list", 1) => "array_agg",
        ("approx_quantile" | "quantile", 2) => "quantile_cont",
        ("instr" | "position", 2) => "strpos",
        ("nvl", 2) => "ifnull",
        ("regexp_matches", 2) => "regexp_like",
        ("array_distinct", 1) => "list_distinct",
        ("list_sum", 1) => "array_sum",
        ("list_avg", 1) => "array_mean",
        ("ucase", 1) => "upper",
        ("lcase", 1) => "lower",
        ("string_split" | "str_split", 2) => "string_to_array",
        ("prefix", 2) => "starts_with",
        ("suffix", 2) => "ends_with",
        _ => name.as_str(),
    };
    match (renamed, n_args) {
        ("count_if" | "countif", 1) => {
            let (condition, over) = (next(), function.over.take());
            let mut sum = function_of(
                "sum",
                vec![call("if", vec![condition, number(1), number(0)])],
            );
            sum.over = over;
            return call("ifnull", vec![Expr::Function(sum), number(0)]);
        }
        // The engine takes a number for a single row.
        ("sum", 1) if function.over.is_none() => {
            let summed = next();
            if matches!(summed, Expr::Value(_)) {
                let (left, right) =
                    (Box::new(call("count", vec![number(1)])), Box::new(summed));
                return Expr::Nested(Box::new(Expr::BinaryOp {
                    left,
                    op: BinaryOperator::Multiply,
                    right,
                }));
            }
        }
        ("approx_count_distinct", 1) => {
            function.name = object("count");
            if let FunctionArguments::List(list) = &mut function.args {
                list.duplicate_treatment = Some(DuplicateTreatment::Distinct);
            }
        }
        ("arg_max" | "max_by", 2) => return extreme(next(), next(), Direction::Down),
        ("arg_min" | "min_by", 2) => return extreme(next(), next(), Direction::Up),
        ("percentile_cont" | "percentile_disc", 1)
            if !function.within_group.is_empty() =>
        {
            let column = function.within_group.remove(0).expr;
            let name = renamed.replace("percentile", "quantile");
            return call(&name, vec![column, next()]);
        }
        ("if", 3) => {
            let (condition, yes, no) = (next(), next(), next());
            return case(condition, yes, no);
        }
        ("substr" | "substring", 2 | 3) => function.name = object("__substring"),
        (
            "year" | "month" | "day" | "hour" | "minute" | "second" | "week" | "quarter",
            1,
        ) => {
            return call("__part", vec![text(name), next()]);
        }
        ("dayofweek" | "dow", 1) => {
            return call("__part", vec![text("dow".into()), next()]);
        }
        ("date_part" | "datepart", 2) => {
            return call("__part", vec![next(), next()]);
        }
        ("dayname", 1) => return call("strftime", vec![next(), text("%A".into())]),
        ("monthname", 1) => return call("strftime", vec![next(), text("%B".into())]),
        ("date" | "to_date", 1) => return call("__date", vec![next()]),
        ("timestamp" | "datetime" | "to_timestamp", 1) => {
            return call("__timestamp", vec![next()]);
        }
        (
            "length" | "len" | "char_length" | "character_length" | "array_length"
            | "cardinality" | "strlen" | "octet_length",
            1,
        ) => {
            let name = if matches!(renamed, "strlen" | "octet_length") {
                "__bytes"
            } else {
                "len"
            };
            return call(name, vec![next()]);
        }
        _ => function.name = object(renamed),
    }
    let is_unsigned = UNSIGNED.contains(&renamed);
    let call = Expr::Function(function);
    if is_unsigned { signed(call) } else { call }
}

enum Direction {
    Up,
    Down,
}

/// The value of one column where another is largest or smallest.
fn extreme(value: Expr, by: Expr, direction: Direction) -> Expr {
    let asc = matches!(direction, Direction::Up);
    let key = OrderByExpr {
        expr: by,
        options: OrderByOptions { asc: Some(asc), nulls_first: Some(false) },
        with_fill: None,
    };
    let mut all = function_of("array_agg", vec![value]);
    if let FunctionArguments::List(list) = &mut all.args {
        list.clauses.push(FunctionArgumentClause::OrderBy(vec![key]));
    }
    call("list_extract", vec![Expr::Function(all), number(1)])
}

fn case(condition: Expr, yes: Expr, no: Expr) -> Expr {
    let when = CaseWhen { condition, result: yes };
    Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![when],
        else_result: Some(Box::new(no)),
    }
}

fn signed(expr: Expr) -> Expr {
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(expr),
        data_type: DataType::BigInt(None),
        array: false,
        format: None,
    }
}

fn plain_args(function: &Function) -> Vec<Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let plain = |arg: &FunctionArg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    };
    list.args.iter().filter_map(plain).collect()
}

/// A call of a function of the engine or of ours.
pub(super) fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Function(function_of(name, args))
}

fn function_of(name: &str, args: Vec<Expr>) -> Function {
    let args =
        args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)));
    Function {
        name: object(name),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: args.collect(),
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

fn object(name: &str) -> ObjectName {
    ObjectName::from(Ident::new(name))
}

fn not_if(negated: bool, expr: Expr) -> Expr {
    match negated {
        false => expr,
        true => Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr: Box::new(Expr::Nested(Box::new(expr))),
        },
    }
}

/// Both conditions; the first may be none.
pub(super) fn and(one: Option<Expr>, two: Expr) -> Expr {
    match one {
        None => two,
        Some(one) => Expr::BinaryOp {
            left: Box::new(Expr::Nested(Box::new(one))),
            op: BinaryOperator::And,
            right: Box::new(Expr::Nested(Box::new(two))),
        },
    }
}

/// A whole number.
pub(super) fn number(n: i64) -> Expr {
    Expr::Value(Value::Number(n.to_string(), false).into())
}

fn decimal(n: f64) -> Expr {
    Expr::Value(Value::Number(format!("{n:?}"), false).into())
}

fn text(words: String) -> Expr {
    Expr::Value(Value::SingleQuotedString(words).into())
}
