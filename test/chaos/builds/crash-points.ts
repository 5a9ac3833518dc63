import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `// crash-point: <label>` in the sources; the compiler keeps it. Until a build replaces it, it is a comment. */
export const crashPoint = /^[ \t]*\/\/ crash-point: ([a-z][a-z-]*(?:\.[a-z][a-z-]*)*)[ \t]*$/gm;

/** Of a build, what crash points it has. */
export const labelsFile = 'crash-points.json';

/** @returns the labels of a build that makeBuild made with crash points; none for any other. */
export function crashPointsOf(build: string): readonly string[] {
  const file = join(build, labelsFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}

/** Of a build, the module that its crash points call. */
export const crashModule = 'crash-point.cjs';

/**
 * A process ends itself by SIGKILL, as if somebody else had, when it passes the label for the n-th time: once by what
 * CRASH_FILE says while it runs (n counts from then on, and the file is emptied: the next process lives), or in each
 * process that is started with CRASH_AT="label:n".
 */
export const crashModuleText = `'use strict';
const fs = require('node:fs');
const { CRASH_AT, CRASH_FILE } = process.env;
const lookEveryMs = 100;
let wanted = null;
let said = '';

function arm(text, once) {
  const [label, n] = text.trim().split(':');
  wanted = label ? { label, left: Number(n) || 1, once } : null;
}

function look() {
  let text = '';
  try {
    text = fs.readFileSync(CRASH_FILE, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (text === said) return;
  said = text;
  arm(text, true);
}

if (CRASH_AT) arm(CRASH_AT, false);
else if (CRASH_FILE) setInterval(look, lookEveryMs).unref();

module.exports = function crashPoint(label) {
  if (wanted === null || wanted.label !== label || --wanted.left > 0) return;
  if (wanted.once) fs.writeFileSync(CRASH_FILE, '');
  process.kill(process.pid, 'SIGKILL');
};
`;
