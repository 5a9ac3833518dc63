export { keepDumps, keptDumps } from './keep';
export { type Quiescence, quiesce, type Unrest } from './quiesce';
export { readApi, readIncidents } from './read-api';
export { readSql } from './read-sql';
