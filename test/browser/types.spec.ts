import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './desk.js';

jest.setTimeout(120_000);

describe('the console', () => {
  it('holds what its types say', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const said = (() => {
      try {
        return execFileSync(process.execPath, [tsc, '-p', join(root, 'apps/console/tsconfig.json')], {
          encoding: 'utf8',
        });
      } catch (error) {
        return String((error as { stdout?: unknown }).stdout ?? error);
      }
    })();
    expect(said).toBe('');
  });
});
