// docs/bench.json and docs/bench.md, of the figures that `npm run bench` measured.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** Benchmarks that did not run this time keep the figures of their last run. */
export function writeReport(docs, results, order) {
  mkdirSync(docs, { recursive: true });
  const file = join(docs, 'bench.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).benchmarks : {};
  const machine = {
    node: process.version,
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
  };
  const merged = {
    ...kept,
    ...Object.fromEntries(Object.entries(results).map(([name, result]) => [name, { ...result, machine }])),
  };
  const benchmarks = Object.fromEntries(order.filter((name) => merged[name]).map((name) => [name, merged[name]]));
  writeFileSync(file, `${JSON.stringify({ benchmarks }, null, 2)}\n`);
  writeFileSync(join(docs, 'bench.md'), textOf(benchmarks));
}

function textOf(benchmarks) {
  const { machine } = Object.values(benchmarks)[0];
  const lines = [
    '# Measured figures',
    '',
    `Written by \`npm run bench\`. Load generator, PostgreSQL (which flushes at each commit), Redis and all services on one machine: ${machine.cpus} cores (${machine.cpu}), ${machine.platform}, Node ${machine.node}. Use the ratios, not the digits.`,
  ];
  for (const [name, { title, at, loadBefore, othersShare, rows }] of Object.entries(benchmarks)) {
    lines.push(
      '',
      `## ${title}`,
      '',
      `\`npm run bench -- ${name}\`, ${at.slice(0, 16).replace('T', ' ')} UTC, load of the machine before: ${loadBefore.toFixed(2)}${othersOf(othersShare)}.`,
      '',
    );
    lines.push(
      '| Figure | Measured | Beside it, same run | Ratio | Floor |',
      '|---|---:|---|---:|---|',
      ...rows.map(rowOf),
    );
  }
  return `${lines.join('\n')}\n`;
}

function rowOf({ name, value, unit, baseline, ratio, floor, floorOf, better, meets, note }) {
  const beside = baseline ? `${baseline.name}: ${shown(baseline.value)} ${unit}` : '';
  const bound =
    floor === undefined
      ? ''
      : `${better === 'more' ? '≥' : '≤'} ${floor}${floorOf === 'ratio' ? ' (ratio)' : ` ${unit}`}: ${meets ? 'met' : '**missed**'}`;
  return `| ${name}${note ? `<br><small>${note}</small>` : ''} | ${shown(value)} ${unit} | ${beside} | ${ratio ?? ''} | ${bound} |`;
}

const othersOf = (share) =>
  share === null || share === undefined
    ? ''
    : `; other programs used ${Math.round(share * 100)} % of the processors meanwhile`;

const shown = (value) =>
  (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en');
