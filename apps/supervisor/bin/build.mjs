// `npm run build`: compiles what is stale and builds the console when its sources changed.
import { build, requireNode, stopOnSignals } from './prepare.mjs';

requireNode();
const stop = stopOnSignals();
try {
  await build(stop);
} catch (error) {
  console.error(`tocsin: ${error.message}`);
  process.exitCode = 1;
}
