import {
  type Claim,
  claimAgain,
  claimForChannels,
  claimForPeople,
  type HeldOptions,
  isolatePoison,
  type PageContext,
  Patience,
  raiseSystemAlert,
  withinLocks,
} from '@tocsin/operations';
import {
  type ChannelWork,
  type DeliveryWork,
  findChannelPages,
  findPagedPeople,
  findResends,
  type PageSearch,
  type PersonWork,
} from '@tocsin/store';
import { Aside } from './aside.js';

/** An incident that somebody held is looked at again after this. */
const heldForMs = 500;
/** What fails by its own data is left alone for this long: it must not cost every pass. */
const brokenForMs = 30_000;

type Launch = (claim: Claim) => Promise<void>;

/**
 * What a lane claims. Law: no page keeps another waiting: neither one whose incident somebody holds, nor one that fails
 * by its own data; that one is left alone for a while, and raised.
 */
export class PageClaims {
  private readonly patience = new Patience();
  private readonly held = new Aside(heldForMs);
  private readonly broken = new Aside(brokenForMs);

  constructor(
    private readonly context: PageContext,
    private readonly launch: Launch,
  ) {}

  /** Answers whether there is more than one claim takes, and for how many people there was something. */
  async people(search: PageSearch): Promise<{ readonly count: number; readonly isCut: boolean }> {
    const found = await findPagedPeople(this.context.pool, { ...search, held: this.held.ids, skip: this.broken.ids });
    const people = withinLocks(found);
    await this.claim(people, {
      claim: (part, options) => claimForPeople(this.context, part, options),
      nameOf: ({ person }: PersonWork) => person,
    });
    return { count: people.length, isCut: people.length < found.length };
  }

  async channels(search: PageSearch & { readonly skip: readonly string[] }): Promise<number> {
    const pages = await findChannelPages(this.context.pool, {
      ...search,
      held: [...this.held.ids, ...this.broken.ids],
    });
    await this.claim(pages, {
      claim: (part, options) => claimForChannels(this.context, part, options),
      nameOf: ({ incident }: ChannelWork) => incident,
    });
    return pages.length;
  }

  async resends(search: Omit<PageSearch, 'ids' | 'waitedMs'> & { readonly skip: readonly string[] }): Promise<void> {
    const found = await findResends(this.context.pool, { ...search, held: this.held.ids, without: this.broken.ids });
    await this.claim(found, {
      claim: (part, options) => claimAgain(this.context, part, options),
      nameOf: ({ id }: DeliveryWork) => id,
    });
  }

  private async claim<T>(
    work: readonly T[],
    by: { claim: (part: readonly T[], options: HeldOptions) => Promise<Claim>; nameOf: (one: T) => string },
  ): Promise<void> {
    if (work.length === 0) return;
    await isolatePoison(work, {
      work: async (part) => {
        const claim = await this.patience.unlessHeld((options) => by.claim(part, options));
        for (const incident of claim.locked) this.held.add(incident);
        await this.launch(claim);
      },
      park: (one, code) => this.setAside(by.nameOf(one), code),
    });
  }

  private async setAside(id: string, code: string): Promise<void> {
    this.broken.add(id);
    const { log, channel } = this.context;
    log.error('page.unclaimable', { id, code, channel: channel.kind });
    const cause = { cause: 'page-unclaimable', subject: id, params: { id, code, channel: channel.kind } };
    await raiseSystemAlert(this.context, cause).catch((error: unknown) =>
      log.warn('system.alert_failed', { cause: cause.cause, error }),
    );
  }
}
