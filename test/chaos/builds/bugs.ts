import { bugsOfIncidents } from './bugs/incidents';
import { bugsOfIntake } from './bugs/intake';
import { bugsOfLive } from './bugs/live';
import { bugsOfLog } from './bugs/log';
import { bugsOfPages } from './bugs/pages';
import type { Bug } from './bugs/shapes';

export type { Bug } from './bugs/shapes';

/** The seeded bugs of reliability.md 3.3, by the part of the service that they are in: each one must be caught. */
export const bugs: readonly Bug[] = [...bugsOfIntake, ...bugsOfIncidents, ...bugsOfPages, ...bugsOfLog, ...bugsOfLive];
