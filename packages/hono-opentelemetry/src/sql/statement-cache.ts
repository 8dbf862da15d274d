import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
} from '@opentelemetry/semantic-conventions';
import { legacyStatementAttributes, type SemconvMode } from '../semconv/legacy.ts';
import { databaseAttributes, type SqlDatabase } from './sql-database.ts';
import { type SqlDialect, sanitizeSql } from './sql-tokens.ts';
import { summarizeSql } from './summarize-sql.ts';

/** Facts that a caller knows about its statement. They are never parsed from the SQL. */
export interface SqlOperation {
  /** Value of the attribute `db.operation.name`: `SELECT`. */
  readonly name: string;
  /** Value of the attribute `db.collection.name`: the table, if the statement has only one. */
  readonly collection?: string;
}

/** Facts that a wrapper knows about the statement of its driver. */
export interface DriverOperation extends SqlOperation {
  /** Returns the summary, instead of one from the text. */
  summarize?(dialect: SqlDialect): string;
}

/** The parts that all executions of a statement share. */
export interface Statement {
  readonly operation: DriverOperation | undefined;
  /** Name of the span. */
  readonly name: string;
  readonly metricAttributes: Attributes;
  readonly spanAttributes: Attributes;
}

/** Bounds the memory of programs that generate statements. Others have few. */
const MAX_STATEMENTS = 500;
/** Bounds the length of all cached texts. */
const MAX_CHARACTERS = 1_000_000;

/** Creates a function that returns the facts about a statement, and keeps them for the next execution. */
export function createStatementCache(
  database: SqlDatabase,
  semconv?: SemconvMode,
): (sql: string, hasParameters?: boolean, operation?: DriverOperation) => Statement {
  // The keys are the texts of statements.
  const parameterized = new Map<string, Statement>();
  const sanitized = new Map<string, Statement>();
  let characters = 0;

  return function statementOf(sql, hasParameters, operation) {
    const statements = hasParameters ? parameterized : sanitized;
    const known = statements.get(sql);
    if (known !== undefined && isSame(known.operation, operation)) return known;
    const text = hasParameters ? sql : sanitizeSql(sql, database.dialect);
    const statement = describe(database, text, operation, semconv);
    characters += sql.length;
    if (statements.size >= MAX_STATEMENTS || characters > MAX_CHARACTERS) {
      parameterized.clear();
      sanitized.clear();
      characters = sql.length;
    }
    if (characters <= MAX_CHARACTERS) statements.set(sql, statement);
    return statement;
  };
}

function isSame(one?: SqlOperation, other?: SqlOperation): boolean {
  return one === other || (one?.name === other?.name && one?.collection === other?.collection);
}

function describe(
  database: SqlDatabase,
  text: string,
  operation?: DriverOperation,
  semconv?: SemconvMode,
): Statement {
  const { name, collection } = operation ?? {};
  const { dialect } = database;
  let summary = operation?.summarize?.(dialect);
  summary ??= name && collection ? `${name} ${collection}` : summarizeSql(text, dialect);
  const metricAttributes = databaseAttributes(database);
  if (name) metricAttributes[ATTR_DB_OPERATION_NAME] = name;
  if (summary) metricAttributes[ATTR_DB_QUERY_SUMMARY] = summary;
  if (collection) metricAttributes[ATTR_DB_COLLECTION_NAME] = collection;
  const spanAttributes = { ...metricAttributes };
  if (text) spanAttributes[ATTR_DB_QUERY_TEXT] = text;
  if (semconv === 'dup') Object.assign(spanAttributes, legacyStatementAttributes(spanAttributes));
  // A meter provider can find the time series of a frozen object by identity.
  Object.freeze(metricAttributes);
  return { operation, name: summary || database.system, metricAttributes, spanAttributes };
}
