import { createHash } from 'node:crypto';
import type { Queryable } from './pool.js';

/**
 * Set-based writes: many rows travel as one array per column and are unnested by the server. Two statements for a
 * thousand rows instead of a thousand, and the same named statement whatever their number.
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

export interface Statement<Row> {
  /** Of the prepared statement: the same name always means the same text. */
  readonly name: string;
  readonly text: string;
  readonly columns: readonly Column<Row>[];
}

/** INSERT of all rows; `tail` may say ORDER BY, ON CONFLICT, RETURNING, in terms of the alias `r`. */
export function insertOf<Row>(table: string, columns: readonly Column<Row>[], tail = ''): Statement<Row> {
  const text = `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')})
    SELECT ${columns.map(expressionOf).join(', ')} FROM ${unnestOf(columns)} ${tail}`;
  return { name: nameOf('insert', table, text), text, columns };
}

/**
 * A condition that is checked on the rows that another one found. As it stands, `state = 'pending'` tempts the planner to
 * walk the partial index of all that is pending (39 ms for one timer of 100,000); within a CASE it fits no index.
 */
export const checked = (condition: string): string => `CASE WHEN ${condition} THEN true END`;

/** UPDATE of the rows whose first column matches; `where` is a further condition on the table. */
export function updateOf<Row>(table: string, columns: readonly Column<Row>[], where = ''): Statement<Row> {
  const [key, ...rest] = columns;
  if (key === undefined) throw new TypeError('an update needs its key column');
  const text = `UPDATE ${table} SET ${rest.map((column) => `${column.name} = ${expressionOf(column)}`).join(', ')}
    FROM ${unnestOf(columns)} WHERE ${table}.${key.name} = r.${key.name}${where === '' ? '' : ` AND ${checked(where)}`}`;
  return { name: nameOf('update', table, text), text, columns };
}

/** Runs it once for all rows; nothing for none. */
export async function run<Row, Result extends object>(
  q: Queryable,
  { name, text, columns }: Statement<Row>,
  rows: readonly Row[],
) {
  if (rows.length === 0) return { rows: [] as Result[], rowCount: 0 };
  const values = columns.map((column) =>
    column.type === 'jsonb' ? jsonList(rows, column) : arrayLiteral(rows, column),
  );
  const { rows: answered, rowCount } = await q.query<Result & Record<string, unknown>>({ name, text, values });
  return { rows: answered as Result[], rowCount: rowCount ?? 0 };
}

/** One array literal for one column: '{a,NULL,"b c"}'. */
export function arrayLiteral<Row>(rows: readonly Row[], { type, of }: Pick<Column<Row>, 'type' | 'of'>): string {
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

const nameOf = (verb: string, table: string, text: string): string =>
  `${verb} ${table} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;

function expressionOf<Row>({ name, type, as }: Column<Row>): string {
  if (as !== undefined) return as;
  if (type === 'jsonb') return `nullif(r.${name}, 'null')`;
  return type.endsWith('[]') ? `r.${name}::${type}` : `r.${name}`;
}

function unnestOf<Row>(columns: readonly Column<Row>[]): string {
  const arrays = columns.map(({ type }, index) => {
    if (type === 'jsonb') return `ARRAY(SELECT jsonb_array_elements($${index + 1}::jsonb))`;
    return `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`;
  });
  return `unnest(${arrays.join(', ')}) AS r(${columns.map(({ name }) => name).join(', ')})`;
}
