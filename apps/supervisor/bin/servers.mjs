// A PostgreSQL and a Redis for tests and benchmarks, thrown away afterwards.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { clone } from './prepare.mjs';

/**
 * Those of TOCSIN_TEST_DATABASE_URL and TOCSIN_TEST_REDIS_URL where they are set; else own ones below `dataDir`, whose
 * ends are pushed on `undo`. Returns the two variables; that of Redis is empty where there is none.
 */
export async function prepareServers({ dataDir, signal, durable, undo }) {
  const load = (name) => import(pathToFileURL(join(clone, 'apps/supervisor/dist', name)).href);
  const { TOCSIN_TEST_DATABASE_URL, TOCSIN_TEST_REDIS_URL } = process.env;
  const ownPostgres = async () => {
    const { preparePostgres, stopPostgres } = await load('prepare-postgres.js');
    const { kept, ownerUrl } = await preparePostgres({ dataDir, signal, durable });
    undo.push(() => stopPostgres(kept));
    return ownerUrl('postgres');
  };
  const ownRedis = async () => {
    const { prepareRedis, stopRedis } = await load('prepare-redis.js');
    const redis = await prepareRedis({ dataDir, signal });
    if (redis) undo.push(() => stopRedis(redis.kept));
    return redis?.url ?? '';
  };
  return {
    TOCSIN_TEST_DATABASE_URL: TOCSIN_TEST_DATABASE_URL || (await ownPostgres()),
    TOCSIN_TEST_REDIS_URL: TOCSIN_TEST_REDIS_URL || (await ownRedis()),
  };
}
