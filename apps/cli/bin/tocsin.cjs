#!/usr/bin/env node
// Committed, so that `npx tocsin` in a fresh clone finds it here and never asks a registry.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'main.js');
if (existsSync(main)) {
  require(main).runProcess();
} else {
  console.error(
    'tocsin: this clone is not built yet. Run `npm start` (installs, builds and starts everything), or `npm run build`.',
  );
  process.exitCode = 1;
}
