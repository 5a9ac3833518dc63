import { create } from 'zustand';
import { get, Refused } from '../api/http.js';
import type { List, Person, Site, Team } from '../wire.js';

/** Names of the unit: people, sites, teams. Loaded at sign-in, again when configuration or assignments change. */
interface Directory {
  readonly people: ReadonlyMap<string, Person>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly teams: readonly Team[];
  /** Lists that did not load, by name, with the server time since when. */
  readonly failed: Readonly<Partial<Record<'people' | 'sites' | 'teams', number>>>;
  readonly loaded: boolean;
}
export const useDirectory = create<Directory>(() => ({
  people: new Map(),
  sites: new Map(),
  teams: [],
  failed: {},
  loaded: false,
}));

type Name = 'people' | 'sites' | 'teams';

async function list<T>(name: Name): Promise<readonly T[] | null> {
  const all: T[] = [];
  let after = '';
  try {
    for (;;) {
      const page = await get<List<T>>(`/v1/${name}?limit=500${after}`);
      all.push(...page.items);
      if (page.next === null || page.items.length === 0) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
  return all;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((i) => [i.id, i]));

function failure(name: Name, failed: boolean): Directory['failed'] {
  const { [name]: since, ...rest } = useDirectory.getState().failed;
  return failed ? { ...rest, [name]: since ?? Date.now() } : rest;
}

export async function loadTeams(): Promise<void> {
  const teams = await list<Team>('teams');
  useDirectory.setState(teams ? { teams, failed: failure('teams', false) } : { failed: failure('teams', true) });
}

export async function loadDirectory(): Promise<void> {
  const [people, sites] = await Promise.all([list<Person>('people'), list<Site>('sites'), loadTeams()]);
  if (people) useDirectory.setState({ people: byId(people) });
  if (sites) useDirectory.setState({ sites: byId(sites) });
  useDirectory.setState({ failed: failure('people', people === null) });
  useDirectory.setState({ failed: failure('sites', sites === null), loaded: true });
}

let soon: ReturnType<typeof setTimeout> | undefined;
/** Asks for the teams once, shortly after the last of a burst of changes. */
export function refreshTeamsSoon(): void {
  clearTimeout(soon);
  soon = setTimeout(() => void loadTeams(), 300);
}
