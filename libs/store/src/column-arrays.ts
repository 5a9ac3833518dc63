import { createHash } from 'node:crypto';
import type { Queryable } from './pool.js';

/**
 * Set-based writes: many rows travel as one array per column and are unnested by the server. Two statements for a
 * thousand rows instead of a thousand, and the same named statement whatever their number. A single row travels as plain
 * values: setting up a set for each of 38 columns cost twice as much as inserting the incident.
 */
export interface Column<Row> {
  readonly name: string;
  /** Type of the column. An array travels as its literal in a text and is cast by the server, for unnest flattens arrays of arrays. */
  readonly type: string;
  readonly of: (row: Row) => Cell;
  /** What the server writes, where it is not the value itself: an expression over the alias `r`. */
  readonly as?: string;
}
/** jsonb: its JSON text. */
export type Cell = string | number | boolean | Buffer | null;

/** Types whose text never needs quoting inside an array literal. */
const unquoted = new Set(['uuid', 'int', 'bigint', 'smallint', 'boolean', 'timestamptz', 'xid8']);

interface Prepared {
  /** The same name always means the same text. */
  readonly name: string;
  readonly text: string;
}
export interface Statement<Row> {
  /** "update timer" */
  readonly what: string;
  readonly one: Prepared;
  readonly many: Prepared;
  readonly columns: readonly Column<Row>[];
}

/** INSERT of all rows; `tail` may say ORDER BY, ON CONFLICT, RETURNING, in terms of the alias `r`. */
export function insertOf<Row>(table: string, columns: readonly Column<Row>[], tail = ''): Statement<Row> {
  return statementOf(
    `insert ${table}`,
    columns,
    (rows) => `INSERT INTO ${table} (${namesOf(columns)})
    SELECT ${columns.map(expressionOf).join(', ')} FROM ${rows} ${tail}`,
  );
}

/**
 * A condition that is checked on the rows that another one found. As it stands, `state = 'pending'` tempts the planner to
 * walk the partial index of all that is pending (39 ms for one timer of 100,000); within a CASE it fits no index.
 */
export const checked = (condition: string): string => `CASE WHEN ${condition} THEN true END`;

/** UPDATE of the rows whose first column matches; `where` is a further condition on the table, `tail` may say RETURNING. */
export function updateOf<Row>(
  table: string,
  columns: readonly Column<Row>[],
  { where, tail = '' }: { readonly where?: string; readonly tail?: string } = {},
): Statement<Row> {
  const [key, ...rest] = columns;
  if (key === undefined) throw new TypeError('an update needs its key column');
  const matches = `${table}.${key.name} = r.${key.name}${where === undefined ? '' : ` AND ${checked(where)}`}`;
  return statementOf(
    `update ${table}`,
    columns,
    (rows) => `UPDATE ${table} SET ${rest.map((column) => `${column.name} = ${expressionOf(column)}`).join(', ')}
    FROM ${rows} WHERE ${matches} ${tail}`,
  );
}

/** The statement that `textOf` writes around its rows, which it knows as `r`. */
function statementOf<Row>(
  what: string,
  columns: readonly Column<Row>[],
  textOf: (rows: string) => string,
): Statement<Row> {
  const prepared = (rows: string): Prepared => {
    const text = textOf(`${rows} AS r(${namesOf(columns)})`);
    return { name: `${what} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`, text };
  };
  return { what, one: prepared(rowOf(columns)), many: prepared(rowsOf(columns)), columns };
}

/** Runs it once for all rows; nothing for none. */
export async function run<Row, Result extends object>(
  q: Queryable,
  { one, many, columns }: Statement<Row>,
  rows: readonly Row[],
) {
  const [first] = rows;
  if (first === undefined) return { rows: [] as Result[], rowCount: 0 };
  const query =
    rows.length === 1 ? { ...one, values: cellsOf(first, columns) } : { ...many, values: arraysOf(rows, columns) };
  const { rows: answered, rowCount } = await q.query<Result & Record<string, unknown>>(query);
  return { rows: answered as Result[], rowCount: rowCount ?? 0 };
}

/** The values of `rowOf`. */
export function cellsOf<Row>(row: Row, columns: readonly Column<Row>[]): Cell[] {
  return columns.map(({ type, of }) => of(row) ?? (type === 'jsonb' ? 'null' : null));
}

/** The values of `rowsOf`. */
export function arraysOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  return columns.map((column) => (column.type === 'jsonb' ? jsonList(rows, column) : arrayLiteral(rows, column)));
}

/** One row of parameters from $`from` on, without its alias. */
export function rowOf(columns: readonly Pick<Column<never>, 'type'>[], from = 1): string {
  return `(VALUES (${columns.map(({ type }, index) => `$${from + index}::${elementOf(type)}`).join(', ')}))`;
}

/** Rows of parameters from $`from` on, an array for each column, without their alias. */
export function rowsOf(columns: readonly Pick<Column<never>, 'type'>[], from = 1): string {
  const arrays = columns.map(({ type }, index) =>
    type === 'jsonb'
      ? `ARRAY(SELECT jsonb_array_elements($${from + index}::jsonb))`
      : `$${from + index}::${elementOf(type)}[]`,
  );
  return `unnest(${arrays.join(', ')})`;
}

export const namesOf = (columns: readonly Pick<Column<never>, 'name'>[]): string =>
  columns.map(({ name }) => name).join(', ');

/** What the server writes into the column. */
export function expressionOf({ name, type, as }: Pick<Column<never>, 'name' | 'type' | 'as'>): string {
  if (as !== undefined) return as;
  if (type === 'jsonb') return `nullif(r.${name}, 'null')`;
  return type.endsWith('[]') ? `r.${name}::${type}` : `r.${name}`;
}

const elementOf = (type: string): string => (type.endsWith('[]') ? 'text' : type);

/** One array literal for one column: '{a,NULL,"b c"}'. */
function arrayLiteral<Row>(rows: readonly Row[], { type, of }: Pick<Column<Row>, 'type' | 'of'>): string {
  const quotes = !unquoted.has(type);
  return `{${rows.map((row) => cellText(of(row), quotes)).join(',')}}`;
}

/** The literal of a text[] value that stands inside a cell of its own. */
export function textArray(items: readonly string[]): string {
  return `{${items.map(quoted).join(',')}}`;
}

/** All values of a jsonb column as one JSON array: no quote in it has to be escaped, which an array literal wants. */
function jsonList<Row>(rows: readonly Row[], { of }: Column<Row>): string {
  return `[${rows.map((row) => of(row) ?? 'null').join(',')}]`;
}

function cellText(cell: Cell, quotes: boolean): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return quotes ? quoted(cell) : cell;
  // In an array literal a backslash escapes: the server must see \x...
  return Buffer.isBuffer(cell) ? `"\\\\x${cell.toString('hex')}"` : String(cell);
}

const special = /["\\]/;
const everySpecial = /["\\]/g;
function quoted(text: string): string {
  return special.test(text) ? `"${text.replace(everySpecial, '\\$&')}"` : `"${text}"`;
}
