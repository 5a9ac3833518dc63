import type { PersonView } from '@tocsin/contracts';
import { PersonDoor } from './doors.js';

/** TOCSIN_DATA/first-run.json. */
export interface FirstRun {
  readonly console: string;
  readonly intake: string;
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly roles: readonly string[];
  }[];
  readonly sources: readonly { readonly id: string; readonly token: string; readonly protocol: string }[];
}

/** Who plays: the users of first-run.json, each signed in once, when first needed. */
export class Cast {
  private readonly doors = new Map<string, Promise<PersonDoor>>();
  private people: readonly PersonView[] = [];

  constructor(private readonly firstRun: FirstRun) {}

  /** The nth user with this role; the first of each role sees the whole unit. */
  async with(role: string, nth = 0): Promise<PersonDoor> {
    const found = this.firstRun.users.filter(({ roles }) => roles.includes(role));
    const user = found[nth % Math.max(found.length, 1)];
    if (user === undefined)
      throw new Error(`first-run.json has no ${role}: the demo plays with the users of the first start`);
    return this.named(user.username);
  }

  /** The person with this id, or null when it is nobody of first-run.json. */
  async person(id: string): Promise<PersonDoor | null> {
    if (this.people.length === 0) this.people = await (await this.with('operator')).people();
    const username = this.people.find((one) => one.id === id)?.username ?? null;
    return username !== null && this.firstRun.users.some((user) => user.username === username)
      ? this.named(username)
      : null;
  }

  private named(username: string): Promise<PersonDoor> {
    let door = this.doors.get(username);
    if (door === undefined) {
      const user = this.firstRun.users.find((one) => one.username === username);
      if (user === undefined) throw new Error(`first-run.json has no user ${username}`);
      door = PersonDoor.signIn(this.firstRun.console, user);
      this.doors.set(username, door);
    }
    return door;
  }

  /** Everybody goes home. */
  async signOut(): Promise<void> {
    await Promise.all([...this.doors.values()].map(async (door) => (await door).signOut()));
    this.doors.clear();
  }
}
