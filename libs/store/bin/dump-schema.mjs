// node libs/store/bin/dump-schema.mjs URL-OF-A-MIGRATED-DATABASE > libs/store/schema.sql
import { createRequire } from 'node:module';

const { dumpSchema, openPool } = createRequire(import.meta.url)('../dist/index.js');
const pool = openPool({ url: process.argv[2] ?? '', name: 'dump-schema', max: 1 });
process.stdout.write(await dumpSchema(pool));
await pool.end();
