import type { Pool } from './pool.js';
import type { Sealer } from './sealer.js';

/**
 * A secret of the installation by its name, made by whoever asks first and the same for all from then on.
 * Throws Fault 'bad-secret' when it was sealed with another TOCSIN_SECRET.
 */
export async function keptSecret(pool: Pool, sealer: Sealer, name: string, make: () => string): Promise<string> {
  const read = async (): Promise<string | null> => {
    const { rows } = await pool.query<{ sealed: Buffer }>({
      name: 'secret-read',
      text: 'SELECT sealed FROM secret WHERE name = $1',
      values: [name],
    });
    return rows[0] ? sealer.open(rows[0].sealed).toString('utf8') : null;
  };
  const known = await read();
  if (known !== null) return known;
  await pool.query({
    name: 'secret-make',
    text: 'INSERT INTO secret (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
    values: [name, sealer.seal(make())],
  });
  const made = await read();
  if (made === null) throw new Error(`secret ${name} was removed while it was made`);
  return made;
}
