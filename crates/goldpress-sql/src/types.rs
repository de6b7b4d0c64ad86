//! Types of columns, by the names that SQL has for them.

use polars::prelude::DataType;

/// The name of a type: `BIGINT`, `VARCHAR[]`, `STRUCT("start" UINTEGER, …)`.
pub(crate) fn name(dtype: &DataType) -> String {
    match dtype {
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::UInt8 => "UTINYINT".to_owned(),
        DataType::UInt16 => "USMALLINT".to_owned(),
        DataType::UInt32 => "UINTEGER".to_owned(),
        DataType::UInt64 => "UBIGINT".to_owned(),
        DataType::Int8 => "TINYINT".to_owned(),
        DataType::Int16 => "SMALLINT".to_owned(),
        DataType::Int32 => "INTEGER".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        DataType::Float32 => "FLOAT".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::String => "VARCHAR".to_owned(),
        DataType::Binary => "BLOB".to_owned(),
        DataType::Date => "DATE".to_owned(),
        DataType::Time => "TIME".to_owned(),
        DataType::Datetime(_, Some(_)) => "TIMESTAMP WITH TIME ZONE".to_owned(),
        DataType::Datetime(_, None) => "TIMESTAMP".to_owned(),
        DataType::Duration(_) => "INTERVAL".to_owned(),
        DataType::List(inner) => format!("{}[]", name(inner)),
        DataType::Struct(fields) => {
            let field = |field: &polars::prelude::Field| {
                format!("\"{}\" {}", field.name(), name(field.dtype()))
            };
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("STRUCT({})", fields.join(", "))
        }
        DataType::Null => "NULL".to_owned(),
        other => other.to_string().to_uppercase(),
    }
}
