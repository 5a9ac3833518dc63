import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@tocsin/testing';
import fc from 'fast-check';
import { applyFolder } from './apply-config.js';
import { ConfigFault, readConfig } from './read-config.js';

const example = join(__dirname, '..', '..', '..', '..', 'config', 'islamabad');
const files = readdirSync(example).filter((name) => !/channels|silences/.test(name));

/** What slips of hand do to a file: a line lost, doubled, cut, moved in; a letter changed. */
const slip = fc.record({
  file: fc.constantFrom(...files),
  line: fc.nat({ max: 2_000 }),
  column: fc.nat({ max: 60 }),
  kind: fc.constantFrom('lose', 'double', 'cut', 'indent', 'letter', 'colon'),
  letter: fc.constantFrom('x', '9', '{', '[', '"', '*', '&', '#', ':', ' ', '\u0000', 'ق'),
});
type Slip = typeof slip extends fc.Arbitrary<infer T> ? T : never;

function slipped(text: string, { line, column, kind, letter }: Slip): string {
  const lines = text.split('\n');
  const at = line % lines.length;
  const old = lines[at] as string;
  const where = Math.min(column, old.length);
  const changed: Record<Slip['kind'], string[]> = {
    lose: [],
    double: [old, old],
    cut: [old.slice(0, where)],
    indent: [`  ${old}`],
    letter: [old.slice(0, where) + letter + old.slice(where + 1)],
    colon: [old.replace(/: /, ' ')],
  };
  lines.splice(at, 1, ...changed[kind]);
  return lines.join('\n');
}

describe('a folder with slips of hand', () => {
  let database: TestDatabase;
  let dir: string;
  beforeAll(async () => {
    database = await testDatabase();
    await applyFolder({ databaseUrl: database.url, dir: example, by: 'test' });
    dir = mkdtempSync(join(tmpdir(), 'tocsin-slips-'));
  });
  afterAll(async () => {
    rmSync(dir, { recursive: true, force: true });
    await database.drop();
  });

  const state = async () => {
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*) FROM config_version) AS versions, (SELECT count(*) FROM event) AS events,
         md5((SELECT string_agg(t::text, '' ORDER BY t.slug) FROM person t) || (SELECT string_agg(t::text, '' ORDER BY t.id) FROM site t)
           || (SELECT string_agg(t::text, '' ORDER BY t.id) FROM source t) || (SELECT string_agg(t::text, '' ORDER BY t.id) FROM team t)) AS tables`,
    );
    return rows[0];
  };

  it('reads every folder to the end, and changes nothing when 200 of them have a fault', async () => {
    const before = await state();
    await fc.assert(
      fc.asyncProperty(fc.array(slip, { minLength: 1, maxLength: 4 }), async (slips) => {
        cpSync(example, dir, { recursive: true });
        for (const one of slips)
          writeFileSync(join(dir, one.file), slipped(readFileSync(join(dir, one.file), 'utf8'), one));
        const read = readConfig(dir);
        // Some slips change what is said and not whether it can be: those are not counted among the 200.
        fc.pre(!read.ok);
        for (const { file, line, message } of read.ok ? [] : read.faults) {
          expect([file === '.' || files.includes(file), line >= 1, message.length > 0]).toEqual([true, true, true]);
        }
        await expect(applyFolder({ databaseUrl: database.url, dir, by: 'test' })).rejects.toThrow(ConfigFault);
      }),
      { numRuns: 200 },
    );
    expect(await state()).toEqual(before);
  }, 120_000);
});
