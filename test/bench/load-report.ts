import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** One measured figure, beside a baseline of the same run. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly value: number };
  /** The least (`more` is better) or the most (`less`) that is good enough; of the ratio where `floorOf` says so. */
  readonly floor?: number;
  readonly floorOf?: 'value' | 'ratio';
  readonly better: 'more' | 'less';
  readonly note?: string;
}

export interface Measured extends Row {
  readonly ratio: number | null;
  /** null: no floor. Told, never a reason to fail: a loaded machine is no defect of the code. */
  readonly meets: boolean | null;
}

export interface Bench {
  readonly quick: boolean;
  /** What applies in full, and what in --quick. */
  size<T>(full: T, quick: T): T;
  row(row: Row): void;
  say(text: string): void;
}

/**
 * Runs one benchmark file: prints each figure as it is measured, writes them to TOCSIN_BENCH_RESULT for `npm run bench`
 * and ends the process. A figure that misses its floor is printed as such and fails nothing; an error does.
 */
export function bench(title: string, work: (bench: Bench) => Promise<void>): void {
  const quick = process.argv.includes('--quick');
  const rows: Measured[] = [];
  const loadBefore = loadavg()[0] ?? 0;
  const on: Bench = {
    quick,
    size: (full, small) => (quick ? small : full),
    say: (text) => console.log(`   ${text}`),
    row: (row) => {
      const measured = { ...row, ...judged(row) };
      rows.push(measured);
      console.log(`   ${lineOf(measured)}`);
    },
  };
  console.log(title);
  work(on).then(
    () => end(0, { title, quick, loadBefore, at: new Date().toISOString(), rows }),
    (error: unknown) => {
      console.error(error);
      end(1, { title, quick, loadBefore, at: new Date().toISOString(), rows, failed: String(error) });
    },
  );
}

function end(code: number, result: object): void {
  const file = process.env['TOCSIN_BENCH_RESULT'];
  if (file) writeFileSync(file, JSON.stringify(result));
  process.exit(code);
}

function judged({ value, baseline, floor, floorOf, better }: Row): Pick<Measured, 'ratio' | 'meets'> {
  const ratio = baseline && baseline.value > 0 ? Number((value / baseline.value).toPrecision(3)) : null;
  const compared = floorOf === 'ratio' ? ratio : value;
  if (floor === undefined || compared === null) return { ratio, meets: null };
  return { ratio, meets: better === 'more' ? compared >= floor : compared <= floor };
}

function lineOf({ name, value, unit, baseline, ratio, floor, floorOf, better, meets, note }: Measured): string {
  const against = baseline ? ` | ${baseline.name}: ${shown(baseline.value)} ${unit}, ratio ${ratio}` : '';
  const bound =
    floor === undefined
      ? ''
      : ` | ${better === 'more' ? '>=' : '<='} ${floor}${floorOf === 'ratio' ? ' of it' : ''}: ${meets ? 'met' : 'MISSED'}`;
  return `${name}: ${shown(value)} ${unit}${against}${bound}${note ? ` (${note})` : ''}`;
}

export const shown = (value: number): string =>
  (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en');

/** `values` need not be sorted; `share` 0.5 is the median. NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
